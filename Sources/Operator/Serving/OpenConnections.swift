import Kubernetes
import NIOCore
import Synchronization

/// The connections of one server: how many, which of them answer a request, and their orderly end.
final class OpenConnections: Sendable {
  private struct Place {
    var channel: any Channel
    var work: Task<APIResponse, Never>?
  }

  private struct State {
    var count = 0
    var next = 0
    var isDraining = false
    var places: [Int: Place] = [:]
    var ended: AsyncStream<Void>.Continuation?
  }

  private let max: Int
  private let state = Mutex(State())

  init(max: Int) { self.max = max }

  var isDraining: Bool { state.withLock { $0.isDraining } }

  /// - Returns: false where there are as many as may be.
  func enter() -> Bool {
    state.withLock { state in
      guard state.count < max, !state.isDraining else { return false }
      state.count += 1
      return true
    }
  }

  func leave() {
    state.withLock { state in
      state.count -= 1
      if state.count == 0 { state.ended?.finish() }
    }
  }

  func add(_ channel: any Channel) -> Int {
    state.withLock { state in
      state.next += 1
      state.places[state.next] = Place(channel: channel)
      return state.next
    }
  }

  func remove(_ place: Int) { state.withLock { $0.places[place] = nil } }

  func begin(_ work: Task<APIResponse, Never>, at place: Int) {
    let isDraining = state.withLock { state in
      state.places[place]?.work = work
      return state.isDraining
    }
    if isDraining { work.cancel() }
  }

  func end(at place: Int) { state.withLock { $0.places[place]?.work = nil } }

  /// Closes what is idle, cancels the work of the others so that they answer what they have, and waits for them.
  func drain(atMost limit: Duration) async {
    let (stream, ended) = AsyncStream.makeStream(of: Void.self)
    let places = state.withLock { state in
      state.isDraining = true
      state.ended = ended
      if state.count == 0 { ended.finish() }
      return Array(state.places.values)
    }
    for place in places {
      if let work = place.work { work.cancel() } else { place.channel.close(promise: nil) }
    }
    // The caller is cancelled by now; the wait is not.
    await Task {
      await withTaskGroup(of: Void.self) { group in
        group.addTask { for await _ in stream {} }
        group.addTask { try? await Task.sleep(for: limit) }
        await group.next()
        group.cancelAll()
      }
    }.value
    for place in state.withLock({ Array($0.places.values) }) { place.channel.close(promise: nil) }
  }
}
