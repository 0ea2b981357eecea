import Kubernetes

/// One way to help pending pods: new nodes of one group, or of similar groups in turn.
struct ScaleUpOption: Sendable {
  /// The groups that the nodes come from, balanced.
  var groups: [Int]
  /// The group of each new node.
  var turns: [Int]
  var packing: BinPacking.Result
  var placed: Int
  /// The mean weight of the preferred node terms that the placed pods find.
  var preference: Double
  /// Price an hour for one core's worth of what is placed.
  var pricePerCore: Double
  /// The part of the new nodes that stays empty, 0 to 1.
  var waste: Double
  var isSpot: Bool

  /// Whether this is the better way; equal ones are told apart by what they place, then by the order of the groups.
  func isBetter(than other: ScaleUpOption, _ expander: NodeAutoscalingDecision.Configuration.Expander) -> Bool {
    if preference != other.preference { return preference > other.preference }
    let price = (pricePerCore, other.pricePerCore)
    switch expander {
    case .price:
      if price.0 != price.1 { return price.0 < price.1 }
      if waste != other.waste { return waste < other.waste }
    case .leastWaste:
      if waste != other.waste { return waste < other.waste }
      if price.0 != price.1 { return price.0 < price.1 }
    case .spotPreferred:
      if isSpot != other.isSpot { return isSpot }
      if price.0 != price.1 { return price.0 < price.1 }
      if waste != other.waste { return waste < other.waste }
    }
    if placed != other.placed { return placed > other.placed }
    if groups.count != other.groups.count { return groups.count > other.groups.count }
    return groups.lexicographicallyPrecedes(other.groups)
  }
}

extension Resources {
  /// Cores, with memory counted at eight GiB a core: what a price is compared by.
  var coresWorth: Double { Double(cpuMillicores) / 1000 + Double(memoryBytes) / Double(8 << 30) }
}

extension NodeGroup {
  /// Whether nodes of both groups are as good as each other: processor equal, memory within 1.5 %, and labels equal but
  /// for those that name the place.
  func isSimilar(to other: NodeGroup) -> Bool {
    guard isSpot == other.isSpot, Set(taints) == Set(other.taints) else { return false }
    let placeLabels: Set<String> = [WellKnown.hostname, WellKnown.zone, WellKnown.nodeGroup, WellKnown.region]
    guard labels.filter({ !placeLabels.contains($0.key) }) == other.labels.filter({ !placeLabels.contains($0.key) })
    else { return false }
    let mine = Resources(allocatable)
    let theirs = Resources(other.allocatable)
    let memory = (Double(mine.memoryBytes), Double(theirs.memoryBytes))
    return mine.cpuMillicores == theirs.cpuMillicores && mine.extended == theirs.extended
      && abs(memory.0 - memory.1) <= 0.015 * max(memory.0, memory.1)
  }
}
