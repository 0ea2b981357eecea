import Kubernetes
import KubernetesClient
import Operator
import Synchronization

/// A replica's way to the cluster that ends for good at its n-th write: what kill -9 looks like from the cluster.
final class MortalTransport: KubernetesTransport {
  enum Death: String, Sendable, CaseIterable {
    /// The n-th write is not made.
    case before
    /// It is made, and its answer never comes.
    case after
  }

  private let transport: any KubernetesTransport
  private let lastWrite: Int
  private let death: Death
  private let state = Mutex(State())
  private let deaths = AsyncStream.makeStream(of: Void.self)

  private struct State {
    var isCounting = false
    var writes = 0
    var isDead = false
  }

  init(_ transport: any KubernetesTransport, dyingAt lastWrite: Int, _ death: Death) {
    self.transport = transport
    self.lastWrite = lastWrite
    self.death = death
  }

  /// Writes are counted from here on.
  func beginCounting() { state.withLock { $0.isCounting = true } }
  var writes: Int { state.withLock { $0.writes } }

  /// Waits for the end; returns false where it did not come before `limit`.
  func untilDead(atMost limit: Duration) async -> Bool {
    await withTaskGroup(of: Bool.self) { group in
      group.addTask {
        for await _ in self.deaths.stream {}
        return true
      }
      group.addTask {
        try? await Task.sleep(for: limit)
        return false
      }
      let first = await group.next() ?? false
      group.cancelAll()
      return first
    }
  }

  func send(_ request: APIRequest) async throws -> APIResponse {
    // Renewals of the lease come at their own pace and are no steps of the work.
    let isStep = request.method != .get && !request.path.contains("/leases")
    let isLast = try state.withLock { state in
      if state.isDead { throw Self.gone }
      guard isStep, state.isCounting else { return false }
      state.writes += 1
      guard state.writes == lastWrite else { return false }
      state.isDead = true
      return true
    }
    if isLast {
      defer { deaths.continuation.finish() }
      if death == .after { _ = try? await transport.send(request) }
      throw Self.gone
    }
    var response = try await transport.send(request)
    if case .stream(let stream) = response.body {
      response.body = .stream(
        AsyncThrowingStream {
          var iterator = stream.makeAsyncIterator()
          let chunk = try await iterator.next()
          if self.state.withLock({ $0.isDead }) { throw Self.gone }
          return chunk
        })
    }
    return response
  }

  private static let gone = TransportError(.connection, "the process is dead")
}

/// Every now and then, as a seed decides, a request is lost before or after it was done, refused with 409, 429, 500 or
/// 503, or a watch is cut, or told that its history is gone.
final class FaultyTransport: KubernetesTransport {
  private let transport: any KubernetesTransport
  private let state: Mutex<State>
  /// Of a hundred requests, and of a hundred chunks of a watch.
  private let percent: Int

  private struct State {
    var random: SplitMix64
    var faults: [String: Int] = [:]
  }

  init(_ transport: any KubernetesTransport, seed: UInt64, percent: Int = 20) {
    self.transport = transport
    self.percent = percent
    state = Mutex(State(random: SplitMix64(state: seed)))
  }

  var faults: [String: Int] { state.withLock { $0.faults } }

  private func draw(_ names: [String]) -> String? {
    state.withLock { state in
      guard Int(state.random.next() % 100) < percent else { return nil }
      let name = names[Int(state.random.next() % UInt64(names.count))]
      state.faults[name, default: 0] += 1
      return name
    }
  }

  func send(_ request: APIRequest) async throws -> APIResponse {
    let isWrite = request.method != .get
    let isWatch = request.query("watch") == "true"
    let names =
      ["lost before", "429", "500", "503"] + (isWrite ? ["lost after", "409"] : []) + (isWatch ? ["410", "410"] : [])
    switch draw(names) {
    case "lost before": throw TransportError(.connection, "lost before it came there")
    case "lost after":
      _ = try await transport.send(request)
      throw TransportError(.connection, "lost on the way back")
    case "409": return Self.refusal(409, "Conflict")
    case "410": return Self.refusal(410, "Expired")
    case "429": return Self.refusal(429, "TooManyRequests")
    case "500": return Self.refusal(500, "InternalError")
    case "503": return Self.refusal(503, "ServiceUnavailable")
    default: break
    }
    var response = try await transport.send(request)
    if case .stream(let stream) = response.body {
      response.body = .stream(
        AsyncThrowingStream {
          var iterator = stream.makeAsyncIterator()
          let chunk = try await iterator.next()
          switch self.draw(["cut", "torn"]) {
          case "cut": return nil
          case "torn": throw TransportError(.connection, "torn")
          default: return chunk
          }
        })
    }
    return response
  }

  private static func refusal(_ code: Int, _ reason: String) -> APIResponse {
    let error = APIError(code: code, reason: reason, message: "as the test has it")
    return APIResponse(status: code, body: .bytes(error.status.bytes))
  }
}

/// Notes what is asked for, as authorization would see it.
final class RecordingTransport: KubernetesTransport {
  private let transport: any KubernetesTransport
  private let seen = Mutex<Set<RequestAttributes>>([])
  private let refused = Mutex<Set<RequestAttributes>>([])

  init(_ transport: any KubernetesTransport) { self.transport = transport }

  var requests: Set<RequestAttributes> { seen.withLock { $0 } }
  var forbidden: Set<RequestAttributes> { refused.withLock { $0 } }

  func send(_ request: APIRequest) async throws -> APIResponse {
    let response = try await transport.send(request)
    guard let attributes = RequestAttributes(request) else { return response }
    seen.withLock { _ = $0.insert(attributes) }
    if response.status == 403 { refused.withLock { _ = $0.insert(attributes) } }
    // Applying what is not there yet is creating it, too.
    if attributes.verb == "patch", response.status == 201 {
      var creation = attributes
      creation.verb = "create"
      seen.withLock { _ = $0.insert(creation) }
    }
    return response
  }
}
