import Kubernetes

/// Keeps a fleet as views show the cluster, by what is other than the last time.
struct FleetFollower: Sendable {
  enum Outlook: Sendable {
    /// As the scheduler must take it.
    case asShown
    /// As it will be: nodes that boot have booted, and whether a marked node takes pods is the fleet's to know, since it
    /// may have been called back.
    case asExpected
  }
  let outlook: Outlook
  var fleet = NodeFleet(groups: [])
  private var mirror = SnapshotMirror()
  private var known: [String: Node] = [:]

  init(_ outlook: Outlook) { self.outlook = outlook }

  /// - Parameter place: where pods that have no node yet take room all the same, by name of node.
  /// - Returns: whether the fleet was made anew, so that what was kept about its nodes means nothing.
  mutating func follow(_ view: ClusterView, assuming place: (NamespacedName) -> String? = { _ in nil }) -> Bool {
    let labels = view.namespaces.mapValues(\.metadata.labels)
    let isNew =
      fleet.groups.map(\.name) != view.nodeGroups.keys.sorted() || fleet.snapshot.namespaceLabels != labels
    if isNew {
      fleet = NodeFleet(groups: Array(view.nodeGroups.values), snapshot: ClusterSnapshot(namespaceLabels: labels))
      mirror = SnapshotMirror()
      known = [:]
    }
    let floors = NodeGroupLedger.floors(view.pushCampaigns.values)
    fleet.isPushOn = view.pushCampaigns.values.contains {
      PushCampaign.Phase(rawValue: $0.status.phase)?.holdsFloors == true
    }
    for index in fleet.groups.indices {
      let name = fleet.groups[index].name
      if let group = view.nodeGroups[name] { fleet.update(group, at: index) }
      fleet.setFloor(floors[name] ?? 0, ofGroup: index)
    }
    followNodes(view)
    mirror.follow(view, in: &fleet.snapshot) { pod in
      pod.isScheduled ? pod.spec.nodeName : place(pod.key) ?? ""
    }
    for (index, requests) in daemonRequests.enumerated() { fleet.setDaemons(requests, ofGroup: index) }
    return isNew
  }

  private mutating func followNodes(_ view: ClusterView) {
    for name in known.keys.sorted() where view.nodes[name] == nil { drop(name) }
    for (name, node) in view.nodes.sorted(by: { $0.key < $1.key }) where known[name] != node {
      // A node that comes again under its name is another one.
      if let old = known[name], old.metadata.uid != node.metadata.uid { drop(name) }
      known[name] = node
      set(node, view)
    }
  }

  private mutating func drop(_ name: String) {
    if let index = fleet.snapshot.index(ofNode: name) {
      mirror.nodeGoes(index, from: fleet.snapshot)
      fleet.removeNode(index)
    }
    known[name] = nil
  }

  private mutating func set(_ node: Node, _ view: ClusterView) {
    let isEnding = node.metadata.deletionTimestamp != nil
    let group = node.metadata.labels[WellKnown.nodeGroup].flatMap { isEnding ? nil : fleet.index(ofGroup: $0) }
    var shown = node
    if outlook == .asExpected {
      shown.spec.taints.removeAll { $0.key == Node.scaleDownTaint }
      if let group, !node.isReady { shown = shown.booted(as: fleet.groups[group].group) }
    }
    let traits = NodeTraits(shown)
    let index: Int
    if let present = fleet.snapshot.index(ofNode: node.metadata.name) {
      index = present
      if !fleet.snapshot.nodes[index].traits.isEqual(to: traits) {
        fleet.snapshot.replaceTraits(ofNode: index, with: traits)
      }
      fleet.setGroup(group, node: index)
    } else {
      index = fleet.addNode(traits, group: group, createdAt: node.metadata.creationTimestamp)
    }
    if outlook == .asShown { return }
    fleet.setReady(node.isReady, node: index)
    fleet.setProtected(node.metadata.annotations[EvictionRules.scaleDownDisabled] == "true", node: index)
    if node.endsAt != nil { fleet.setLost(index) }
    fleet.setMark(node.scaleDownMark != nil, since: node.scaleDownMark?.timeAdded, node: index)
  }

  /// What DaemonSets take of a node, seen at the first ready node of each group.
  private var daemonRequests: [Resources?] {
    var requests: [Resources?] = fleet.groups.map { _ in nil }
    var seen = fleet.groups.map { _ in false }
    for (node, member) in fleet.members.enumerated() where member.counts && member.isReady && !member.isClosed {
      if seen[member.group] { continue }
      seen[member.group] = true
      var sum = Resources()
      for resident in fleet.snapshot.nodes[node].residents where resident.pod.shape.ownerKind == "DaemonSet" {
        sum += resident.pod.requests
      }
      if sum.pods > 0 { requests[member.group] = sum }
    }
    return requests
  }
}
