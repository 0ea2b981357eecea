import ChildProcesses
import Kubernetes
import KubernetesClient
import Logging

/// The life of a container: image, environment, process, end, back-off, and again.
extension PodRunner {
  /// Runs a container until it may not run again.
  func keepRunning(_ index: Int) async {
    while canGoOn, !isFinishing {
      guard await ensureImage(index), let environment = await environment(of: index), canGoOn else { break }
      let ranSeconds = await runOnce(index, environment)
      guard canGoOn, mayRunAgain(index) else { break }
      let pause = containers[index].backoff.next(ranSeconds: ranSeconds * host.speed)
      if pause > 0 {
        let message =
          "back-off \(Int(pause))s restarting failed container=\(containers[index].spec.name) "
          + "pod=\(pod.metadata.name)_\(pod.metadata.namespace)(\(uid))"
        containers[index].move(to: ContainerRecord.waiting("CrashLoopBackOff", message))
        publish()
        host.events.record(
          pod, fieldPath: containers[index].fieldPath, isWarning: true, "BackOff",
          "Back-off restarting failed container \(containers[index].spec.name) in pod \(pod.metadata.name)")
        await sleep(clusterSeconds: pause)
      }
      containers[index].run += 1
    }
    if !isTerminating { containers[index].isDone = true }
    // Whoever waits for a start must not wait for one that will not come.
    containers[index].startedSignal.finish()
    publish()
  }

  private func mayRunAgain(_ index: Int) -> Bool {
    let succeeded = containers[index].status.state.terminated?.exitCode == 0
    switch containers[index].role {
    case .sidecar: return !isFinishing
    case .initial: return !succeeded && pod.spec.restartPolicy != "Never"
    case .main:
      switch pod.spec.restartPolicy {
      case "Never": return false
      case "OnFailure": return !succeeded
      default: return true
      }
    }
  }

  // MARK: Before the start

  private func ensureImage(_ index: Int) async -> Bool {
    let spec = containers[index].spec
    let path = containers[index].fieldPath
    var failures = 0
    while canGoOn {
      if case .failure(let missing) = host.settings.programs.resolve(image: spec.image, command: spec.command),
        missing.isImage
      {
        failures += 1
        host.events.record(
          pod, fieldPath: path, isWarning: true, "Failed", "Failed to pull image \"\(spec.image)\": \(missing)")
        host.events.record(pod, fieldPath: path, isWarning: true, "Failed", "Error: ErrImagePull")
        containers[index].move(to: ContainerRecord.waiting("ErrImagePull", "\(missing)"))
        publish()
        let pause = min(RestartBackoff.secondsMax, RestartBackoff.secondsFirst * Double(1 << min(failures - 1, 16)))
        await sleep(clusterSeconds: pause / 2)
        guard canGoOn else { return false }
        containers[index].move(
          to: ContainerRecord.waiting(
            "ImagePullBackOff", "Back-off pulling image \"\(spec.image)\": ErrImagePull: \(missing)"))
        publish()
        host.events.record(pod, fieldPath: path, "BackOff", "Back-off pulling image \"\(spec.image)\"")
        await sleep(clusterSeconds: pause / 2)
        continue
      }
      if await host.images.isPresent(spec.image, on: node.name) {
        host.events.record(
          pod, fieldPath: path, "Pulled", "Container image \"\(spec.image)\" already present on machine")
        return true
      }
      host.events.record(pod, fieldPath: path, "Pulling", "Pulling image \"\(spec.image)\"")
      guard let seconds = try? await host.images.pull(spec.image, on: node.name) else { return false }
      host.events.record(
        pod, fieldPath: path, "Pulled", "Successfully pulled image \"\(spec.image)\" in \(Self.tenths(seconds))s")
      return true
    }
    return false
  }

  private static func tenths(_ seconds: Double) -> String {
    let tenths = Int((seconds * 10).rounded())
    return "\(tenths / 10).\(tenths % 10)"
  }

  /// The container's environment, as soon as all that it refers to is there; nil when there is no use in it any more.
  private func environment(of index: Int) async -> ContainerEnvironment? {
    let spec = containers[index].spec
    let home = host.logs.directory(of: pod) + "/" + spec.name
    let given =
      [
        (name: "PATH", value: host.settings.programs.searchPath), (name: "HOME", value: home),
        (name: "HOSTNAME", value: pod.metadata.name),
      ] + host.settings.environment + (await apiServerVariables()) + volumes.variables(for: spec, of: pod)
    var failures = 0
    while canGoOn {
      do {
        try PrivateDirectory.create(home)
        var environment = ContainerEnvironment(given: given)
        try await environment.add(spec, downward, from: APIConfiguration(client: host.client))
        return environment
      } catch is CancellationError {
        return nil
      } catch {
        failures += 1
        containers[index].move(to: ContainerRecord.waiting("CreateContainerConfigError", "\(error)"))
        publish()
        host.events.record(pod, fieldPath: containers[index].fieldPath, isWarning: true, "Failed", "Error: \(error)")
        await sleep(clusterSeconds: min(10, Double(1 << min(failures, 4))))
      }
    }
    return nil
  }

  /// As every container of a cluster has them.
  private func apiServerVariables() async -> [(name: String, value: String)] {
    guard let server = await host.settings.apiServer() else { return [] }
    return [("KUBERNETES_SERVICE_HOST", server.host), ("KUBERNETES_SERVICE_PORT", String(server.port))]
  }

  // MARK: A run

