import Kubernetes

/// Keeps a pod of every DaemonSet on every node that it fits (pkg/controller/daemon upstream).
public struct DaemonSetDecision: Decision {
  public static let component = "daemonset-controller"

  private var names = PodNames()
  private var expected = ExpectedPods()
  /// By set and node: how often its pod failed, and until when no other one is made.
  private var backoff: [String: (failures: Int, until: Timestamp)] = [:]
  /// Seconds before a failed pod is replaced for the first time, and at most.
  private let backoffSeconds: (first: Double, most: Double)

  /// - Parameter speed: how many times faster than real the waits are.
  public init(speed: Double = 1) { backoffSeconds = (1 / speed, 900 / speed) }

  public mutating func reconcile(_ view: ClusterView, at now: Timestamp) -> [Change] {
    var changes: [Change] = []
    for set in view.daemonSets.values.sorted(by: { $0.key < $1.key }) where set.metadata.deletionTimestamp == nil {
      changes += reconcile(set, view, now)
    }
    expected.keep(only: Set(view.daemonSets.values.map(\.metadata.uid)))
    return changes
  }

  private mutating func reconcile(_ set: DaemonSet, _ view: ClusterView, _ now: Timestamp) -> [Change] {
    let revisions = TemplateRevisions(set, set.spec.template, among: view.controllerRevisions.values)
    let pods = view.pods(ownedBy: set.metadata.uid)
    let sync = DaemonSetSync(owner: set, hash: revisions.hash, nodes: view.nodes, pods: pods, now: now)
    var changes = revisions.record()
    let pending = expected.pending(of: set.metadata.uid, seen: pods, at: now)
    var plan = sync.plan()
    plan.nodesToFill.removeAll { isBackingOff(set, $0, now) }
    for pod in plan.failed { noteFailure(set, sync.node(of: pod), now) }
    if pending.isEmpty {
      var created: [String] = []
      for node in plan.nodesToFill {
        let name = names.next(set.metadata.name, owner: set.metadata.uid, at: now)
        created.append(name)
        changes.append(.create(sync.pod(named: name, on: node).json))
        changes.append(event(set, "SuccessfulCreate", "Created pod: \(name)"))
      }
      if !created.isEmpty { expected.expect(created, of: set.metadata.uid, at: now) }
    }
    for pod in plan.failed {
      changes.append(
        event(
          set, "FailedDaemonPod",
          "Found failed daemon pod \(pod.key) on node \(sync.node(of: pod)), will try to kill it", isWarning: true))
    }
    for pod in plan.podsToDelete where !pod.isTerminating {
      changes.append(.delete(.init(pod), uid: pod.metadata.uid))
      changes.append(event(set, "SuccessfulDelete", "Deleted pod: \(pod.metadata.name)"))
    }
    if let status = Change.status(of: set, from: set.status, to: sync.status()) { changes.append(status) }
    let used = Set(pods.compactMap { $0.metadata.labels[TemplateRevisions.label] })
    return changes + revisions.prune(to: set.spec.revisionHistoryLimit ?? 10, used: used)
  }

  private func event(_ set: DaemonSet, _ reason: String, _ message: String, isWarning: Bool = false) -> Change {
    .event(about: set, reason, message, isWarning: isWarning, by: Self.component)
  }

  private func isBackingOff(_ set: DaemonSet, _ node: String, _ now: Timestamp) -> Bool {
    backoff["\(set.metadata.uid)/\(node)"].map { now < $0.until } ?? false
  }

  private mutating func noteFailure(_ set: DaemonSet, _ node: String, _ now: Timestamp) {
    let key = "\(set.metadata.uid)/\(node)"
    // One failure is told once, however long its pod is seen.
    if let entry = backoff[key], now < entry.until { return }
    let failures = (backoff[key]?.failures ?? 0) + 1
    let wait = min(backoffSeconds.most, backoffSeconds.first * Double(1 << min(failures - 1, 16)))
    backoff[key] = (failures, now + wait)
    if backoff.count > 10_000 { backoff = backoff.filter { now - $0.value.until < 2 * backoffSeconds.most } }
  }
}
