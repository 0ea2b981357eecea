import Kubernetes

/// The nodes of a cluster with the groups that they are of: what the node autoscaler looks at, kept between passes.
///
/// Whoever keeps it says what is so in the cluster (`addNode`, `removeNode`, `setMark`, the groups' targets, pods
/// through `snapshot`); the autoscaler keeps beside each node what it has asked for and what it has found out.
public struct NodeFleet: Sendable {
  public var snapshot: ClusterSnapshot
  /// By name.
  public private(set) var groups: [FleetGroup]
  private(set) var members: [FleetMember] = []
  /// Whether minima are held for a push, so that pods come and go soon.
  public var isPushOn = false

  public init(groups: [NodeGroup], snapshot: ClusterSnapshot = ClusterSnapshot()) {
    self.snapshot = snapshot
    self.groups = groups.sorted { $0.name < $1.name }.map { FleetGroup($0) }
  }

  public func index(ofGroup name: String) -> Int? { groups.firstIndex { $0.name == name } }

  /// By group, how many of its nodes are ready, and of those, how many the cloud is about to take away.
  var readyNodes: [String: ReadyNodes] {
    var ready = [ReadyNodes](repeating: ReadyNodes(), count: groups.count)
    for member in members where member.counts && member.isReady {
      ready[member.group].all += 1
      if member.isLost { ready[member.group].leaving += 1 }
    }
    return Dictionary(zip(groups.map(\.name), ready), uniquingKeysWith: { first, _ in first })
  }

  /// The size that the cloud was asked for last.
  public mutating func setTarget(_ size: Int, ofGroup group: Int) { groups[group].group.target = size }

  /// How many of those the cloud says it has none for.
  public mutating func setRefused(_ nodes: Int, ofGroup group: Int) { groups[group].group.refused = nodes }

  /// How many nodes of a group campaigns hold.
  public mutating func setFloor(_ nodes: Int, ofGroup group: Int) { groups[group].floor = nodes }

  /// What DaemonSets take of each node of a group.
  public mutating func setDaemons(_ requests: Resources?, ofGroup group: Int) {
    if groups[group].daemons != requests { groups[group].daemons = requests }
  }

  /// The same groups by name with other contents.
  mutating func update(_ group: NodeGroup, at index: Int) { groups[index].group = group }

  // MARK: Nodes

  /// - Parameter group: nil for a node that no group has made.
  @discardableResult
  public mutating func addNode(
    _ traits: NodeTraits, group: Int?, isReady: Bool = true, createdAt: Timestamp? = nil
  ) -> Int {
    let node = snapshot.addNode(traits)
    while members.count <= node { members.append(FleetMember()) }
    members[node] = FleetMember(group: group ?? -1, isReady: isReady, createdAt: createdAt)
    return node
  }

  public mutating func removeNode(_ node: Int) {
    snapshot.removeNode(node)
    members[node] = FleetMember()
  }

  mutating func setGroup(_ group: Int?, node: Int) { members[node].group = group ?? -1 }

  public mutating func setReady(_ isReady: Bool, node: Int) { members[node].isReady = isReady }

  /// Whether nobody may take the node away, however empty it is.
  public mutating func setProtected(_ isProtected: Bool, node: Int) { members[node].isProtected = isProtected }

  /// Whether the cluster shows the node as marked to be emptied, and since when.
  public mutating func setMark(_ isMarked: Bool, since: Timestamp? = nil, node: Int) {
    members[node].isMarked = isMarked
    members[node].markedAt = isMarked ? since : nil
    if members[node].asked?.isDrain == isMarked { members[node].asked = nil }
    close(node)
  }

  /// Takes a node out of the autoscaler's hands: it is interrupted, and others empty it. It counts until it is gone.
  public mutating func setLost(_ node: Int) {
    members[node].isLost = true
    close(node)
  }

  // MARK: The autoscaler's own

  mutating func ask(_ isDrain: Bool, node: Int, at now: Timestamp) {
    members[node].asked = members[node].isMarked == isDrain ? nil : FleetMember.Asked(isDrain: isDrain, at: now)
    if !isDrain {
      members[node].unneededSince = nil
      members[node].evictedAt = nil
    }
    close(node)
  }

