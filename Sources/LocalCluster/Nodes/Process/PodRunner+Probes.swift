import ChildProcesses
import Kubernetes

/// Probes and hooks of a pod's containers.
extension PodRunner {
  enum ProbeKind: String, Sendable {
    case startup = "Startup"
    case liveness = "Liveness"
    case readiness = "Readiness"
  }

  func startProbes(_ index: Int, _ child: ChildProcess) {
    let spec = containers[index].spec
    let began = containers[index].startedAt ?? .now
    containers[index].probes = Task {
      guard await self.postStart(index, child) else { return }
      if let probe = spec.startupProbe { await self.repeatProbe(probe, .startup, index, child, began) }
      if Task.isCancelled { return }
      await withTaskGroup(of: Void.self) { group in
        if let probe = spec.livenessProbe {
          group.addTask { await self.repeatProbe(probe, .liveness, index, child, began) }
        }
        if let probe = spec.readinessProbe {
          group.addTask { await self.repeatProbe(probe, .readiness, index, child, began) }
        }
      }
    }
  }

  /// Asks again and again until the container ends; a startup probe only until the first success.
  private nonisolated func repeatProbe(
    _ probe: Probe, _ kind: ProbeKind, _ index: Int, _ child: ChildProcess, _ began: ContinuousClock.Instant
  ) async {
    let schedule = ProbeSchedule(probe, speed: host.speed)
    var counter = ProbeCounter(schedule)
    do {
      try await Task.sleep(until: began + .seconds(schedule.initialDelaySeconds), clock: .continuous)
      while !Task.isCancelled {
        let asked = ContinuousClock.now
        let outcome = await ask(probe, index, timeoutSeconds: schedule.timeoutSeconds)
        if Task.isCancelled { return }
        let seconds = (ContinuousClock.now - began) / .seconds(1)
        let verdict = counter.note(outcome.isSuccess, at: seconds, isPatient: kind != .readiness)
        if await note(outcome, verdict, probe, kind, index, child) { return }
        try await Task.sleep(until: asked + .seconds(schedule.periodSeconds), clock: .continuous)
      }
    } catch {}  // cancelled while it slept: the container has ended
  }

  /// - Returns: whether the probe is over.
  private func note(
    _ outcome: ProbeClient.Outcome, _ verdict: Bool?, _ probe: Probe, _ kind: ProbeKind, _ index: Int,
    _ child: ChildProcess
  ) async -> Bool {
    guard containers[index].process === child, child.exitStatus == nil else { return true }
    if case .failure(let message) = outcome, !isTerminating {
      host.events.record(
        pod, fieldPath: containers[index].fieldPath, isWarning: true, "Unhealthy",
        "\(kind.rawValue) probe failed: \(message)")
    }
    switch (kind, verdict) {
    case (.readiness, let ready?):
      if containers[index].passesReadiness != ready {
        containers[index].passesReadiness = ready
        publish()
      }
      return false
    case (.startup, true):
      noteStarted(index)
      publish()
      return true
    case (.startup, false), (.liveness, false):
      // In its own task: this one is cancelled with the container.
      let what = kind == .startup ? "startup" : "liveness"
      Task { await self.restart(index, child, what, grace: probe.terminationGracePeriodSeconds) }
      return true
    default: return false
    }
  }

  private func ask(_ probe: Probe, _ index: Int, timeoutSeconds: Double) async -> ProbeClient.Outcome {
    let spec = containers[index].spec
    if let action = probe.httpGet { return await get(action, spec, timeoutSeconds: timeoutSeconds) }
    if let action = probe.tcpSocket {
      guard let port = Self.port(action.port, of: spec) else { return .failure("no port \(action.port.json.text)") }
      return await host.probes.connect(
        host: action.host.isEmpty ? podIP : action.host, port: port, timeoutSeconds: timeoutSeconds)
    }
    if let action = probe.exec { return await execute(action.command, index, timeoutSeconds: timeoutSeconds) }
    return .failure("process nodes know httpGet, tcpSocket and exec probes only")
  }

