/// What a pulled body gives when it is asked.
public enum BodyPiece: Sendable {
  case bytes([UInt8])
  /// Nothing now: the body calls `wake` once there may be more.
  case later
  case end
}

/// A body that its connection takes piece by piece, when it can send more: a watch, a list too long for one piece.
///
/// It costs no task and buffers nothing for a reader that is slow: whoever serves it calls `pull` while the connection
/// is writable, stops at `.later`, and goes on when it is woken.
public protocol PulledBody: AnyObject, Sendable {
  /// - Parameter wake: called from any thread, without blocking, after `pull` gave `.later`; may be called in vain.
  ///   Set once, before the first `pull`.
  func onReady(_ wake: @escaping @Sendable () -> Void)
  /// What can be sent now. Never blocks; one caller at a time.
  func pull() -> BodyPiece
  /// The reader is gone: nothing is pulled or woken any more. Repeating it changes nothing.
  func cancel()
}

extension PulledBody {
  /// The same body for a reader that waits in a task; cancelling the task, or dropping the stream, hangs up.
  public var stream: AsyncThrowingStream<[UInt8], any Error> {
    let reader = PullingReader(self)
    return AsyncThrowingStream { await reader.next() }
  }
}

private final class PullingReader: Sendable {
  private let body: any PulledBody
  private let wakes: AsyncStream<Void>

  init(_ body: any PulledBody) {
    self.body = body
    let (wakes, waking) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
    self.wakes = wakes
    body.onReady { waking.yield() }
  }

  deinit { body.cancel() }

  func next() async -> [UInt8]? {
    while !Task.isCancelled {
      switch body.pull() {
      case .bytes(let bytes): return bytes
      case .end: return nil
      case .later:
        var iterator = wakes.makeAsyncIterator()
        guard await iterator.next() != nil else { return nil }
      }
    }
    body.cancel()
    return nil
  }
}