  mutating func terminate(_ node: Int, at now: Timestamp) {
    members[node].terminatedAt = now
    members[node].unneededSince = nil
    close(node)
  }

  mutating func setEvicted(_ node: Int, at now: Timestamp) { members[node].evictedAt = now }

  mutating func setUnneeded(_ since: Timestamp?, node: Int) { members[node].unneededSince = since }

  /// What was asked for and is not seen after a while is asked for again.
  mutating func forgetOutdated(at now: Timestamp, after seconds: Double) {
    for node in members.indices {
      if let asked = members[node].asked, now - asked.at >= seconds {
        members[node].asked = nil
        close(node)
      }
      if let moment = members[node].terminatedAt, now - moment >= 2 * seconds {
        members[node].terminatedAt = nil
        close(node)
      }
    }
  }

  /// Puts pods where there is room in the cluster as it is expected: nodes that are there and booting ones, then those
  /// that were asked for. To be tried and rolled back.
  /// - Returns: those that fit nowhere.
  mutating func placeExpecting(_ pods: [BinPacking.Group], _ ledgers: [NodeGroupLedger]) -> [BinPacking.Group] {
    if pods.isEmpty { return [] }
    var nodes = snapshot.presentNodes
    var groupOfNode = nodes.map { $0 < members.count ? members[$0].group : -1 }
    for (group, ledger) in ledgers.enumerated() {
      for number in 0..<ledger.upcoming {
        nodes.append(snapshot.addNode(groups[group].template.node(named: "\(ledger.name)-upcoming-\(number)")))
        groupOfNode.append(group)
      }
    }
    let templates = groups.map(\.template.traits)
    var preferred = PreferredNodes(nodes, ofGroups: groupOfNode, templates, in: snapshot)
    var unplaced: [(number: Int, group: BinPacking.Group)] = []
    for number in PlacingOrder(templates).order(of: pods) {
      let nodes = preferred.order(by: pods[number].traits)
      unplaced += BinPacking.fill([pods[number]], into: &snapshot, on: nodes).map { (number, $0) }
    }
    return unplaced.sorted { $0.number < $1.number }.map(\.group)
  }

  private mutating func close(_ node: Int) { snapshot.setClosed(members[node].isClosed, node: node) }
}

/// A node group with what campaigns hold of it.
public struct FleetGroup: Sendable {
  public internal(set) var group: NodeGroup {
    didSet { if group.differsInNodes(from: oldValue) { template = NodeTemplate(group, less: daemons) } }
  }
  public internal(set) var floor = 0
  public internal(set) var daemons: Resources? {
    didSet { template = NodeTemplate(group, less: daemons) }
  }
  /// A fresh node, on which DaemonSets have taken their part already.
  private(set) var template: NodeTemplate

  init(_ group: NodeGroup) {
    self.group = group
    template = NodeTemplate(group, less: nil)
  }

  public var name: String { group.name }
}

/// How many nodes of a group are ready.
struct ReadyNodes {
  var all = 0
  /// Of them, those that the cloud is about to take away.
  var leaving = 0

  var staying: Int { all - leaving }
}

/// What is known of one node beside its place in the snapshot.
struct FleetMember: Sendable {
  struct Asked: Sendable {
    var isDrain: Bool
    var at: Timestamp
  }
  /// -1 for none.
  var group = -1
  var isReady = false
  var createdAt: Timestamp?
  var isProtected = false
  var isMarked = false
  var markedAt: Timestamp?
  var isLost = false
  /// A mark or its end that the cluster does not show yet.
  var asked: Asked?
  var terminatedAt: Timestamp?
  var evictedAt: Timestamp?
  var unneededSince: Timestamp?

  /// Whether the autoscaler counts it among its group's nodes.
  var counts: Bool { group >= 0 && terminatedAt == nil }
  var isDraining: Bool { asked?.isDrain ?? isMarked }
  var isClosed: Bool { isDraining || terminatedAt != nil || isLost }
}
