import Kubernetes

/// How pods that wait get room where the groups that take them grow no further: pods on their nodes go to cheaper ones,
/// which those that wait cannot be on.
///
/// A scheduler gives a node to whichever pod waits, so pods that may be anywhere can take the last nodes of those that
/// may not. Other autoscalers leave it at that.
struct NodeRelief {
  /// Pods that make room, and have a place to go to.
  private(set) var displaced: [(pod: PodInfo, node: Int)] = []
  /// New nodes by group for pods that would make room and have no place yet.
  private(set) var additions: [Int]
  /// Nodes that are counted on.
  private(set) var used: Set<Int> = []

  private let configuration: NodeAutoscalingDecision.Configuration
  private let ledgers: [NodeGroupLedger]
  private let templates: [NodeTemplate]
  private let members: [FleetMember]
  private var budgets: DisruptionAllowance
  private var mover = PodMover()
  private let openNodes: [Int]
  /// Pods that stay: they are on their nodes only in thought.
  private var staying: Set<NamespacedName>
  private var homeless: [PodInfo] = []
  private var choices: GroupChoices

  /// So many waiting pods are looked at.
  private static let podsMax = 50
  /// So many nodes are tried for one of them.
  private static let triesMax = 8

  /// - Parameter planned: pods that are not on the nodes that the snapshot has them on.
  init(
    _ configuration: NodeAutoscalingDecision.Configuration, _ ledgers: [NodeGroupLedger], _ fleet: NodeFleet,
    planned: Set<NamespacedName>, _ budgets: DisruptionAllowance
  ) {
    self.configuration = configuration
    self.ledgers = ledgers
    self.budgets = budgets
    templates = fleet.groups.map(\.template)
    choices = GroupChoices(templates)
    members = fleet.members
    additions = ledgers.map { _ in 0 }
    staying = planned
    mover.open(fleet)
    openNodes = mover.openNodes
  }

  /// Looks for room for pods that no group's growth helps. Leaves the snapshot as it was.
  mutating func look(for waiting: [BinPacking.Group], in snapshot: inout ClusterSnapshot) {
    let trial = snapshot.beginTrial()
    defer { snapshot.rollBack(trial) }
    forgetEnding(in: &snapshot)
    var left = Self.podsMax
    for group in waiting where left > 0 {
      for pod in group.pods.prefix(left) {
        left -= 1
        // Equal pods would not find more.
        guard makeRoom(for: pod, in: &snapshot) else { break }
      }
    }
    if displaced.isEmpty, !homeless.isEmpty { grow(on: &snapshot) }
  }

  /// The room of those on their way out is free soon.
  private func forgetEnding(in snapshot: inout ClusterSnapshot) {
    for node in members.indices {
      for resident in snapshot.nodes[node].residents where resident.pod.isTerminating {
        snapshot.forget(resident.pod.key, onNode: node)
      }
    }
  }

  private mutating func makeRoom(for pod: PodInfo, in snapshot: inout ClusterSnapshot) -> Bool {
    var start = 0
    if mover.place(pod, from: &start, in: &snapshot) != nil { return true }
    for (node, others) in rooms(for: pod, snapshot) {
      let attempt = snapshot.beginTrial()
      for other in others { snapshot.forget(other.key, onNode: node) }
      var budgets = budgets
      guard mover.place(pod, onNode: node, in: &snapshot), budgets.takeAll(others) else {
        snapshot.rollBack(attempt)
        continue
      }
      snapshot.keep(attempt)
      self.budgets = budgets
      let rest = others.filter { !move($0, from: node, awayFrom: pod, in: &snapshot) }
      // Where one has no place yet, none of them goes.
      if rest.isEmpty { displaced += others.map { ($0, node) } } else { homeless += rest }
      return true
    }
    return false
  }

