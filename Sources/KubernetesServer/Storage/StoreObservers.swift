import Kubernetes
import Synchronization

/// Someone who wants to know that a resource changed: a watch.
protocol StoreObserver: AnyObject, Sendable {
  /// Called by the writer after a commit, which must not be held up.
  func storeChanged()
}

/// Who is told of commits: by resource and namespace, so that a commit wakes nobody whom it does not concern.
final class StoreObservers: Sendable {
  struct Interest: Sendable, Hashable {
    var resource: String
    /// Empty for all of them.
    var namespace: String
  }

  private struct State {
    var interested: [Interest: [Int: Weak]] = [:]
    var next = 0
  }

  private struct Weak: Sendable {
    weak let observer: (any StoreObserver)?
  }

  private let state = Mutex(State())

  /// - Returns: what to give to `remove`.
  func add(_ observer: any StoreObserver, _ interest: Interest) -> Int {
    state.withLock { state in
      state.next += 1
      state.interested[interest, default: [:]][state.next] = Weak(observer: observer)
      return state.next
    }
  }

  func remove(_ number: Int, _ interest: Interest) {
    state.withLock { state in
      state.interested[interest]?[number] = nil
      if state.interested[interest]?.isEmpty == true { state.interested[interest] = nil }
    }
  }

  func tell(of events: [StoreEvent]) {
    var interests: Set<Interest> = []
    for event in events {
      let key = event.object.key
      interests.insert(Interest(resource: key.resource, namespace: key.namespace))
      if !key.namespace.isEmpty { interests.insert(Interest(resource: key.resource, namespace: "")) }
    }
    let observers = state.withLock { state in
      interests.flatMap { state.interested[$0].map { $0.values.compactMap(\.observer) } ?? [] }
    }
    for observer in observers { observer.storeChanged() }
  }
}
