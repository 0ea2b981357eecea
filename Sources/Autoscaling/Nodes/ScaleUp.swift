import Kubernetes

/// Which groups grow by how many nodes, so that pods that fit nowhere get a place.
struct ScaleUp {
  private let configuration: NodeAutoscalingDecision.Configuration
  private var ledgers: [String: NodeGroupLedger]
  /// What DaemonSets take of every node of a group.
  private let daemonRequests: [String: Resources]
  private var snapshot: ClusterSnapshot
  private(set) var additions: [String: Int] = [:]
  private(set) var helped: [PodInfo] = []
  private(set) var remaining: [BinPacking.Group]
  private var nodesLeft: Int
  /// Names of the nodes that this pass adds.
  private var grown: Set<String> = []

  /// A spread over many domains may need a round for each; what is left is done in the next pass.
  private static let maximumRounds = 200

  init(
    _ pending: [BinPacking.Group], on snapshot: ClusterSnapshot, _ ledgers: [String: NodeGroupLedger],
    daemonRequests: [String: Resources], _ configuration: NodeAutoscalingDecision.Configuration
  ) {
    remaining = pending
    self.snapshot = snapshot
    self.ledgers = ledgers
    self.daemonRequests = daemonRequests
    self.configuration = configuration
    nodesLeft = configuration.maxNodesPerScaleUp
  }

  mutating func run() {
    for _ in 0..<Self.maximumRounds {
      if remaining.isEmpty || nodesLeft <= 0 { return }
      var best: ScaleUpOption?
      for groups in choices {
        guard let option = option(of: groups) else { continue }
        if best.map({ option.isBetter(than: $0, configuration.expander) }) ?? true { best = option }
      }
      guard let best else { return }
      take(best)
    }
  }

  private mutating func take(_ option: ScaleUpOption) {
    for (name, count) in option.additions {
      additions[name, default: 0] += count
      ledgers[name]?.target += count
      nodesLeft -= count
    }
    helped += option.packing.placements.map(\.pod)
    let before = snapshot.nodes.count
    snapshot = option.packing.snapshot
    // Nodes of one zone may have made room for the spread on those of another.
    grown.formUnion(snapshot.nodes[before...].map(\.name))
    let new = grown
    remaining = BinPacking.fill(option.packing.unplaced, into: &snapshot) { new.contains($0.name) }
  }

  private func headroom(_ name: String) -> Int {
    guard let ledger = ledgers[name], !ledger.isBackedOff else { return 0 }
    return max(0, ledger.group.maximum - max(ledger.target, ledger.present))
  }

  /// Every group that may grow, and every set of similar ones.
  private var choices: [[String]] {
    let open = ledgers.keys.sorted().filter { headroom($0) > 0 }
    var classes: [[String]] = []
    for name in open {
      guard let group = ledgers[name]?.group else { continue }
      let known = classes.firstIndex { $0.first.flatMap { ledgers[$0]?.group.isSimilar(to: group) } == true }
      if let known { classes[known].append(name) } else { classes.append([name]) }
    }
    return classes.flatMap { $0.count == 1 ? [$0] : [$0] + $0.map { [$0] } }
  }

  /// The group of each new node: always the smallest that can still grow.
  private func turns(_ groups: [String]) -> [String] {
    var sizes = groups.map { (name: $0, size: ledgers[$0]?.target ?? 0, left: headroom($0)) }
    var turns: [String] = []
    while turns.count < nodesLeft {
      let open = sizes.indices.filter { sizes[$0].left > 0 }
      guard let next = open.min(by: { sizes[$0].size < sizes[$1].size }) else { break }
      turns.append(sizes[next].name)
      sizes[next].size += 1
      sizes[next].left -= 1
    }
    return turns
  }

  private func template(_ name: String, number: Int) -> Node {
    guard let group = ledgers[name]?.group else { return Node() }
    return group.templateNode(named: "\(name)-new-\(additions[name, default: 0])-\(number)", less: daemonRequests[name])
  }

  private func option(of groups: [String]) -> ScaleUpOption? {
    let turns = turns(groups)
    guard !turns.isEmpty else { return nil }
    let packing = BinPacking.pack(remaining, into: snapshot, maxNodes: turns.count) { number in
      template(turns[min(number, turns.count - 1)], number: number)
    }
    guard packing.newNodes > 0 else { return nil }
    var counts: [String: Int] = [:]
    for name in turns.prefix(packing.newNodes) { counts[name, default: 0] += 1 }
    let price = counts.reduce(0.0) { $0 + (ledgers[$1.key]?.group.pricePerHour ?? 0) * Double($1.value) }
    let requests = packing.placements.reduce(0.0) { $0 + $1.pod.requests.coresWorth }
    let new = packing.snapshot.nodes.suffix(packing.newNodes)
    let waste = new.reduce(0.0) { $0 + 1 - min(1, $1.requested.size(in: $1.allocatable) / 2) } / Double(new.count)
    return ScaleUpOption(
      groups: groups, additions: counts, packing: packing, placed: packing.placements.count,
      preference: preference(packing, on: NodeTraits(template(groups[0], number: 0))),
      // A pod that asks for nothing still needs the node: a thousandth of a core each keeps the price finite.
      pricePerCore: price / (requests + Double(packing.placements.count) / 1000), waste: waste,
      isSpot: ledgers[groups[0]]?.group.isSpot ?? false)
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
    for (name, ledger) in ledgers {
      let node = NodeTraits(template(name, number: 0))
      if let failure = NodePredicates.failure(of: group.traits, on: node) {
        for reason in failure.reasons { counts[reason, default: 0] += 1 }
        continue
      }
      let shortage = Shortage.of(group.traits.requests, added: Resources(), within: node.allocatable)
      if !shortage.isEmpty {
        for reason in shortage.reasons { counts[reason, default: 0] += 1 }
      } else if ledger.isBackedOff {
        counts["in backoff after failed scale-up", default: 0] += 1
      } else if headroom(name) == 0 {
        counts["max node group size reached", default: 0] += 1
      } else {
        counts["node(s) didn't match pod affinity or topology spread rules", default: 0] += 1
      }
    }
    return counts.sorted { $0.value == $1.value ? $0.key < $1.key : $0.value > $1.value }
      .map { "\($0.value) \($0.key)" }.joined(separator: ", ")
  }
}

extension NodeGroup {
  /// A template node on which DaemonSets have taken their part already.
  func templateNode(named name: String, less daemons: Resources?) -> Node {
    var node = templateNode(named: name)
    guard let daemons else { return node }
    func lower(_ resource: String, by amount: Quantity, otherwise whole: Quantity? = nil) {
      guard let whole = node.status.allocatable[resource] ?? whole else { return }
      node.status.allocatable[resource] = max(.zero, whole - amount)
    }
    lower("cpu", by: Quantity(milli: daemons.cpuMillicores))
    lower("memory", by: Quantity(daemons.memoryBytes))
    lower("ephemeral-storage", by: Quantity(daemons.ephemeralStorageBytes))
    lower("pods", by: Quantity(daemons.pods), otherwise: Quantity(110))
    return node
  }
}
