import Dispatch
import Synchronization

/// Someone with a moment at which to look again.
protocol WatchClockClient: AnyObject, Sendable {
  /// - Returns: the next moment, nil for none.
  func tick(_ now: ContinuousClock.Instant) -> ContinuousClock.Instant?
}

/// One timer for the bookmarks and the ends of all watches: ten thousand idle ones cost a list of moments.
///
/// Moments are rounded up to a grid, so that those that are close share a wake-up.
final class WatchClock: Sendable {
  private static let gridMilliseconds: Int64 = 100

  private struct State {
    /// Who is due at each point of the grid.
    var due: [Int64: [Weak]] = [:]
    /// The points, latest first.
    var points: [Int64] = []
    /// What the timer is set to.
    var armed: Int64?
  }

  private struct Weak: Sendable {
    weak let client: (any WatchClockClient)?
  }

  private let start = ContinuousClock.now
  private let queue = DispatchQueue(label: "sakigake.watch.clock", qos: .utility)
  private let state = Mutex(State())

  func call(_ client: any WatchClockClient, at moment: ContinuousClock.Instant) {
    let milliseconds = (moment - start) / .milliseconds(1)
    let point = Int64((milliseconds / Double(Self.gridMilliseconds)).rounded(.up))
    state.withLock { state in
      if state.due[point] == nil { Self.insert(point, into: &state.points) }
      state.due[point, default: []].append(Weak(client: client))
      arm(&state)
    }
  }

  private static func insert(_ point: Int64, into points: inout [Int64]) {
    var low = 0
    var high = points.count
    while low < high {
      let middle = (low + high) / 2
      if points[middle] > point { low = middle + 1 } else { high = middle }
    }
    points.insert(point, at: low)
  }

  private func arm(_ state: inout State) {
    guard let next = state.points.last, state.armed.map({ next < $0 }) ?? true else { return }
    state.armed = next
    let wait = max(0, Double(next * Self.gridMilliseconds) - (ContinuousClock.now - start) / .milliseconds(1))
    queue.asyncAfter(deadline: .now() + wait / 1_000) { [weak self] in self?.fire(next) }
  }

  private func fire(_ point: Int64) {
    let due = state.withLock { state -> [Weak] in
      // A timer that an earlier one overtook finds nothing that is not due.
      if state.armed == point { state.armed = nil }
      var due: [Weak] = []
      while let last = state.points.last, last <= point {
        state.points.removeLast()
        due += state.due.removeValue(forKey: last) ?? []
      }
      arm(&state)
      return due
    }
    let now = ContinuousClock.now
    for entry in due {
      if let client = entry.client, let next = client.tick(now) { call(client, at: next) }
    }
  }
}
