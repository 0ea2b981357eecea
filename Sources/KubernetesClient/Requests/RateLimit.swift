import Synchronization

/// A token bucket: `burst` requests at once, and `perSecond` from then on. Shared by the clients that have it.
public final class RateLimit: Sendable {
  private struct State {
    var elapsed: (@Sendable () -> Duration)?
    /// Until when requests are let through already; behind the present where tokens are left. Nil while all are.
    var reserved: Duration?
  }
  private let interval: Duration
  private let burst: Int
  private let state = Mutex(State())

  public init(perSecond: Double, burst: Int) {
    interval = .seconds(1 / max(perSecond, 0.001))
    self.burst = max(burst, 1)
  }

  /// Waits for the next token; the order is that of arrival.
  func wait(by clock: any Clock<Duration>) async throws {
    let pause = state.withLock { state -> Duration in
      let elapsed = state.elapsed ?? clock.stopwatch()
      state.elapsed = elapsed
      let now = elapsed()
      let full = now - interval * burst
      let reserved = max(state.reserved ?? full, full) + interval
      state.reserved = reserved
      return reserved - now
    }
    if pause > .zero { try await clock.sleep(for: pause) }
  }
}
