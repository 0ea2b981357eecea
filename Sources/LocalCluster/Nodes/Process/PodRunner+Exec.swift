import ChildProcesses
import Kubernetes
import KubernetesServer

/// `exec`: further programs beside a container's own, with its environment and in its directory.
extension PodRunner {
  /// The size of a terminal until its client tells another.
  private static let terminalFirst = ChildInput.terminal(columns: 80, rows: 24)

  /// For a client to take what a program wrote before it ended.
  private static let lastOutputSecondsMax = 10.0

  /// Runs a program of this host until it ends; cancelling the task kills it.
  /// - Returns: its exit code.
  /// - Throws: `APIError` where it cannot be started.
  func execute(_ container: String, _ options: ProgramOptions, _ streams: any ContainerStreams) async throws -> Int32 {
    let child = try await startExecution(container, options)
    defer { executions[child.pid] = nil }
    return await withTaskCancellationHandler {
      await Self.connect(child, options, streams)
    } onCancel: {
      child.signal(9)
    }
  }

  private func startExecution(_ container: String, _ options: ProgramOptions) async throws -> ChildProcess {
    guard let record = containers.first(where: { $0.spec.name == container }), record.process != nil else {
      throw APIError.badRequest("container \"\(container)\" in pod \"\(pod.metadata.name)\" does not run")
    }
    let directory = workingDirectory(of: record.spec)
    guard let name = options.command.first, let executable = locate(name, record, directory) else {
      throw APIError(
        code: 500, reason: "InternalError",
        message: "exec: \"\(options.command.first ?? "")\": executable file not found on this host")
    }
    var environment = record.environment
    if options.isTerminal, !environment.contains(where: { $0.name == "TERM" }) { environment.append(("TERM", "xterm")) }
    let input: ChildInput = options.isTerminal ? Self.terminalFirst : options.hasInput ? .pipe : .none
    let child = try await ChildProcess.spawn(
      Command(
        executable, Array(options.command.dropFirst()), calledAs: name, environment: environment,
        workingDirectory: directory), input: input, watchdog: host.watchdog)
    executions[child.pid] = (container, child)
    // It may have ended while this one was started.
    if containers.first(where: { $0.spec.name == container })?.process == nil { child.signal(9) }
    return child
  }

  /// By the container's own PATH; a relative path is one below its directory.
  private func locate(_ name: String, _ record: ContainerRecord, _ directory: String) -> String? {
    if name.contains("/"), !name.hasPrefix("/") { return Command.locate("\(directory)/\(name)") }
    let path = record.environment.last { $0.name == "PATH" }?.value ?? host.settings.programs.searchPath
    return Command.locate(name, path: path)
  }

  /// What was started in a container ends with it.
  func endExecutions(in container: String) {
    for execution in executions.values where execution.container == container { execution.process.signal(9) }
  }

  /// Carries everything between a program and its client until the program has ended and its output is through.
  private static func connect(
    _ child: ChildProcess, _ options: ProgramOptions, _ streams: any ContainerStreams
  ) async -> Int32 {
    await withTaskGroup(of: Void.self) { group in
      group.addTask {
        if options.hasInput {
          while let bytes = await streams.nextInput() {
            do { try await child.standardInput?.write(bytes) } catch { break }
          }
        }
        // A terminal has no end of its input but the one that its client types.
        if !options.isTerminal { child.standardInput?.close() }
      }
      group.addTask {
        for await size in streams.terminalSizes { child.resizeTerminal(columns: size.columns, rows: size.rows) }
      }
      let status = await transfer(child, streams)
      child.standardInput?.close()
      group.cancelAll()
      return status.shellCode
    }
  }

  private static func transfer(_ child: ChildProcess, _ streams: any ContainerStreams) async -> ExitStatus {
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await pump(child.standardOutput, child) { try await streams.output($0) } }
      group.addTask { await pump(child.standardError, child) { try await streams.errorOutput($0) } }
      let status = await child.exit()
      // Somebody outside of the session may hold the pipe open: the client waits for what is in it, not for that.
      let cut = Task {
        try await Task.sleep(for: .seconds(lastOutputSecondsMax))
        child.standardOutput.close()
        child.standardError.close()
      }
      await group.waitForAll()
      cut.cancel()
      return status
    }
  }

  private static func pump(
    _ reader: PipeReader, _ child: ChildProcess, _ send: @Sendable ([UInt8]) async throws -> Void
  ) async {
    while let bytes = await reader.next() {
      do { try await send(bytes) } catch {
        // Nobody is left to read what it writes.
        child.signal(9)
        return reader.close()
      }
    }
  }
}