  /// - Returns: the real seconds that the process ran.
  private func runOnce(_ index: Int, _ environment: ContainerEnvironment) async -> Double {
    let spec = containers[index].spec
    let restart = containers[index].run
    let path = containers[index].fieldPath
    let child: ChildProcess
    let log: ContainerLog
    do {
      let program = try host.settings.programs.resolve(image: spec.image, command: spec.command).get()
      let variables = environment.values
      let arguments = (program.arguments + spec.args).map { VariableExpansion.expand($0, variables) }
      log = try host.logs.begin(pod, spec.name, restart: restart)
      host.events.record(pod, fieldPath: path, "Created", "Created container: \(spec.name)")
      child = try await ChildProcess.spawn(
        Command(
          program.executable, arguments, calledAs: program.calledAs, environment: environment.ordered,
          workingDirectory: workingDirectory(of: spec)), watchdog: host.watchdog)
    } catch {
      markStartFailed(index, "\(error)")
      return 0
    }
    let began = ContinuousClock.now
    host.processes.add(child.pid, .init(pod: pod.key, uid: uid, container: spec.name, node: node.name))
    if canGoOn { markRunning(index, child, environment) } else { child.signal(9) }
    let pumps = Task {
      async let errors: Void = Self.pump(child.standardError, .stderr, into: log)
      await Self.pump(child.standardOutput, .stdout, into: log)
      await errors
    }
    let status = await child.exit()
    host.processes.remove(child.pid)
    containers[index].probes?.cancel()
    // Somebody outside of the session may hold the pipe open; the log does not wait for that.
    let cut = Task {
      try await Task.sleep(for: .seconds(1))
      child.standardOutput.close()
      child.standardError.close()
    }
    await pumps.value
    cut.cancel()
    log.close()
    if log.linesLost > 0 {
      host.settings.logger.warning("\(log.linesLost) log lines of \(pod.key) \(spec.name) could not be written")
    }
    markEnded(index, child, status)
    return (ContinuousClock.now - began) / .seconds(1)
  }

  /// An image's directories are not on this host; one that is there may be meant.
  func workingDirectory(of spec: Container) -> String {
    PrivateDirectory.isDirectory(spec.workingDir) ? spec.workingDir : host.logs.directory(of: pod) + "/" + spec.name
  }

  private static func pump(_ reader: PipeReader, _ stream: LogLine.Stream, into log: ContainerLog) async {
    var splitter = LineSplitter()
    while let chunk = await reader.next() { log.append(splitter.take(chunk), stream) }
    if let last = splitter.finish() { log.append([last], stream) }
  }

  private func containerID(_ pid: Int32) -> String { "process://\(uid)/\(pid)" }

  private func markRunning(_ index: Int, _ child: ChildProcess, _ environment: ContainerEnvironment) {
    var state = ContainerState()
    var running = ContainerState.Running()
    running.startedAt = host.settings.now()
    state.running = running
    containers[index].move(to: state)
    containers[index].process = child
    containers[index].environment = environment.ordered
    containers[index].startedAt = .now
    containers[index].status.containerID = containerID(child.pid)
    containers[index].status.imageID = "process://\(ImagePrograms.repository(of: containers[index].spec.image))"
    let spec = containers[index].spec
    containers[index].passesReadiness = spec.readinessProbe == nil
    if spec.startupProbe == nil { noteStarted(index) }
    host.events.record(pod, fieldPath: containers[index].fieldPath, "Started", "Started container \(spec.name)")
    publish()
    startProbes(index, child)
  }

  func noteStarted(_ index: Int) {
    containers[index].status.started = true
    containers[index].startedSignal.finish()
  }

  private func markStartFailed(_ index: Int, _ message: String) {
    let now = host.settings.now()
    var state = ContainerState()
    var terminated = ContainerState.Terminated()
    terminated.exitCode = 128
    terminated.reason = "StartError"
    terminated.message = message
    terminated.startedAt = now
    terminated.finishedAt = now
    state.terminated = terminated
    containers[index].move(to: state)
    host.events.record(pod, fieldPath: containers[index].fieldPath, isWarning: true, "Failed", "Error: \(message)")
    publish()
  }

  private func markEnded(_ index: Int, _ child: ChildProcess, _ status: ExitStatus) {
    var state = ContainerState()
    var terminated = ContainerState.Terminated()
    terminated.exitCode = Int(status.shellCode)
    terminated.reason = status.isSuccess ? "Completed" : "Error"
    terminated.startedAt = containers[index].status.state.running?.startedAt
    terminated.finishedAt = host.settings.now()
    terminated.containerID = containerID(child.pid)
    state.terminated = terminated
    containers[index].move(to: state)
    containers[index].process = nil
    containers[index].probes = nil
    endExecutions(in: containers[index].spec.name)
    publish()
  }

  // MARK: Stopping

  /// preStop, SIGTERM, and at the deadline SIGKILL; returns when the process has ended.
  func stop(_ index: Int, deadline: ContinuousClock.Instant, announcing: Bool = true, runningHooks: Bool = true) async {
    guard let process = containers[index].process else { return }
    containers[index].probes?.cancel()
    if announcing, !isGone {
      host.events.record(
        pod, fieldPath: containers[index].fieldPath, "Killing", "Stopping container \(containers[index].spec.name)")
    }
    if runningHooks, deadline > .now { await preStop(index, process, deadline) }
    await process.stop(graceSeconds: max(0, (deadline - .now) / .seconds(1)))
  }

  /// Kills a container that a probe gave up on; the loop starts it again where it may.
  func restart(_ index: Int, _ process: ChildProcess, _ what: String, grace: Int?) async {
    guard canGoOn, containers[index].process === process, process.exitStatus == nil else { return }
    host.events.record(
      pod, fieldPath: containers[index].fieldPath, "Killing",
      "Container \(containers[index].spec.name) failed \(what) probe, will be restarted")
    await stop(index, deadline: .now + .seconds(graceSeconds(grace)), announcing: false)
  }
}
