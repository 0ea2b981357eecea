import Kubernetes

/// One kind of pod, prepared for one snapshot: its topology counters are registered and what was learned of each
/// node is kept. Valid for that snapshot, as long as it lives, and its forks.
public struct PodRequirements: Sendable {
  public let shape: PodShape
  let group: Int
  let need: RoomNeed
  let hardSpread: [SpreadRule]
  let softSpread: [SpreadRule]
  let affinity: [Int]
  let matchesOwnAffinity: Bool
  let antiAffinity: [Int]
  let preferredPods: [(counter: Int, weight: Int)]
  private(set) var repelledBy: [Int] = []
  private(set) var drawnTo: [(counter: Int, weight: Int)] = []
  private var repellingSeen = 0
  private var drawingSeen = 0
  /// By class of nodes; not kept where it takes a node's name to tell.
  private var verdicts: [Verdict] = []
  private var reusedSeen = 0
  /// By class of nodes, the weight of the preferred node terms it matches; -1 unknown.
  private var preferences: [Int32] = []
  private let namesNodes: Bool
  let hasPreferences: Bool
  /// Whether it asks for ports of the node or for resources that few pods ask for.
  private let asksForMore: Bool

  struct SpreadRule: Sendable {
    var key: String
    var counter: Int
    var maxSkew: Int
    var minDomains: Int
    /// 1 where the pod itself will be counted.
    var own: Int
  }

  /// Whether the node alone allows it, whatever is on it.
  private enum Verdict: UInt8 { case unknown, allowed, refused }

  /// - Parameter softSpreading: spread by node and zone where the pod says nothing itself.
  public init(_ pod: Pod, in snapshot: inout ClusterSnapshot, softSpreading: Bool = false) {
    self.init(PodShape(pod), in: &snapshot, softSpreading: softSpreading)
  }

  public init(_ shape: PodShape, in snapshot: inout ClusterSnapshot, softSpreading: Bool = false) {
    let traits = shape.traits
    self.shape = shape
    group = snapshot.number(of: PodGroup(shape))
    need = RoomNeed(traits.requests)
    namesNodes = traits.namesNodes
    hasPreferences = !traits.preferredNodes.isEmpty
    asksForMore = !traits.hostPorts.isEmpty || !traits.requests.extended.isEmpty
    hardSpread = Self.spread(traits, isHard: true, group, in: &snapshot)
    var soft = Self.spread(traits, isHard: false, group, in: &snapshot)
    if softSpreading, traits.spread.isEmpty, !traits.ownerUID.isEmpty {
      // Upstream's defaults: hostname with skew 3, zone with skew 5.
      for (key, skew) in [(WellKnown.hostname, 3), (WellKnown.zone, 5)] {
        let picker = PodPicker.owned(namespace: traits.namespace, ownerUID: traits.ownerUID)
        let counter = snapshot.counter(for: TopologyQuestion(key: key, picker: picker))
        soft.append(SpreadRule(key: key, counter: counter, maxSkew: skew, minDomains: 1, own: 1))
      }
    }
    softSpread = soft
    let all = PodPicker.matching(traits.affinity)
    affinity = traits.affinity.map { snapshot.counter(for: TopologyQuestion(key: $0.topologyKey, picker: all)) }
    matchesOwnAffinity = all.picks(PodGroup(shape), namespaceLabels: snapshot.namespaceLabels)
    antiAffinity = traits.antiAffinity.map {
      snapshot.counter(for: TopologyQuestion(key: $0.topologyKey, picker: .matching([$0])))
    }
    preferredPods = traits.preferredPods.map {
      (snapshot.counter(for: TopologyQuestion(key: $0.term.topologyKey, picker: .matching([$0.term]))), $0.weight)
    }
    refresh(snapshot)
  }

  private static func spread(
    _ traits: SchedulingTraits, isHard: Bool, _ group: Int, in snapshot: inout ClusterSnapshot
  ) -> [SpreadRule] {
    let constraints = traits.spread.filter { $0.isHard == isHard }
    let keys = constraints.map(\.topologyKey).sorted()
    return constraints.map { constraint in
      let eligibility = NodeEligibility(
        keys: keys, nodeSelector: constraint.honorsAffinity ? traits.nodeSelector : [:],
        affinity: constraint.honorsAffinity ? traits.nodeAffinity : nil,
        tolerations: constraint.honorsTaints ? traits.tolerations : nil)
      let picker = PodPicker.spread(namespace: traits.namespace, selector: constraint.selector)
      let counter = snapshot.counter(
        for: TopologyQuestion(key: constraint.topologyKey, picker: picker, eligibility: eligibility))
      return SpreadRule(
        key: constraint.topologyKey, counter: counter, maxSkew: constraint.maxSkew, minDomains: constraint.minDomains,
        own: snapshot.counts(group, in: counter) ? 1 : 0)
    }
  }

