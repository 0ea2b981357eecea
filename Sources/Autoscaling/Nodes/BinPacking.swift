import Kubernetes

/// How many more nodes of one kind a set of pods needs: first fit decreasing over the scheduler's own predicates.
///
/// The behaviour is that of cluster-autoscaler's `estimator/binpacking_estimator.go`: kinds of pods in the order of
/// the size of one, each pod on the first new node that takes it, a further node where none does. Pods that are spread
/// over host names and that the newest node refuses for that spread may also go on nodes that are there already, because a
/// new node can make room on them.
public enum BinPacking {
  /// Equal pods, packed together.
  public struct Group: Sendable {
    public let shape: PodShape
    public var pods: [PodInfo]

    public init(shape: PodShape, pods: [PodInfo]) {
      self.shape = shape
      self.pods = pods
    }

    public var traits: SchedulingTraits { shape.traits }

    /// Pods that share a shape together, in the order of the first of each.
    static func of(_ pods: [PodInfo]) -> [Group] {
      var groups: [Group] = []
      var numbers: [ObjectIdentifier: Int] = [:]
      for pod in pods {
        if let number = numbers[ObjectIdentifier(pod.shape)] {
          groups[number].pods.append(pod)
        } else {
          numbers[ObjectIdentifier(pod.shape)] = groups.count
          groups.append(Group(shape: pod.shape, pods: [pod]))
        }
      }
      return groups
    }

    /// Equal pods side by side, in the order of the first of each.
    public static func of(_ pods: some Sequence<Pod>) -> [Group] {
      var groups: [Group] = []
      var numbers: [SchedulingTraits: Int] = [:]
      var last: (pod: Pod, number: Int)?
      for pod in pods {
        // Pods of one owner mostly come one after the other, and are told to be equal for less than what reading costs.
        if let last, pod.looksLike(last.pod) {
          groups[last.number].pods.append(PodInfo(pod, shape: groups[last.number].shape))
          continue
        }
        let shape = PodShape(pod)
        last = (pod, numbers[shape.traits] ?? groups.count)
        if let number = numbers[shape.traits] {
          groups[number].pods.append(PodInfo(pod, shape: groups[number].shape))
        } else {
          numbers[shape.traits] = groups.count
          groups.append(Group(shape: shape, pods: [PodInfo(pod, shape: shape)]))
        }
      }
      return groups
    }
  }

  public struct Result: Sendable {
    /// New nodes that have a pod, as the snapshot numbers them.
    public var newNodes: [Int] = []
    /// Nodes that were given a pod, new and old: the number that upstream's estimator returns.
    public var nodesUsed = 0
    /// In the order of placing.
    public var placements: [(pod: PodInfo, node: Int)] = []
    public var unplaced: [Group] = []
  }

  /// Packs pods on new nodes, which are added to the snapshot with the pods on them.
  /// - Parameters:
  ///   - maxNodes: at most so many; nil for no limit.
  ///   - makeNode: the n-th new node.
  public static func pack(
    _ groups: [Group], into snapshot: inout ClusterSnapshot, maxNodes: Int? = nil, makeNode: (Int) -> NodeTraits
  ) -> Result {
    var packing = Packing(on: snapshot.presentNodes, maxNodes: maxNodes ?? Int.max)
    let size = makeNode(0).allocatable
    let sizes = groups.map { $0.traits.requests.size(in: size) }
    let order = groups.indices.sorted { sizes[$0] == sizes[$1] ? $0 < $1 : sizes[$0] > sizes[$1] }
    var unplaced: [(Int, Group)] = []
    for number in order {
      let rest = packing.place(groups[number], in: &snapshot, makeNode: makeNode)
      if rest > 0 {
        unplaced.append((number, Group(shape: groups[number].shape, pods: groups[number].pods.suffix(rest))))
      }
    }
    packing.result.unplaced = unplaced.sorted { $0.0 < $1.0 }.map(\.1)
    packing.result.nodesUsed = Set(packing.result.placements.lazy.map(\.node)).count
    return packing.result
  }

