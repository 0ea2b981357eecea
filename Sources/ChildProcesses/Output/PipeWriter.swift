import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The writing end of a child's input: waits while the child does not read.
public final class PipeWriter: Sendable {
  /// The child reads no more.
  public struct Closed: Error, Sendable, CustomStringConvertible {
    public var description: String { "the program reads no more input" }
  }

  private struct State {
    var descriptor: Int32
    var waiter: CheckedContinuation<Void, Never>?
    /// Of the waiter, at the thread that waits for it.
    var token = 0
  }
  private let state: Mutex<State>

  /// Takes a descriptor over, to be closed here.
  package init(adopting descriptor: Int32) {
    Self.ignoreBrokenPipes
    _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
    state = Mutex(State(descriptor: descriptor))
  }

  deinit { close() }

  /// A child that reads no more must not end this process; `write` tells of it.
  private static let ignoreBrokenPipes: Void = { _ = signal(SIGPIPE, SIG_IGN) }()

  private enum Attempt { case wrote(Int), closed, wait }

  /// Returns once everything is with the kernel. One caller at a time.
  /// - Throws: `Closed`, also after `close()`.
  public func write(_ bytes: [UInt8]) async throws(Closed) {
    var start = 0
    while start < bytes.count {
      switch attempt(bytes[start...]) {
      case .wrote(let count): start += count
      case .closed: throw Closed()
      case .wait: await writable()
      }
    }
  }

  private func attempt(_ bytes: ArraySlice<UInt8>) -> Attempt {
    state.withLock { state in
      guard state.descriptor >= 0 else { return .closed }
      let descriptor = state.descriptor
      let count = bytes.withUnsafeBytes { buffer -> Int in
        var count = 0
        repeat { count = systemWrite(descriptor, buffer.baseAddress, buffer.count) } while count < 0 && errno == EINTR
        return count
      }
      if count >= 0 { return .wrote(count) }
      return errno == EAGAIN ? .wait : .closed
    }
  }

  private func writable() async {
    await withCheckedContinuation { continuation in
      let resumesNow = state.withLock { state -> Bool in
        guard state.descriptor >= 0 else { return true }
        precondition(state.waiter == nil, "a pipe has one writer at a time")
        state.waiter = continuation
        state.token = ReadinessThread.shared.whenReady(state.descriptor, for: .writing) { [weak self] in
          self?.wake()
        }
        return false
      }
      if resumesNow { continuation.resume() }
    }
  }

  private func wake() {
    let waiter = state.withLock { state in
      defer { state.waiter = nil }
      return state.waiter
    }
    waiter?.resume()
  }

  func withDescriptor(_ body: (Int32) -> Void) {
    state.withLock { if $0.descriptor >= 0 { body($0.descriptor) } }
  }

  /// The child reads an end of its input. Repeating it changes nothing.
  public func close() {
    let waiter = state.withLock { state -> CheckedContinuation<Void, Never>? in
      guard state.descriptor >= 0 else { return nil }
      if state.waiter != nil { ReadinessThread.shared.forget(state.token) }
      _ = closeDescriptor(state.descriptor)
      state.descriptor = -1
      defer { state.waiter = nil }
      return state.waiter
    }
    waiter?.resume()
  }
}

private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
  write(descriptor, bytes, count)
}
