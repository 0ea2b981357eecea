import Kubernetes

/// How pods that no group's growth helps get room.
extension NodeAutoscalingPass {
  /// To be called while pods that wait are on the nodes that they are expected to get.
  /// - Parameters:
  ///   - stuck: of those that wait, the ones that have no such node.
  ///   - planned: pods that are not where the snapshot has them.
  /// - Returns: nodes that are counted on.
  mutating func relieve(
    _ stuck: [BinPacking.Group], planned: Set<NamespacedName>, _ budgets: DisruptionAllowance
  ) -> Set<Int> {
    guard configuration.consolidates,
      memory.relieving.isDue(every: configuration.consolidationSeconds, at: now)
    else { return [] }
    memory.relieving.look(at: now)
    var relief = NodeRelief(configuration, ledgers, fleet, planned: planned, budgets)
    relief.look(for: stuck, in: &fleet.snapshot)
    if !relief.displaced.isEmpty {
      // Their budgets let them all go.
      memory.relieving.step(relief.displaced.count, at: now)
      actions += relief.displaced.map { .evict($0.pod, node: $0.node) }
    } else {
      for group in ledgers.indices where relief.additions[group] > 0 {
        memory.relieving.step(relief.additions[group], at: now)
        resize(group, to: max(ledgers[group].target, ledgers[group].present) + relief.additions[group])
      }
    }
    return relief.used
  }
}
