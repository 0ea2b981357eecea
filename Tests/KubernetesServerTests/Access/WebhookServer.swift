import HTTPServing
import Kubernetes
import KubernetesServer
import Synchronization

/// A webhook on loopback, over TLS, that answers as a test says.
final class WebhookServer: Sendable {
  typealias Answer = @Sendable (_ request: JSONValue) async -> JSONValue

  private struct Service: HTTPService {
    let answer: Answer
    let asked: Asked

    func answer(_ request: APIRequest) async -> APIResponse {
      guard let review = try? JSONValue(parsing: request.body), let question = review["request"] else {
        return APIResponse(status: 400, body: .bytes([]))
      }
      asked.questions.withLock { $0.append((request.path, request.query("timeout") ?? "", question)) }
      var response = await answer(question)
      if response["uid"] == nil { response["uid"] = question["uid"] }
      let answer: JSONValue = ["apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "response": response]
      return APIResponse(status: 200, body: .bytes(answer.bytes))
    }
  }

  final class Asked: Sendable {
    let questions = Mutex<[(path: String, timeout: String, request: JSONValue)]>([])
  }

  let port: Int
  let authorityPEM: String
  private let asked: Asked

  private init(port: Int, authorityPEM: String, asked: Asked) {
    self.port = port
    self.authorityPEM = authorityPEM
    self.asked = asked
  }

  var questions: [(path: String, timeout: String, request: JSONValue)] { asked.questions.withLock { $0 } }
  /// As `caBundle` has it.
  var bundle: JSONValue { .string(Base64Text.encode(Array(authorityPEM.utf8))) }

  /// Serves while `body` runs.
  static func serving(_ answer: @escaping Answer, _ body: @Sendable (WebhookServer) async throws -> Void) async throws {
    let directory = TestServer.temporaryDirectory()
    let now = EmbeddedAPIServer.systemTime()
    let authority = try CertificateAuthority(directory: directory, now: now)
    let tls = try authority.serverConfiguration(
      directory: directory, host: "127.0.0.1", names: ["localhost", "hook.default.svc"], now: now)
    let asked = Asked()
    let server = HTTPServer(
      HTTPServer.Configuration(host: "127.0.0.1", port: 0, tls: tls), service: Service(answer: answer, asked: asked))
    let (ports, served) = AsyncStream.makeStream(of: Int.self)
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await server.run { served.yield($0) } }
      var iterator = ports.makeAsyncIterator()
      guard let port = await iterator.next() else { throw Unexpected("the webhook is not served") }
      try await body(WebhookServer(port: port, authorityPEM: authority.certificatePEM, asked: asked))
      group.cancelAll()
    }
  }
}
