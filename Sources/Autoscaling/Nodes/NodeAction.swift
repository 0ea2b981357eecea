import Kubernetes

/// What is to be done about nodes. Nodes and groups are numbers of the `NodeFleet`.
public enum NodeAction: Sendable {
  /// The group's target is to be `to`: an absolute size.
  case resize(group: Int, to: Int)
  /// The node is interrupted: nothing new is to be put there.
  case cordon(node: Int)
  /// The node is not needed: it is to be marked, so that nothing new is put there.
  case drain(node: Int)
  /// A node on its way out stays: its mark is to be taken away.
  case keep(node: Int, reason: String)
  /// Through the disruption budgets; it is asked for again until the pod is gone.
  case evict(PodInfo, node: Int)
  /// The node is empty: it is to end, and its group's target falls by one.
  case terminate(node: Int)
  /// Nodes were asked for these pods.
  case helped([PodInfo], message: String)
  /// No group's nodes would help this pod, and those like it.
  case hopeless(PodInfo, message: String)
}