  /// Nodes on which a pod fits once some others have left, the fewest first.
  private mutating func rooms(for pod: PodInfo, _ snapshot: ClusterSnapshot) -> [(node: Int, others: [PodInfo])] {
    let choice = choices.of(pod)
    var rooms: [(node: Int, others: [PodInfo])] = []
    var easy = 0
    for node in openNodes where members[node].group >= 0 && choice[members[node].group] {
      guard let others = others(on: node, for: pod, snapshot) else { continue }
      rooms.append((node, others))
      if others.count == 1 { easy += 1 }
      if easy == Self.triesMax { break }
    }
    rooms.sort { $0.others.count == $1.others.count ? $0.node < $1.node : $0.others.count < $1.others.count }
    return Array(rooms.prefix(Self.triesMax))
  }

  /// The fewest that must leave a node, large ones first; nil where that is not enough, or nobody need leave.
  private mutating func others(on node: Int, for pod: PodInfo, _ snapshot: ClusterSnapshot) -> [PodInfo]? {
    if snapshot.hasRoom(onNode: node, for: pod) { return nil }
    var able: [NodeInfo.Resident] = []
    for resident in snapshot.nodes[node].residents
    where mayGo(resident, for: pod, snapshot) && !goals(of: resident.pod, from: node, awayFrom: pod).isEmpty {
      able.append(resident)
    }
    return snapshot.leaving(node, of: snapshot.largeFirst(able, onNode: node), for: pod)
  }

  private func mayGo(_ resident: NodeInfo.Resident, for pod: PodInfo, _ snapshot: ClusterSnapshot) -> Bool {
    let (other, mobility) = (resident.pod, resident.pod.shape.mobility)
    return !staying.contains(other.key) && other.shape.traits.priority <= pod.shape.traits.priority
      && EvictionRules.answer(mobility, other.key, blockingVolumes: configuration.blockingVolumes) == .movable
      && snapshot.hasPods(configuration.movedReplicasMin, ofOwnerOf: resident.group)
  }

  /// The groups that a pod may go to so that another one has its room: cheaper ones that do not take that one.
  private mutating func goals(of other: PodInfo, from node: Int, awayFrom pod: PodInfo) -> [Int] {
    let (mine, theirs) = (choices.of(other), choices.of(pod))
    let price = ledgers[members[node].group].group.pricePerHour
    return ledgers.indices.filter { mine[$0] && !theirs[$0] && ledgers[$0].group.pricePerHour < price }
  }

  /// - Returns: whether there is a node for it.
  private mutating func move(
    _ other: PodInfo, from node: Int, awayFrom pod: PodInfo, in snapshot: inout ClusterSnapshot
  ) -> Bool {
    // One that has gone does not go again.
    staying.insert(other.key)
    let goals = goals(of: other, from: node, awayFrom: pod)
    for place in openNodes where goals.contains(members[place].group) {
      if mover.place(other, onNode: place, in: &snapshot) {
        used.insert(place)
        return true
      }
    }
    return false
  }

  /// Asks for nodes only where they help all, and where none is on its way.
  private mutating func grow(on snapshot: inout ClusterSnapshot) {
    let takers = ledgers.indices.filter { group in homeless.contains { choices.of($0)[group] } }
    guard takers.allSatisfy({ ledgers[$0].missing == 0 && ledgers[$0].booting == 0 }) else { return }
    var scaleUp = ScaleUp(BinPacking.Group.of(homeless), ledgers, templates, configuration)
    scaleUp.run(on: &snapshot)
    if scaleUp.remaining.isEmpty { additions = scaleUp.additions }
  }
}

/// How often and how much others made room lately, so that it does not go on for ever where it comes to nothing.
struct RelievingMemory: Sendable {
  /// Pods moved and nodes asked for within an hour.
  private static let stepsMax = 60
  private static let windowSeconds = 3600.0
  private var lookedAt: Timestamp?
  private var since: Timestamp?
  private var steps = 0

  func isDue(every seconds: Double, at now: Timestamp) -> Bool {
    if let since, steps >= Self.stepsMax, now - since < Self.windowSeconds { return false }
    return lookedAt.map { now - $0 >= seconds } ?? true
  }

  mutating func look(at now: Timestamp) { lookedAt = now }

  mutating func step(_ count: Int, at now: Timestamp) {
    if since.map({ now - $0 >= Self.windowSeconds }) ?? true { (since, steps) = (now, 0) }
    steps += count
  }
}
