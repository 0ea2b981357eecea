import Kubernetes
import KubernetesClient
import Logging

/// The pod's status in the API: made from the containers' state, sent on change, one request at a time.
extension PodRunner {
  static let ownConditions = ["PodReadyToStartContainers", "Initialized", "Ready", "ContainersReady", "PodScheduled"]

  /// Sends the status where it changed. While a request is under way later changes gather and go with the next one.
  func publish() {
    guard !isSending, !isGone else { return }
    isSending = true
    Task { await self.sendChanges() }
  }

  private func sendChanges() async {
    var failures = 0
    while !isGone {
      let status = patch(currentStatus())
      if status == sentStatus { break }
      do {
        let body: JSONValue = ["metadata": ["uid": .string(uid)], "status": status]
        _ = try await host.client.patch(Change.Target(pod), .strategic, body, subresource: "status")
        sentStatus = status
        failures = 0
      } catch {
        // Gone, or another pod of the same name: the cache tells soon. Other conflicts are tried again.
        if await isObsolete(after: error) { break }
        failures += 1
        if failures == 1 { host.settings.logger.warning("status of pod \(pod.key) cannot be written yet: \(error)") }
        await sleep(clusterSeconds: min(30, 0.5 * Double(1 << min(failures, 6))))
      }
    }
    isSending = false
  }

  private func isObsolete(after error: any Error) async -> Bool {
    guard let refusal = error as? APIError else { return false }
    if refusal.isNotFound { return true }
    // A status for another pod of the same name is refused as one with an immutable field.
    guard refusal.isConflict || refusal.reason == "Invalid" else { return false }
    do {
      return try await host.client.get(Pod.self, pod.metadata.name, namespace: pod.metadata.namespace).metadata.uid
        != uid
    } catch {
      return (error as? APIError)?.isNotFound ?? false
    }
  }

  private func patch(_ status: PodStatus) -> JSONValue {
    var json = status.json
    // What a strategic merge must take away, it must be told.
    if status.reason.isEmpty { json["reason"] = .null }
    if status.message.isEmpty { json["message"] = .null }
    return json
  }

  private func currentStatus() -> PodStatus {
    let now = host.settings.now()
    for index in containers.indices {
      let record = containers[index]
      let isStarted = record.status.started == true && record.isRunning
      containers[index].status.ready =
        record.role == .initial
        ? record.status.state.terminated?.exitCode == 0
        : isStarted && record.passesReadiness && !isTerminating
    }
    var status = PodStatus()
    status.phase = phase
    status.hostIP = node.address
    status.podIP = podIP
    status.podIPs = [["ip": .string(podIP)]]
    status.startTime = startTime
    status.initContainerStatuses = containers.filter { $0.role != .main }.map(\.status)
    status.containerStatuses = containers.filter { $0.role == .main }.map(\.status)
    setConditions(status.phase, now)
    status.conditions = conditions
    return status
  }

  private func setConditions(_ phase: String, _ now: Timestamp) {
    func set(_ type: String, _ value: Bool, _ reason: String = "", _ message: String = "") {
      conditions.set(Condition(type, value, reason: value ? "" : reason, message: value ? "" : message, at: now))
    }
    let isOver = phase == "Succeeded" || phase == "Failed"
    set("PodReadyToStartContainers", !isOver)
    let waiting = containers.filter { $0.role != .main && !$0.status.ready }.map(\.spec.name)
    set(
      "Initialized", isInitialized, "ContainersNotInitialized",
      "containers with incomplete status: [\(waiting.joined(separator: " "))]")
    let unready = containers.filter { $0.role != .initial && !$0.status.ready }.map(\.spec.name)
    let reason = isOver ? phase == "Succeeded" ? "PodCompleted" : "PodFailed" : "ContainersNotReady"
    let message = isOver ? "" : "containers with unready status: [\(unready.joined(separator: " "))]"
    let isReady = isInitialized && unready.isEmpty && !isOver
    set("ContainersReady", isReady, reason, message)
    set("Ready", isReady, reason, message)
    set("PodScheduled", true)
  }

  /// Pending, Running, Succeeded or Failed, as the kubelet's `getPhase` tells them.
  private var phase: String {
    if hasFailed { return "Failed" }
    let mains = containers.filter { $0.role == .main }
    if !mains.isEmpty, mains.allSatisfy(\.isDone) {
      return mains.allSatisfy { $0.status.state.terminated?.exitCode == 0 } ? "Succeeded" : "Failed"
    }
    if !isInitialized { return "Pending" }
    let hasStarted = mains.contains {
      $0.isRunning || $0.status.state.terminated != nil || $0.status.lastState.terminated != nil
    }
    return hasStarted ? "Running" : "Pending"
  }
}
