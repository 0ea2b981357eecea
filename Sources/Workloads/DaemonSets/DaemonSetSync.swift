import Kubernetes

/// One look at one DaemonSet.
struct DaemonSetSync {
  /// What is to be done about its pods.
  struct Plan {
    var nodesToFill: [String] = []
    var podsToDelete: [Pod] = []
    /// Those of the pods to be deleted that failed.
    var failed: [Pod] = []
  }

  let owner: DaemonSet
  let hash: String
  let nodes: [String: Node]
  let now: Timestamp
  private let podsByNode: [String: [Pod]]
  private let template: Pod

  init(owner: DaemonSet, hash: String, nodes: [String: Node], pods: [Pod], now: Timestamp) {
    self.owner = owner
    self.hash = hash
    self.nodes = nodes
    self.now = now
    podsByNode = Dictionary(grouping: pods, by: Self.target)
    template = Self.pod(of: owner, hash: hash)
  }

  func node(of pod: Pod) -> String { Self.target(pod) }

  /// The node that a pod is bound to, or is to be.
  private static func target(_ pod: Pod) -> String {
    if !pod.spec.nodeName.isEmpty { return pod.spec.nodeName }
    let terms = pod.spec.affinity?.nodeAffinity?.required?.nodeSelectorTerms ?? []
    return terms.flatMap(\.matchFields).first { $0.key == "metadata.name" }?.values.first ?? ""
  }

  private func isAvailable(_ pod: Pod) -> Bool { pod.isAvailable(after: owner.spec.minReadySeconds, at: now) }
  private func isUpdated(_ pod: Pod) -> Bool { pod.metadata.labels[TemplateRevisions.label] == hash }
  private func fit(_ node: Node) -> DaemonFit { DaemonFit(of: template, asked: owner.spec.template.spec, on: node) }

  /// As the view is ordered, so that the same look gives the same plan.
  private var sortedNodes: [Node] { nodes.values.sorted { $0.metadata.name < $1.metadata.name } }

  func plan() -> Plan {
    var plan = Plan()
    for node in sortedNodes { place(on: node, &plan) }
    for (name, pods) in podsByNode.sorted(by: { $0.key < $1.key }) where nodes[name] == nil {
      plan.podsToDelete += pods
    }
    if owner.spec.updateStrategy.type != "OnDelete" { update(&plan) }
    return plan
  }

  private func place(on node: Node, _ plan: inout Plan) {
    let fit = fit(node)
    let pods = podsByNode[node.metadata.name] ?? []
    if !fit.mayContinue {
      plan.podsToDelete += pods
      return
    }
    let failed = pods.filter { $0.status.phase == "Failed" && !$0.isTerminating }
    let succeeded = pods.filter { $0.status.phase == "Succeeded" && !$0.isTerminating }
    plan.failed += failed
    plan.podsToDelete += failed + succeeded
    let living = pods.filter { !$0.isFinished && !$0.isTerminating }
    if pods.isEmpty, fit.shouldRun { plan.nodesToFill.append(node.metadata.name) }
    // One pod a node, or while surging one of each template: the oldest stays.
    for group in maxSurge > 0 ? [living.filter(isUpdated), living.filter { !isUpdated($0) }] : [living] {
      let oldestFirst = group.sorted { left, right in
        let (a, b) = (left.metadata.creationTimestamp, right.metadata.creationTimestamp)
        return a == b ? left.metadata.name < right.metadata.name : (a?.nanoseconds ?? 0) < (b?.nanoseconds ?? 0)
      }
      plan.podsToDelete += oldestFirst.dropFirst()
    }
  }

  // MARK: Rolling update

  private var desired: Int { sortedNodes.count { fit($0).shouldRun } }

  private var maxSurge: Int {
    owner.spec.updateStrategy.rollingUpdate?.maxSurge?.resolved(of: desired, roundingUp: true) ?? 0
  }

  private var maxUnavailable: Int {
    let value = owner.spec.updateStrategy.rollingUpdate?.maxUnavailable ?? .int(1)
    let resolved = value.resolved(of: desired, roundingUp: true) ?? 1
    // Both at zero would stop an update for ever.
    return resolved == 0 && maxSurge == 0 ? 1 : resolved
  }

