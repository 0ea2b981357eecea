import Synchronization

/// The seeds still to be run, shared by the threads of a run.
final class SharedCount: Sendable {
  private struct State {
    var next: UInt64
    var remaining: UInt64
    var failure: FuzzRun.Failure?
  }
  private let state: Mutex<State>

  init(next: UInt64, remaining: UInt64) { state = Mutex(State(next: next, remaining: remaining)) }

  /// The next seed; nil once all have been taken or one has failed.
  func take() -> UInt64? {
    state.withLock { state in
      guard state.remaining > 0, state.failure == nil else { return nil }
      state.remaining -= 1
      defer { state.next &+= 1 }
      return state.next
    }
  }

  /// The first failure stands.
  func fail(_ failure: FuzzRun.Failure) {
    state.withLock { state in
      if state.failure == nil { state.failure = failure }
    }
  }

  func result(since first: UInt64) -> (taken: UInt64, failure: FuzzRun.Failure?) {
    state.withLock { ($0.next &- first, $0.failure) }
  }
}
