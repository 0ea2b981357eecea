import Kubernetes

/// Which nodes the cluster could do without: empty ones, and those whose pods all fit elsewhere.
///
/// It keeps what it found out. For a node that could go, where its pods would go is only checked the next time; a node
/// that could not is looked at again when it has changed, or after a while, as upstream does it.
struct ScaleDown: Sendable {
  struct Candidate: Sendable {
    var node: Int
    var group: Int
    var isEmpty: Bool
    var utilization: Double
    var pricePerHour: Double
  }

  private struct Refusal: Sendable {
    var version: Int
    /// nil where only a change of the node can end it.
    var until: Timestamp?
  }

  private let configuration: NodeAutoscalingDecision.Configuration
  private var refusals: [Int: Refusal] = [:]
  /// For each node that could go, where its pods would go, in the order of their names.
  private var plans: [Int: [Int]] = [:]
  private var mover = PodMover()
  private var isReceiver: [Bool] = []
  /// nil once moves are tried in the snapshot itself.
  private var paper: MovesOnPaper?
  private var budgets = DisruptionAllowance([])

  init(_ configuration: NodeAutoscalingDecision.Configuration) { self.configuration = configuration }

  /// Notes in the fleet since when each node is unneeded. Nodes that were unneeded before are looked at first, so that
  /// they stay so.
  /// - Parameter needed: nodes that waiting pods are expected on.
  /// - Returns: all unneeded nodes, the best to go first.
  mutating func run(
    _ fleet: inout NodeFleet, _ ledgers: [NodeGroupLedger], needed: Set<Int>, _ allowance: DisruptionAllowance,
    at now: Timestamp
  ) -> [Candidate] {
    budgets = allowance
    var removable = ledgers.map(\.removable)
    mover.open(fleet)
    isReceiver = [Bool](repeating: false, count: fleet.snapshot.nodes.count)
    let (empty, known, others) = candidates(fleet, ledgers, needed: needed, at: now)
    var unneeded: [Candidate] = []
    for candidate in empty where removable[candidate.group] > 0 {
      removable[candidate.group] -= 1
      mover.setOpen(false, candidate.node)
      unneeded.append(candidate)
    }
    var simulations = 0
    let trial = fleet.snapshot.beginTrial()
    paper = MovesOnPaper(rooms: fleet.snapshot.rooms)
    for candidate in known + others where removable[candidate.group] > 0 && !isReceiver[candidate.node] {
      if simulations >= configuration.simulatedCandidates { break }
      simulations += 1
      guard movesElsewhere(candidate, &fleet.snapshot, at: now) else { continue }
      removable[candidate.group] -= 1
      mover.setOpen(false, candidate.node)
      unneeded.append(candidate)
    }
    paper = nil
    fleet.snapshot.rollBack(trial)
    note(unneeded, in: &fleet, at: now)
    return unneeded
  }

  private func note(_ unneeded: [Candidate], in fleet: inout NodeFleet, at now: Timestamp) {
    var isUnneeded = [Bool](repeating: false, count: fleet.members.count)
    for candidate in unneeded { isUnneeded[candidate.node] = true }
    for node in fleet.members.indices {
      if isUnneeded[node] {
        if fleet.members[node].unneededSince == nil { fleet.setUnneeded(now, node: node) }
      } else if fleet.members[node].unneededSince != nil {
        fleet.setUnneeded(nil, node: node)
      }
    }
  }

  // MARK: Candidates

  private func candidates(
    _ fleet: NodeFleet, _ ledgers: [NodeGroupLedger], needed: Set<Int>, at now: Timestamp
  ) -> (empty: [Candidate], known: [Candidate], others: [Candidate]) {
    let mayShrink = ledgers.map { $0.removable > 0 }
    var empty: [Candidate] = []
    var known: [Candidate] = []
    var others: [Candidate] = []
    for (node, member) in fleet.members.enumerated() {
      guard member.counts, member.isReady, !member.isClosed, !member.isProtected, mayShrink[member.group] else {
        continue
      }
      let load = fleet.snapshot.loads[node]
      let utilization = load.utilization
      if utilization > configuration.utilizationThreshold || needed.contains(node) { continue }
      let candidate = Candidate(
        node: node, group: member.group, isEmpty: load.movablePods == 0, utilization: utilization,
        pricePerHour: ledgers[member.group].group.pricePerHour)
      if candidate.isEmpty {
        empty.append(candidate)
      } else if !isRefused(node, fleet.snapshot, at: now) {
        if member.unneededSince != nil { known.append(candidate) } else { others.append(candidate) }
      }
    }
    func precedes(_ left: Candidate, _ right: Candidate) -> Bool {
      if left.isEmpty {
        let wasKnown = (
          fleet.members[left.node].unneededSince != nil, fleet.members[right.node].unneededSince != nil
        )
        if wasKnown.0 != wasKnown.1 { return wasKnown.0 }
      }
      if left.utilization != right.utilization { return left.utilization < right.utilization }
      if left.pricePerHour != right.pricePerHour { return left.pricePerHour > right.pricePerHour }
      return left.node < right.node
    }
    // Twice as many as can be simulated, as some turn out to be where others are moved to.
    let few = max(0, configuration.simulatedCandidates - known.count) * 2
    return (empty.sorted(by: precedes), known.sorted(by: precedes), others.foremost(few, by: precedes))
  }

