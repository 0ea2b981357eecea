import SpawnShim
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The owner's side of a small process that outlives the owner by a moment, and in it kills what the owner left.
///
/// The two share a pipe whose writing end only the owner holds (and, until they exec, its forks). The kernel closes it
/// when the owner ends, however it ends; at that end of file the watchdog kills every group still registered, everybody
/// in those sessions, and everybody who carries this owner's marker in the environment. Direct children also have
/// PR_SET_PDEATHSIG, but their own children have not, and a parent-death signal does not reach those.
public final class Watchdog: Sendable {
  static let markerName = "SAKIGAKE_OWNER"
  static let subcommand = "__watchdog"
  static let launchesMax = 5

  /// In the environment of each child: which owner it belongs to. Not secret.
  let marker: String
  private let executable: String
  private let leadingArguments: [String]

  private struct State {
    var descriptor: Int32 = -1
    var pid: Int32 = 0
    var groups: Set<Int32> = []
    var launches = 0
  }
  private let state = Mutex(State())

  /// Starts the watchdog process.
  /// - Parameters:
  ///   - executable: a program that calls `Watchdog.runIfRequested()` first thing, usually the running one.
  ///   - leadingArguments: what comes before the hidden subcommand, where the program needs that.
  /// - Throws: `SpawnError`.
  public init(executable: String, leadingArguments: [String] = []) async throws(SpawnError) {
    self.executable = executable
    self.leadingArguments = leadingArguments
    var random = SystemRandomNumberGenerator()
    marker = String(getpid()) + "-" + String(random.next(), radix: 36)
    let started = await SpawnThread.shared.run { [self] in state.withLock { launch(&$0) } }
    if case .failure(let error) = started { throw error }
  }

  /// The watchdog's own process.
  public var pid: Int32 { state.withLock { $0.pid } }

  deinit {
    state.withLock { state in
      if state.descriptor >= 0 { close(state.descriptor) }
    }
  }

  /// An orderly end: what is left of this owner's processes is killed, and this returns when none is there any more.
  /// Nothing may be spawned with this watchdog afterwards.
  public func end() async {
    await SpawnThread.shared.run { [self] in
      let watchdog = state.withLock { state in
        if state.descriptor >= 0 { close(state.descriptor) }
        state.descriptor = -1
        return state.pid
      }
      // It reads the end of the pipe, kills in a bounded number of rounds, and exits.
      var status: Int32 = 0
      while waitpid(watchdog, &status, 0) < 0, errno == EINTR {}
    }
  }

  /// Must run on the spawning thread.
  private func launch(_ state: inout State) -> Result<Void, SpawnError> {
    if state.descriptor >= 0 { close(state.descriptor) }
    state.descriptor = -1
    guard state.launches < Self.launchesMax else { return .failure(SpawnError(.resources, executable, code: EAGAIN)) }
    state.launches += 1
    var ends: [Int32] = [-1, -1]
    let failure = sakigake_pipe(&ends)
    guard failure == 0 else { return .failure(SpawnError(.resources, executable, code: failure)) }
    defer { close(ends[0]) }
    let command = Command(executable, leadingArguments + [Self.subcommand])
    switch Spawning.start(
      command, standardInput: ends[0], standardOutput: -1, standardError: -1, watchdog: nil, diesWithParent: false)
    {
    case .failure(let error):
      close(ends[1])
      return .failure(error)
    case .success(let pid):
      // A watchdog that stopped reading must not stop its owner: the pipe refuses rather than blocks.
      _ = fcntl(ends[1], F_SETFL, fcntl(ends[1], F_GETFL) | O_NONBLOCK)
      state.descriptor = ends[1]
      state.pid = pid
      var text = "=\(marker)\n"
      for group in state.groups { text += "+\(group)\n" }
      _ = Self.send(text, to: ends[1])
      return .success(())
    }
  }

  /// The registry's descriptor for the length of a spawn, during which it does not change.
  func withRegistry(_ body: (Int32) -> Int32) -> Int32 {
    state.withLock { state in
      if state.descriptor >= 0, !Self.isOpen(state.descriptor) {
        var status: Int32 = 0
        _ = waitpid(state.pid, &status, WNOHANG)
        _ = launch(&state)
      }
      return body(state.descriptor)
    }
  }

  func remember(_ group: Int32) { state.withLock { _ = $0.groups.insert(group) } }

  func forget(_ group: Int32) {
    state.withLock { state in
      state.groups.remove(group)
      _ = Self.send("-\(group)\n", to: state.descriptor)
    }
  }

  /// Whether somebody still reads at the other end.
  private static func isOpen(_ descriptor: Int32) -> Bool {
    var poll = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
    return systemPoll(&poll, 1, 0) >= 0 && Int32(poll.revents) & Int32(POLLERR) == 0
  }

  private static func send(_ text: String, to descriptor: Int32) -> Bool {
    guard descriptor >= 0 else { return false }
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      // SIGPIPE must not end the owner when the watchdog has been killed; see `isOpen`.
      guard isOpen(descriptor) else { return false }
      let count = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return false }
      bytes = bytes.dropFirst(count)
    }
    return true
  }
}

private func systemPoll(_ descriptors: UnsafeMutablePointer<pollfd>, _ count: nfds_t, _ milliseconds: Int32) -> Int32 {
  poll(descriptors, count, milliseconds)
}
