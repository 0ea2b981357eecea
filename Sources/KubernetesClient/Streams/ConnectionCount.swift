import Synchronization

/// How many connections are open, up to a limit.
final class ConnectionCount: Sendable {
  private let count = Mutex(0)
  private let max: Int

  init(max: Int) { self.max = max }

  /// False where there are too many.
  func enter() -> Bool {
    count.withLock { count in
      guard count < max else { return false }
      count += 1
      return true
    }
  }

  func leave() { count.withLock { $0 -= 1 } }
}