  private func isRefused(_ node: Int, _ snapshot: ClusterSnapshot, at now: Timestamp) -> Bool {
    guard let refusal = refusals[node], refusal.version == snapshot.changedAt[node] else { return false }
    return refusal.until.map { now < $0 } ?? true
  }

  // MARK: Moving

  private mutating func movesElsewhere(
    _ candidate: Candidate, _ snapshot: inout ClusterSnapshot, at now: Timestamp
  ) -> Bool {
    let node = candidate.node
    guard let pods = movablePods(of: node, snapshot) else {
      refuse(node, until: nil, snapshot)
      return false
    }
    guard budgets.takeAll(pods) else {
      plans[node] = nil
      refuse(node, until: now + configuration.refusalSeconds, snapshot)
      return false
    }
    mover.setOpen(false, node)
    guard let places = places(for: pods, of: node, &snapshot) else {
      mover.setOpen(true, node)
      for pod in pods { budgets.giveBack(pod) }
      plans[node] = nil
      refuse(node, until: now + configuration.refusalSeconds, snapshot)
      return false
    }
    for place in places { isReceiver[place] = true }
    plans[node] = places
    refusals[node] = nil
    return true
  }

  /// On paper as long as only room matters; from the first pod on that looks at others, in the snapshot.
  private mutating func places(for pods: [PodInfo], of node: Int, _ snapshot: inout ClusterSnapshot) -> [Int]? {
    let planned = plans[node] ?? []
    if paper != nil {
      if mover.arePlain(pods, in: &snapshot) { return placesOnPaper(for: pods, of: node, planned, &snapshot) }
      for move in paper?.moves ?? [] {
        for pod in move.pods { snapshot.forget(pod.key, onNode: move.node) }
        for (pod, place) in zip(move.pods, move.places) { snapshot.assume(pod, onNode: place) }
      }
      paper = nil
    }
    let trial = snapshot.beginTrial()
    for pod in pods { snapshot.forget(pod.key, onNode: node) }
    guard let places = mover.places(for: pods, planned: planned, in: &snapshot) else {
      snapshot.rollBack(trial)
      return nil
    }
    snapshot.keep(trial)
    return places
  }

  private mutating func placesOnPaper(
    for pods: [PodInfo], of node: Int, _ planned: [Int], _ snapshot: inout ClusterSnapshot
  ) -> [Int]? {
    guard var paper else { return nil }
    self.paper = nil
    let places = mover.places(for: pods, planned: planned, within: &paper.rooms, in: &snapshot)
    if let places { paper.moves.append(.init(node: node, pods: pods, places: places)) }
    self.paper = paper
    return places
  }

  /// Pods that moved, of which the snapshot has not been told.
  private struct MovesOnPaper: Sendable {
    struct Move: Sendable {
      var node: Int
      var pods: [PodInfo]
      var places: [Int]
    }
    var rooms: NodeRooms
    var moves: [Move] = []
  }

  private mutating func refuse(_ node: Int, until: Timestamp?, _ snapshot: ClusterSnapshot) {
    refusals[node] = Refusal(version: snapshot.changedAt[node], until: until)
  }

  /// The pods that must find another place, by name; nil where one of them may not be moved.
  private func movablePods(of node: Int, _ snapshot: ClusterSnapshot) -> [PodInfo]? {
    var pods: [PodInfo] = []
    for resident in snapshot.nodes[node].residents where !resident.pod.isTerminating {
      let pod = resident.pod
      switch EvictionRules.answer(pod.shape.mobility, pod.key, blockingVolumes: configuration.blockingVolumes) {
      case .ignored: continue
      case .blocked: return nil
      case .movable: pods.append(pod)
      }
    }
    return pods.sorted { $0.key < $1.key }
  }
}
