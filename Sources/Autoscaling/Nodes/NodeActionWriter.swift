import Kubernetes

/// Writes what is to be done with nodes as changes of a cluster's objects, with the events that say why.
struct NodeActionWriter {
  let view: ClusterView
  let fleet: NodeFleet
  /// The name in events.
  let component: String
  /// Why nodes are ended.
  var endMessage = "node is not needed and empty"
  let now: Timestamp

  func changes(_ action: NodeAction) -> [Change] {
    switch action {
    case .cordon(let index):
      guard let node = node(index) else { return [] }
      let told = note(node, "Interrupted", "the cloud takes the node away: its pods are moved to others")
      if node.spec.unschedulable { return [told] }
      return [.patch(Change.Target(node), .merge, ["spec": ["unschedulable": true]]), told]
    case .resize(let group, let size): return [.resizeNodeGroup(fleet.groups[group].name, to: size)]
    case .drain(let index):
      guard let node = node(index) else { return [] }
      var mark = Taint(Node.scaleDownTaint, effect: "NoSchedule")
      mark.timeAdded = now
      return [
        patchTaints(node, node.spec.taints + [mark]),
        note(node, "ScaleDown", "node is not needed: marked to be emptied and removed"),
      ]
    case .keep(let index, let reason):
      guard let node = node(index) else { return [] }
      return [
        patchTaints(node, node.spec.taints.filter { $0.key != Node.scaleDownTaint }),
        note(node, "ScaleDownCancelled", "node stays: \(reason)"),
      ]
    case .evict(let pod, _): return [.evict(pod.key)]
    case .terminate(let index):
      let end = Change.terminateNode(fleet.snapshot.nodes[index].name)
      return [end] + (node(index).map { [note($0, "ScaleDown", endMessage)] } ?? [])
    case .helped(let pods, let message): return pods.flatMap { note($0, "TriggeredScaleUp", message) }
    case .hopeless(let pod, let message): return note(pod, "NotTriggerScaleUp", message)
    }
  }

  private func node(_ index: Int) -> Node? { view.nodes[fleet.snapshot.nodes[index].name] }

  /// Taints are one list without keys, so the whole of it is written, refused when somebody else changed the node.
  private func patchTaints(_ node: Node, _ taints: [Taint]) -> Change {
    var body: JSONValue = ["spec": ["taints": .array(taints.map(\.json))]]
    if !node.metadata.resourceVersion.isEmpty {
      body["metadata"] = ["resourceVersion": .string(node.metadata.resourceVersion)]
    }
    return .patch(Change.Target(node), .merge, body)
  }

  private func note(_ node: Node, _ reason: String, _ message: String) -> Change {
    .record(
      Change.EventNote(about: ObjectReference(to: node), reason: reason, message: message, component: component))
  }

  private func note(_ pod: PodInfo, _ reason: String, _ message: String) -> [Change] {
    guard let object = view.pods[pod.key] else { return [] }
    return [
      .record(
        Change.EventNote(about: ObjectReference(to: object), reason: reason, message: message, component: component))
    ]
  }
}
