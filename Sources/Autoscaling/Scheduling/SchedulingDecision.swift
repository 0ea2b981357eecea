import Kubernetes

/// Binds pods to nodes as kube-scheduler does: filter, score, assume, preempt; many pods a pass.
///
/// Emits `bind`, patches of `PodScheduled` and `nominatedNodeName`, deletions of victims, and events.
public struct SchedulingDecision: Decision {
  public let configuration: Configuration
  private var memory = SchedulingMemory()
  private var scheduler: Scheduler
  private var follower = FleetFollower(.asShown)

  public init(configuration: Configuration = Configuration()) {
    self.configuration = configuration
    scheduler = Scheduler(options: configuration.options)
  }

  public mutating func reconcile(_ view: ClusterView, at now: Timestamp) -> [Change] {
    memory.forgetOutdated(view, at: now, after: configuration.assumeSeconds)
    let queue = SchedulingQueue.pods(of: view, configuration, excluding: memory.bound)
    if queue.isEmpty { return [] }
    let bound = memory.bound
    if follower.follow(view, assuming: { bound[$0]?.value }) {
      scheduler = Scheduler(options: configuration.options, start: scheduler.start)
    }
    // Moved, not copied: a second owner would cost a copy of all nodes.
    var pass = SchedulingPass(view, scheduler, configuration, memory, now)
    swap(&pass.snapshot, &follower.fleet.snapshot)
    scheduler = Scheduler(options: configuration.options)
    pass.run(queue)
    swap(&pass.snapshot, &follower.fleet.snapshot)
    memory = pass.memory
    scheduler = pass.scheduler
    return pass.changes
  }
}

/// Which pods are scheduled, and in which order.
enum SchedulingQueue {
  static func pods(
    of view: ClusterView, _ configuration: SchedulingDecision.Configuration,
    excluding bound: [NamespacedName: SchedulingMemory.Entry<String>]
  ) -> [Pod] {
    var pods: [Pod] = []
    for (key, pod) in view.pods where isWaiting(pod) {
      if bound[key] == nil, configuration.schedulerNames.contains(pod.spec.schedulerName) { pods.append(pod) }
    }
    pods.sort(by: precedes)
    return pods.count > configuration.podsPerPass ? Array(pods.prefix(configuration.podsPerPass)) : pods
  }

  /// Not bound, not ending, and not held back by a scheduling gate.
  static func isWaiting(_ pod: Pod) -> Bool {
    !pod.isScheduled && !pod.isTerminating && !pod.isFinished
      && (pod.spec.unknown["schedulingGates"]?.arrayValue ?? []).isEmpty
  }

  /// Priority first; then pods for which room was made already, the older, the name.
  static func precedes(_ left: Pod, _ right: Pod) -> Bool {
    let priorities = (left.spec.priority ?? 0, right.spec.priority ?? 0)
    if priorities.0 != priorities.1 { return priorities.0 > priorities.1 }
    if left.status.nominatedNodeName.isEmpty != right.status.nominatedNodeName.isEmpty {
      return right.status.nominatedNodeName.isEmpty
    }
    let created = [left, right].map { $0.metadata.creationTimestamp?.nanoseconds ?? 0 }
    return created[0] == created[1] ? left.key < right.key : created[0] < created[1]
  }
}
