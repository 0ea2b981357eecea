import Synchronization

/// What came over a connection and was not read yet. It takes everything, and tells when the connection should pause.
public final class ReceiveQueue<Element: Sendable>: Sendable {
  private struct State {
    var elements: [(element: Element, bytes: Int)] = []
    var bytes = 0
    var isOver = false
    var failure: (any Error)?
    var reader: CheckedContinuation<Void, Never>?

    mutating func takeReader() -> CheckedContinuation<Void, Never>? {
      defer { reader = nil }
      return reader
    }
  }
  private let state = Mutex(State())
  /// Told of every change of the bytes that wait: more when they came, fewer when they were read.
  private let onChange: @Sendable (_ bytes: Int) -> Void

  public init(onChange: @escaping @Sendable (Int) -> Void) { self.onChange = onChange }

  public func put(_ element: Element, bytes: Int) {
    let reader = state.withLock { state -> CheckedContinuation<Void, Never>? in
      guard !state.isOver else { return nil }
      state.elements.append((element, bytes))
      state.bytes += bytes
      onChange(bytes)
      return state.takeReader()
    }
    reader?.resume()
  }

  /// Nothing more comes; what is there can still be read. The first end counts.
  public func finish(_ failure: (any Error)? = nil) {
    let reader = state.withLock { state -> CheckedContinuation<Void, Never>? in
      guard !state.isOver else { return nil }
      state.isOver = true
      state.failure = failure
      return state.takeReader()
    }
    reader?.resume()
  }

  /// Throws away what was not read: there is no reader any more.
  public func discard() {
    state.withLock { state in
      state.isOver = true
      if state.bytes > 0 { onChange(-state.bytes) }
      state.elements = []
      state.bytes = 0
    }
  }

  /// The next element; nil at the end, and when the task is cancelled. One reader at a time.
  public func next() async throws -> Element? {
    while true {
      let (element, isOver, failure) = state.withLock { state -> (Element?, Bool, (any Error)?) in
        guard !state.elements.isEmpty else { return (nil, state.isOver, state.failure) }
        let first = state.elements.removeFirst()
        state.bytes -= first.bytes
        onChange(-first.bytes)
        return (first.element, false, nil)
      }
      if let element { return element }
      if let failure { throw failure }
      if isOver || Task.isCancelled { return nil }
      await arrival()
    }
  }

  private func arrival() async {
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let resumes = state.withLock { state -> Bool in
          if !state.elements.isEmpty || state.isOver || Task.isCancelled { return true }
          state.reader = continuation
          return false
        }
        if resumes { continuation.resume() }
      }
    } onCancel: {
      state.withLock { $0.takeReader() }?.resume()
    }
  }

  public var stream: AsyncThrowingStream<Element, any Error> { AsyncThrowingStream { try await self.next() } }
}
