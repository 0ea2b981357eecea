import Kubernetes

/// The conditions on a node that do not depend on the pods there.
public enum NodePredicates {
  /// Labels asked for, and at least one of the affinity's terms.
  public static func matches(_ node: NodeTraits, selector: Labels, affinity: NodeSelector?) -> Bool {
    for (key, value) in selector where node.labels[key] != value { return false }
    guard let affinity else { return true }
    return affinity.nodeSelectorTerms.contains { matches(node, $0) }
  }

  /// All conditions of one term; an empty term matches nothing. Fields know only `metadata.name`.
  public static func matches(_ node: NodeTraits, _ term: NodeSelectorTerm) -> Bool {
    if term.matchExpressions.isEmpty, term.matchFields.isEmpty { return false }
    guard term.matchExpressions.allSatisfy({ $0.matches(node.labels) }) else { return false }
    return term.matchFields.allSatisfy { $0.key == "metadata.name" && $0.matches(["metadata.name": node.name]) }
  }

  /// The first taint that keeps the pod away.
  public static func untoleratedTaint(of node: NodeTraits, by tolerations: [Toleration]) -> Taint? {
    node.repellingTaints.first { taint in !tolerations.contains { $0.tolerates(taint) } }
  }

  /// Everything that is decided by the node alone, in the order in which the scheduler asks.
  public static func failure(of pod: SchedulingTraits, on node: NodeTraits) -> FitFailure? {
    if node.isUnschedulable {
      let taint = Taint(WellKnown.unschedulableTaint, effect: "NoSchedule")
      if !pod.tolerations.contains(where: { $0.tolerates(taint) }) { return .unschedulable }
    }
    if !pod.nodeName.isEmpty, pod.nodeName != node.name { return .nodeName }
    if let taint = untoleratedTaint(of: node, by: pod.tolerations) { return .taint(key: taint.key, value: taint.value) }
    if !matches(node, selector: pod.nodeSelector, affinity: pod.nodeAffinity) { return .nodeAffinity }
    return nil
  }
}
