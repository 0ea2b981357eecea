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

  /// - Parameter demands: pods that do not exist yet. Pods that exist and wait for a node are counted from the view;
  ///   placeholders take no room from either.
  init(_ demands: [Demand], in view: ClusterView) {
    let view = view.withoutPlaceholders
    let groups = Self.preferred(view.nodeGroups)
    var snapshot = ClusterSnapshot(view) { $0.isReady && $0.metadata.deletionTimestamp == nil }
    let firstBooting = snapshot.nodes.count
    for group in groups { Self.addBooting(group, view, to: &snapshot) }

    let waiting = view.pods.values.filter { !$0.isScheduled && !$0.isFinished && !$0.isTerminating }
    let wanted = BinPacking.Group.of(waiting.sorted { $0.key < $1.key }) + demands.map(Self.group)
    var rest = BinPacking.fill(wanted, into: &snapshot)
    note(snapshot, booting: firstBooting, view)
    for group in groups where !rest.isEmpty && group.maximum > group.target {
      let template = NodeTraits(group.templateNode(named: ""))
      let packed = BinPacking.pack(rest, into: &snapshot, maxNodes: group.maximum - group.target) {
        NodeTraits(like: template, named: "\(group.name)-to-come-\($0)")
      }
      if !packed.newNodes.isEmpty {
        sizes[group.name] = group.target + packed.newNodes.count
        booting.insert(group.name)
      }
      rest = packed.unplaced
    }
    // Those that exist by now and wait lack room as much as those that are to come.
    for pod in rest.flatMap(\.pods) {
      guard let service = pod.labels[WellKnown.service] else { continue }
      unplaced[NamespacedName(pod.key.namespace, service), default: 0] += 1
    }
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
  private static func preferred(_ groups: [String: NodeGroup]) -> [NodeGroup] {
    func price(_ group: NodeGroup) -> Double {
      group.pricePerHour / max(group.allocatable["cpu"]?.doubleValue ?? 1, 0.001)
    }
    return groups.values.sorted {
      if $0.isSpot != $1.isSpot { return $0.isSpot }
      return price($0) == price($1) ? $0.name < $1.name : price($0) < price($1)
    }
  }

  /// Nodes that were asked for and are not ready yet are room too.
  private static func addBooting(_ group: NodeGroup, _ view: ClusterView, to snapshot: inout ClusterSnapshot) {
    let there = view.nodes.values.count {
      $0.metadata.labels[WellKnown.nodeGroup] == group.name && $0.isReady && $0.metadata.deletionTimestamp == nil
    }
    for index in 0..<max(group.target - there, 0) {
      snapshot.addNode(group.templateNode(named: "\(group.name)-booting-\(index)"))
    }
  }

  /// Groups that hold pods to come must keep at least their present size.
  private mutating func note(_ snapshot: ClusterSnapshot, booting firstBooting: Int, _ view: ClusterView) {
    for (index, node) in snapshot.nodes.enumerated() {
      guard let name = node.traits.labels[WellKnown.nodeGroup], let group = view.nodeGroups[name] else { continue }
      guard node.residents.contains(where: { view.pods[$0.pod.key]?.isScheduled != true }) else { continue }
      sizes[name] = max(sizes[name] ?? 0, group.target)
      if index >= firstBooting { booting.insert(name) }
    }
  }
}
