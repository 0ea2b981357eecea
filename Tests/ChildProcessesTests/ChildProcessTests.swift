import ChildProcesses
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

func sh(_ script: String, environment: [(name: String, value: String)] = []) -> Command {
  Command("/bin/sh", ["-c", script], environment: [(name: "PATH", value: "/usr/bin:/bin")] + environment)
}

func text(of reader: PipeReader) async -> String {
  var bytes: [UInt8] = []
  while let chunk = await reader.next() { bytes += chunk }
  return String(decoding: bytes, as: UTF8.self)
}

@Suite struct ChildProcessTests {
  @Test func outputAndExitCodeComeBack() async throws {
    let child = try await ChildProcess.spawn(sh("echo out; echo err >&2; exit 3"))
    #expect(await text(of: child.standardOutput) == "out\n")
    #expect(await text(of: child.standardError) == "err\n")
    #expect(await child.exit() == .exited(3))
    #expect(await child.exit().shellCode == 3)
  }

  @Test func onlyTheGivenEnvironmentAndDirectoryReachTheChild() async throws {
    var command = Command("/usr/bin/env", environment: [(name: "A", value: "1"), (name: "B", value: "two words")])
    command.workingDirectory = "/"
    let child = try await ChildProcess.spawn(command)
    #expect(await text(of: child.standardOutput) == "A=1\nB=two words\n")
    let other = try await ChildProcess.spawn(Command("/bin/pwd", workingDirectory: "/usr"))
    #expect(await text(of: other.standardOutput) == "/usr\n")
  }

  @Test func descriptorsOfTheParentAreClosed() async throws {
    let leaked = open("/dev/null", O_RDONLY)
    defer { close(leaked) }
    let child = try await ChildProcess.spawn(sh("ls /proc/self/fd | tr '\\n' ' '"))
    #expect(await text(of: child.standardOutput).split(separator: " ").count <= 4, "0, 1, 2 and ls's own directory")
  }

  @Test func aProgramThatIsNotThereIsAnErrorWithItsCode() async {
    await #expect(throws: SpawnError(.execution, "/nonexistent/program", code: ENOENT)) {
      try await ChildProcess.spawn(Command("/nonexistent/program"))
    }
    await #expect(throws: SpawnError(.workingDirectory, "/bin/sh", code: ENOENT)) {
      try await ChildProcess.spawn(Command("/bin/sh", workingDirectory: "/nonexistent"))
    }
  }

  @Test func stopEndsWhoeverListensWithTerm() async throws {
    let child = try await ChildProcess.spawn(
      sh("trap 'echo bye; exit 7' TERM; echo ready; while :; do sleep 0.05; done"))
    #expect(await child.standardOutput.next() == Array("ready\n".utf8))
    #expect(await child.stop(graceSeconds: 30) == .exited(7))
    #expect(await text(of: child.standardOutput) == "bye\n")
  }

  @Test func stopKillsWhoeverIgnoresTerm() async throws {
    let child = try await ChildProcess.spawn(sh("trap '' TERM; echo ready; while :; do sleep 1; done"))
    #expect(await child.standardOutput.next() == Array("ready\n".utf8))
    #expect(await child.stop(graceSeconds: 0.05) == .signaled(SIGKILL))
  }

  @Test func theGroupEndsWithItsLeader() async throws {
    // The background sleep holds the pipe: only its end ends the output.
    let child = try await ChildProcess.spawn(sh("sleep 1000 & exit 0"))
    #expect(await text(of: child.standardOutput) == "")
    #expect(await child.exit() == .exited(0))
  }

  @Test func waitingForSomeTimeOnly() async throws {
    let child = try await ChildProcess.spawn(Command("/bin/sleep", ["1000"]))
    #expect(await child.exit(within: 0.01) == nil)
    child.signal(SIGKILL)
    #expect(await child.exit(within: 30) == .signaled(SIGKILL))
    #expect(child.exitStatus == .signaled(SIGKILL))
  }

  @Test func aSlowReaderHoldsTheWriterBack() async throws {
    let child = try await ChildProcess.spawn(Command("/usr/bin/head", ["-c", "3000000", "/dev/zero"]))
    let first = try #require(await child.standardOutput.next())
    #expect(first.count <= PipeReader.chunkBytesMax)
    #expect(child.exitStatus == nil, "three megabytes do not fit into a pipe")
    var total = first.count
    while let chunk = await child.standardOutput.next() { total += chunk.count }
    #expect(total == 3_000_000)
  }

  @Test func closingThePipeEndsAWaitingRead() async throws {
    let child = try await ChildProcess.spawn(sh("echo ready; sleep 1000"))
    let reader = child.standardOutput
    _ = await reader.next()
    async let rest = reader.next()
    reader.close()
    #expect(await rest == nil)
    await child.stop(graceSeconds: 0)
  }

  @Test func manyAtOnce() async throws {
    try await withThrowingTaskGroup(of: ExitStatus.self) { group in
      for code in 0..<60 {
        group.addTask { try await ChildProcess.spawn(sh("exit \(code)")).exit() }
      }
      var codes: Set<Int32> = []
      for try await status in group { codes.insert(status.shellCode) }
      #expect(codes.count == 60)
    }
  }

  @Test func programsAreFoundOnThePath() {
    #expect(Command.locate("sh") != nil)
    #expect(Command.locate("/bin/sh") == "/bin/sh")
    #expect(Command.locate("/bin") == nil)
    #expect(Command.locate("no-such-program-anywhere") == nil)
    #expect(Command.locate("relative/path") == nil)
  }
}

@Suite struct LineSplitterTests {
  private func lines(_ chunks: [String], max: Int = 8) -> [String] {
    var splitter = LineSplitter(lineBytesMax: max)
    var result: [LineSplitter.Line] = []
    for chunk in chunks { result += splitter.take(Array(chunk.utf8)) }
    if let last = splitter.finish() { result.append(last) }
    return result.map { String(decoding: $0.bytes, as: UTF8.self) + ($0.isPartial ? "~" : "") }
  }

  @Test func linesAcrossChunks() {
    #expect(lines(["a\nb", "c\n\nd"]) == ["a", "bc", "", "d"])
  }
  @Test func longLinesComeInParts() {
    #expect(lines(["12345678\n"]) == ["12345678"])
    #expect(lines(["123456789\n"]) == ["12345678~", "9"])
    #expect(lines(["1234", "5678", "9abcdefgh", "\nx\n"]) == ["12345678~", "9abcdefg~", "h", "x"])
  }
}

@Suite struct ProcessTableTests {
  @Test func aBusySessionUsesCPUAndMemory() async throws {
    let child = try await ChildProcess.spawn(
      sh("i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done; (echo done); sleep 1000"))
    _ = await child.standardOutput.next()
    let usage = try #require(ProcessTable.usage(ofSessions: [child.pid])[child.pid])
    #expect(usage.cpuNanoseconds >= 10_000_000)
    #expect(usage.memoryBytes > 10_000)
    #expect(usage.processes >= 1)
    await child.stop(graceSeconds: 0)
    #expect(ProcessTable.usage(ofSessions: [child.pid]).isEmpty)
  }
}
