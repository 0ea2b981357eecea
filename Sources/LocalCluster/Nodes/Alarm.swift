/// Waits for a moment or for a ring, whichever comes first. One waiter at a time.
actor Alarm {
  private let stream: AsyncStream<Void>
  private let bell: AsyncStream<Void>.Continuation
  private var iterator: AsyncStream<Void>.Iterator?

  init() {
    (stream, bell) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    iterator = stream.makeAsyncIterator()
  }

  /// Also ends a wait that begins later, so that no ring is lost.
  nonisolated func ring() { bell.yield() }

  /// - Parameter seconds: nil waits for a ring alone.
  func wait(atMost seconds: Double?) async {
    guard var taken = iterator else { return }
    iterator = nil
    let bell = bell
    let timer = seconds.map { seconds in
      Task {
        try await Task.sleep(for: .seconds(max(0, seconds)))
        bell.yield()
      }
    }
    _ = await taken.next(isolation: self)
    timer?.cancel()
    iterator = taken
  }
}
