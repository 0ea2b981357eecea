import Kubernetes
import Synchronization

/// Work that one of several processes does at a time, as a `coordination.k8s.io/v1` Lease decides.
///
/// The protocol is client-go's (tools/leaderelection), so that Swift and Go candidates may share a Lease. It is stricter
/// in one point: the holder counts its `renewDeadline` from when it *sent* its last successful renewal, not from when the
/// answer came. The others count `leaseDuration` from when they saw that renewal, which is later; so a holder has
/// stopped `leaseDuration - renewDeadline` before anybody else may start, however slow an answer was. Work must end
/// within that time once it is cancelled.
///
/// ```swift
/// let election = try LeaderElection(client: client, lease: NamespacedName("news", "prescaler"), identity: podName)
/// try await election.run { try await prescaler.run() }
/// ```
public final class LeaderElection: Sendable {
  /// How long a lease lives. The defaults are client-go's.
  public struct Timing: Sendable {
    /// Others take the lease after it has stood unchanged for this long. Whole seconds.
    public var leaseDuration = Duration.seconds(15)
    /// A holder that could not renew for this long stops its work.
    public var renewDeadline = Duration.seconds(10)
    /// Between attempts; those of candidates are stretched by chance, up to 2.2 times.
    public var retryPeriod = Duration.seconds(2)

    public init() {}
  }

  /// What happens in an election.
  public enum Notice: Sendable {
    /// Somebody holds the lease who did not before, as far as this candidate saw.
    case newLeader(String)
    /// An attempt to take or to renew the lease failed, and will be repeated while there is time.
    case attemptFailed(any Error)
    /// The lease could not be given back; it expires by itself.
    case releaseFailed(any Error)
  }

  /// The name of this candidate in the lease.
  public let identity: String
  private let client: KubernetesClient
  private let lease: NamespacedName
  private let timing: Timing
  private let releasesOnStop: Bool
  private let now: @Sendable () -> Timestamp
  private let chance: @Sendable () -> Double
  private let report: @Sendable (Notice) -> Void
  private let state = Mutex(State())

  private struct State {
    var holder = ""
    var isLeader = false
  }

  /// - Parameters:
  ///   - client: its clock measures; attempts are repeated by the election, not by the client.
  ///   - identity: unique among the candidates, also after a restart: two with one name would both lead.
  ///   - releasesOnStop: gives the lease back when the work has ended, so that nobody waits for it to expire.
  ///   - now: the wall clock, for the times in the record.
  ///   - chance: from 0 to 1, for jitter.
  /// - Throws: `LeaderElectionError` with `.configuration` where the timing could not keep two leaders apart.
  public init(
    client: KubernetesClient, lease: NamespacedName, identity: String, timing: Timing = Timing(),
    releasesOnStop: Bool = true, now: @escaping @Sendable () -> Timestamp = { .now },
    chance: @escaping @Sendable () -> Double = { .random(in: 0..<1) },
    report: @escaping @Sendable (Notice) -> Void = { _ in }
  ) throws {
    func require(_ condition: Bool, _ message: String) throws {
      if !condition { throw LeaderElectionError(.configuration, message) }
    }
    try require(!identity.isEmpty, "a candidate needs an identity")
    try require(timing.leaseDuration.components.seconds >= 1, "leaseDuration is below a second")
    try require(timing.leaseDuration > timing.renewDeadline, "leaseDuration must be longer than renewDeadline")
    try require(timing.retryPeriod > .zero, "retryPeriod must be above zero")
    try require(
      timing.renewDeadline > timing.retryPeriod * Self.jitter, "renewDeadline must be longer than 1.2 retry periods")
    var client = client
    client.retries.attemptsMax = 1
    self.client = client
    self.lease = lease
    self.identity = identity
    self.timing = timing
    self.releasesOnStop = releasesOnStop
    self.now = now
    self.chance = chance
    self.report = report
  }

  private static let jitter = 1.2

  /// Whether this process leads now.
  public var isLeader: Bool { state.withLock { $0.isLeader } }
  /// Who holds the lease, as last seen; empty where nobody does or nothing was seen.
  public var holder: String { state.withLock { $0.holder } }

