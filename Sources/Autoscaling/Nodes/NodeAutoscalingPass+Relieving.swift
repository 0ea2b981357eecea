import Kubernetes

/// How pods that must be on nodes of one kind get room where their groups grow no further: pods that are there and could
/// be on cheaper nodes move there, first to nodes that are there, else to one more.
///
/// A scheduler gives a node to whichever pod waits, so pods that may be anywhere can take the last nodes of those that
/// may not. Other autoscalers leave it at that: no group helps, they say.
extension NodeAutoscalingPass {
  /// So many waiting pods are looked at in one pass.
  private static let relievedMax = 50

  /// To be called with those that wait on the nodes that they are expected to get.
  /// - Parameter stuck: pods that no group's growth helps.
  mutating func relieve(_ stuck: [BinPacking.Group], _ budgets: DisruptionAllowance) {
    guard !stuck.isEmpty else {
      memory.relieving.steps = 0
      return
    }
    let version = fleet.snapshot.version
    guard configuration.consolidates, memory.relieving.isDue(configuration, version: version, now) else { return }
    memory.relieving.lookedAt = now
    var consolidation = Consolidation(configuration, ledgers, fleet)
    let pods = stuck.lazy.flatMap(\.pods).prefix(Self.relievedMax)
    let relief = consolidation.relief(for: Array(pods), fleet.members, in: &fleet.snapshot)
    if !relief.displaced.isEmpty {
      memory.relieving.step(relief.displaced.count, now)
      displace(relief.displaced, budgets)
      return
    }
    // One that was asked for is waited for.
    for group in ledgers.indices
    where relief.additions[group] > 0 && ledgers[group].missing == 0 && ledgers[group].booting == 0 {
      resize(group, to: ledgers[group].target + relief.additions[group])
    }
  }
}
