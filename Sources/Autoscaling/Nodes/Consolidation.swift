import Kubernetes

/// Whether the cluster could do with cheaper nodes: one node less, or a cheaper one in place of a dear one.
///
/// Pods end up on dear nodes although they could be on cheap ones, since those were not there when the pods came; then
/// pods that must be there find no room, and ask for more. A node can go where its pods fit elsewhere, where needed
/// after others have made room for them that could be on cheaper nodes, and where new nodes for what is left cost less.
/// Karpenter's consolidation does the same for one node at a time, without others making room.
struct Consolidation {
  struct Plan {
    /// The node that can go.
    var node: Int
    /// New nodes by group that must be there first.
    var additions: [Int]
    /// Pods elsewhere that must make room first.
    var displaced: [(pod: PodInfo, node: Int)]
  }

  private let configuration: NodeAutoscalingDecision.Configuration
  private let ledgers: [NodeGroupLedger]
  private let templates: [NodeTemplate]
  /// Of each group, whether another one is cheaper.
  private let hasCheaper: [Bool]
  private var mover = PodMover()
  /// Of each node, pods that could be on cheaper ones, large ones first; nil where it was not asked yet.
  private var displaceable: [[NodeInfo.Resident]?]
  /// Nodes that the plan under way has given pods, or taken them from.
  private var touched: Set<Int> = []
  private var choices: GroupChoices

  init(
    _ configuration: NodeAutoscalingDecision.Configuration, _ ledgers: [NodeGroupLedger], _ fleet: NodeFleet
  ) {
    self.configuration = configuration
    self.ledgers = ledgers
    templates = fleet.groups.map(\.template)
    choices = GroupChoices(templates)
    displaceable = [[NodeInfo.Resident]?](repeating: nil, count: fleet.snapshot.nodes.count)
    hasCheaper = ledgers.map { ledger in ledgers.contains { $0.group.pricePerHour < ledger.group.pricePerHour } }
    mover.open(fleet)
    // Little-used nodes go on their own, and take nothing until then.
    for node in fleet.members.indices
    where fleet.members[node].unneededSince != nil && fleet.snapshot.loads[node].movablePods > 0 {
      mover.setOpen(false, node)
    }
  }

  /// - Returns: the first that pays, of the dearest and emptiest nodes.
  mutating func plan(_ fleet: inout NodeFleet) -> Plan? {
    for node in candidates(fleet) {
      if let plan = plan(for: node, fleet.members, in: &fleet.snapshot) { return plan }
    }
    return nil
  }

  /// Those that are unneeded already go on their own.
  private func candidates(_ fleet: NodeFleet) -> [Int] {
    let nodes = fleet.members.indices.lazy.filter { node in
      let member = fleet.members[node]
      return member.counts && member.isReady && !member.isClosed && !member.isProtected
        && member.unneededSince == nil && ledgers[member.group].removable > 0
    }
    let prices = ledgers.map(\.group.pricePerHour)
    return nodes.map { ($0, prices[fleet.members[$0].group], fleet.snapshot.loads[$0].utilization) }
      .foremost(configuration.simulatedCandidates) { left, right in
        if left.1 != right.1 { return left.1 > right.1 }
        return left.2 == right.2 ? left.0 < right.0 : left.2 < right.2
      }
      .map(\.0)
  }

  private mutating func plan(
    for node: Int, _ members: [FleetMember], in snapshot: inout ClusterSnapshot
  ) -> Plan? {
    guard let pods = movablePods(of: node, snapshot) else { return nil }
    let trial = snapshot.beginTrial()
    touched = []
    mover.setOpen(false, node)
    defer {
      snapshot.rollBack(trial)
      mover.setOpen(true, node)
    }
    for pod in pods { snapshot.forget(pod.key, onNode: node) }
    var displaced: [(pod: PodInfo, node: Int)] = []
    var homeless: [PodInfo] = []
    for pod in pods where !place(pod, in: &snapshot) {
      if mayBeCheaper(pod, than: members[node].group) {
        homeless.append(pod)
      } else if let others = makeRoom(for: pod, members, in: &snapshot) {
        displaced += others
      } else {
        return nil
      }
    }
    for (pod, _) in displaced where !place(pod, in: &snapshot) { homeless.append(pod) }
    var scaleUp = ScaleUp(BinPacking.Group.of(homeless), ledgers, templates, configuration)
    if !homeless.isEmpty { scaleUp.run(on: &snapshot) }
    guard scaleUp.remaining.isEmpty else { return nil }
    let price = ledgers[members[node].group].group.pricePerHour
    let cost = zip(ledgers, scaleUp.additions).reduce(0) { $0 + $1.0.group.pricePerHour * Double($1.1) }
    let isFree = scaleUp.additions.allSatisfy { $0 == 0 }
    guard isFree || price > 0 && price - cost >= configuration.savingMin * price else { return nil }
    return Plan(node: node, additions: scaleUp.additions, displaced: displaced)
  }

