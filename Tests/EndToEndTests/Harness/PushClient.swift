import Foundation
import Kubernetes

/// The push API of a cluster, spoken to with curl and what the kubeconfig holds. Secrets go through files, never argv.
struct PushClient: Sendable {
  struct Answer: CustomStringConvertible {
    var status: Int
    var seconds: Double
    var text: String
    var json: JSONValue? { try? JSONValue(parsing: text) }
    var description: String { "\(status): \(text.prefix(2000))" }
    var field: String? { json?["error"]?["field"]?.stringValue }
    var message: String { json?["error"]?["message"]?.stringValue ?? json?["message"]?.stringValue ?? "" }

    func floor(_ service: String) -> Int? {
      json?["floors"]?.arrayValue?.first { $0["service"]?.stringValue == service }?["replicas"]?.integerValue.map {
        Int($0)
      }
    }
  }

  let server: String
  private let token: String
  private let authority: String

  init(_ cluster: Cluster) async throws {
    let view = try JSONValue(parsing: try await cluster.kubectl("config", "view", "--raw", "-o", "json"))
    guard let entry = view["clusters"]?.arrayValue?.first?["cluster"], let server = entry["server"]?.stringValue,
      let data = entry["certificate-authority-data"]?.stringValue.flatMap({ Data(base64Encoded: $0) }),
      let token = view["users"]?.arrayValue?.first?["user"]?["token"]?.stringValue
    else { throw Shell.Failed(description: "the kubeconfig lacks server, CA or token") }
    self.server = server
    self.token = token
    authority = cluster.directory + "/ca-of-test.crt"
    try data.write(to: URL(filePath: authority))
  }

  enum Credentials { case valid, wrong, none }

  func send(
    _ method: String, _ path: String, _ body: String? = nil, credentials: Credentials = .valid, within seconds: Int = 60
  ) async throws -> Answer {
    var lines = [
      "url = \"\(server)\(path)\"", "request = \"\(method)\"", "cacert = \"\(authority)\"", "silent", "show-error",
      "max-time = \(seconds)", "write-out = \"\\n%{http_code} %{time_total}\"",
    ]
    switch credentials {
    case .valid: lines.append("header = \"Authorization: Bearer \(token)\"")
    case .wrong: lines.append("header = \"Authorization: Bearer not-\(String(token.reversed()))\"")
    case .none: break
    }
    var words = ["curl", "--config", "-"]
    let file = FileManager.default.temporaryDirectory.path + "/sakigake-body-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: file) }
    if let body {
      try Data(body.utf8).write(to: URL(filePath: file))
      words += ["--data-binary", "@" + file, "--header", "Content-Type: application/json", "--header", "Expect:"]
    }
    let text = try await Shell.succeed(
      words, input: lines.joined(separator: "\n") + "\n", within: .seconds(seconds + 5))
    guard let end = text.lastIndex(of: "\n") else { throw Shell.Failed(description: "curl wrote \(text)") }
    let figures = text[text.index(after: end)...].split(separator: " ")
    guard figures.count == 2, let status = Int(figures[0]), let taken = Double(figures[1]) else {
      throw Shell.Failed(description: "curl wrote \(text)")
    }
    return Answer(status: status, seconds: taken, text: String(text[..<end]))
  }

  func announce(_ push: JSONValue) async throws -> Answer { try await send("POST", "/v1/pushes", push.text) }
  func show(_ id: String) async throws -> Answer { try await send("GET", "/v1/pushes/\(id)") }
  func cancel(_ id: String) async throws -> Answer { try await send("DELETE", "/v1/pushes/\(id)") }
}

extension PushClient {
  /// Everything that a refused request must leave as it was.
  func prescalingState() async throws -> JSONValue {
    func items(_ path: String, _ read: (JSONValue) -> JSONValue) async throws -> JSONValue {
      let answer = try await send("GET", path)
      guard answer.status == 200, let items = answer.json?["items"]?.arrayValue else {
        throw Shell.Failed(description: "\(path): \(answer)")
      }
      return .array(items.map(read))
    }
    return [
      "autoscalers": try await items("/apis/autoscaling/v2/horizontalpodautoscalers") {
        ["name": $0[path: ["metadata", "name"]] ?? .null, "spec": $0["spec"] ?? .null]
      },
      "campaigns": try await items("/apis/sakigake.dev/v1/pushcampaigns") {
        [
          "name": $0[path: ["metadata", "name"]] ?? .null,
          "version": $0[path: ["metadata", "resourceVersion"]] ?? .null,
        ]
      },
    ]
  }
}

extension Cluster {
  /// Minima of the fleet, as the autoscalers have them.
  func minima() async throws -> [String: Int] {
    Dictionary(
      uniqueKeysWithValues: try await items("get", "hpa", "-n", "default").compactMap { item in
        guard let name = item[path: ["metadata", "name"]]?.stringValue else { return nil }
        return (name, item[path: ["spec", "minReplicas"]]?.integerValue.map { Int($0) } ?? 1)
      })
  }
}
