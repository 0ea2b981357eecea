import Kubernetes

/// Which placeholders there must be, and what is to be done so that there are: a pure function of the view, so that
/// whoever looks next goes on from what the last one left, and a second look changes nothing.
struct HeadroomPlan {
  let headroom: PrescalingDecision.Headroom
  let view: ClusterView
  /// Pods to come for which room is held, by service.
  let demands: [NodeNeed.Demand]
  /// Whether some of them find no room as it is. Where all do, none is held that is not held already.
  let lacksRoom: Bool

  /// A Deployment that was left behind goes, whoever made it and for whatever push.
  var changes: [Change] {
    var standing = view.deployments.filter {
      $0.key.namespace == headroom.namespace && PlaceholderLabel.isPlaceholder($0.value.metadata.labels)
        && $0.value.metadata.deletionTimestamp == nil
    }
    var changes: [Change] = []
    for demand in demands.sorted(by: { $0.service < $1.service }) where demand.count > 0 {
      let placeholder = Placeholder(
        headroom: headroom, service: demand.service, pod: demand.template, replicas: demand.count, owner: owner)
      let current = standing.removeValue(forKey: NamespacedName(headroom.namespace, placeholder.name))
      guard current != nil || lacksRoom else { continue }
      changes += Self.changes(from: current, to: placeholder, view)
    }
    for deployment in standing.values.sorted(by: { $0.key < $1.key }) { changes += removal(of: deployment) }
    return changes
  }

  private var owner: OwnerReference? {
    view.deployments[NamespacedName(headroom.namespace, headroom.owner)].map {
      OwnerReference(to: $0, controller: false)
    }
  }

  private static func changes(from current: Deployment?, to wanted: Placeholder, _ view: ClusterView) -> [Change] {
    if let current, current.spec.replicas == wanted.replicas,
      current.metadata.annotations[PlaceholderLabel.template] == wanted.fingerprint
    {
      return []
    }
    let patch = Change.patch(
      Change.Target(.deployments, namespace: wanted.headroom.namespace, name: wanted.name), .apply, wanted.manifest,
      fieldManager: PrescalingDecision.fieldManager)
    // Fewer as pods come is the rule and nothing to tell.
    guard wanted.replicas > current?.spec.replicas ?? 0 else { return [patch] }
    return [
      patch,
      note(
        about: wanted.service, view, reason: "PlaceholdersCreated",
        "\(wanted.replicas) placeholder pods ask for the nodes of pods to come"),
    ]
  }

  private func removal(of deployment: Deployment) -> [Change] {
    let labels = deployment.metadata.labels
    let service = NamespacedName(labels[PlaceholderLabel.namespace] ?? "", labels[PlaceholderLabel.service] ?? "")
    let removal = Change.delete(Change.Target(deployment), uid: deployment.metadata.uid)
    guard view.deployments[service] != nil else { return [removal] }
    return [
      removal, Self.note(about: service, view, reason: "PlaceholdersRemoved", "no pods are to come any more"),
    ]
  }

  private static func note(about service: NamespacedName, _ view: ClusterView, reason: String, _ message: String)
    -> Change
  {
    if let autoscaler = view.autoscalers[service] {
      return ObjectNote.change(
        about: autoscaler, reason: reason, message: message, component: PrescalingDecision.fieldManager)
    }
    let deployment = view.deployments[service] ?? Deployment()
    return ObjectNote.change(
      about: deployment, reason: reason, message: message, component: PrescalingDecision.fieldManager)
  }
}
