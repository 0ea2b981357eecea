import Kubernetes

/// How many more nodes of one kind a set of pods needs: first fit decreasing over the scheduler's own predicates.
///
/// The behaviour is that of cluster-autoscaler's `estimator/binpacking_estimator.go`: kinds of pods in the order of
/// the size of one, each pod on the first new node that takes it, a further node where none does. Pods that are spread
/// over host names may also fall back to nodes that are there already, because a new node can make room on them.
public enum BinPacking {
  /// Equal pods, packed together.
  public struct Group: Sendable {
    public let traits: SchedulingTraits
    public var pods: [PodInfo]

    public init(traits: SchedulingTraits, pods: [PodInfo]) {
      self.traits = traits
      self.pods = pods
    }

    /// Equal pods side by side, in the order of the first of each.
    public static func of(_ pods: some Sequence<Pod>) -> [Group] {
      var groups: [Group] = []
      var numbers: [SchedulingTraits: Int] = [:]
      for pod in pods {
        let traits = SchedulingTraits(pod)
        if let number = numbers[traits] {
          groups[number].pods.append(PodInfo(pod))
        } else {
          numbers[traits] = groups.count
          groups.append(Group(traits: traits, pods: [PodInfo(pod)]))
        }
      }
      return groups
    }
  }

  public struct Result: Sendable {
    /// New nodes that have a pod.
    public var newNodes = 0
    /// Nodes that were given a pod, new and old: the number that upstream's estimator returns.
    public var nodesUsed = 0
    public var placements: [(pod: PodInfo, node: String)] = []
    public var unplaced: [Group] = []
    /// The snapshot with the new nodes and the pods on them.
    public var snapshot: ClusterSnapshot
  }

  /// Packs pods on new nodes.
  /// - Parameters:
  ///   - makeNode: the n-th new node.
  ///   - maxNodes: at most so many; nil for no limit.
  public static func pack(
    _ groups: [Group], into snapshot: ClusterSnapshot, maxNodes: Int? = nil, makeNode: (Int) -> Node
  ) -> Result {
    var packing = Packing(snapshot: snapshot, maxNodes: maxNodes ?? Int.max, template: makeNode(0))
    let size = packing.templateSize
    let ordered = groups.enumerated().sorted {
      let left = $0.element.traits.requests.size(in: size)
      let right = $1.element.traits.requests.size(in: size)
      return left == right ? $0.offset < $1.offset : left > right
    }
    var unplaced: [(Int, Group)] = []
    for (offset, group) in ordered {
      let rest = packing.place(group, makeNode: makeNode)
      if !rest.isEmpty { unplaced.append((offset, Group(traits: group.traits, pods: rest))) }
    }
    return packing.result(unplaced: unplaced.sorted { $0.0 < $1.0 }.map(\.1))
  }

  /// Packs pods on nodes that are there, first fit in the order of the nodes.
  /// - Returns: the pods that fit nowhere.
  public static func fill(
    _ groups: [Group], into snapshot: inout ClusterSnapshot, where isUsable: (NodeInfo) -> Bool = { _ in true }
  ) -> [Group] {
    var rest: [Group] = []
    for group in groups {
      guard let first = group.pods.first else { continue }
      var requirements = PodRequirements(group.traits, first, in: &snapshot)
      var left: [PodInfo] = []
      var cursor = 0
      for (offset, pod) in group.pods.enumerated() {
        requirements.refresh(snapshot)
        if group.traits.dependsOnOthers { cursor = 0 }
        while cursor < snapshot.nodes.count {
          if isUsable(snapshot.nodes[cursor]), requirements.fits(cursor, in: snapshot) { break }
          cursor += 1
        }
        guard cursor < snapshot.nodes.count else {
          left = Array(group.pods[offset...])
          break
        }
        snapshot.assume(pod, group: requirements.group, onNode: cursor)
      }
      if !left.isEmpty { rest.append(Group(traits: group.traits, pods: left)) }
    }
    return rest
  }
}

/// A packing under way.
private struct Packing {
  var snapshot: ClusterSnapshot
  let firstNew: Int
  let maxNodes: Int
  let templateSize: Resources
  var placements: [(pod: PodInfo, node: String)] = []

  init(snapshot: ClusterSnapshot, maxNodes: Int, template: Node) {
    self.snapshot = snapshot
    firstNew = snapshot.nodes.count
    self.maxNodes = maxNodes
    templateSize = NodeTraits(template).allocatable
  }

  /// - Returns: the pods that no further node would help.
  mutating func place(_ group: BinPacking.Group, makeNode: (Int) -> Node) -> [PodInfo] {
    guard let first = group.pods.first else { return [] }
    var requirements = PodRequirements(group.traits, first, in: &snapshot)
    let mayFallBack = group.traits.spread.contains { $0.isHard && $0.topologyKey == WellKnown.hostname }
    var cursor = firstNew
    for (offset, pod) in group.pods.enumerated() {
      requirements.refresh(snapshot)
      // Nodes only fill up, so equal pods that do not look at others never go back.
      if group.traits.dependsOnOthers { cursor = firstNew }
      while cursor < snapshot.nodes.count, !requirements.fits(cursor, in: snapshot) { cursor += 1 }
      var chosen = cursor < snapshot.nodes.count ? cursor : nil
      if chosen == nil, mayFallBack, snapshot.nodes.count > firstNew {
        chosen = (0..<firstNew).first { requirements.fits($0, in: snapshot) }
      }
      if chosen == nil {
        guard snapshot.nodes.count - firstNew < maxNodes else { return Array(group.pods[offset...]) }
        let added = snapshot.addNode(makeNode(snapshot.nodes.count - firstNew))
        requirements.refresh(snapshot)
        guard requirements.fits(added, in: snapshot) else {
          // Equal pods will not do better, and a node without a pod is not worth its price.
          snapshot.removeLastNode()
          return Array(group.pods[offset...])
        }
        chosen = added
        if !group.traits.dependsOnOthers { cursor = added }
      }
      guard let chosen else { continue }
      snapshot.assume(pod, group: requirements.group, onNode: chosen)
      placements.append((pod, snapshot.nodes[chosen].name))
    }
    return []
  }

  func result(unplaced: [BinPacking.Group]) -> BinPacking.Result {
    BinPacking.Result(
      newNodes: snapshot.nodes.count - firstNew, nodesUsed: Set(placements.map(\.node)).count, placements: placements,
      unplaced: unplaced, snapshot: snapshot)
  }
}
