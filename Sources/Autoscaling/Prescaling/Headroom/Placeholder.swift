import Kubernetes

/// The Deployment of pods that hold room for pods of one service that are to come.
///
/// A placeholder asks for what a pod of the service asks for, and may run where it may: selectors, affinities,
/// tolerations and spreading are the service's. Terms that mean the service's own pods mean its placeholders too.
struct Placeholder {
  var headroom: PrescalingDecision.Headroom
  var service: NamespacedName
  /// A pod as the service's own Deployment will make it.
  var pod: Pod
  var replicas: Int
  /// What the Deployment belongs to; nil where that is not in the cluster.
  var owner: OwnerReference?

  /// Distinct for every service of every namespace: the readable part alone is not, once it is cut.
  var name: String {
    let readable = String(service.name.prefix(40))
    let trimmed = readable.hasSuffix("-") || readable.hasSuffix(".") ? String(readable.dropLast()) : readable
    return "headroom-\(trimmed.replacing(".", with: "-"))-\(Fingerprint.of("\(service.namespace)/\(service.name)"))"
  }

  var labels: Labels {
    [
      PlaceholderLabel.placeholder: "true", PlaceholderLabel.service: service.name,
      PlaceholderLabel.namespace: service.namespace,
    ]
  }

  /// Which template the Deployment has; equal templates are equal in this.
  var fingerprint: String { Fingerprint.of(JSONValue.array([template.json, owner?.json ?? .null]).text) }

  var manifest: JSONValue {
    var metadata = ObjectMeta(name: name, namespace: headroom.namespace, labels: labels)
    metadata.labels[WellKnown.managedBy] = "sakigake"
    metadata.annotations[PlaceholderLabel.template] = fingerprint
    if let owner { metadata.ownerReferences = [owner] }
    return [
      "apiVersion": .string(ResourceType.deployments.apiVersion), "kind": .string(ResourceType.deployments.kind),
      "metadata": metadata.json,
      "spec": [
        "replicas": replicas.json, "selector": LabelSelector(matchLabels: labels).json, "revisionHistoryLimit": 0,
        // Room that is asked for otherwise is asked for anew, not beside the old.
        "strategy": ["type": "Recreate"], "template": template.json,
      ],
    ]
  }

  private var template: PodTemplate {
    var template = PodTemplate()
    template.metadata.labels = labels
    // Karpenter must not take away the nodes that have just been asked for.
    template.metadata.annotations["karpenter.sh/do-not-disrupt"] = "true"
    var spec = PodSpec()
    spec.containers = [container]
    spec.priorityClassName = headroom.priorityClass
    spec.terminationGracePeriodSeconds = 0
    spec.nodeSelector = pod.spec.nodeSelector
    spec.tolerations = pod.spec.tolerations
    spec.schedulerName = pod.spec.schedulerName
    spec.affinity = pod.spec.affinity.map(affinity)
    spec.topologySpreadConstraints = pod.spec.topologySpreadConstraints.map(spread)
    // With it come its overhead and its choice of nodes.
    spec.unknown["runtimeClassName"] = pod.spec.unknown["runtimeClassName"]
    spec.unknown["automountServiceAccountToken"] = false
    spec.unknown["enableServiceLinks"] = false
    spec.unknown["securityContext"] = [
      "runAsNonRoot": true, "runAsUser": 65_535, "runAsGroup": 65_535, "seccompProfile": ["type": "RuntimeDefault"],
    ]
    template.spec = spec
    return template
  }

  private var container: Container {
    var container = Container()
    container.name = "placeholder"
    container.image = headroom.image
    for (name, amount) in pod.requests where name != "pods" && amount > .zero {
      container.resources.requests[name] = amount
      // Devices and huge pages must be limited to what is asked for.
      if name.contains("/") || name.hasPrefix("hugepages-") { container.resources.limits[name] = amount }
    }
    container.unknown["securityContext"] = [
      "allowPrivilegeEscalation": false, "readOnlyRootFilesystem": true, "capabilities": ["drop": ["ALL"]],
    ]
    return container
  }

  private var own: LabelSelector {
    LabelSelector(matchLabels: [
      PlaceholderLabel.service: service.name, PlaceholderLabel.namespace: service.namespace,
    ])
  }

  private func affinity(_ affinity: Affinity) -> Affinity {
    var copy = affinity
    // To be near one's own kind is to be near either of both; two terms would ask for both at once.
    copy.podAffinity?.required = (affinity.podAffinity?.required ?? []).map {
      meansOwn($0) ? toPlaceholders($0) : elsewhere($0)
    }
    copy.podAffinity?.preferred = (affinity.podAffinity?.preferred ?? []).flatMap(both)
    copy.podAntiAffinity?.required = (affinity.podAntiAffinity?.required ?? []).flatMap {
      meansOwn($0) ? [elsewhere($0), toPlaceholders($0)] : [elsewhere($0)]
    }
    copy.podAntiAffinity?.preferred = (affinity.podAntiAffinity?.preferred ?? []).flatMap(both)
    return copy
  }

  private func both(_ weighted: WeightedPodAffinityTerm) -> [WeightedPodAffinityTerm] {
    var first = weighted
    first.podAffinityTerm = elsewhere(weighted.podAffinityTerm)
    guard meansOwn(weighted.podAffinityTerm) else { return [first] }
    var second = weighted
    second.podAffinityTerm = toPlaceholders(weighted.podAffinityTerm)
    return [first, second]
  }

  private func meansOwn(_ term: PodAffinityTerm) -> Bool {
    let isHere = term.namespaces.isEmpty || term.namespaces.contains(service.namespace)
    return isHere && term.labelSelector?.matches(pod.metadata.labels) == true
  }

  /// The term as it stands, told from another namespace. What it takes from the pod's own labels, a placeholder has not.
  private func elsewhere(_ term: PodAffinityTerm) -> PodAffinityTerm {
    var copy = term
    if copy.namespaces.isEmpty, copy.unknown["namespaceSelector"] == nil { copy.namespaces = [service.namespace] }
    copy.unknown["matchLabelKeys"] = nil
    copy.unknown["mismatchLabelKeys"] = nil
    return copy
  }

  private func toPlaceholders(_ term: PodAffinityTerm) -> PodAffinityTerm {
    var copy = PodAffinityTerm()
    copy.labelSelector = own
    copy.topologyKey = term.topologyKey
    return copy
  }

  private func spread(_ constraint: TopologySpreadConstraint) -> TopologySpreadConstraint {
    guard constraint.labelSelector?.matches(pod.metadata.labels) == true else { return constraint }
    var copy = constraint
    copy.labelSelector = own
    copy.unknown["matchLabelKeys"] = nil
    return copy
  }
}

/// FNV-1a in 32 bits, as text: no secret, only an identity.
///
/// Not the 64 bits of `FNV1a`: the digits are in the names of Deployments that clusters have. Under other names an operator
/// that takes over in the middle of a push would ask for the same room once more.
enum Fingerprint {
  static func of(_ text: String) -> String {
    var hash: UInt32 = 0x811c_9dc5
    for byte in text.utf8 { hash = (hash ^ UInt32(byte)) &* 0x0100_0193 }
    let digits = String(hash, radix: 16)
    return String(repeating: "0", count: 8 - digits.count) + digits
  }
}
