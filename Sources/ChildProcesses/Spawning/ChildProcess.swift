import Dispatch
import SpawnShim
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A child process that leads a session and process group of its own.
///
/// When the leader ends, what is left of its group is killed before the leader is reaped, so that its number
/// cannot meanwhile belong to somebody else. Children that a leader put into another session are beyond `stop`;
/// the `Watchdog` finds those when the parent is gone.
public final class ChildProcess: Sendable {
  /// Also the number of the group and of the session.
  public let pid: Int32
  /// Nil where the child has no input.
  public let standardInput: PipeWriter?
  public let standardOutput: PipeReader
  /// Ends at once where the child is on a terminal: there is one output.
  public let standardError: PipeReader

  private struct State {
    var status: ExitStatus?
    var nextWaiter = 0
    var waiters: [Int: CheckedContinuation<ExitStatus?, Never>] = [:]
  }
  private let state = Mutex(State())
  private let watchdog: Watchdog?

  private init(pid: Int32, _ pipes: ParentsEnds, watchdog: Watchdog?) {
    self.pid = pid
    standardInput = pipes.input
    standardOutput = pipes.output
    standardError = pipes.errors
    self.watchdog = watchdog
  }

  /// Starts a program; returns once it has replaced the forked child.
  /// - Throws: `SpawnError`.
  public static func spawn(
    _ command: Command, input: ChildInput = .none, watchdog: Watchdog? = nil
  ) async throws(SpawnError) -> ChildProcess {
    let (parent, child) = try ParentsEnds.open(input, for: command.executable)
    let started = await SpawnThread.shared.run {
      Spawning.start(
        command, standardInput: child.input, standardOutput: child.output, standardError: child.errors,
        hasTerminal: child.isTerminal, watchdog: watchdog, diesWithParent: true)
    }
    child.close()
    switch started {
    case .failure(let error):
      parent.close()
      throw error
    case .success(let pid):
      let child = ChildProcess(pid: pid, parent, watchdog: watchdog)
      child.awaitEnd()
      return child
    }
  }

  /// Tells the child's terminal its size; nothing happens where it has none.
  public func resizeTerminal(columns: UInt16, rows: UInt16) {
    standardInput?.withDescriptor { _ = sakigake_terminal_resize($0, columns, rows) }
  }

  public var exitStatus: ExitStatus? { state.withLock { $0.status } }

  /// Waits for the end of the process, however long it takes.
  public func exit() async -> ExitStatus {
    while true {
      if let status = await wait(register: { _ in }) { return status }
    }
  }

  /// Waits for the end of the process for at most so many seconds; nil where it still runs then.
  public func exit(within seconds: Double) async -> ExitStatus? {
    await wait { waiter in
      DispatchQueue.global().asyncAfter(deadline: .now() + max(0, seconds)) { [weak self] in self?.giveUp(waiter) }
    }
  }

  private func wait(register: (Int) -> Void) async -> ExitStatus? {
    await withCheckedContinuation { continuation in
      let (waiter, status) = state.withLock { state -> (Int, ExitStatus?) in
        if let status = state.status { return (0, status) }
        state.nextWaiter += 1
        state.waiters[state.nextWaiter] = continuation
        return (state.nextWaiter, nil)
      }
      if let status { continuation.resume(returning: status) } else { register(waiter) }
    }
  }

  private func giveUp(_ waiter: Int) {
    state.withLock { $0.waiters.removeValue(forKey: waiter) }?.resume(returning: nil)
  }

  /// Sends a signal to the whole group; nothing happens once the process has ended.
  public func signal(_ number: Int32) {
    state.withLock { state in
      // Under the lock: the reaper takes it before it reaps, so the number is still ours.
      if state.status == nil { _ = kill(-pid, number) }
    }
  }

  /// SIGTERM to the group, then SIGKILL to whoever is left after `graceSeconds`.
  @discardableResult
  public func stop(graceSeconds: Double) async -> ExitStatus {
    if graceSeconds > 0 {
      signal(SIGTERM)
      if let status = await exit(within: graceSeconds) { return status }
    }
    signal(SIGKILL)
    return await exit()
  }

  // MARK: The end

  private func awaitEnd() {
    let descriptor = sakigake_pidfd_open(pid)
    guard descriptor >= 0 else { return awaitEndOnThread() }
    awaitEnd(descriptor)
  }

  /// A pidfd turns readable when its process ends (pidfd_open(2)).
  private func awaitEnd(_ descriptor: Int32) {
    _ = ReadinessThread.shared.whenReady(descriptor, for: .reading) { [self] in
      // Reaping looks through the process table: not on the thread that all pipes wait for.
      DispatchQueue.global().async { [self] in
        // Wakes that are not the end yet are waited through.
        if reap(blocking: false) { close(descriptor) } else { awaitEnd(descriptor) }
      }
    }
  }

  /// Where there is no pidfd (macOS): a source on the process, and a check for an end before it was armed.
  private func awaitEndOnThread() {
    #if canImport(Darwin)
      let source = DispatchSource.makeProcessSource(identifier: pid, eventMask: .exit, queue: .global())
      source.setEventHandler { [self] in
        if reap(blocking: true) { source.cancel() }
      }
      source.activate()
      if reap(blocking: false) { source.cancel() }
    #else
      // Only when descriptors or the kernel's support are exhausted: a thread for this one process.
      DispatchQueue(label: "sakigake.reaper.\(pid)").async { [self] in _ = reap(blocking: true) }
    #endif
  }

  private func reap(blocking: Bool) -> Bool {
    var ended: Int32 = 0
    guard sakigake_wait_ended(pid, blocking ? 1 : 0, &ended) == 0, ended != 0 else { return exitStatus != nil }
    // Ended but not reaped: the number is still taken, so these can only hit what the process left behind.
    _ = kill(-pid, SIGKILL)
    ProcessTable.killSession(pid)
    let (waiters, status) = state.withLock { state -> ([CheckedContinuation<ExitStatus?, Never>], ExitStatus) in
      if let status = state.status { return ([], status) }
      var raw: Int32 = 0
      while waitpid(pid, &raw, 0) < 0, errno == EINTR {}
      let status: ExitStatus =
        sakigake_status_exited(raw) != 0 ? .exited(sakigake_status_code(raw)) : .signaled(sakigake_status_signal(raw))
      state.status = status
      defer { state.waiters = [:] }
      return (Array(state.waiters.values), status)
    }
    watchdog?.forget(pid)
    for waiter in waiters { waiter.resume(returning: status) }
    return true
  }
}