  /// Waits for the lease, does the work while it is held, gives the lease back and returns what the work returned.
  ///
  /// - Throws: what the work throws; `LeaderElectionError` with `.lost` after the work was cancelled because the lease
  ///   could not be renewed in time or is somebody else's; `CancellationError` when cancelled before it led. The work of
  ///   a cancelled caller is cancelled, and the lease kept until it has ended.
  public func run<Success: Sendable>(_ work: @escaping @Sendable () async throws -> Success) async throws -> Success {
    let elapsed = client.clock.stopwatch()
    let candidate = LeaseCandidate(
      client: client, lease: lease, identity: identity,
      durationSeconds: Int(timing.leaseDuration.components.seconds), elapsed: elapsed, now: now)
    let tenure = Tenure(clock: client.clock, elapsed: elapsed, renewDeadline: timing.renewDeadline)
    try await acquire(candidate, tenure)
    defer { state.withLock { $0.isLeader = false } }
    // Cancelling the caller must not keep the lease from being renewed while the work ends: these are tasks of their own.
    let renewal = detached { await self.renew(candidate, tenure) }
    let watchdog = detached { await tenure.watch() }
    let outcome = await withTaskGroup(of: Result<Success, any Error>?.self) { group in
      group.addTask { await Self.result(of: work) }
      group.addTask {
        await tenure.untilLost()
        return nil
      }
      var outcome = await group.next() ?? nil
      let isLost = outcome == nil && tenure.loss != nil
      if isLost { state.withLock { $0.isLeader = false } }
      group.cancelAll()
      while let next = await group.next() { outcome = outcome ?? next }
      return isLost ? nil : outcome
    }
    renewal.cancel()
    watchdog.cancel()
    guard let outcome else {
      throw LeaderElectionError(.lost, "\(identity) lost the lease \(lease): \(tenure.loss ?? "")")
    }
    await renewal.value
    if releasesOnStop, tenure.loss == nil { await detached { await self.release(candidate) }.value }
    return try outcome.get()
  }

  private static func result<Success: Sendable>(
    of work: @Sendable () async throws -> Success
  ) async -> Result<Success, any Error> {
    do { return .success(try await work()) } catch { return .failure(error) }
  }

  private func acquire(_ candidate: LeaseCandidate, _ tenure: Tenure) async throws {
    while true {
      try Task.checkCancellation()
      let attempt = await attempt(candidate, within: timing.renewDeadline)
      if Task.isCancelled {
        // The write may have been made, whatever became of its answer.
        if releasesOnStop { await detached { await self.release(candidate) }.value }
        throw CancellationError()
      }
      // An answer that came after its own deadline is worth no more than none.
      if case .holds(let sent) = attempt, tenure.elapsed() < sent + timing.renewDeadline {
        state.withLock { $0.isLeader = true }
        return tenure.renewed(at: sent)
      }
      try await client.clock.sleep(for: timing.retryPeriod * (1 + chance() * Self.jitter))
    }
  }

  private func renew(_ candidate: LeaseCandidate, _ tenure: Tenure) async {
    while (try? await client.clock.sleep(for: timing.retryPeriod)) != nil {
      switch await attempt(candidate, within: tenure.remaining) {
      case .holds(let sent): tenure.renewed(at: sent)
      case .held(let other): return tenure.lose("it is \(other)'s")
      case .failed: break
      }
    }
  }

  private func attempt(_ candidate: LeaseCandidate, within limit: Duration) async -> LeaseCandidate.Attempt {
    let clock = client.clock
    let attempt = await withTaskGroup(of: LeaseCandidate.Attempt?.self) { group in
      group.addTask { await candidate.acquireOrRenew() }
      group.addTask {
        try? await clock.sleep(for: limit)
        return nil
      }
      let first = await group.next() ?? nil
      group.cancelAll()
      return first ?? .failed(TransportError(.timeout, "no answer within \(limit)"))
    }
    switch attempt {
    case .holds: see(identity)
    case .held(let holder): see(holder)
    case .failed(let error): if !(error is CancellationError) { report(.attemptFailed(error)) }
    }
    return attempt
  }

  private func see(_ holder: String) {
    let isNew = state.withLock { state in
      defer { state.holder = holder }
      return state.holder != holder
    }
    if isNew { report(.newLeader(holder)) }
  }

  private func release(_ candidate: LeaseCandidate) async {
    let clock = client.clock
    let limit = timing.renewDeadline
    let failure = await withTaskGroup(of: (any Error)?.self) { group in
      group.addTask {
        do { try await candidate.release() } catch { return error }
        return nil
      }
      group.addTask {
        try? await clock.sleep(for: limit)
        return TransportError(.timeout, "no answer within \(limit)")
      }
      let first = await group.next() ?? nil
      group.cancelAll()
      return first
    }
    if let failure { report(.releaseFailed(failure)) } else { see("") }
  }

  /// A task that the caller's cancellation does not reach, on the caller's executor.
  private func detached(_ body: @escaping @Sendable () async -> Void) -> Task<Void, Never> {
    Task(executorPreference: withUnsafeCurrentTask { $0?.unownedTaskExecutor?.asTaskExecutor() }) { await body() }
  }
}

/// Why somebody does not lead.
public struct LeaderElectionError: Error, Sendable, Equatable, CustomStringConvertible {
  public enum Code: Sendable {
    /// The timing or the identity makes no election.
    case configuration
    /// The lease could not be renewed in time, or somebody else has it.
    case lost
  }
  public var code: Code
  public var message: String

  public init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }
  public var description: String { message }
}
