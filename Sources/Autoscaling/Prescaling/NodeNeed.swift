import Kubernetes

/// Which node groups must grow so that pods to come find room: by the scheduler's own predicates.
struct NodeNeed {
  /// Size of each group that takes pods to come, in nodes: what is there and asked for, and what must be added.
  var sizes: [String: Int] = [:]
  /// Groups in which pods wait for nodes, new ones or ones still booting.
  var booting: Set<String> = []
  /// Pods for which there is no room anywhere, by service.
  var unplaced: [NamespacedName: Int] = [:]

  /// Pods of one service that are to come.
  struct Demand {
    var service: NamespacedName
    var template: Pod
    var count: Int
  }

  /// A plan is looked at again so often: pods do not lie as close as they could.
  private static let roundsMax = 5

  /// - Parameters:
  ///   - demands: pods that do not exist yet.
  ///   - waiting: pods that exist and have no node.
  ///   - snapshot: of the nodes that are ready; when this returns it is as before.
  ///   - ready: how many of a group's nodes are.
  init(
    _ demands: [Demand], _ waiting: [BinPacking.Group], in snapshot: inout ClusterSnapshot, groups: [NodeGroup],
    ready: (NodeGroup) -> Int
  ) {
    let groups = Self.preferred(groups)
    let templates = groups.map { NodeTraits($0.templateNode(named: "")) }
    let pods = waiting + demands.map(Self.group)
    // Large pods that come last find room for none of them: nobody knows in which order they come.
    let order = PlacingOrder(templates).order(of: pods, smallFirst: true)
    let trial = snapshot.beginTrial()
    var booting: Set<Int> = []
    // Nodes that were asked for and are not ready yet are room too, as far as the cloud has them.
    for (index, group) in groups.enumerated() {
      for number in 0..<max(group.target - ready(group) - group.refused, 0) {
        booting.insert(
          snapshot.addNode(NodeTraits(like: templates[index], named: "\(group.name)-booting-\(number)")))
      }
    }
    var additions = groups.map { _ in 0 }
    var rest: [BinPacking.Group] = []
    for round in 1...Self.roundsMax {
      let inner = snapshot.beginTrial()
      for index in groups.indices {
        for number in 0..<additions[index] {
          snapshot.addNode(NodeTraits(like: templates[index], named: "\(groups[index].name)-to-come-\(number)"))
        }
      }
      rest = Self.schedule(order.map { pods[$0] }, in: &snapshot)
      if round == 1 { note(snapshot.nodesGivenPods(since: inner), booting, snapshot, groups) }
      let before = additions
      grow(&additions, for: &rest, groups, templates, in: &snapshot)
      snapshot.rollBack(inner)
      if additions == before { break }
    }
    snapshot.rollBack(trial)
    for (index, group) in groups.enumerated() where additions[index] > 0 {
      sizes[group.name] = group.target + additions[index]
      self.booting.insert(group.name)
    }
    // Those that exist by now and wait lack room as much as those that are to come.
    for pod in rest.flatMap(\.pods) {
      guard let service = pod.labels[WellKnown.service] else { continue }
      unplaced[NamespacedName(pod.key.namespace, service), default: 0] += 1
    }
  }

  /// How many nodes are needed hardly turns on which of a hundred that fit is the best: those with the least choice have
  /// gone first.
  private static let planning: Scheduler.Options = {
    var options = Scheduler.Options()
    options.percentageOfNodesToScore = 1
    return options
  }()

  /// Places pods as a scheduler will: it spreads them, and so needs more nodes than what packs them to the brim.
  /// - Returns: those that find no room.
  private static func schedule(_ pods: [BinPacking.Group], in snapshot: inout ClusterSnapshot) -> [BinPacking.Group] {
    var scheduler = Scheduler(options: planning)
    return pods.compactMap { group in
      let kind = scheduler.kind(of: group.shape, in: &snapshot)
      let placed = scheduler.place(group.pods, kind: kind, in: &snapshot).count
      return placed < group.pods.count
        ? BinPacking.Group(shape: group.shape, pods: Array(group.pods[placed...])) : nil
    }
  }

  /// Packs what found no room on further nodes, as far as groups may grow.
  private func grow(
    _ additions: inout [Int], for rest: inout [BinPacking.Group], _ groups: [NodeGroup], _ templates: [NodeTraits],
    in snapshot: inout ClusterSnapshot
  ) {
    for (index, group) in groups.enumerated() where !rest.isEmpty && group.refused == 0 {
      let room = group.maximum - group.target - additions[index]
      guard room > 0 else { continue }
      let (template, first) = (templates[index], additions[index])
      let packed = BinPacking.pack(rest, into: &snapshot, maxNodes: room) {
        NodeTraits(like: template, named: "\(group.name)-to-come-\(first + $0)")
      }
      additions[index] += packed.newNodes.count
      rest = packed.unplaced
    }
  }

  /// Beside the pods of a view, of which placeholders take no room.
  init(_ demands: [Demand], in view: ClusterView) {
    let view = view.withoutPlaceholders
    var snapshot = ClusterSnapshot(view) { $0.isReady && $0.metadata.deletionTimestamp == nil }
    let waiting = view.pods.values.filter { !$0.isScheduled && !$0.isFinished && !$0.isTerminating }
    var ready: [String: Int] = [:]
    for node in snapshot.nodes { ready[node.traits.labels[WellKnown.nodeGroup] ?? "", default: 0] += 1 }
    self.init(
      demands, BinPacking.Group.of(waiting.sorted { $0.key < $1.key }), in: &snapshot,
      groups: Array(view.nodeGroups.values)
    ) { ready[$0.name] ?? 0 }
  }

  /// Pods of one service are equal but for their names: what places them is read once.
  private static func group(_ demand: Demand) -> BinPacking.Group {
    var pod = demand.template
    pod.metadata.labels[WellKnown.service] = demand.service.name
    let shape = PodShape(pod)
    let pods = (0..<demand.count).map { index in
      let key = NamespacedName(pod.metadata.namespace, "\(demand.service.name)-to-come-\(index)")
      return PodInfo(key: key, shape: shape)
    }
    return BinPacking.Group(shape: shape, pods: pods)
  }

  /// Spot first, as it is cheap; on demand takes what spot is short of. Within that, by price for a core.
  private static func preferred(_ groups: [NodeGroup]) -> [NodeGroup] {
    func price(_ group: NodeGroup) -> Double {
      group.pricePerHour / max(group.allocatable["cpu"]?.doubleValue ?? 1, 0.001)
    }
    return groups.sorted {
      if $0.isSpot != $1.isSpot { return $0.isSpot }
      return price($0) == price($1) ? $0.name < $1.name : price($0) < price($1)
    }
  }

  /// Groups that hold pods to come must keep at least their present size.
  private mutating func note(
    _ used: Set<Int>, _ booting: Set<Int>, _ snapshot: ClusterSnapshot, _ groups: [NodeGroup]
  ) {
    for group in groups {
      let nodes = used.filter { snapshot.nodes[$0].traits.labels[WellKnown.nodeGroup] == group.name }
      guard !nodes.isEmpty else { continue }
      sizes[group.name] = group.target
      if !nodes.isDisjoint(with: booting) { self.booting.insert(group.name) }
    }
  }
}
