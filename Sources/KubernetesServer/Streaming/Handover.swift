import Synchronization

/// Hands elements from one task to another, one by one: who gives waits until it is taken. One giver, one taker.
final class Handover<Element: Sendable>: Sendable {
  private struct State {
    var element: Element?
    var isOver = false
    var giver: CheckedContinuation<Void, Never>?
    var taker: CheckedContinuation<Void, Never>?

    mutating func takeAll() -> [CheckedContinuation<Void, Never>] {
      defer { (giver, taker) = (nil, nil) }
      return [giver, taker].compactMap { $0 }
    }
  }
  private let state = Mutex(State())

  /// Waits until the element is taken; returns at once after the end.
  func give(_ element: Element) async {
    await withCheckedContinuation { continuation in
      let resumed = state.withLock { state -> [CheckedContinuation<Void, Never>] in
        guard !state.isOver else { return [continuation] }
        state.element = element
        state.giver = continuation
        defer { state.taker = nil }
        return [state.taker].compactMap { $0 }
      }
      for continuation in resumed { continuation.resume() }
    }
  }

  /// Nothing more is given, and nobody waits any more.
  func finish() {
    let waiting = state.withLock { state in
      state.isOver = true
      return state.takeAll()
    }
    for continuation in waiting { continuation.resume() }
  }

  /// The next element; nil after the end, and when the task is cancelled.
  func take() async -> Element? {
    while !Task.isCancelled {
      let (element, isOver, giver) = state.withLock { state in
        defer { if state.element != nil { (state.element, state.giver) = (nil, nil) } }
        return (state.element, state.isOver, state.element == nil ? nil : state.giver)
      }
      giver?.resume()
      if let element { return element }
      if isOver { return nil }
      await arrival()
    }
    return nil
  }

  private func arrival() async {
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let resumes = state.withLock { state -> Bool in
          if state.element != nil || state.isOver || Task.isCancelled { return true }
          state.taker = continuation
          return false
        }
        if resumes { continuation.resume() }
      }
    } onCancel: {
      let taker = state.withLock { state in
        defer { state.taker = nil }
        return state.taker
      }
      taker?.resume()
    }
  }
}