  /// Packs pods on nodes that are there, first fit in the order of the nodes.
  /// - Parameter nodes: those to be used; nil for all.
  /// - Returns: the pods that fit nowhere.
  public static func fill(_ groups: [Group], into snapshot: inout ClusterSnapshot, on nodes: [Int]? = nil) -> [Group] {
    let nodes = nodes ?? snapshot.presentNodes
    var rest: [Group] = []
    for group in groups where !group.pods.isEmpty {
      var requirements = PodRequirements(group.shape, in: &snapshot)
      var walk = FirstFit()
      var placed = 0
      while placed < group.pods.count, let node = walk.next(of: nodes, for: &requirements, in: snapshot) {
        let count = requirements.copies(onNode: node, atMost: group.pods.count - placed, in: snapshot)
        snapshot.assume(group.pods[placed..<placed + count], group: requirements.group, onNode: node)
        placed += count
      }
      if placed < group.pods.count {
        rest.append(Group(shape: group.shape, pods: Array(group.pods[placed...])))
      }
    }
    return rest
  }
}

/// Looks for places for equal pods in the order of nodes. What was passed over is looked at again only when it may have
/// become better: nodes only fill up, unless pods that look at others see a difference.
private struct FirstFit {
  private var position = 0
  private var stamp = 0

  mutating func next(
    of nodes: [Int], for requirements: inout PodRequirements, in snapshot: ClusterSnapshot
  ) -> Int? {
    requirements.refresh(snapshot)
    let now = requirements.hopeStamp(in: snapshot)
    if now != stamp {
      stamp = now
      position = 0
    }
    while position < nodes.count {
      if requirements.fits(nodes[position], in: snapshot) { return nodes[position] }
      position += 1
    }
    return nil
  }
}

extension PodRequirements {
  /// Another one where nodes that did not fit may fit now, although nothing has left them.
  fileprivate func hopeStamp(in snapshot: ClusterSnapshot) -> Int {
    if !affinity.isEmpty { return snapshot.placements }
    var stamp = 1
    for rule in hardSpread { stamp = stamp &* 31 &+ snapshot.fewest(rule.counter, ofAtLeast: rule.minDomains) }
    return stamp
  }

  /// How many pods go on a node that takes at least one, without a look at the others in between.
  fileprivate func copies(onNode node: Int, atMost count: Int, in snapshot: ClusterSnapshot) -> Int {
    isPlain ? min(count, need.copies(in: snapshot.rooms[node])) : 1
  }
}

/// A packing under way.
private struct Packing {
  private let old: [Int]
  private let maxNodes: Int
  var result = BinPacking.Result()

  init(on old: [Int], maxNodes: Int) {
    self.old = old
    self.maxNodes = maxNodes
  }

  /// - Returns: how many of the last pods no further node would help.
  mutating func place(
    _ group: BinPacking.Group, in snapshot: inout ClusterSnapshot, makeNode: (Int) -> NodeTraits
  ) -> Int {
    var requirements = PodRequirements(group.shape, in: &snapshot)
    let mayFallBack = group.traits.spread.contains { $0.topologyKey == WellKnown.hostname }
    var walk = FirstFit()
    var fallBack = FirstFit()
    var placed = 0
    while placed < group.pods.count {
      var chosen = walk.next(of: result.newNodes, for: &requirements, in: snapshot)
      if chosen == nil, mayFallBack, let last = result.newNodes.last,
        requirements.failure(onNode: last, in: snapshot)?.isOfSpread == true
      {
        chosen = fallBack.next(of: old, for: &requirements, in: snapshot)
      }
      guard let node = chosen ?? addNode(for: &requirements, in: &snapshot, makeNode: makeNode) else { break }
      let count = requirements.copies(onNode: node, atMost: group.pods.count - placed, in: snapshot)
      let pods = group.pods[placed..<placed + count]
      snapshot.assume(pods, group: requirements.group, onNode: node)
      for pod in pods { result.placements.append((pod, node)) }
      placed += count
    }
    return group.pods.count - placed
  }

  /// A new node, where that is allowed and helps.
  private mutating func addNode(
    for requirements: inout PodRequirements, in snapshot: inout ClusterSnapshot, makeNode: (Int) -> NodeTraits
  ) -> Int? {
    guard result.newNodes.count < maxNodes else { return nil }
    let added = snapshot.addNode(makeNode(result.newNodes.count))
    requirements.refresh(snapshot)
    guard requirements.fits(added, in: snapshot) else {
      // Equal pods will not do better, and a node without a pod is not worth its price.
      snapshot.removeNode(added)
      return nil
    }
    result.newNodes.append(added)
    return added
  }
}
