import Kubernetes

/// Which nodes the cluster could do without: empty ones, and those whose pods all fit elsewhere.
struct ScaleDown {
  struct Candidate: Sendable {
    var node: String
    var group: String
    var isEmpty: Bool
    var utilization: Double
    var pricePerHour: Double
    var pods: [Pod]
  }

  private let view: ClusterView
  private let configuration: NodeAutoscalingDecision.Configuration
  private var snapshot: ClusterSnapshot
  private var budgets: DisruptionAllowance
  private var removable: [String: Int]
  private var removed: Set<String> = []
  private var receivers: Set<String> = []
  private let usable: Set<String>
  private(set) var unneeded: [Candidate] = []

  /// - Parameter snapshot: with pending pods where they are expected to go: nodes that get one are needed.
  init(
    _ view: ClusterView, on snapshot: ClusterSnapshot, _ ledgers: [String: NodeGroupLedger],
    _ configuration: NodeAutoscalingDecision.Configuration
  ) {
    self.view = view
    self.snapshot = snapshot
    self.configuration = configuration
    budgets = DisruptionAllowance(view.disruptionBudgets.values)
    removable = ledgers.mapValues(\.removable)
    // Pods move to nodes that are there, not to those that are hoped for; nodes outside all groups count too.
    usable = Set(snapshot.nodes.filter { view.nodes[$0.name]?.isReady == true }.map(\.name))
  }

  /// - Parameter known: nodes that were unneeded before are looked at first, so that they stay so.
  mutating func run(_ ledgers: [String: NodeGroupLedger], known: Set<String>) {
    var candidates: [Candidate] = []
    for ledger in ledgers.values where (removable[ledger.name] ?? 0) > 0 {
      candidates += ledger.ready.compactMap { candidate($0, ledger.group) }
    }
    candidates.sort { left, right in
      if left.isEmpty != right.isEmpty { return left.isEmpty }
      let wasKnown = (known.contains(left.node), known.contains(right.node))
      if wasKnown.0 != wasKnown.1 { return wasKnown.0 }
      if left.utilization != right.utilization { return left.utilization < right.utilization }
      if left.pricePerHour != right.pricePerHour { return left.pricePerHour > right.pricePerHour }
      return left.node < right.node
    }
    var simulations = 0
    for candidate in candidates where (removable[candidate.group] ?? 0) > 0 && !receivers.contains(candidate.node) {
      if !candidate.isEmpty {
        if simulations >= configuration.simulatedCandidates { break }
        simulations += 1
        guard movesElsewhere(candidate) else { continue }
      }
      removed.insert(candidate.node)
      removable[candidate.group, default: 0] -= 1
      unneeded.append(candidate)
    }
  }

  private func candidate(_ name: String, _ group: NodeGroup) -> Candidate? {
    guard let index = snapshot.index(ofNode: name), let node = view.nodes[name],
      node.metadata.annotations[EvictionRules.scaleDownDisabled] != "true"
    else { return nil }
    var requested = Resources()
    var pods: [Pod] = []
    for resident in snapshot.nodes[index].residents {
      // A pod that is only expected here is why the node is needed.
      guard let pod = view.pods[resident.pod.key], pod.spec.nodeName == name else { return nil }
      switch EvictionRules.answer(pod, blockingVolumes: configuration.blockingVolumes) {
      case .ignored: continue
      case .blocked:
        if !pod.isTerminating { return nil }
      case .movable:
        if !pod.isTerminating { pods.append(pod) }
      }
      requested += resident.pod.requests
    }
    let utilization = requested.utilization(of: snapshot.nodes[index].allocatable)
    if utilization > configuration.utilizationThreshold { return nil }
    return Candidate(
      node: name, group: group.name, isEmpty: requested.pods == 0, utilization: utilization,
      pricePerHour: group.pricePerHour, pods: pods.sorted { $0.key < $1.key })
  }

  private mutating func movesElsewhere(_ candidate: Candidate) -> Bool {
    guard let index = snapshot.index(ofNode: candidate.node) else { return false }
    var trial = snapshot
    var allowance = budgets
    var free: [Pod] = []
    for pod in candidate.pods {
      let info = PodInfo(pod)
      if allowance.count(for: info) > 1 || !allowance.take(info) { return false }
      trial.forget(pod.key, onNode: index)
      var moving = pod
      moving.spec.nodeName = ""
      free.append(moving)
    }
    var destinations: Set<String> = []
    let before = trial
    let left = BinPacking.fill(BinPacking.Group.of(free), into: &trial) {
      $0.name != candidate.node && usable.contains($0.name) && !removed.contains($0.name)
    }
    guard left.isEmpty else { return false }
    for index in trial.nodes.indices where trial.nodes[index].residents.count > before.nodes[index].residents.count {
      destinations.insert(trial.nodes[index].name)
    }
    snapshot = trial
    budgets = allowance
    receivers.formUnion(destinations)
    return true
  }
}
