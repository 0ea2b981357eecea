import Kubernetes

/// How long capacity takes to come, learned from the nodes and pods that came: stages as quantiles.
///
/// A pod's scheduling is its creation to `PodScheduled` where its node was there before it; its start is from there to
/// the last of its containers running (pull included); its readiness from there to `Ready`. A node's boot is its
/// creation to `Ready`, and counts only where it is longer than declared: the cloud works before the node exists. Where
/// no group tells how long that is, it is what pods waited for a node made after them.
public struct LeadTime: Sendable {
  /// Declared seconds of each stage, until enough has been seen.
  public struct Declared: Sendable, Hashable {
    public var schedule: Double
    public var imagePull: Double
    public var start: Double
    public var ready: Double
    /// From a pod that finds no room to the node that was booted for it, where no node group tells its own boot time.
    public var node: Double

    public init(
      schedule: Double = 1, imagePull: Double = 10, start: Double = 5, ready: Double = 5, node: Double = 180
    ) {
      self.schedule = schedule
      self.imagePull = imagePull
      self.start = start
      self.ready = ready
      self.node = node
    }
  }

  /// So many samples before what was seen replaces what was declared.
  public static let samplesMin = 20
  public static let quantile = 0.99
  /// Longer is an accident, such as a pod that became unready and ready again, not a start.
  public static let sampleSecondsMax = 900.0
  static let samplesOfService = 64

  private struct PodStages {
    var start = SampleReservoir(capacity: LeadTime.samplesOfService)
    var ready = SampleReservoir(capacity: LeadTime.samplesOfService)
  }

  /// Seconds of each stage, nil while too little has been seen: asked for far more often than samples come.
  private struct PodSeconds {
    var start: Double?
    var ready: Double?
  }

  public var declared: Declared
  private var schedule = SampleReservoir()
  /// Pods that waited for a node that came after them.
  private var waits = SampleReservoir()
  private var services: [NamespacedName: PodStages] = [:]
  private var podSeconds: [NamespacedName: PodSeconds] = [:]
  private var groups: [String: SampleReservoir] = [:]
  private var seenPods: Set<String> = []
  private var seenNodes: Set<String> = []

  public init(declared: Declared = Declared()) { self.declared = declared }

  /// Learns from what became ready since last time. Seeing the same view again teaches nothing.
  public mutating func observe(_ view: ClusterView) {
    var pods: Set<String> = []
    for pod in view.pods.values where pod.isReady && !pod.metadata.uid.isEmpty { pods.insert(pod.metadata.uid) }
    let fresh = view.pods.values.filter { $0.isReady && !seenPods.contains($0.metadata.uid) }
    // In a fixed order, so that full reservoirs keep the same samples whatever the dictionary's order.
    for pod in fresh.sorted(by: { $0.key < $1.key }) { learn(pod, view) }
    seenPods = pods

    var nodes: Set<String> = []
    for node in view.nodes.values.sorted(by: { $0.metadata.name < $1.metadata.name }) where node.isReady {
      nodes.insert(node.metadata.uid)
      if !seenNodes.contains(node.metadata.uid) { learn(node) }
    }
    seenNodes = nodes
    for service in services.keys where view.microservices[service] == nil {
      services[service] = nil
      podSeconds[service] = nil
    }
    for group in groups.keys where view.nodeGroups[group] == nil { groups[group] = nil }
  }

  private mutating func learn(_ pod: Pod, _ view: ClusterView) {
    guard let scheduled = pod.status.conditions["PodScheduled"]?.lastTransitionTime,
      let ready = pod.status.conditions["Ready"]?.lastTransitionTime
    else { return }
    if let created = pod.metadata.creationTimestamp,
      let nodeReady = view.nodes[pod.spec.nodeName]?.status.conditions["Ready"]?.lastTransitionTime
    {
      if nodeReady <= created { learnSchedule(seconds: scheduled - created) }
      // A node that was there, and only became ready again, is none that was booted for it.
      if let made = view.nodes[pod.spec.nodeName]?.metadata.creationTimestamp, made >= created {
        Self.add(scheduled - created, to: &waits)
      }
    }
    guard let name = pod.metadata.labels[WellKnown.service] else { return }
    let service = NamespacedName(pod.metadata.namespace, name)
    guard view.microservices[service] != nil else { return }
    let statuses = pod.status.containerStatuses + pod.status.initContainerStatuses
    guard statuses.allSatisfy({ $0.restartCount == 0 }) else { return }
    let started = statuses.compactMap { $0.state.running?.startedAt }.max() ?? scheduled
    learnStart(of: service, startSeconds: started - scheduled, readySeconds: ready - started)
  }

  /// Learns from a pod that found room as it came.
  mutating func learnSchedule(seconds: Double) { Self.add(seconds, to: &schedule) }

  /// Learns from a pod that became ready: from its node to its containers, and from there to its readiness.
  mutating func learnStart(of service: NamespacedName, startSeconds: Double, readySeconds: Double) {
    var stages = services.removeValue(forKey: service) ?? PodStages()
    Self.add(startSeconds, to: &stages.start)
    Self.add(readySeconds, to: &stages.ready)
    podSeconds[service] = PodSeconds(start: Self.p99(stages.start), ready: Self.p99(stages.ready))
    services[service] = stages
  }

  /// Learns from a node that became ready.
  mutating func learnBoot(ofGroup group: String, seconds: Double) {
    Self.add(seconds, to: &groups[group, default: SampleReservoir()])
  }

  private mutating func learn(_ node: Node) {
    guard let group = node.metadata.labels[WellKnown.nodeGroup], let created = node.metadata.creationTimestamp,
      let ready = node.status.conditions["Ready"]?.lastTransitionTime
    else { return }
    learnBoot(ofGroup: group, seconds: ready - created)
  }

  private static func add(_ seconds: Double, to reservoir: inout SampleReservoir) {
    if seconds >= 0, seconds <= sampleSecondsMax { reservoir.add(seconds) }
  }

  private static func p99(_ reservoir: SampleReservoir?) -> Double? {
    guard let reservoir, reservoir.count >= samplesMin else { return nil }
    return reservoir.quantile(quantile)
  }

  /// Seconds from a pod's creation to its readiness, where there is room for it.
  public func pod(of service: NamespacedName) -> Double {
    let learned = podSeconds[service]
    let start = learned?.start ?? declared.imagePull + declared.start
    return (Self.p99(schedule) ?? declared.schedule) + start + (learned?.ready ?? declared.ready)
  }

  /// Seconds from a pod that finds no room to a node for it, whatever boots that.
  public var newNode: Double { Self.p99(waits) ?? declared.node }

  /// Seconds from asking for a node to its readiness.
  public func node(of group: NodeGroup) -> Double { max(group.bootSeconds, Self.p99(groups[group.name]) ?? 0) }
}
