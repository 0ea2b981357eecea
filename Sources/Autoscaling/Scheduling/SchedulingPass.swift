import Kubernetes

/// One pass of the scheduler under way.
struct SchedulingPass {
  private let view: ClusterView
  private let configuration: SchedulingDecision.Configuration
  private let now: Timestamp
  private let budgets: DisruptionAllowance
  private let doomed: Set<NamespacedName>
  private(set) var scheduler: Scheduler
  var snapshot = ClusterSnapshot()
  private(set) var memory: SchedulingMemory
  private(set) var changes: [Change] = []
  /// Nodes on which room is being made: not twice at once.
  private var claimed: Set<Int> = []
  private var preemptionsLeft: Int

  init(
    _ view: ClusterView, _ scheduler: Scheduler, _ configuration: SchedulingDecision.Configuration,
    _ memory: SchedulingMemory, _ now: Timestamp
  ) {
    self.view = view
    self.scheduler = scheduler
    self.configuration = configuration
    self.memory = memory
    self.now = now
    budgets = DisruptionAllowance(view.disruptionBudgets.values)
    doomed = memory.doomed
    preemptionsLeft = configuration.preemptionsPerPass
  }

  /// Leaves the snapshot as it was: what was bound is assumed by the next pass, until the view shows it.
  mutating func run(_ queue: [Pod]) {
    for entry in memory.preempting.values {
      if let node = snapshot.index(ofNode: entry.value.node) { claimed.insert(node) }
    }
    let trial = snapshot.beginTrial()
    for pod in queue { schedule(pod) }
    snapshot.rollBack(trial)
  }

  private mutating func schedule(_ pod: Pod) {
    let info = PodInfo(pod)
    let kind = scheduler.kind(of: info.shape, in: &snapshot)
    let nominated = nominatedNode(of: pod)
    if let node = scheduler.place(info, kind: kind, preferring: nominated, in: &snapshot) {
      return bind(pod, info, node)
    }
    let message = scheduler.summary(ofKind: kind, in: snapshot).message
    var nomination: String?
    if let nominated, isRoomBeingMade(for: pod, on: nominated) {
      snapshot.assume(info, onNode: nominated)
    } else {
      nomination = preempt(pod, info, kind)
    }
    report(pod, info, message, nomination: nomination)
  }

  private func nominatedNode(of pod: Pod) -> Int? {
    let name = memory.preempting[pod.key]?.value.node ?? pod.status.nominatedNodeName
    return name.isEmpty ? nil : snapshot.index(ofNode: name)
  }

  /// Whether pods of lower priority are leaving the node for this one.
  private func isRoomBeingMade(for pod: Pod, on node: Int) -> Bool {
    if memory.preempting[pod.key] != nil { return true }
    let priority = pod.spec.priority ?? 0
    return snapshot.nodes[node].residents.contains {
      $0.pod.priority < priority && ($0.pod.isTerminating || doomed.contains($0.pod.key))
    }
  }

  private mutating func bind(_ pod: Pod, _ info: PodInfo, _ node: Int) {
    let name = snapshot.nodes[node].name
    memory.rememberBinding(info, node: name, at: now)
    changes.append(.bind(pod: pod.key, node: name))
    changes.append(
      note(pod, reason: "Scheduled", "Successfully assigned \(pod.key) to \(name)", isWarning: false))
  }

  /// - Returns: the node to be noted in the pod's status.
  private mutating func preempt(_ pod: Pod, _ info: PodInfo, _ kind: Int) -> String? {
    guard preemptionsLeft > 0,
      let candidate = scheduler.victims(forKind: kind, budgets: budgets, excluding: claimed, in: &snapshot)
    else { return nil }
    preemptionsLeft -= 1
    claimed.insert(candidate.node)
    let name = snapshot.nodes[candidate.node].name
    memory.rememberPreemption(info, node: name, victims: candidate.victims, at: now)
    for victim in candidate.victims where !doomed.contains(victim.key) {
      changes.append(
        .delete(Change.Target(.pods, namespace: victim.key.namespace, name: victim.key.name), uid: victim.uid))
      if let victimPod = view.pods[victim.key] {
        let message = "Preempted by pod \(pod.metadata.uid) on node \(name)"
        changes.append(note(victimPod, reason: "Preempted", message, isWarning: false))
      }
    }
    // Keeps the room that is being made from pods of lower priority.
    snapshot.assume(info, onNode: candidate.node)
    return name
  }

  private mutating func report(_ pod: Pod, _ info: PodInfo, _ message: String, nomination: String?) {
    var condition = Condition("PodScheduled", false, reason: "Unschedulable", message: message, at: now)
    let shown = pod.status.conditions["PodScheduled"]
    let isShown = shown?.status == "False" && shown?.reason == condition.reason && shown?.message == message
    let isNews = !isShown && memory.reported[pod.key]?.value != message
    var status: JSONObject = [:]
    if isNews {
      if shown?.status == "False" { condition.lastTransitionTime = shown?.lastTransitionTime }
      status["conditions"] = [condition.json]
      memory.rememberReport(info, message, at: now)
    }
    if let nomination, nomination != pod.status.nominatedNodeName { status["nominatedNodeName"] = .string(nomination) }
    if !status.isEmpty {
      changes.append(.patch(Change.Target(pod), .strategic, ["status": .object(status)], subresource: "status"))
    }
    if isNews { changes.append(note(pod, reason: "FailedScheduling", message, isWarning: true)) }
  }

  private func note(_ pod: Pod, reason: String, _ message: String, isWarning: Bool) -> Change {
    .record(
      Change.EventNote(
        about: ObjectReference(to: pod), isWarning: isWarning, reason: reason, message: message,
        component: configuration.component))
  }
}
