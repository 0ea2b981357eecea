import Kubernetes

/// Grows node groups for pods that fit nowhere, and shrinks them where nodes are not needed.
///
/// Nodes that were asked for and have not come are counted as if they were there. A node on its way out carries a
/// taint, so a restarted autoscaler goes on where it was. Emits `resizeNodeGroup` (absolute sizes), taint patches,
/// evictions, `terminateNode` (which must lower the group's target by one) and events.
public struct NodeAutoscalingDecision: Decision {
  public let configuration: Configuration
  private var memory = NodeAutoscalingMemory()

  public init(configuration: Configuration = Configuration()) { self.configuration = configuration }

  public mutating func reconcile(_ view: ClusterView, at now: Timestamp) -> [Change] {
    guard !view.nodeGroups.isEmpty else { return [] }
    memory.forgetOutdated(view, at: now, after: configuration.assumeSeconds)
    var pass = NodeAutoscalingPass(view, configuration, memory, now)
    pass.run()
    memory = pass.memory
    return pass.changes
  }
}

/// One pass of the node autoscaler under way.
struct NodeAutoscalingPass {
  let view: ClusterView
  let configuration: NodeAutoscalingDecision.Configuration
  let now: Timestamp
  var memory: NodeAutoscalingMemory
  var ledgers: [String: NodeGroupLedger]
  var changes: [Change] = []

  init(
    _ view: ClusterView, _ configuration: NodeAutoscalingDecision.Configuration, _ memory: NodeAutoscalingMemory,
    _ now: Timestamp
  ) {
    self.view = view
    self.configuration = configuration
    self.memory = memory
    self.now = now
    ledgers = NodeGroupLedger.all(view, memory, bootingFor: configuration.provisionTimeoutSeconds, at: now)
  }

  mutating func run() {
    giveUpOnMissingNodes()
    holdMinimum()
    keepHeldNodes()
    let pending = BinPacking.Group.of(pendingPods)
    var snapshot = expectedCluster()
    var unplaced = BinPacking.fill(pending, into: &snapshot)
    if !unplaced.isEmpty, ledgers.values.contains(where: { !$0.draining.isEmpty }) {
      // Nodes that are leaving are there already: sooner than any new one.
      for name in ledgers.values.flatMap(\.draining).sorted() { keep(name, because: "pods are waiting for room") }
      snapshot = expectedCluster()
      unplaced = BinPacking.fill(pending, into: &snapshot)
    }
    if !unplaced.isEmpty { grow(unplaced, on: snapshot) }
    continueDrains()
    scanForUnneeded(snapshot)
  }

  // MARK: Groups

  /// A group that did not deliver is left alone for a while, and what was asked of it is taken back.
  private mutating func giveUpOnMissingNodes() {
    for name in ledgers.keys.sorted() {
      guard let ledger = ledgers[name], memory.observe(ledger, configuration, at: now) else { continue }
      ledgers[name]?.isBackedOff = true
      let size = max(ledger.present, ledger.leastSize)
      if size < ledger.target { resize(name, to: size) }
    }
  }

  private mutating func holdMinimum() {
    for name in ledgers.keys.sorted() {
      guard let ledger = ledgers[name], ledger.target < ledger.group.minimum else { continue }
      resize(name, to: ledger.group.minimum)
    }
  }

  private mutating func resize(_ name: String, to size: Int) {
    guard let ledger = ledgers[name] else { return }
    memory.ask(ledger, size: size, at: now)
    ledgers[name]?.target = size
    changes.append(.resizeNodeGroup(name, to: size))
  }

  // MARK: Pods

  private var pendingPods: [Pod] {
    view.pods.values.filter { pod in
      guard SchedulingQueue.isWaiting(pod), configuration.schedulerNames.contains(pod.spec.schedulerName),
        (pod.spec.priority ?? 0) >= configuration.expendablePriority
      else { return false }
      // Room is being made for it by ending other pods.
      if !pod.status.nominatedNodeName.isEmpty, view.nodes[pod.status.nominatedNodeName] != nil { return false }
      return (pod.metadata.creationTimestamp.map { now - $0 } ?? .infinity) >= configuration.newPodScaleUpDelaySeconds
    }
    .sorted(by: SchedulingQueue.precedes)
  }

