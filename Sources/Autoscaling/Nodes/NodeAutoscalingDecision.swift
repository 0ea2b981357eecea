import Kubernetes

/// Grows node groups for pods that fit nowhere, and shrinks them where nodes are not needed: `NodeAutoscaler`, fed from
/// views.
///
/// A node on its way out carries a taint, so a restarted autoscaler goes on where it was. Emits `resizeNodeGroup`
/// (absolute sizes), taint patches, evictions, `terminateNode` (which must lower the group's target by one) and events.
public struct NodeAutoscalingDecision: Decision {
  public let configuration: Configuration
  private var autoscaler: NodeAutoscaler
  private var follower = FleetFollower(.asExpected)

  public init(configuration: Configuration = Configuration()) {
    self.configuration = configuration
    autoscaler = NodeAutoscaler(configuration: configuration)
  }

  public mutating func reconcile(_ view: ClusterView, at now: Timestamp) -> [Change] {
    guard !view.nodeGroups.isEmpty else { return [] }
    if follower.follow(view) { autoscaler.forgetNodes() }
    let waiting = view.pods.values.filter(isWaiting)
    var nominated: [(pod: PodInfo, node: Int)] = []
    var pending: [Pod] = []
    for pod in waiting.sorted(by: SchedulingQueue.precedes) {
      // Room is being made for it by ending other pods.
      if view.nodes[pod.status.nominatedNodeName] != nil {
        if let node = follower.fleet.snapshot.index(ofNode: pod.status.nominatedNodeName) {
          nominated.append((PodInfo(pod), node))
        }
      } else if isHelped(pod, at: now) {
        pending.append(pod)
      }
    }
    let actions = autoscaler.pass(
      &follower.fleet, pending: BinPacking.Group.of(pending), nominated: nominated,
      budgets: DisruptionAllowance(view.disruptionBudgets.values), at: now)
    let writer = NodeActionWriter(view: view, fleet: follower.fleet, component: configuration.component, now: now)
    return actions.flatMap(writer.changes)
  }

  private func isWaiting(_ pod: Pod) -> Bool { SchedulingQueue.isWaiting(pod) }

  /// Whether nodes are added for a pod.
  private func isHelped(_ pod: Pod, at now: Timestamp) -> Bool {
    guard configuration.schedulerNames.contains(pod.spec.schedulerName),
      (pod.spec.priority ?? 0) >= configuration.expendablePriority
    else { return false }
    return (pod.metadata.creationTimestamp.map { now - $0 } ?? .infinity) >= configuration.newPodScaleUpDelaySeconds
  }
}

extension Node {
  /// The mark of a node that the autoscaler empties; `timeAdded` tells since when, also after a restart.
  static let scaleDownTaint = "sakigake.dev/scale-down"

  var scaleDownMark: Taint? { spec.taints.first { $0.key == Node.scaleDownTaint } }

  /// The node as it will be when it has booted.
  func booted(as template: NodeGroup) -> Node {
    let startupTaints: Set<String> = [
      WellKnown.notReadyTaint, WellKnown.unreachableTaint, "node.cloudprovider.kubernetes.io/uninitialized",
    ]
    var node = self
    node.spec.taints.removeAll { startupTaints.contains($0.key) }
    node.status.conditions.removeAll { $0.type == "Ready" }
    node.status.conditions.append(Condition("Ready", true, reason: "Template"))
    if node.status.allocatable.isEmpty { node.status.allocatable = template.allocatable }
    return node
  }
}