  private func get(_ action: HTTPGetAction, _ spec: Container, timeoutSeconds: Double) async -> ProbeClient.Outcome {
    guard action.scheme != "HTTPS" else { return .failure("process nodes do not probe by HTTPS") }
    guard let port = Self.port(action.port, of: spec) else { return .failure("no port \(action.port.json.text)") }
    let headers = action.httpHeaders.map {
      (name: $0["name"]?.stringValue ?? "", value: $0["value"]?.stringValue ?? "")
    }
    return await host.probes.get(
      host: action.host.isEmpty ? podIP : action.host, port: port, path: action.path, headers: headers,
      timeoutSeconds: timeoutSeconds)
  }

  static func port(_ port: IntOrString, of container: Container) -> Int? {
    switch port {
    case .int(let number): number
    case .string(let name): container.ports.first { $0.name == name }?.containerPort
    }
  }

  /// Runs a command with the container's environment; success where it exits with 0 in time.
  private func execute(_ command: [String], _ index: Int, timeoutSeconds: Double) async -> ProbeClient.Outcome {
    guard let name = command.first, let executable = Command.locate(name, path: host.settings.programs.searchPath)
    else {
      return .failure("exec: \"\(command.first ?? "")\": executable file not found on this host")
    }
    let directory = host.logs.directory(of: pod) + "/" + containers[index].spec.name
    let child: ChildProcess
    do {
      child = try await ChildProcess.spawn(
        Command(
          executable, Array(command.dropFirst()), calledAs: name, environment: containers[index].environment,
          workingDirectory: directory), watchdog: host.watchdog)
    } catch { return .failure(error.description) }
    async let output = Self.firstLine(child.standardOutput)
    async let errors = Self.firstLine(child.standardError)
    let status = await child.exit(within: timeoutSeconds)
    if status == nil { await child.stop(graceSeconds: 0) }
    let said = await output + errors
    guard let status else { return .failure("command timed out after \(timeoutSeconds) s") }
    return status.isSuccess ? .success : .failure(said.isEmpty ? "command ended with \(status)" : said)
  }

  /// The beginning of what a command writes; the rest is read and dropped, so that it never blocks.
  private static func firstLine(_ reader: PipeReader) async -> String {
    var kept: [UInt8] = []
    while let chunk = await reader.next() { kept += chunk.prefix(1024 - min(1024, kept.count)) }
    return String(decoding: kept.prefix { $0 != 0x0A }, as: UTF8.self)
  }

  // MARK: Hooks

  /// - Returns: whether the container may go on; one whose hook failed is ended.
  private func postStart(_ index: Int, _ child: ChildProcess) async -> Bool {
    guard let hook = containers[index].spec.lifecycle?["postStart"] else { return true }
    guard case .failure(let message) = await run(hook, index, child, seconds: 3600 / host.speed) else { return true }
    host.events.record(
      pod, fieldPath: containers[index].fieldPath, isWarning: true, "FailedPostStartHook",
      "PostStartHook failed: \(message)")
    Task { await child.stop(graceSeconds: self.graceSeconds(nil)) }
    return false
  }

  /// Counts against the grace period, as Kubernetes has it.
  func preStop(_ index: Int, _ child: ChildProcess, _ deadline: ContinuousClock.Instant) async {
    guard let hook = containers[index].spec.lifecycle?["preStop"] else { return }
    guard case .failure(let message) = await run(hook, index, child, seconds: (deadline - .now) / .seconds(1)) else {
      return
    }
    host.events.record(
      pod, fieldPath: containers[index].fieldPath, isWarning: true, "FailedPreStopHook",
      "PreStopHook failed: \(message)")
  }

  private func run(_ hook: JSONValue, _ index: Int, _ child: ChildProcess, seconds: Double) async -> ProbeClient.Outcome
  {
    if let pause = hook["sleep"]?["seconds"]?.integerValue {
      // Nobody needs the pause any more when the process has ended by itself.
      _ = await child.exit(within: min(seconds, Double(pause) / host.speed))
      return .success
    }
    do {
      if let action = hook["exec"] {
        let command = try ExecAction(json: action).command
        return await execute(command, index, timeoutSeconds: seconds)
      }
      if let action = hook["httpGet"] {
        return await get(try HTTPGetAction(json: action), containers[index].spec, timeoutSeconds: seconds)
      }
    } catch { return .failure("\(error)") }
    return .failure("process nodes know exec, httpGet and sleep hooks only")
  }
}
