import FoundationEssentials
import Kubernetes
import KubernetesServer

/// A server on a data directory of its own, asked in process.
final class TestServer: Sendable {
  let directory: String
  let server: EmbeddedAPIServer

  /// The ConfigMap that every namespace has.
  static let furniture = "kube-root-ca.crt"

  init(directory: String = TestServer.temporaryDirectory(), providers: EmbeddedAPIServer.Providers = .init())
    async throws
  {
    self.directory = directory
    server = try await EmbeddedAPIServer(.init(dataDirectory: directory), providers: providers)
  }

  static func temporaryDirectory() -> String {
    FileManager.default.temporaryDirectory.path + "/sakigake-server-test-\(UInt64.random(in: 0...UInt64.max))"
  }

  struct Answer {
    var status: Int
    var value: JSONValue

    var reason: String { value["reason"]?.stringValue ?? "" }
    var message: String { value["message"]?.stringValue ?? "" }
    var version: String { value["metadata"]?["resourceVersion"]?.stringValue ?? "" }
    /// Of the items that a test made: every namespace has a ConfigMap of its own.
    var names: [String] {
      (value["items"]?.arrayValue ?? []).compactMap { $0["metadata"]?["name"]?.stringValue }
        .filter { $0 != TestServer.furniture }
    }
  }

  @discardableResult
  func send(
    _ method: APIRequest.Method, _ path: String, _ body: JSONValue? = nil, query: [(name: String, value: String)] = [],
    contentType: String = "application/json", accept: String = "application/json",
    as user: UserInfo = .master("tester"), headers: [(name: String, value: String)] = []
  ) async throws -> Answer {
    var request = APIRequest(
      method, path, query: query, contentType: contentType, accept: accept, body: body?.bytes ?? [], user: user)
    request.headers = headers
    let response = await server.handle(request)
    let bytes: [UInt8]
    switch response.body {
    case .bytes(let whole): bytes = whole
    case .stream(let stream): bytes = try await stream.reduce(into: []) { $0 += $1 }
    case .pulled, .channels, .ports: throw Unexpected("something else than a body came back from \(path)")
    }
    return Answer(status: response.status, value: try JSONValue(parsing: bytes))
  }

  @discardableResult
  func patch(
    _ path: String, _ type: PatchType, _ body: JSONValue, query: [(name: String, value: String)] = []
  ) async throws -> Answer {
    try await send(.patch, path, body, query: query, contentType: type.rawValue)
  }

  /// The events of a watch, one by one.
  func watch(_ path: String, query: [(name: String, value: String)] = []) async throws -> TestWatch {
    let response = await server.handle(
      APIRequest(.get, path, query: [("watch", "true")] + query, user: .master("tester")))
    guard case .stream(let stream) = response.body else { throw Unexpected("no stream came back from \(path)") }
    return TestWatch(stream)
  }
}

final class TestWatch {
  private var iterator: AsyncThrowingStream<[UInt8], any Error>.AsyncIterator
  private var lines: [String] = []

  init(_ stream: AsyncThrowingStream<[UInt8], any Error>) { iterator = stream.makeAsyncIterator() }

  /// `ADDED name`, `BOOKMARK`, `ERROR 410`
  func next() async throws -> String {
    guard let event = try await nextEvent() else { return "end" }
    let type = event["type"]?.stringValue ?? ""
    let object = event["object"]
    switch type {
    case "ERROR": return "ERROR \(object?["code"]?.integerValue ?? 0)"
    case "BOOKMARK": return "BOOKMARK"
    default: return "\(type) \(object?["metadata"]?["name"]?.stringValue ?? "")"
    }
  }

  func nextEvent() async throws -> JSONValue? {
    while true {
      while lines.isEmpty {
        guard let bytes = try await iterator.next(isolation: #isolation) else { return nil }
        lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
      }
      let event = try JSONValue(parsing: lines.removeFirst())
      if event["object"]?["metadata"]?["name"]?.stringValue != TestServer.furniture { return event }
    }
  }
}

struct Unexpected: Error, CustomStringConvertible {
  var description: String
  init(_ description: String) { self.description = description }
}

enum Sample {
  static func configMap(_ name: String, labels: JSONValue = [:], data: JSONValue = ["key": "value"]) -> JSONValue {
    ["apiVersion": "v1", "kind": "ConfigMap", "metadata": ["name": .string(name), "labels": labels], "data": data]
  }

  static func pod(_ name: String, labels: JSONValue = ["app": "web"], node: String? = nil) -> JSONValue {
    var spec: JSONObject = ["containers": [["name": "app", "image": "registry.example/web:1"]]]
    if let node { spec["nodeName"] = .string(node) }
    return [
      "apiVersion": "v1", "kind": "Pod", "metadata": ["name": .string(name), "labels": labels], "spec": .object(spec),
    ]
  }

  static func deployment(_ name: String, replicas: Int64 = 2) -> JSONValue {
    [
      "apiVersion": "apps/v1", "kind": "Deployment", "metadata": ["name": .string(name)],
      "spec": [
        "replicas": .integer(replicas), "selector": ["matchLabels": ["app": "web"]],
        "template": [
          "metadata": ["labels": ["app": "web"]],
          "spec": ["containers": [["name": "app", "image": "registry.example/web:1"]]],
        ],
      ],
    ]
  }
}

enum Path {
  static let configMaps = "/api/v1/namespaces/default/configmaps"
  static let pods = "/api/v1/namespaces/default/pods"
  static let deployments = "/apis/apps/v1/namespaces/default/deployments"
  static let budgets = "/apis/policy/v1/namespaces/default/poddisruptionbudgets"
  static let definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
}
