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

  /// Whether its next node will be another one.
  func differsInNodes(from other: NodeGroup) -> Bool {
    name != other.name || instanceType != other.instanceType || isSpot != other.isSpot
      || allocatable != other.allocatable || labels != other.labels || taints != other.taints
  }
}

/// Nodes of a group that do not exist yet, made from one that is read once.
struct NodeTemplate: Sendable {
  let traits: NodeTraits

  init(_ group: NodeGroup, less daemons: Resources?) {
    var node = group.templateNode(named: group.name)
    if let daemons {
      func lower(_ resource: String, by amount: Quantity, otherwise whole: Quantity? = nil) {
        guard let whole = node.status.allocatable[resource] ?? whole else { return }
        node.status.allocatable[resource] = max(.zero, whole - amount)
      }
      lower("cpu", by: Quantity(milli: daemons.cpuMillicores))
      lower("memory", by: Quantity(daemons.memoryBytes))
      lower("ephemeral-storage", by: Quantity(daemons.ephemeralStorageBytes))
      lower("pods", by: Quantity(daemons.pods), otherwise: Quantity(110))
    }
    traits = NodeTraits(node)
  }

  func node(named name: String) -> NodeTraits { NodeTraits(like: traits, named: name) }
}