  /// The cluster with every node that may be counted on: those there, those booting, those asked for.
  private func expectedCluster() -> ClusterSnapshot {
    let booting = Set(ledgers.values.flatMap(\.booting))
    var snapshot = ClusterSnapshot(view) { node in
      node.scaleDownMark == nil && !memory.isDraining(node) && !booting.contains(node.metadata.name)
        && memory.terminated[node.metadata.name] == nil
    }
    func add(_ node: Node) {
      let index = snapshot.addNode(node)
      for pod in view.pods(onNode: node.metadata.name) where !pod.isFinished {
        snapshot.assume(PodInfo(pod), onNode: index)
      }
    }
    let daemons = daemonRequests
    for name in ledgers.keys.sorted() {
      guard let ledger = ledgers[name] else { continue }
      for node in ledger.booting {
        if let registered = view.nodes[node] { add(registered.booted(as: ledger.group.templateNode(named: node))) }
      }
      // Nodes that were called back lose their mark.
      for node in ledger.ready {
        guard var kept = view.nodes[node], kept.scaleDownMark != nil else { continue }
        kept.spec.taints.removeAll { $0.key == Node.scaleDownTaint }
        add(kept)
      }
      for number in 0..<ledger.upcoming {
        snapshot.addNode(ledger.group.templateNode(named: "\(name)-upcoming-\(number)", less: daemons[name]))
      }
    }
    for pod in view.pods.values where !pod.status.nominatedNodeName.isEmpty && SchedulingQueue.isWaiting(pod) {
      if let node = snapshot.index(ofNode: pod.status.nominatedNodeName) { snapshot.assume(PodInfo(pod), onNode: node) }
    }
    return snapshot
  }

  /// What DaemonSets take of a node, seen at the first node of each group.
  private var daemonRequests: [String: Resources] {
    ledgers.compactMapValues { ledger in
      guard let node = ledger.ready.first else { return nil }
      var sum = Resources()
      for pod in view.pods(onNode: node) where pod.metadata.controller?.kind == "DaemonSet" && !pod.isFinished {
        sum += Resources(requestsOf: pod)
      }
      return sum.pods > 0 ? sum : nil
    }
  }

  // MARK: Growing

  private mutating func grow(_ unplaced: [BinPacking.Group], on snapshot: ClusterSnapshot) {
    var scaleUp = ScaleUp(unplaced, on: snapshot, ledgers, daemonRequests: daemonRequests, configuration)
    scaleUp.run()
    var sizes: [String] = []
    for (name, count) in scaleUp.additions.sorted(by: { $0.key < $1.key }) {
      guard let ledger = ledgers[name] else { continue }
      // Nodes beyond the target are there already, and what a campaign holds is being asked for by others.
      let size = min(ledger.group.maximum, max(max(ledger.target, ledger.present) + count, ledger.leastSize))
      sizes.append("{\(name) \(ledger.target)->\(size) (max: \(ledger.group.maximum))}")
      resize(name, to: size)
    }
    if !sizes.isEmpty {
      memory.lastScaleUp = now
      let message = "pod triggered scale-up: [\(sizes.joined(separator: " "))]"
      for pod in scaleUp.helped.prefix(Self.eventsPerPass) { note(pod, "TriggeredScaleUp", message) }
    }
    for group in scaleUp.remaining.prefix(Self.eventsPerPass) {
      guard let pod = group.pods.first else { continue }
      let message = "pod didn't trigger scale-up: \(scaleUp.reasons(for: group))"
      if memory.hopeless.updateValue(message, forKey: pod.key) != message { note(pod, "NotTriggerScaleUp", message) }
    }
  }

  /// Equal pods have equal events; a few of them tell it all.
  private static let eventsPerPass = 20

  private mutating func note(_ pod: PodInfo, _ reason: String, _ message: String) {
    guard let object = view.pods[pod.key] else { return }
    changes.append(
      .record(
        Change.EventNote(
          about: ObjectReference(to: object), reason: reason, message: message, component: configuration.component)))
  }
}
