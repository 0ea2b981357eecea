import SpawnShim
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The reading end of a child's output.
///
/// It reads only when asked, so a slow reader holds at most one chunk; what the child writes beyond the kernel's
/// pipe buffer waits in the child.
public final class PipeReader: Sendable {
  public static let chunkBytesMax = 65_536

  private struct State {
    var descriptor: Int32
    var waiter: CheckedContinuation<Void, Never>?
    /// Of the waiter, at the thread that waits for it.
    var token = 0
    var isClosing = false
  }
  private let state: Mutex<State>

  /// Takes a descriptor of a pipe or FIFO over, to be closed here.
  package init(adopting descriptor: Int32) {
    _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
    state = Mutex(State(descriptor: descriptor))
  }

  deinit { close() }

  /// A new pipe; the writing end is the caller's to close.
  static func open(for executable: String) throws(SpawnError) -> (reader: PipeReader, writeEnd: Int32) {
    var ends: [Int32] = [-1, -1]
    let failure = sakigake_pipe(&ends)
    guard failure == 0 else { throw SpawnError(.resources, executable, code: failure) }
    return (PipeReader(adopting: ends[0]), ends[1])
  }

  private enum Attempt { case bytes([UInt8]), end, wait }

  /// The next bytes, at least one and at most `chunkBytesMax`; nil once all writers have closed, or after `close()`.
  /// One caller at a time.
  public func next() async -> [UInt8]? {
    while true {
      switch attempt() {
      case .bytes(let bytes): return bytes
      case .end:
        close()
        return nil
      case .wait: await readable()
      }
    }
  }

  private func attempt() -> Attempt {
    state.withLock { state in
      guard state.descriptor >= 0, !state.isClosing else { return .end }
      let descriptor = state.descriptor
      var count = 0
      let bytes = [UInt8](unsafeUninitializedCapacity: Self.chunkBytesMax) { buffer, initialized in
        repeat { count = read(descriptor, buffer.baseAddress, buffer.count) } while count < 0 && errno == EINTR
        initialized = max(0, count)
      }
      if count > 0 { return .bytes(bytes) }
      return count < 0 && errno == EAGAIN ? .wait : .end
    }
  }

  private func readable() async {
    await withCheckedContinuation { continuation in
      let resumeNow = state.withLock { state -> Bool in
        guard state.descriptor >= 0, !state.isClosing else { return true }
        precondition(state.waiter == nil, "a pipe has one reader at a time")
        state.waiter = continuation
        state.token = ReadinessThread.shared.whenReady(state.descriptor, for: .reading) { [weak self] in
          self?.wake()
        }
        return false
      }
      if resumeNow { continuation.resume() }
    }
  }

  private func wake() {
    let waiter = state.withLock { state in
      defer { state.waiter = nil }
      return state.waiter
    }
    waiter?.resume()
  }

  /// Gives the pipe up; a waiting `next()` returns nil.
  public func close() {
    let waiter = state.withLock { state -> CheckedContinuation<Void, Never>? in
      guard state.descriptor >= 0, !state.isClosing else { return nil }
      state.isClosing = true
      if state.waiter != nil { ReadinessThread.shared.forget(state.token) }
      _ = closeDescriptor(state.descriptor)
      state.descriptor = -1
      defer { state.waiter = nil }
      return state.waiter
    }
    waiter?.resume()
  }
}
