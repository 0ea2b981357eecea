import Synchronization

/// How long a leader may go on: until `renewDeadline` after it sent the last renewal that succeeded.
///
/// The end is told by a clock of its own, so that a renewal that hangs delays nothing.
final class Tenure: Sendable {
  let elapsed: @Sendable () -> Duration
  private let clock: any Clock<Duration>
  private let renewDeadline: Duration
  private let state = Mutex(State())
  private let end: (stream: AsyncStream<Void>, continuation: AsyncStream<Void>.Continuation)

  private struct State {
    var renewedAt = Duration.zero
    var loss: String?
  }

  init(clock: any Clock<Duration>, elapsed: @escaping @Sendable () -> Duration, renewDeadline: Duration) {
    self.clock = clock
    self.elapsed = elapsed
    self.renewDeadline = renewDeadline
    end = AsyncStream.makeStream(of: Void.self)
  }

  /// Why the tenure is lost; nil while it is not.
  var loss: String? { state.withLock { $0.loss } }

  /// The time until the deadline; never below zero.
  var remaining: Duration { max(state.withLock { $0.renewedAt } + renewDeadline - elapsed(), .zero) }

  func renewed(at sent: Duration) { state.withLock { $0.renewedAt = max($0.renewedAt, sent) } }

  /// Ends the tenure; the first reason counts.
  func lose(_ reason: String) {
    state.withLock { $0.loss = $0.loss ?? reason }
    end.continuation.finish()
  }

  /// Returns when the tenure is lost, or the task cancelled. One reader.
  func untilLost() async { for await _ in end.stream {} }

  /// Ends the tenure when its deadline passes; returns then, or when cancelled.
  func watch() async {
    while true {
      let remaining = remaining
      if remaining == .zero { return lose("it could not be renewed within \(renewDeadline)") }
      guard (try? await clock.sleep(for: remaining)) != nil else { return }
    }
  }
}