  private func update(_ plan: inout Plan) {
    let doomed = Set(plan.podsToDelete.map(\.metadata.uid))
    let surge = maxSurge
    let limit = maxUnavailable
    var unavailable = 0
    var surging = 0
    var replaceable: [Pod] = []
    var candidates: [Pod] = []
    for node in sortedNodes where fit(node).shouldRun {
      let pods = (podsByNode[node.metadata.name] ?? []).filter {
        !doomed.contains($0.metadata.uid) && !$0.isTerminating
      }
      let new = pods.first(where: isUpdated)
      let old = pods.first { !isUpdated($0) }
      switch (old, new) {
      case (nil, nil): unavailable += 1
      case (nil, let new?): if !isAvailable(new) { unavailable += 1 }
      case (let old?, let new?):
        if surge > 0 {
          if isAvailable(new) { plan.podsToDelete.append(old) } else { surging += 1 }
        } else {
          unavailable += 1
        }
      case (let old?, nil):
        if isAvailable(old) {
          candidates.append(old)
        } else {
          unavailable += 1
          replaceable.append(old)
        }
      }
    }
    if surge > 0 {
      let chosen = replaceable + candidates.prefix(max(0, surge - surging))
      plan.nodesToFill += chosen.map(node(of:))
    } else {
      plan.podsToDelete += replaceable + candidates.prefix(max(0, limit - unavailable))
    }
  }

  // MARK: Pods and status

  func pod(named name: String, on node: String) -> Pod {
    var pod = template
    pod.metadata.name = name
    let requirement = LabelRequirement(key: "metadata.name", op: .in, values: [node])
    var term = NodeSelectorTerm()
    term.matchFields = [requirement]
    var affinity = pod.spec.affinity ?? Affinity()
    var nodeAffinity = affinity.nodeAffinity ?? NodeAffinity()
    var selector = nodeAffinity.required ?? NodeSelector()
    if selector.nodeSelectorTerms.isEmpty {
      selector.nodeSelectorTerms = [term]
    } else {
      // The node is one more condition of each of the alternatives.
      for index in selector.nodeSelectorTerms.indices { selector.nodeSelectorTerms[index].matchFields = [requirement] }
    }
    nodeAffinity.required = selector
    affinity.nodeAffinity = nodeAffinity
    pod.spec.affinity = affinity
    return pod
  }

  private static func pod(of owner: DaemonSet, hash: String) -> Pod {
    var pod = Pod()
    pod.metadata = owner.spec.template.metadata
    pod.metadata.namespace = owner.metadata.namespace
    pod.metadata.labels[TemplateRevisions.label] = hash
    if let generation = owner.metadata.annotations["deprecated.daemonset.template.generation"] {
      pod.metadata.labels["pod-template-generation"] = generation
    }
    pod.metadata.ownerReferences = [OwnerReference(to: owner)]
    pod.spec = owner.spec.template.spec
    pod.spec.tolerations += DaemonFit.tolerations(hostNetwork: pod.spec.hostNetwork)
      .filter { !pod.spec.tolerations.contains($0) }
    return pod
  }

  func status() -> DaemonSet.Status {
    var status = owner.status
    status.observedGeneration = owner.metadata.generation
    status.desiredNumberScheduled = 0
    status.currentNumberScheduled = 0
    status.numberMisscheduled = 0
    status.numberReady = 0
    status.numberAvailable = 0
    status.updatedNumberScheduled = 0
    for node in sortedNodes {
      let pods = podsByNode[node.metadata.name] ?? []
      guard fit(node).shouldRun else {
        if !pods.isEmpty { status.numberMisscheduled += 1 }
        continue
      }
      status.desiredNumberScheduled += 1
      guard !pods.isEmpty else { continue }
      status.currentNumberScheduled += 1
      if pods.contains(where: \.isReady) { status.numberReady += 1 }
      if pods.contains(where: isAvailable) { status.numberAvailable += 1 }
      if pods.contains(where: isUpdated) { status.updatedNumberScheduled += 1 }
    }
    status.numberUnavailable = status.desiredNumberScheduled - status.numberAvailable
    return status
  }
}
