import Synchronization

/// A clock and an executor on which time passes only when nothing else can happen: hours in milliseconds, on one thread,
/// the same each time.
final class VirtualTime: TaskExecutor, Clock {
  struct Instant: InstantProtocol {
    var offset: Duration
    func advanced(by duration: Duration) -> Instant { Instant(offset: offset + duration) }
    func duration(to other: Instant) -> Duration { other.offset - offset }
    static func < (left: Instant, right: Instant) -> Bool { left.offset < right.offset }
  }

  private struct State {
    var now = Instant(offset: .zero)
    var jobs: [UnownedJob] = []
    var sleepers: [Int: (deadline: Instant, continuation: CheckedContinuation<Void, any Error>)] = [:]
    var next = 0
  }
  private let state = Mutex(State())

  var now: Instant { state.withLock { $0.now } }
  var minimumResolution: Duration { .nanoseconds(1) }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    state.withLock { $0.jobs.append(job) }
  }

  func sleep(until deadline: Instant, tolerance: Duration?) async throws {
    let identifier = state.withLock { state in
      state.next += 1
      return state.next
    }
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
        if Task.isCancelled { return continuation.resume(throwing: CancellationError()) }
        state.withLock { $0.sleepers[identifier] = (deadline, continuation) }
      }
    } onCancel: {
      let sleeper = state.withLock { $0.sleepers.removeValue(forKey: identifier) }
      sleeper?.continuation.resume(throwing: CancellationError())
    }
  }

  /// Runs `body` and every task that comes of it until none is left that could go on, or a day has passed.
  func simulate(_ body: @escaping @Sendable () async -> Void) {
    Task(executorPreference: self) { await body() }
    while step() {}
  }

  private func step() -> Bool {
    if let job = state.withLock({ $0.jobs.isEmpty ? nil : $0.jobs.removeFirst() }) {
      job.runSynchronously(on: asUnownedTaskExecutor())
      return true
    }
    let due = state.withLock { state in
      let first = state.sleepers.min { ($0.value.deadline, $0.key) < ($1.value.deadline, $1.key) }
      guard let first, first.value.deadline.offset < .seconds(86_400) else {
        return CheckedContinuation<Void, any Error>?.none
      }
      state.now = max(state.now, first.value.deadline)
      return state.sleepers.removeValue(forKey: first.key)?.continuation
    }
    due?.resume()
    return due != nil
  }
}
