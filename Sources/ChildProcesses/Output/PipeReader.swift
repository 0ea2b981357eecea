import Dispatch
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
    var source: (any DispatchSourceRead)?
    var waiter: CheckedContinuation<Void, Never>?
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
        let source = state.source ?? makeSource(state.descriptor)
        let isNew = state.source == nil
        state.source = source
        if isNew { source.activate() } else { source.resume() }
        return false
      }
      if resumeNow { continuation.resume() }
    }
  }

  /// Suspended whenever nobody waits: an unread pipe costs nothing.
  private func makeSource(_ descriptor: Int32) -> any DispatchSourceRead {
    let source = DispatchSource.makeReadSource(fileDescriptor: descriptor, queue: .global())
    source.setEventHandler { [weak self] in self?.wake() }
    // The descriptor may only be closed once Dispatch has let go of it.
    source.setCancelHandler { _ = closeDescriptor(descriptor) }
    return source
  }

  private func wake() {
    let waiter = state.withLock { state -> CheckedContinuation<Void, Never>? in
      guard let waiter = state.waiter else { return nil }
      state.waiter = nil
      state.source?.suspend()
      return waiter
    }
    waiter?.resume()
  }

  /// Gives the pipe up; a waiting `next()` returns nil.
  public func close() {
    let waiter = state.withLock { state -> CheckedContinuation<Void, Never>? in
      guard state.descriptor >= 0, !state.isClosing else { return nil }
      state.isClosing = true
      if let source = state.source {
        source.cancel()
        // A suspended source never delivers its cancellation.
        if state.waiter == nil { source.resume() }
      } else {
        _ = closeDescriptor(state.descriptor)
      }
      state.descriptor = -1
      defer { state.waiter = nil }
      return state.waiter
    }
    waiter?.resume()
  }
}
