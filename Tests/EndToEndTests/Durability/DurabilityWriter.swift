import Kubernetes
import KubernetesClient

/// Writes objects of its own as fast as they are acknowledged, until the server is gone.
struct DurabilityWriter {
  static let namePrefix = "durable-"
  private static let collection = "/api/v1/namespaces/default/configmaps"
  private static let objectsMax = 6

  let number: Int
  let cycle: Int
  var random: SplitMix64
  private var count = 0

  init(number: Int, cycle: Int, random: SplitMix64) {
    self.number = number
    self.cycle = cycle
    self.random = random
  }

  mutating func run(_ transport: any KubernetesTransport, _ ledger: WriteLedger) async throws {
    while true {
      let name = "\(Self.namePrefix)\(number)-\(random.below(Self.objectsMax))"
      let before = await ledger.entry(name)
      count += 1
      let (request, content) = self.request(name, exists: before.acknowledged != .absent)
      await ledger.sending(name, content)
      let response: APIResponse
      let body: [UInt8]
      do {
        response = try await transport.send(request)
        body = try await response.gathered()
      } catch is TransportError {
        return
      }
      switch response.status {
      case 200, 201:
        let answer = try JSONValue(parsing: body)
        let isObject = answer["kind"]?.stringValue == "ConfigMap"
        try await ledger.acknowledged(
          name, version: isObject ? Self.version(answer) : nil,
          uid: isObject ? answer[path: ["metadata", "uid"]]?.stringValue : nil)
      case 429: await ledger.refused(name)
      default: throw Lost("\(request.method.rawValue) of \(name) was answered \(String(decoding: body, as: UTF8.self))")
      }
    }
  }

  private static func version(_ object: JSONValue) -> Int64? {
    object[path: ["metadata", "resourceVersion"]]?.stringValue.flatMap { Int64($0) }
  }

  /// A request, and what it makes of the object.
  private mutating func request(_ name: String, exists: Bool) -> (APIRequest, WriteLedger.Content) {
    let data = content()
    var object: JSONValue = [
      "apiVersion": "v1", "kind": "ConfigMap", "metadata": ["name": .string(name)], "data": data,
    ]
    let path = "\(Self.collection)/\(name)"
    if !exists {
      if random.below(2) == 0 { return (APIRequest(.post, Self.collection, body: object.bytes), .present(data)) }
      return (apply(path, object), .present(data))
    }
    switch random.below(5) {
    case 0: return (APIRequest(.delete, path), .absent)
    case 1: return (apply(path, object), .present(data))
    case 2: return (APIRequest(.put, path, body: object.bytes), .present(data))
    case 3: return (patch(path, PatchType.strategic, ["data": data]), .present(data))
    default:
      object = ["data": data]
      return (patch(path, PatchType.merge, object), .present(data))
    }
  }

  private func apply(_ path: String, _ object: JSONValue) -> APIRequest {
    APIRequest(
      .patch, path, query: [("fieldManager", "durability"), ("force", "true")], contentType: PatchType.apply.rawValue,
      body: object.bytes)
  }

  private func patch(_ path: String, _ type: PatchType, _ patch: JSONValue) -> APIRequest {
    APIRequest(.patch, path, contentType: type.rawValue, body: patch.bytes)
  }

  /// Data that tells whether it is whole: all members are there always, and the last is a sum of the others.
  private mutating func content() -> JSONValue {
    let text = String(
      (0..<(20 + random.below(2_000))).map { _ in Character(Unicode.Scalar(UInt8(97 + random.below(26)))) })
    let number = "\(cycle)-\(self.number)-\(count)"
    return ["number": .string(number), "text": .string(text), "sum": .string(Self.sum(number, text))]
  }

  static func isWhole(_ data: JSONValue) -> Bool {
    guard let number = data["number"]?.stringValue, let text = data["text"]?.stringValue else { return false }
    return data["sum"]?.stringValue == sum(number, text)
  }

  private static func sum(_ number: String, _ text: String) -> String {
    String(FNV1a((number + "/" + text).utf8).value)
  }

  static func list(_ transport: any KubernetesTransport) async throws -> JSONValue {
    let response = try await transport.send(APIRequest(.get, collection))
    let body = try await response.gathered()
    guard response.status == 200 else { throw Lost("the list was answered \(String(decoding: body, as: UTF8.self))") }
    return try JSONValue(parsing: body)
  }
}
