import Kubernetes

/// Everything about a pod that decides where it may run. Pods with equal traits share every answer of a pass.
public struct SchedulingTraits: Sendable, Hashable {
  public var namespace: String
  public var labels: Labels
  public var ownerUID: String
  public var priority: Int
  public var mayPreempt: Bool
  public var requests: Resources
  public var hostPorts: [HostPort]
  public var nodeName: String
  public var nodeSelector: Labels
  public var nodeAffinity: NodeSelector?
  public var preferredNodes: [PreferredNodeTerm]
  public var tolerations: [Toleration]
  public var affinity: [PodTerm]
  public var antiAffinity: [PodTerm]
  public var preferredPods: [WeightedPodTerm]
  public var spread: [SpreadConstraint]

  /// A topology spread constraint with its defaults and label keys filled in.
  public struct SpreadConstraint: Sendable, Hashable {
    public var topologyKey: String
    public var maxSkew: Int
    public var minDomains: Int
    public var isHard: Bool
    public var selector: LabelSelector?
    public var honorsAffinity: Bool
    public var honorsTaints: Bool
  }

  public init(_ pod: Pod) {
    namespace = pod.metadata.namespace
    labels = pod.metadata.labels
    ownerUID = pod.metadata.controller?.uid ?? ""
    priority = pod.spec.priority ?? 0
    mayPreempt = pod.spec.preemptionPolicy != "Never"
    requests = Resources(requestsOf: pod)
    hostPorts = HostPort.all(of: pod.spec)
    nodeName = pod.spec.nodeName
    nodeSelector = pod.spec.nodeSelector
    tolerations = pod.spec.tolerations
    let affinity = pod.spec.affinity
    nodeAffinity = affinity?.nodeAffinity?.required
    preferredNodes = affinity?.nodeAffinity?.preferred ?? []
    self.affinity = (affinity?.podAffinity?.required ?? []).map { PodTerm($0, of: pod) }
    antiAffinity = (affinity?.podAntiAffinity?.required ?? []).map { PodTerm($0, of: pod) }
    preferredPods = affinity == nil ? [] : WeightedPodTerm.preferred(of: pod)
    spread = pod.spec.topologySpreadConstraints.map { constraint in
      var selector = constraint.labelSelector
      selector?.require(constraint.unknown["matchLabelKeys"], of: pod.metadata.labels, op: .in)
      return SpreadConstraint(
        topologyKey: constraint.topologyKey, maxSkew: max(1, constraint.maxSkew),
        minDomains: constraint.minDomains ?? 1, isHard: constraint.whenUnsatisfiable != "ScheduleAnyway",
        selector: selector,
        honorsAffinity: constraint.nodeAffinityPolicy != "Ignore", honorsTaints: constraint.nodeTaintsPolicy == "Honor")
    }
  }

  /// Whether where other pods are decides where this one may be.
  public var dependsOnOthers: Bool {
    !affinity.isEmpty || !antiAffinity.isEmpty || spread.contains(where: \.isHard)
  }

  /// Whether it takes a node's name, or its host name, to tell what it thinks of the node.
  var namesNodes: Bool {
    func namesNode(_ term: NodeSelectorTerm) -> Bool {
      !term.matchFields.isEmpty || term.matchExpressions.contains { $0.key == WellKnown.hostname }
    }
    return !nodeName.isEmpty || nodeSelector[WellKnown.hostname] != nil
      || nodeAffinity?.nodeSelectorTerms.contains(where: namesNode) == true
      || preferredNodes.contains { namesNode($0.preference) }
  }

  /// The weight of the preferred node terms that a node matches. An empty term matches every node here.
  public func preference(for node: NodeTraits) -> Int {
    preferredNodes.reduce(0) { sum, term in
      let isEmpty = term.preference.matchExpressions.isEmpty && term.preference.matchFields.isEmpty
      return isEmpty || NodePredicates.matches(node, term.preference) ? sum + term.weight : sum
    }
  }

  public func hash(into hasher: inout Hasher) {
    // An owner's pods are nearly always equal, so the owner suffices; equality still compares all.
    hasher.combine(namespace)
    hasher.combine(priority)
    if ownerUID.isEmpty {
      hasher.combine(labels)
      hasher.combine(requests)
    } else {
      hasher.combine(ownerUID)
    }
  }
}
