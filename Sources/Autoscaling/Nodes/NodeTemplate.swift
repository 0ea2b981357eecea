import Kubernetes

extension NodeGroup {
  /// A node as the group's next one will be: Ready, empty, under the given name.
  public func templateNode(named name: String) -> Node {
    var node = Node()
    node.metadata.name = name
    node.metadata.labels = labels
    node.metadata.labels[WellKnown.hostname] = name
    node.metadata.labels[WellKnown.nodeGroup] = self.name
    if labels[WellKnown.instanceType] == nil, !instanceType.isEmpty {
      node.metadata.labels[WellKnown.instanceType] = instanceType
    }
    if labels[WellKnown.capacityType] == nil {
      node.metadata.labels[WellKnown.capacityType] = isSpot ? "spot" : "on-demand"
    }
    node.spec.taints = taints
    node.status.allocatable = allocatable
    node.status.capacity = allocatable
    node.status.conditions = [Condition("Ready", true, reason: "Template")]
    return node
  }
}
