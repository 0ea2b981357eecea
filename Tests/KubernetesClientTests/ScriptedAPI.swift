import Kubernetes
import KubernetesClient

/// A small API server in memory, whose watches can be cut, whose history can be lost, and which fails when told to.
actor ScriptedAPI: KubernetesTransport {
  private struct Watcher {
    var path: String
    var continuation: AsyncThrowingStream<[UInt8], any Error>.Continuation
  }

  private var collections: [String: [String: JSONValue]] = [:]
  private var version: Int64 = 100
  private var watchers: [Int: Watcher] = [:]
  private var nextWatcher = 0
  private var script: [(matches: @Sendable (APIRequest) -> Bool, response: APIResponse)] = []
  private var arrivals: [(isMet: (ScriptedAPI.State) -> Bool, continuation: CheckedContinuation<Void, Never>)] = []
  private(set) var requests: [APIRequest] = []
  private(set) var underWay = 0
  private(set) var underWayMost = 0
  private var events: [(path: String, version: Int64, line: [UInt8])] = []

  struct State { var watchers: Int; var requests: [APIRequest] }

  /// The next request that matches gets this answer.
  func answer(
    _ status: Int, _ body: JSONValue = .null, headers: [(name: String, value: String)] = [],
    to matches: @escaping @Sendable (APIRequest) -> Bool
  ) {
    let json =
      body.isNull
      ? APIError(code: status, reason: status == 409 ? "Conflict" : "Scripted", message: "as told").status : body
    script.append((matches, APIResponse(status: status, headers: headers, body: .bytes(json.bytes))))
  }

  func serve(_ resource: ResourceType) { collections[resource.path(), default: [:]] = [:] }

  func put(_ object: JSONValue, _ resource: ResourceType) {
    version += 1
    var object = object
    object[path: ["metadata", "resourceVersion"]] = .string(String(version))
    let key = Self.key(object)
    let known = collections[resource.path(), default: [:]].updateValue(object, forKey: key) != nil
    send(resource.path(), type: known ? "MODIFIED" : "ADDED", object)
  }

  func remove(_ namespace: String, _ name: String, _ resource: ResourceType) {
    version += 1
    guard var object = collections[resource.path()]?.removeValue(forKey: "\(namespace)/\(name)") else { return }
    object[path: ["metadata", "resourceVersion"]] = .string(String(version))
    send(resource.path(), type: "DELETED", object)
  }

  private func send(_ path: String, type: String, _ object: JSONValue) {
    let line = (["type": .string(type), "object": object] as JSONValue).bytes + [0x0A]
    events.append((path, version, line))
    for watcher in watchers.values where watcher.path == path { watcher.continuation.yield(line) }
  }

  /// Raw bytes to every watch, as they come.
  func sendRaw(_ bytes: [UInt8]) { for watcher in watchers.values { watcher.continuation.yield(bytes) } }

  func cutWatches(with error: TransportError? = nil) {
    let cut = watchers
    watchers = [:]
    for watcher in cut.values { watcher.continuation.finish(throwing: error) }
  }

  /// Watches from before this moment are refused from now on.
  func loseHistory() { events = []; horizon = version }
  private var horizon: Int64 = 0

  func untilWatched(by count: Int) async { await wait { $0.watchers >= count } }
  func untilAsked(_ matches: @escaping ([APIRequest]) -> Bool) async { await wait { matches($0.requests) } }

  private func wait(_ isMet: @escaping (State) -> Bool) async {
    if isMet(State(watchers: watchers.count, requests: requests)) { return }
    await withCheckedContinuation { arrivals.append((isMet, $0)) }
  }

  private func arrived() {
    let state = State(watchers: watchers.count, requests: requests)
    let met = arrivals.filter { $0.isMet(state) }
    arrivals.removeAll { $0.isMet(state) }
    for arrival in met { arrival.continuation.resume() }
  }

  func send(_ request: APIRequest) async throws -> APIResponse {
    requests.append(request)
    underWay += 1
    underWayMost = max(underWayMost, underWay)
    defer { underWay -= 1 }
    arrived()
    await Task.yield()
    if let index = script.firstIndex(where: { $0.matches(request) }) { return script.remove(at: index).response }
    guard request.method == .get else { return write(request) }
    guard let objects = collections[request.path] else {
      return APIResponse(
        status: 404, body: .bytes(APIError(code: 404, reason: "NotFound", message: "no such kind").status.bytes))
    }
    guard request.query("watch") == "true" else {
      let items = objects.sorted { $0.key < $1.key }.map(\.value)
      let list: JSONValue = [
        "kind": "List", "metadata": ["resourceVersion": .string(String(version))], "items": .array(items),
      ]
      return APIResponse(status: 200, body: .bytes(list.bytes))
    }
    return watch(request)
  }

  private func watch(_ request: APIRequest) -> APIResponse {
    let from = Int64(request.query("resourceVersion") ?? "") ?? 0
    let (stream, continuation) = AsyncThrowingStream.makeStream(of: [UInt8].self)
    if from < horizon {
      let gone = APIError(code: 410, reason: "Expired", message: "too old resource version")
      continuation.yield((["type": "ERROR", "object": gone.status] as JSONValue).bytes + [0x0A])
      continuation.finish()
    } else {
      for event in events where event.path == request.path && event.version > from { continuation.yield(event.line) }
      watchers[nextWatcher] = Watcher(path: request.path, continuation: continuation)
      nextWatcher += 1
      arrived()
    }
    return APIResponse(status: 200, body: .stream(stream))
  }

  private func write(_ request: APIRequest) -> APIResponse {
    version += 1
    var body = (try? JSONValue(parsing: request.body)) ?? .object([:])
    if case .object = body { body[path: ["metadata", "resourceVersion"]] = .string(String(version)) }
    return APIResponse(status: 200, body: .bytes(body.bytes))
  }

  private static func key(_ object: JSONValue) -> String {
    let metadata = object["metadata"]
    return "\(metadata?["namespace"]?.stringValue ?? "")/\(metadata?["name"]?.stringValue ?? "")"
  }
}

/// A clock by which nothing takes time.
struct InstantClock: Clock {
  typealias Duration = Swift.Duration
  var now: ContinuousClock.Instant { ContinuousClock.now }
  var minimumResolution: Duration { .nanoseconds(1) }
  func sleep(until deadline: ContinuousClock.Instant, tolerance: Duration?) async throws {
    try Task.checkCancellation()
    await Task.yield()
  }
}

func client(_ api: ScriptedAPI) -> KubernetesClient {
  var client = KubernetesClient(transport: api, fieldManager: "test")
  client.clock = InstantClock()
  return client
}

func pod(_ name: String, node: String = "") -> JSONValue {
  [
    "apiVersion": "v1", "kind": "Pod", "metadata": ["name": .string(name), "namespace": "default"],
    "spec": ["nodeName": .string(node)],
  ]
}

extension Pod {
  var name: String { metadata.name }
}
