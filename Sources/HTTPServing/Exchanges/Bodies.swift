import Kubernetes
import NIOCore
import Synchronization

/// A large body that is all there, sent slice by slice as its reader takes it.
final class SlicedBody: PulledBody {
  static let sliceBytes = 64 << 10

  private let bytes: [UInt8]
  private let position = Atomic(0)

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  func onReady(_ wake: @escaping @Sendable () -> Void) {}

  func pull() -> BodyPiece {
    let start = position.load(ordering: .relaxed)
    guard start < bytes.count else { return .end }
    let end = min(bytes.count, start + Self.sliceBytes)
    position.store(end, ordering: .relaxed)
    return .bytes(Array(bytes[start..<end]))
  }

  func cancel() {}
}

/// A body that comes from a task: one element is fetched ahead of its reader, and no more.
final class StreamedBody: PulledBody {
  private struct State {
    var piece: [UInt8]?
    var isOver = false
    var failure: (any Error)?
    var taken: CheckedContinuation<Void, Never>?
    var wake: @Sendable () -> Void = {}
    var task: Task<Void, Never>?
  }
  private let state = Mutex(State())
  private let stream: AsyncThrowingStream<[UInt8], any Error>

  init(_ stream: AsyncThrowingStream<[UInt8], any Error>) { self.stream = stream }

  /// Why the body ended before its end.
  var failure: (any Error)? { state.withLock { $0.failure } }

  func onReady(_ wake: @escaping @Sendable () -> Void) {
    let task = Task { [weak self, stream] in
      var failure: (any Error)?
      do {
        for try await bytes in stream {
          guard let self, await self.offer(bytes) else { return }
        }
      } catch { failure = error }
      self?.end(failure)
    }
    state.withLock { state in
      state.wake = wake
      state.task = task
    }
  }

  /// Waits until the piece is taken; false once nobody takes any more.
  private func offer(_ bytes: [UInt8]) async -> Bool {
    await withCheckedContinuation { continuation in
      let wake = state.withLock { state -> (@Sendable () -> Void)? in
        guard !state.isOver else { return nil }
        state.piece = bytes
        state.taken = continuation
        return state.wake
      }
      if let wake { wake() } else { continuation.resume() }
    }
    return state.withLock { !$0.isOver }
  }

  private func end(_ failure: (any Error)?) {
    let wake = state.withLock { state in
      state.isOver = true
      state.failure = failure
      return state.wake
    }
    wake()
  }

  func pull() -> BodyPiece {
    let (piece, taken, isOver) = state.withLock { state in
      defer {
        state.piece = nil
        state.taken = nil
      }
      return (state.piece, state.taken, state.isOver)
    }
    taken?.resume()
    if let piece { return .bytes(piece) }
    return isOver ? .end : .later
  }

  func cancel() {
    let (taken, task) = state.withLock { state in
      defer {
        state.taken = nil
        state.task = nil
        state.piece = nil
        state.wake = {}
      }
      state.isOver = true
      return (state.taken, state.task)
    }
    taken?.resume()
    task?.cancel()
  }
}
