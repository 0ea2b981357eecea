import ChildProcesses
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// This test binary plays the other parts too: started again with one of these arguments, the test of that part
/// is the only one that runs, and it acts instead of testing.
private enum Part {
  static let watchdog = CommandLine.arguments.contains("__watchdog")
  static let owner = CommandLine.arguments.contains("__owner")
  static func arguments(for test: String) -> [String] {
    ["--testing-library", "swift-testing", "--filter", "\(test)"]
  }
  static let binary = canonicalPath("/proc/self/exe")
}

private func canonicalPath(_ path: String) -> String {
  guard let resolved = realpath(path, nil) else { return path }
  defer { free(resolved) }
  return String(cString: resolved)
}

@Suite struct WatchdogTests {
  @Test(.enabled(if: Part.watchdog)) func actAsWatchdog() { Watchdog.runIfRequested() }

  /// Starts a child with children of its own, one of them in another session, and waits to be killed.
  @Test(.enabled(if: Part.owner)) func actAsOwner() async throws {
    let fifo = try #require(getenv("FIFO").map { String(cString: $0) })
    let watchdog = try await Watchdog(executable: Part.binary, leadingArguments: Part.arguments(for: "actAsWatchdog"))
    let script = """
      exec 3>\(fifo)
      setsid sh -c 'trap "" TERM HUP INT; echo session >&3; sleep 1000' &
      sh -c 'trap "" TERM HUP INT; echo group >&3; sleep 1000' &
      echo leader >&3
      wait
      """
    let child = try await ChildProcess.spawn(
      Command("/bin/sh", ["-c", script], environment: [(name: "PATH", value: "/usr/bin:/bin")]), watchdog: watchdog)
    _ = await child.exit()
  }

  private func killed(by ending: (Int32) -> Void) async throws {
    let directory = try #require(mkdtemp(strdup("/tmp/sakigake-watchdog-XXXXXX")).map { String(cString: $0) })
    let fifo = directory + "/alive"
    defer {
      unlink(fifo)
      rmdir(directory)
    }
    #expect(mkfifo(fifo, 0o600) == 0)
    // Readable until the last process that has it open for writing is gone.
    let alive = PipeReader(adopting: open(fifo, O_RDONLY | O_NONBLOCK))
    let holdOpen = open(fifo, O_WRONLY)
    let owner = try await ChildProcess.spawn(
      Command(
        Part.binary, Part.arguments(for: "actAsOwner") + ["__owner"],
        environment: [
          (name: "FIFO", value: fifo), (name: "PATH", value: "/usr/bin:/bin"),
          (name: "LD_LIBRARY_PATH", value: libraryPath),
          // The crash report would wait for somebody to read it.
          (name: "SWIFT_BACKTRACE", value: "enable=no"),
        ]))
    var seen = ""
    while !(seen.contains("leader") && seen.contains("group") && seen.contains("session")) {
      let chunk = await alive.next() ?? []
      seen += String(decoding: chunk, as: UTF8.self)
    }
    close(holdOpen)
    ending(owner.pid)
    _ = await owner.exit()
    #expect(await alive.next() == nil, "the end of file comes when nobody is left")
  }

  private var libraryPath: String { getenv("LD_LIBRARY_PATH").map { String(cString: $0) } ?? "" }

  @Test(.timeLimit(.minutes(1))) func nothingSurvivesAKilledOwner() async throws {
    try await killed { _ = kill($0, SIGKILL) }
  }

  @Test(.timeLimit(.minutes(1))) func nothingSurvivesACrashedOwner() async throws {
    try await killed { _ = kill($0, SIGABRT) }
  }

  @Test(.timeLimit(.minutes(1))) func aKilledWatchdogIsReplaced() async throws {
    let watchdog = try await Watchdog(executable: Part.binary, leadingArguments: Part.arguments(for: "actAsWatchdog"))
    let first = watchdog.pid
    kill(first, SIGKILL)
    var status: Int32 = 0
    #expect(waitpid(first, &status, 0) == first || errno == ECHILD)
    let child = try await ChildProcess.spawn(Command("/bin/sleep", ["1000"]), watchdog: watchdog)
    #expect(watchdog.pid != first)
    await child.stop(graceSeconds: 0)
  }
}
