import Dispatch
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
    var source: (any DispatchSourceWrite)?
    var waiter: CheckedContinuation<Void, Never>?
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
        let source = state.source ?? makeSource(state.descriptor)
        let isNew = state.source == nil
        state.source = source
        if isNew { source.activate() } else { source.resume() }
        return false
      }
      if resumesNow { continuation.resume() }
    }
  }

  /// Suspended whenever nobody waits.
  private func makeSource(_ descriptor: Int32) -> any DispatchSourceWrite {
    let source = DispatchSource.makeWriteSource(fileDescriptor: descriptor, queue: .global())
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

  func withDescriptor(_ body: (Int32) -> Void) {
    state.withLock { if $0.descriptor >= 0 { body($0.descriptor) } }
  }

  /// The child reads an end of its input. Repeating it changes nothing.
  public func close() {
    let waiter = state.withLock { state -> CheckedContinuation<Void, Never>? in
      guard state.descriptor >= 0 else { return nil }
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

private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
  write(descriptor, bytes, count)
}