  private mutating func place(_ pod: PodInfo, in snapshot: inout ClusterSnapshot) -> Bool {
    var start = 0
    guard let place = mover.place(pod, from: &start, in: &snapshot) else { return false }
    touched.insert(place)
    return true
  }

  /// Those with the least choice first, large ones before small ones; nil where one must stay.
  private mutating func movablePods(of node: Int, _ snapshot: ClusterSnapshot) -> [PodInfo]? {
    var pods: [PodInfo] = []
    for resident in snapshot.nodes[node].residents {
      let pod = resident.pod
      // Something moves already.
      if pod.isTerminating { return nil }
      switch answer(pod) {
      case .ignored: continue
      case .blocked: return nil
      case .movable:
        guard hasCompany(resident, snapshot) else { return nil }
        pods.append(pod)
      }
    }
    let ranks = pods.map { pod in
      (choices.of(pod).count { $0 }, -pod.requests.size(in: snapshot.nodes[node].allocatable))
    }
    let order = pods.indices.sorted { left, right in
      ranks[left] == ranks[right] ? pods[left].key < pods[right].key : ranks[left] < ranks[right]
    }
    return order.map { pods[$0] }
  }

  private func answer(_ pod: PodInfo) -> EvictionRules.Answer {
    EvictionRules.answer(pod.shape.mobility, pod.key, blockingVolumes: configuration.blockingVolumes)
  }

  /// Whether others serve while it moves: what is only cheaper must not be felt.
  private func hasCompany(_ resident: NodeInfo.Resident, _ snapshot: ClusterSnapshot) -> Bool {
    snapshot.hasPods(configuration.movedReplicasMin, ofOwnerOf: resident.group)
  }

  /// Whether a node of a cheaper group would take it.
  private mutating func mayBeCheaper(_ pod: PodInfo, than group: Int) -> Bool {
    let choice = choices.of(pod)
    return ledgers.indices.contains {
      choice[$0] && ledgers[$0].group.pricePerHour < ledgers[group].group.pricePerHour
    }
  }

  /// Takes pods that may be on cheaper nodes from a node, so that the pod fits there: as few as possible.
  private mutating func makeRoom(
    for pod: PodInfo, _ members: [FleetMember], in snapshot: inout ClusterSnapshot
  ) -> [(pod: PodInfo, node: Int)]? {
    var best: (node: Int, pods: [PodInfo])?
    let choice = choices.of(pod)
    for node in mover.openNodes where members[node].group >= 0 && choice[members[node].group] {
      // Where it does not fit as things are, one other at least must leave: no better than the best so far, or nobody
      // there could be on cheaper nodes.
      let isFull = !snapshot.hasRoom(onNode: node, for: pod)
      if isFull, best?.pods.count ?? 2 < 2 || !hasCheaper[members[node].group] { continue }
      let others = others(on: node, for: pod, group: members[node].group, snapshot)
      if let others, others.count < best?.pods.count ?? Int.max { best = (node, others) }
      if best?.pods.isEmpty == true { break }
    }
    guard let best else { return nil }
    touched.insert(best.node)
    for other in best.pods { snapshot.forget(other.key, onNode: best.node) }
    guard mover.place(pod, onNode: best.node, in: &snapshot) else { return nil }
    return best.pods.map { ($0, best.node) }
  }

  /// The fewest that must leave a node; nil where that is not enough.
  private mutating func others(
    on node: Int, for pod: PodInfo, group: Int, _ snapshot: ClusterSnapshot
  ) -> [PodInfo]? {
    let able = displaceable(on: node, group: group, snapshot)
    return snapshot.leaving(node, of: able, for: pod) { hasCompany($0, snapshot) }
  }

  private mutating func displaceable(
    on node: Int, group: Int, _ snapshot: ClusterSnapshot
  ) -> [NodeInfo.Resident] {
    let isAsFound = !touched.contains(node)
    if isAsFound, let known = displaceable[node] { return known }
    var pods: [NodeInfo.Resident] = []
    for resident in snapshot.nodes[node].residents where !resident.pod.isTerminating {
      guard answer(resident.pod) == .movable, mayBeCheaper(resident.pod, than: group) else { continue }
      pods.append(resident)
    }
    pods = snapshot.largeFirst(pods, onNode: node)
    if isAsFound { displaceable[node] = pods }
    return pods
  }
}
