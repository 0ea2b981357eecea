import SpawnShim
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Waits for descriptors to become ready, on one thread for the whole process, with poll(2).
///
/// Not by Dispatch sources: on Linux libdispatch looks at a source's entry again after it has passed an event on, and
/// reads freed memory where the source was cancelled by then, which the end of a child's output does all the time.
final class ReadinessThread: Sendable {
  enum Interest: Sendable { case reading, writing }

  private struct Request: Sendable {
    var descriptor: Int32
    var interest: Interest
    var action: @Sendable () -> Void
  }

  private struct State {
    var requests: [Int: Request] = [:]
    var lastToken = 0
  }

  static let shared = ReadinessThread()

  private let state = Mutex(State())
  /// A byte written to the one end makes the thread look at the requests anew.
  private let wakeEnds: (read: Int32, write: Int32)

  private init() {
    var ends: [Int32] = [-1, -1]
    let failure = sakigake_pipe(&ends)
    precondition(failure == 0, "no descriptors are left to wait for others with")
    for end in ends { _ = fcntl(end, F_SETFL, fcntl(end, F_GETFL) | O_NONBLOCK) }
    wakeEnds = (ends[0], ends[1])
    DetachedThread.start { _ in
      while true { ReadinessThread.shared.turn() }
    }
  }

  /// Calls `action` once, on this thread, when the descriptor is ready or its other end is gone.
  /// - Returns: what `forget` takes.
  func whenReady(_ descriptor: Int32, for interest: Interest, _ action: @escaping @Sendable () -> Void) -> Int {
    let token = state.withLock { state in
      state.lastToken += 1
      state.requests[state.lastToken] = Request(descriptor: descriptor, interest: interest, action: action)
      return state.lastToken
    }
    wake()
    return token
  }

  /// The action is not called any more, unless it is being called now. The descriptor may be closed afterwards: what
  /// poll(2) says of its number is nobody's then.
  func forget(_ token: Int) {
    if state.withLock({ $0.requests.removeValue(forKey: token) }) != nil { wake() }
  }

  private func wake() {
    // A full pipe wakes as well as one byte more would.
    _ = write(wakeEnds.write, [1], 1)
  }

  private func turn() {
    let requests = state.withLock { Array($0.requests) }
    var entries = [pollfd(fd: wakeEnds.read, events: Int16(POLLIN), revents: 0)]
    for (_, request) in requests {
      let events = request.interest == .reading ? POLLIN : POLLOUT
      entries.append(pollfd(fd: request.descriptor, events: Int16(events), revents: 0))
    }
    guard poll(&entries, nfds_t(entries.count), -1) > 0 else { return }
    if entries[0].revents != 0 {
      var bytes = [UInt8](repeating: 0, count: 512)
      while read(wakeEnds.read, &bytes, bytes.count) == bytes.count {}
    }
    for (entry, (token, _)) in zip(entries.dropFirst(), requests) where entry.revents != 0 {
      state.withLock { $0.requests.removeValue(forKey: token) }?.action()
    }
  }
}
