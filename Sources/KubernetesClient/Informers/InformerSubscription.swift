import Kubernetes
import Synchronization

/// What one reader of an informer has not been told yet: for each object what it knows and what is so by now.
///
/// However slow the reader, there is one entry for each object at most.
final class InformerSubscription: Sendable {
  fileprivate struct Pending {
    var old: InformerEntry?
    var new: InformerEntry?
  }
  fileprivate struct State {
    var pending: [NamespacedName: Pending] = [:]
    var order: [NamespacedName] = []
    var first = 0
    /// The second half of an object that was replaced by another of its name.
    var reborn: InformerEntry?
    var reader: CheckedContinuation<Void, Never>?
    var hasEnded = false
  }
  private let state = Mutex(State())

  func note(_ key: NamespacedName, from old: InformerEntry?, to new: InformerEntry?) {
    let reader = state.withLock { state -> CheckedContinuation<Void, Never>? in
      if let known = state.pending[key] {
        // Where nothing is left to tell, the place in the order finds nothing to do.
        state.pending[key] = Pending(old: known.old, new: new)
      } else {
        state.pending[key] = Pending(old: old, new: new)
        state.order.append(key)
      }
      defer { state.reader = nil }
      return state.reader
    }
    reader?.resume()
  }

  func end() {
    let reader = state.withLock { state in
      state.hasEnded = true
      defer { state.reader = nil }
      return state.reader
    }
    reader?.resume()
  }

  fileprivate enum Next { case delta(InformerDelta), wait, end }

  /// The next change; nil after the last one, or when the task was cancelled. One reader.
  func next() async -> InformerDelta? {
    while !Task.isCancelled {
      switch state.withLock({ $0.takeNext() }) {
      case .delta(let delta): return delta
      case .end: return nil
      case .wait: await wait()
      }
    }
    return nil
  }

  private func wait() async {
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let resumes = state.withLock { state -> Bool in
          if state.first < state.order.count || state.hasEnded || Task.isCancelled || state.reader != nil {
            return true
          }
          state.reader = continuation
          return false
        }
        if resumes { continuation.resume() }
      }
    } onCancel: {
      state.withLock { state in
        defer { state.reader = nil }
        return state.reader
      }?.resume()
    }
  }
}

extension InformerSubscription.State {
  fileprivate mutating func takeNext() -> InformerSubscription.Next {
    if let reborn {
      self.reborn = nil
      return .delta(.added(reborn.bytes))
    }
    while first < order.count {
      let key = order[first]
      first += 1
      if first == order.count || first > 4096 {
        order.removeFirst(first)
        first = 0
      }
      guard let pending = pending.removeValue(forKey: key) else { continue }
      switch (pending.old, pending.new) {
      case (nil, nil): continue
      case (nil, let new?): return .delta(.added(new.bytes))
      case (let old?, nil): return .delta(.deleted(old.bytes))
      case (let old?, let new?) where old.uid != new.uid:
        reborn = new
        return .delta(.deleted(old.bytes))
      case (let old?, let new?): return .delta(.updated(old: old.bytes, new: new.bytes))
      }
    }
    return hasEnded ? .end : .wait
  }
}

/// A subscription that lasts until it is dropped.
final class InformerReader: Sendable {
  private let subscription: InformerSubscription
  private let onDrop: @Sendable () -> Void

  init(_ subscription: InformerSubscription, onDrop: @escaping @Sendable () -> Void) {
    self.subscription = subscription
    self.onDrop = onDrop
  }

  deinit { onDrop() }

  func next() async -> InformerDelta? { await subscription.next() }
}