  /// Learns of terms that pods placed since have brought, and of new classes of nodes. Call before searching.
  public mutating func refresh(_ snapshot: ClusterSnapshot) {
    let labels = snapshot.namespaceLabels
    while repellingSeen < snapshot.repelling.count {
      let (term, counter) = snapshot.repelling[repellingSeen]
      if term.matches(namespace: traits.namespace, labels: traits.labels, namespaceLabels: labels) {
        repelledBy.append(counter)
      }
      repellingSeen += 1
    }
    while drawingSeen < snapshot.drawing.count {
      let (weighted, counter) = snapshot.drawing[drawingSeen]
      if weighted.term.matches(namespace: traits.namespace, labels: traits.labels, namespaceLabels: labels) {
        drawnTo.append((counter, weighted.weight))
      }
      drawingSeen += 1
    }
    if reusedSeen != snapshot.classes.reused.end {
      if let classes = snapshot.classes.reused.since(reusedSeen) {
        for number in classes where Int(number) < verdicts.count {
          verdicts[Int(number)] = .unknown
          preferences[Int(number)] = -1
        }
      } else {
        verdicts.removeAll(keepingCapacity: true)
        preferences.removeAll(keepingCapacity: true)
      }
      reusedSeen = snapshot.classes.reused.end
    }
    let missing = snapshot.classes.count - verdicts.count
    if missing > 0 {
      verdicts.append(contentsOf: repeatElement(.unknown, count: missing))
      preferences.append(contentsOf: repeatElement(-1, count: missing))
    }
  }

  public var traits: SchedulingTraits { shape.traits }

  /// The weight of the preferred node terms that each node matches.
  mutating func preferences(forNodes nodes: [Int], in snapshot: ClusterSnapshot) -> [Int32] {
    let classes = snapshot.classes.ofNode
    return Array(unsafeUninitializedCapacity: nodes.count) { weights, count in
      for node in nodes {
        let number = Int(classes[node])
        var weight = preferences[number]
        if namesNodes || weight < 0 {
          weight = Int32(clamping: shape.traits.preference(for: snapshot.nodes[node].traits))
          if !namesNodes { preferences[number] = weight }
        }
        weights[count] = weight
        count += 1
      }
    }
  }

  /// Whether only the node's own room and labels decide, so that one node's change says nothing of the others.
  var looksOnlyAtTheNode: Bool {
    hardSpread.isEmpty && affinity.isEmpty && antiAffinity.isEmpty && repelledBy.isEmpty
  }

  /// Whether equal pods can be counted into a node by division.
  var isPlain: Bool { looksOnlyAtTheNode && !asksForMore }

  /// Whether the pod may be placed there.
  mutating func fits(_ node: Int, in snapshot: ClusterSnapshot) -> Bool {
    need.fits(snapshot.rooms[node]) && isAllowed(node, in: snapshot) && othersAllow(node, in: snapshot)
  }

  /// Whether a pod that `isPlain` may be placed there, where there is this room.
  mutating func fits(_ room: NodeRoom, ofNode node: Int, in snapshot: ClusterSnapshot) -> Bool {
    need.fits(room) && isAllowed(node, in: snapshot)
  }

  /// Whether the node alone allows it. There must be one.
  @inline(__always)
  private mutating func isAllowed(_ node: Int, in snapshot: ClusterSnapshot) -> Bool {
    if namesNodes { return NodePredicates.failure(of: shape.traits, on: snapshot.nodes[node].traits) == nil }
    let number = Int(snapshot.classes.ofNode[node])
    if verdicts[number] == .unknown {
      let failure = NodePredicates.failure(of: shape.traits, on: snapshot.nodes[node].traits)
      verdicts[number] = failure == nil ? .allowed : .refused
    }
    return verdicts[number] == .allowed
  }

  /// Whether ports, further resources, and where other pods are allow it.
  private func othersAllow(_ node: Int, in snapshot: ClusterSnapshot) -> Bool {
    if asksForMore {
      return dynamicFailure(node, in: snapshot) == nil
    }
    if looksOnlyAtTheNode { return true }
    if !hardSpread.isEmpty, spreadFailure(node, in: snapshot) != nil { return false }
    return affinityFailure(node, in: snapshot) == nil
  }

