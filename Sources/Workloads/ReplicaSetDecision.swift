import Kubernetes

/// Keeps every ReplicaSet at its number of pods (pkg/controller/replicaset upstream).
///
/// A view may lag behind what was asked for a moment ago. Pods that were asked for and are not seen yet count as there
/// (upstream calls these expectations), for at most `expectationSeconds`.
public struct ReplicaSetDecision: Decision {
  public var expectationSeconds = 10.0
  /// Pods created in one pass for one set; the next pass goes on.
  public var burst = 500
  private var expected: [String: (pods: Set<String>, until: Timestamp)] = [:]
  private var names = PodNames()

  public init() {}

  public mutating func reconcile(_ view: ClusterView, at now: Timestamp) -> [Change] {
    var changes: [Change] = []
    var alive: Set<String> = []
    for set in view.replicaSets.values.sorted(by: { $0.key < $1.key }) {
      alive.insert(set.metadata.uid)
      guard set.metadata.deletionTimestamp == nil else { continue }
      let pods = view.pods(ownedBy: set.metadata.uid)
      changes += scale(set, pods, now)
      changes += status(set, pods, now)
    }
    expected = expected.filter { alive.contains($0.key) }
    return changes
  }

  private mutating func scale(_ set: ReplicaSet, _ pods: [Pod], _ now: Timestamp) -> [Change] {
    let uid = set.metadata.uid
    let active = pods.filter { !$0.isTerminating && !$0.isFinished }
    var pending = expected[uid].map { now < $0.until ? $0.pods : [] } ?? []
    pending.subtract(pods.map(\.metadata.name))
    let desired = set.spec.replicas ?? 1
    let missing = desired - active.count - pending.count
    defer { expected[uid] = pending.isEmpty ? nil : (pending, expected[uid]?.until ?? now + expectationSeconds) }
    if missing > 0 {
      var changes: [Change] = []
      for _ in 0..<min(missing, burst) {
        let pod = newPod(of: set, now)
        pending.insert(pod.metadata.name)
        changes.append(.create(pod.json))
      }
      expected[uid] = (pending, now + expectationSeconds)
      changes.append(
        note(set, "SuccessfulCreate", "Created \(changes.count) pod\(changes.count == 1 ? "" : "s") of \(desired)"))
      return changes
    }
    let surplus = active.count - desired
    guard surplus > 0 else { return [] }
    let victims = active.sorted { Self.goesBefore($0, $1) }.prefix(surplus)
    return victims.map { .delete(.init($0), uid: $0.metadata.uid) } + [
      note(set, "SuccessfulDelete", "Deleted \(victims.count) pod\(victims.count == 1 ? "" : "s") of \(active.count)")
    ]
  }

  private func note(_ set: ReplicaSet, _ reason: String, _ message: String) -> Change {
    .record(
      .init(about: ObjectReference(to: set), reason: reason, message: message, component: "replicaset-controller"))
  }

  /// Which pod is given up first: not scheduled, then pending, not ready, younger (`ActivePods` upstream).
  static func goesBefore(_ left: Pod, _ right: Pod) -> Bool {
    func rank(_ pod: Pod) -> (Int, Int, Int) {
      (pod.isScheduled ? 1 : 0, pod.status.phase == "Running" ? 1 : 0, pod.isReady ? 1 : 0)
    }
    let (a, b) = (rank(left), rank(right))
    if a != b { return a < b }
    let (born, other) = (left.metadata.creationTimestamp, right.metadata.creationTimestamp)
    if born != other { return (born ?? Timestamp(nanoseconds: 0)) > (other ?? Timestamp(nanoseconds: 0)) }
    return left.metadata.name > right.metadata.name
  }

  private mutating func newPod(of set: ReplicaSet, _ now: Timestamp) -> Pod {
    var pod = Pod()
    pod.metadata = set.spec.template.metadata
    pod.metadata.name = names.next(set.metadata.name, owner: set.metadata.uid, at: now)
    pod.metadata.namespace = set.metadata.namespace
    pod.metadata.ownerReferences = [OwnerReference(to: set)]
    pod.spec = set.spec.template.spec
    return pod
  }

  private func status(_ set: ReplicaSet, _ pods: [Pod], _ now: Timestamp) -> [Change] {
    let active = pods.filter { !$0.isTerminating && !$0.isFinished }
    var status = set.status
    status.observedGeneration = set.metadata.generation
    status.replicas = active.count
    status.fullyLabeledReplicas = active.count { pod in
      set.spec.template.metadata.labels.allSatisfy { label in pod.metadata.labels[label.key] == label.value }
    }
    status.readyReplicas = active.count(where: \.isReady)
    status.availableReplicas = active.count { $0.isAvailable(after: set.spec.minReadySeconds, at: now) }
    guard status != set.status else { return [] }
    var json = status.json
    for (name, value) in [
      ("fullyLabeledReplicas", status.fullyLabeledReplicas), ("readyReplicas", status.readyReplicas),
      ("availableReplicas", status.availableReplicas),
    ] where value == 0 {
      json[name] = .null
    }
    return [.patch(.init(set), .merge, ["status": json], subresource: "status")]
  }
}

extension Pod {
  /// Ready, and for long enough.
  func isAvailable(after seconds: Int, at now: Timestamp) -> Bool {
    guard let ready = status.conditions["Ready"], ready.isTrue else { return false }
    guard seconds > 0 else { return true }
    return ready.lastTransitionTime.map { now - $0 >= Double(seconds) } ?? false
  }
}
