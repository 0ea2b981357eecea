import Kubernetes

/// Which groups grow by how many nodes, so that pods that fit nowhere get a place.
struct ScaleUp {
  private let configuration: NodeAutoscalingDecision.Configuration
  private var ledgers: [NodeGroupLedger]
  private let templates: [NodeTemplate]
  /// New nodes by group.
  private(set) var additions: [Int]
  private(set) var helped: [PodInfo] = []
  private(set) var remaining: [BinPacking.Group]
  private var nodesLeft: Int
  /// The nodes that this pass adds.
  private var grown: [Int] = []

  /// A spread over many domains may need a round for each; what is left is done in the next pass.
  private static let maximumRounds = 200

  init(
    _ pending: [BinPacking.Group], _ ledgers: [NodeGroupLedger], _ templates: [NodeTemplate],
    _ configuration: NodeAutoscalingDecision.Configuration
  ) {
    remaining = pending
    self.ledgers = ledgers
    self.templates = templates
    self.configuration = configuration
    additions = ledgers.map { _ in 0 }
    nodesLeft = configuration.maxNodesPerScaleUp
  }

  /// Leaves the new nodes, with the pods on them, in the snapshot.
  mutating func run(on snapshot: inout ClusterSnapshot) {
    for _ in 0..<Self.maximumRounds {
      if remaining.isEmpty || nodesLeft <= 0 { return }
      var best: ScaleUpOption?
      for groups in choices {
        guard let option = option(of: groups, on: &snapshot) else { continue }
        if best.map({ option.isBetter(than: $0, configuration.expander) }) ?? true { best = option }
      }
      guard let best else { return }
      take(best, on: &snapshot)
    }
  }

  private mutating func take(_ option: ScaleUpOption, on snapshot: inout ClusterSnapshot) {
    let packing = pack(option.turns, on: &snapshot)
    for group in option.turns {
      additions[group] += 1
      ledgers[group].target += 1
      nodesLeft -= 1
    }
    helped += packing.placements.map(\.pod)
    grown += packing.newNodes
    // Nodes of one zone may have made room for the spread on those of another.
    remaining = BinPacking.fill(packing.unplaced, into: &snapshot, on: grown)
  }

  private func pack(_ turns: [Int], on snapshot: inout ClusterSnapshot) -> BinPacking.Result {
    BinPacking.pack(remaining, into: &snapshot, maxNodes: turns.count) { number in
      let group = turns[min(number, turns.count - 1)]
      return templates[group].node(named: "\(ledgers[group].name)-new-\(additions[group])-\(number)")
    }
  }

  private func headroom(_ group: Int) -> Int {
    let ledger = ledgers[group]
    return ledger.isBackedOff ? 0 : max(0, ledger.group.maximum - max(ledger.target, ledger.present))
  }

  /// Every group that may grow, and every set of similar ones.
  private var choices: [[Int]] {
    var classes: [[Int]] = []
    for group in ledgers.indices where headroom(group) > 0 {
      let known = classes.firstIndex { ledgers[$0[0]].group.isSimilar(to: ledgers[group].group) }
      if let known { classes[known].append(group) } else { classes.append([group]) }
    }
    return classes.flatMap { $0.count == 1 ? [$0] : [$0] + $0.map { [$0] } }
  }

  /// The group of each new node: always the smallest that can still grow.
  private func turns(_ groups: [Int]) -> [Int] {
    var sizes = groups.map { (group: $0, size: ledgers[$0].target, left: headroom($0)) }
    var turns: [Int] = []
    let pods = remaining.reduce(0) { $0 + $1.pods.count }
    while turns.count < min(nodesLeft, pods) {
      let open = sizes.indices.filter { sizes[$0].left > 0 }
      guard let next = open.min(by: { sizes[$0].size < sizes[$1].size }) else { break }
      turns.append(sizes[next].group)
      sizes[next].size += 1
      sizes[next].left -= 1
    }
    return turns
  }

  private func option(of groups: [Int], on snapshot: inout ClusterSnapshot) -> ScaleUpOption? {
    let turns = turns(groups)
    guard !turns.isEmpty else { return nil }
    let trial = snapshot.beginTrial()
    defer { snapshot.rollBack(trial) }
    let packing = pack(turns, on: &snapshot)
    let count = packing.newNodes.count
    guard count > 0 else { return nil }
    let used = Array(turns.prefix(count))
    var counts: [Int: Int] = [:]
    for group in used { counts[group, default: 0] += 1 }
    let price = groups.reduce(0.0) { $0 + ledgers[$1].group.pricePerHour * Double(counts[$1] ?? 0) }
    let requests = packing.placements.reduce(0.0) { $0 + $1.pod.requests.coresWorth }
    let waste = packing.newNodes.reduce(0.0) { sum, node in
      let info = snapshot.nodes[node]
      return sum + 1 - min(1, info.requested.size(in: info.allocatable) / 2)
    }
    return ScaleUpOption(
      groups: groups, turns: used, packing: packing, placed: packing.placements.count,
      preference: preference(packing, on: templates[groups[0]].traits),
      // A pod that asks for nothing still needs the node: a thousandth of a core each keeps the price finite.
      pricePerCore: price / (requests + Double(packing.placements.count) / 1000), waste: waste / Double(count),
      isSpot: ledgers[groups[0]].group.isSpot)
  }

  private func preference(_ packing: BinPacking.Result, on template: NodeTraits) -> Double {
    var left: [SchedulingTraits: Int] = [:]
    for group in packing.unplaced { left[group.traits, default: 0] += group.pods.count }
    var weight = 0.0
    for group in remaining where !group.traits.preferredNodes.isEmpty {
      let placed = group.pods.count - (left[group.traits] ?? 0)
      weight += Double(placed * group.traits.preference(for: template))
    }
    return weight / Double(packing.placements.count)
  }

  /// Why a kind of pod is helped by no group: `2 max node group size reached, 1 Insufficient cpu`.
  func reasons(for group: BinPacking.Group) -> String {
    var counts: [String: Int] = [:]
    for (number, ledger) in ledgers.enumerated() {
      let node = templates[number].traits
      if let failure = NodePredicates.failure(of: group.traits, on: node) {
        for reason in failure.reasons { counts[reason, default: 0] += 1 }
        continue
      }
      let shortage = Shortage.of(group.traits.requests, added: Resources(), within: node.allocatable)
      if !shortage.isEmpty {
        for reason in shortage.reasons { counts[reason, default: 0] += 1 }
      } else if ledger.isBackedOff {
        counts["in backoff after failed scale-up", default: 0] += 1
      } else if headroom(number) == 0 {
        counts["max node group size reached", default: 0] += 1
      } else {
        counts["node(s) didn't match pod affinity or topology spread rules", default: 0] += 1
      }
    }
    return counts.sorted { $0.value == $1.value ? $0.key < $1.key : $0.value > $1.value }
      .map { "\($0.value) \($0.key)" }.joined(separator: ", ")
  }
}
