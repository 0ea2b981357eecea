import Kubernetes
import KubernetesClient

/// An API with one Lease, and a network between it and each candidate that fails as told.
actor LeaseServer {
  /// What becomes of one request.
  enum Fate: Sendable, Equatable {
    case answered
    /// Lost on its way, nothing was done.
    case lost
    /// Done, but its answer is lost.
    case answerLost
    case refused(Int)
    /// Arrives and is answered after these times.
    case slow(there: Duration, back: Duration)
    /// Neither arrives nor fails, until the caller gives up.
    case stuck
  }

  private(set) var lease: JSONValue?
  private(set) var requests = 0
  private var version = 0
  private let clock: VirtualTime
  private let fate: @Sendable (_ request: Int, _ candidate: String) -> Fate

  init(
    clock: VirtualTime, fate: @escaping @Sendable (_ request: Int, _ candidate: String) -> Fate = { _, _ in .answered }
  ) {
    self.clock = clock
    self.fate = fate
  }

  func set(_ spec: Lease.Spec) {
    version += 1
    var lease = Lease()
    lease.metadata = ObjectMeta(name: LeaderElectionTests.lease.name, namespace: LeaderElectionTests.lease.namespace)
    lease.spec = spec
    lease.metadata.resourceVersion = String(version)
    self.lease = lease.json
  }

  nonisolated func client(of candidate: String) -> KubernetesClient {
    var client = KubernetesClient(transport: InProcessTransport { try await self.send($0, from: candidate) })
    client.clock = clock
    return client
  }

  private func send(_ request: APIRequest, from candidate: String) async throws -> APIResponse {
    requests += 1
    switch fate(requests, candidate) {
    case .answered: return handle(request)
    case .lost: throw TransportError(.connection, "lost")
    case .answerLost:
      _ = handle(request)
      throw TransportError(.connection, "answer lost")
    case .refused(let code):
      let error = APIError(code: code, reason: code == 409 ? "Conflict" : "InternalError", message: "as told")
      return APIResponse(status: code, body: .bytes(error.status.bytes))
    case .slow(let there, let back):
      // Underway, a request reaches the server whether or not its sender still waits.
      let answer = Task(executorPreference: clock) {
        try await self.clock.sleep(for: there)
        return await self.handle(request)
      }
      try await clock.sleep(for: there)
      let response = try await answer.value
      try await clock.sleep(for: back)
      return response
    case .stuck:
      try await clock.sleep(for: .seconds(3600))
      throw TransportError(.timeout, "stuck")
    }
  }

  private func handle(_ request: APIRequest) -> APIResponse {
    func failed(_ code: Int, _ reason: String) -> APIResponse {
      APIResponse(status: code, body: .bytes(APIError(code: code, reason: reason, message: reason).status.bytes))
    }
    switch request.method {
    case .get: break
    case .post:
      if lease != nil { return failed(409, "AlreadyExists") }
      return store(request)
    case .put:
      guard let lease else { return failed(404, "NotFound") }
      let sent = try? JSONValue(parsing: request.body)
      let known = lease[path: ["metadata", "resourceVersion"]]
      guard sent?[path: ["metadata", "resourceVersion"]] == known else { return failed(409, "Conflict") }
      return store(request)
    default: return failed(405, "MethodNotAllowed")
    }
    guard let lease else { return failed(404, "NotFound") }
    return APIResponse(status: 200, body: .bytes(lease.bytes))
  }

  private func store(_ request: APIRequest) -> APIResponse {
    version += 1
    var stored = (try? JSONValue(parsing: request.body)) ?? .object([:])
    stored[path: ["metadata", "resourceVersion"]] = .string(String(version))
    lease = stored
    return APIResponse(status: request.method == .post ? 201 : 200, body: .bytes(stored.bytes))
  }
}

/// Who works, and whether two ever did at once.
actor Ledger {
  private(set) var working: Set<String> = []
  private(set) var overlaps = 0
  private(set) var terms: [String] = []

  func enter(_ name: String) {
    if !working.isEmpty { overlaps += 1 }
    working.insert(name)
    terms.append(name)
  }
  func leave(_ name: String) { working.remove(name) }
}
