import Kubernetes

/// Says in each PodDisruptionBudget's status how many pods may go (pkg/controller/disruption upstream).
public struct DisruptionBudgetDecision: Decision {
  /// A pod whose eviction was granted and that is still here after this long is counted as staying.
  static let disruptedSecondsMax = 120.0

  public init() {}

  public mutating func reconcile(_ view: ClusterView, at now: Timestamp) -> [Change] {
    var changes: [Change] = []
    for budget in view.disruptionBudgets.values.sorted(by: { $0.key < $1.key })
    where budget.metadata.deletionTimestamp == nil {
      let pods = budget.spec.selector.map { view.pods(in: budget.metadata.namespace, matching: $0) } ?? []
      let status = Self.status(of: budget, pods: pods.filter { !$0.isFinished }, view: view, now: now)
      guard status != budget.status else { continue }
      // Disrupted pods are replaced as a whole: names that went must not stay.
      var json = status.json
      var disrupted = JSONObject()
      for name in budget.status.disruptedPods.keys where status.disruptedPods[name] == nil { disrupted[name] = .null }
      for (name, at) in status.disruptedPods { disrupted[name] = at.json }
      if !disrupted.isEmpty { json["disruptedPods"] = .object(disrupted) }
      changes.append(.patch(.init(budget), .merge, ["status": json], subresource: "status"))
    }
    return changes
  }

  static func status(
    of budget: PodDisruptionBudget, pods: [Pod], view: ClusterView, now: Timestamp
  ) -> PodDisruptionBudget.Status {
    var status = budget.status
    status.observedGeneration = budget.metadata.generation
    let expected = expectedPods(pods, view)
    switch (budget.spec.minAvailable, budget.spec.maxUnavailable) {
    case (let minimum?, _):
      if case .int = minimum { status.expectedPods = pods.count } else { status.expectedPods = expected }
      status.desiredHealthy = minimum.resolved(of: expected, roundingUp: true) ?? 0
    case (nil, let maximum?):
      status.expectedPods = expected
      status.desiredHealthy = max(0, expected - (maximum.resolved(of: expected, roundingUp: true) ?? 0))
    case (nil, nil):
      status.expectedPods = pods.count
      status.desiredHealthy = 1
    }
    let names = Set(pods.filter { !$0.isTerminating }.map(\.metadata.name))
    status.disruptedPods = budget.status.disruptedPods.filter { name, at in
      names.contains(name) && now - at < disruptedSecondsMax
    }
    status.currentHealthy = pods.count { pod in
      pod.isReady && !pod.isTerminating && status.disruptedPods[pod.metadata.name] == nil
    }
    let allowed = status.currentHealthy - status.desiredHealthy
    status.disruptionsAllowed = status.expectedPods > 0 ? max(0, allowed) : 0
    status.conditions.set(
      Condition(
        "DisruptionAllowed", status.disruptionsAllowed > 0,
        reason: status.disruptionsAllowed > 0 ? "SufficientPods" : "InsufficientPods", at: now))
    return status
  }

  /// The sum of what the pods' controllers want, each controller once.
  private static func expectedPods(_ pods: [Pod], _ view: ClusterView) -> Int {
    var seen: Set<String> = []
    var total = 0
    for pod in pods {
      guard let owner = pod.metadata.controller else { continue }
      guard seen.insert(owner.uid).inserted else { continue }
      let set = view.replicaSets[NamespacedName(pod.metadata.namespace, owner.name)]
      if let set, let deployment = set.metadata.controller,
        let found = view.deployments[NamespacedName(pod.metadata.namespace, deployment.name)]
      {
        if seen.insert(deployment.uid).inserted { total += found.spec.replicas ?? 1 }
      } else {
        total += set?.spec.replicas ?? pods.count { $0.metadata.controller?.uid == owner.uid }
      }
    }
    return total
  }
}