  /// Nodes that fit, looked for in turn.
  /// - Returns: the node at which the next search starts.
  mutating func appendFitting(
    to found: inout [Int], from start: Int, wanted: Int, in snapshot: ClusterSnapshot
  ) -> Int {
    let count = snapshot.nodes.count
    var place = NodePlace(start < count ? start : 0, of: count)
    while place.left > 0, found.count < wanted {
      let hope = snapshot.rooms.nextHope(for: need, from: place.node)
      if hope > place.node {
        place.pass(hope - place.node)
      } else if isPlain, !namesNodes {
        appendPlain(to: &found, from: &place, wanted: wanted, in: snapshot)
      } else {
        if fits(place.node, in: snapshot) { found.append(place.node) }
        place.pass(1)
      }
    }
    return place.node
  }

  /// Looks through the block of nodes that a place is in, for a pod of which room and class decide.
  private mutating func appendPlain(
    to found: inout [Int], from place: inout NodePlace, wanted: Int, in snapshot: ClusterSnapshot
  ) {
    let nodes = place.node..<min(snapshot.rooms.blockEnd(of: place.node), place.node + place.left)
    let missing = wanted - found.count
    let need = need
    let (rooms, classes) = (snapshot.rooms.all.span, snapshot.classes.ofNode.span)
    var node = nodes.lowerBound
    withUnsafeTemporaryAllocation(of: Int.self, capacity: nodes.count) { fitting in
      let verdicts = verdicts.span
      var count = 0
      while node < nodes.upperBound, count < missing {
        if need.fits(rooms[unchecked: node]) {
          let verdict = verdicts[Int(classes[unchecked: node])]
          if verdict == .unknown { break }
          if verdict == .allowed {
            fitting[count] = node
            count += 1
          }
        }
        node += 1
      }
      found.append(contentsOf: UnsafeBufferPointer(rebasing: fitting[..<count]))
    }
    place.pass(node - nodes.lowerBound)
    // A class that was not met before is learned, and the node looked at again.
    if node < nodes.upperBound, found.count < wanted { _ = isAllowed(node, in: snapshot) }
  }

  /// Why the pod may not be placed there; nil where it may.
  public func failure(onNode node: Int, in snapshot: ClusterSnapshot) -> FitFailure? {
    NodePredicates.failure(of: shape.traits, on: snapshot.nodes[node].traits) ?? dynamicFailure(node, in: snapshot)
  }

  private func dynamicFailure(_ node: Int, in snapshot: ClusterSnapshot) -> FitFailure? {
    if snapshot.nodes[node].isClosed { return .unschedulable }
    for port in shape.traits.hostPorts where snapshot.nodes[node].usedPorts.contains(where: port.conflicts(with:)) {
      return .ports
    }
    let shortage = Shortage.of(
      shape.traits.requests, added: snapshot.nodes[node].requested, within: snapshot.nodes[node].traits.allocatable)
    if !shortage.isEmpty { return .insufficient(shortage) }
    return spreadFailure(node, in: snapshot) ?? affinityFailure(node, in: snapshot)
  }

  private func spreadFailure(_ node: Int, in snapshot: ClusterSnapshot) -> FitFailure? {
    for rule in hardSpread {
      guard let count = snapshot.count(rule.counter, onNode: node) else {
        // A node that has the label but does not count towards the domains has no pods of its own to compare.
        if snapshot.nodes[node].traits.labels[rule.key] == nil { return .spreadMissingLabel }
        continue
      }
      let fewest = snapshot.fewest(rule.counter, ofAtLeast: rule.minDomains)
      if count + rule.own - fewest > rule.maxSkew { return .spread }
    }
    return nil
  }

  private func affinityFailure(_ node: Int, in snapshot: ClusterSnapshot) -> FitFailure? {
    if !affinity.isEmpty {
      var isSatisfied = true
      var isFirst = matchesOwnAffinity
      for counter in affinity {
        guard let count = snapshot.count(counter, onNode: node) else { return .affinity }
        if count == 0 { isSatisfied = false }
        if snapshot.counters[counter].total > 0 { isFirst = false }
      }
      // The first of a group that wants to be together may start anywhere.
      if !isSatisfied, !isFirst { return .affinity }
    }
    for counter in antiAffinity where (snapshot.count(counter, onNode: node) ?? 0) > 0 { return .antiAffinity }
    for counter in repelledBy where (snapshot.count(counter, onNode: node) ?? 0) > 0 {
      return .existingAntiAffinity
    }
    return nil
  }
}

/// A node in a search that goes once round all of them.
private struct NodePlace {
  private(set) var node: Int
  /// How many are still to be looked at.
  private(set) var left: Int
  private let count: Int

  init(_ node: Int, of count: Int) {
    self.node = node
    self.count = count
    left = count
  }

  /// - Parameter nodes: not beyond the last one; more than are left are cut.
  mutating func pass(_ nodes: Int) {
    let passed = min(nodes, left)
    left -= passed
    node = node + passed == count ? 0 : node + passed
  }
}
