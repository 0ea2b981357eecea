import Kubernetes

extension Rollout {
  /// The status as upstream computes it, as one patch where anything differs.
  func status(of current: ReplicaSet?) -> [Change] {
    var status = deployment.status
    status.observedGeneration = deployment.metadata.generation
    status.replicas = sets.reduce(0) { $0 + $1.status.replicas }
    status.updatedReplicas = current?.status.replicas ?? 0
    status.readyReplicas = sets.reduce(0) { $0 + $1.status.readyReplicas }
    status.availableReplicas = sets.reduce(0) { $0 + $1.status.availableReplicas }
    let size = sets.reduce(0) { $0 + ($1.spec.replicas ?? 1) }
    status.unavailableReplicas = max(0, size - status.availableReplicas)
    status.conditions.set(available(status))
    if let progressing = progressing(status, current) { status.conditions.set(progressing) }
    guard status != deployment.status else { return [] }
    return [.patch(.init(deployment), .merge, ["status": full(status)], subresource: "status")]
  }

  /// A merge patch leaves out what it does not name, so counts that fell to zero are named.
  private func full(_ status: DeploymentStatus) -> JSONValue {
    var json = status.json
    for (name, value) in [
      ("replicas", status.replicas), ("updatedReplicas", status.updatedReplicas),
      ("readyReplicas", status.readyReplicas),
      ("availableReplicas", status.availableReplicas), ("unavailableReplicas", status.unavailableReplicas),
    ] where value == 0 {
      json[name] = .null
    }
    return json
  }

  private func available(_ status: DeploymentStatus) -> Condition {
    let unavailable = deployment.spec.strategy.rollingUpdate?.maxUnavailable ?? .string("25%")
    let allowed = min(desired, unavailable.resolved(of: desired, roundingUp: false) ?? 0)
    let enough = status.availableReplicas >= desired - allowed
    var condition = Condition(
      "Available", enough, reason: enough ? "MinimumReplicasAvailable" : "MinimumReplicasUnavailable",
      message: enough ? "Deployment has minimum availability." : "Deployment does not have minimum availability.",
      at: now)
    condition.lastUpdateTime = deployment.status.conditions["Available"]?.lastUpdateTime ?? now
    return condition
  }

  /// nil keeps the condition that stands.
  private func progressing(_ status: DeploymentStatus, _ current: ReplicaSet?) -> Condition? {
    func made(_ progressing: Bool, _ reason: String, _ message: String) -> Condition? {
      let standing = deployment.status.conditions["Progressing"]
      let isProgress =
        standing == nil || status.updatedReplicas > deployment.status.updatedReplicas
        || status.readyReplicas > deployment.status.readyReplicas
        || status.availableReplicas > deployment.status.availableReplicas
        || status.replicas < deployment.status.replicas
      if standing?.reason == reason, standing?.message == message, !isProgress { return nil }
      var condition = Condition("Progressing", progressing, reason: reason, message: message, at: now)
      condition.lastUpdateTime = now
      return condition
    }
    guard let current else { return made(true, "ReplicaSetUpdated", "Deployment is waiting for its ReplicaSet.") }
    let name = current.metadata.name
    let complete =
      status.updatedReplicas == desired && status.replicas == desired && status.availableReplicas == desired
    if complete {
      return made(true, "NewReplicaSetAvailable", "ReplicaSet \"\(name)\" has successfully progressed.")
    }
    if let standing = deployment.status.conditions["Progressing"], let updated = standing.lastUpdateTime,
      standing.reason != "NewReplicaSetAvailable",
      now - updated > Double(deployment.spec.progressDeadlineSeconds ?? 600),
      status.readyReplicas <= deployment.status.readyReplicas
    {
      return made(false, "ProgressDeadlineExceeded", "ReplicaSet \"\(name)\" has timed out progressing.")
    }
    // A scaled Deployment that once was complete is not a new rollout.
    if deployment.status.conditions["Progressing"]?.reason == "NewReplicaSetAvailable",
      current.metadata.name
        == deployment.status.conditions["Progressing"]?.message.split(separator: "\"").dropFirst().first.map(
          String.init)
    {
      return nil
    }
    return made(true, "ReplicaSetUpdated", "ReplicaSet \"\(name)\" is progressing.")
  }
}
