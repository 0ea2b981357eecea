/// A typed, indexed snapshot of a cluster: all that a decision may look at.
public struct ClusterView: Sendable {
  public private(set) var nodes: [String: Node] = [:]
  public private(set) var pods: [NamespacedName: Pod] = [:]
  public var namespaces: [String: Namespace] = [:]
  public var deployments: [NamespacedName: Deployment] = [:]
  public var replicaSets: [NamespacedName: ReplicaSet] = [:]
  public var daemonSets: [NamespacedName: DaemonSet] = [:]
  public var statefulSets: [NamespacedName: StatefulSet] = [:]
  public var controllerRevisions: [NamespacedName: ControllerRevision] = [:]
  public var jobs: [NamespacedName: Job] = [:]
  public var cronJobs: [NamespacedName: CronJob] = [:]
  public var services: [NamespacedName: Service] = [:]
  public var endpointSlices: [NamespacedName: EndpointSlice] = [:]
  public var autoscalers: [NamespacedName: HorizontalPodAutoscaler] = [:]
  public var disruptionBudgets: [NamespacedName: PodDisruptionBudget] = [:]
  public var microservices: [NamespacedName: Microservice] = [:]
  public var pushCampaigns: [NamespacedName: PushCampaign] = [:]
  public var nodeGroups: [String: NodeGroup] = [:]
  public var metrics = Metrics()

  private var podsOnNode: [String: Set<NamespacedName>] = [:]
  private var podsOfOwner: [String: Set<NamespacedName>] = [:]

  public init() {}

  public mutating func set(_ node: Node) { nodes[node.metadata.name] = node }
  public mutating func removeNode(_ name: String) { nodes[name] = nil }

  public mutating func set(_ pod: Pod) {
    let key = pod.key
    if let old = pods.updateValue(pod, forKey: key) { unindex(old) }
    if !pod.spec.nodeName.isEmpty { podsOnNode[pod.spec.nodeName, default: []].insert(key) }
    if let owner = pod.metadata.controller { podsOfOwner[owner.uid, default: []].insert(key) }
  }

  public mutating func removePod(_ key: NamespacedName) {
    if let old = pods.removeValue(forKey: key) { unindex(old) }
  }

  private mutating func unindex(_ pod: Pod) {
    if !pod.spec.nodeName.isEmpty {
      podsOnNode[pod.spec.nodeName]?.remove(pod.key)
      if podsOnNode[pod.spec.nodeName]?.isEmpty == true { podsOnNode[pod.spec.nodeName] = nil }
    }
    if let owner = pod.metadata.controller {
      podsOfOwner[owner.uid]?.remove(pod.key)
      if podsOfOwner[owner.uid]?.isEmpty == true { podsOfOwner[owner.uid] = nil }
    }
  }

  /// The pods bound to a node, by name.
  public func pods(onNode name: String) -> [Pod] { sorted(podsOnNode[name]) }

  /// The pods whose controller has that UID, by name.
  public func pods(ownedBy uid: String) -> [Pod] { sorted(podsOfOwner[uid]) }

  private func sorted(_ keys: Set<NamespacedName>?) -> [Pod] { (keys ?? []).sorted().compactMap { pods[$0] } }

  /// The pods of a namespace that a selector picks, by name.
  public func pods(in namespace: String, matching selector: LabelSelector) -> [Pod] {
    pods.values.filter { $0.metadata.namespace == namespace && selector.matches($0.metadata.labels) }
      .sorted { $0.metadata.name < $1.metadata.name }
  }
}

extension ClusterView {
  /// What was measured of pods and nodes last.
  public struct Metrics: Sendable {
    public var pods: [NamespacedName: PodMetrics] = [:]
    public var nodes: [String: Usage] = [:]
    public init() {}
  }

  public struct PodMetrics: Sendable, Hashable {
    public var at: Timestamp
    /// Seconds that the sample covers.
    public var windowSeconds: Double
    public var containers: [String: Usage]
    /// Custom metrics by name, such as `requests_per_second`.
    public var custom: [String: Double]

    public init(at: Timestamp, windowSeconds: Double, containers: [String: Usage] = [:], custom: [String: Double] = [:]) {
      self.at = at
      self.windowSeconds = windowSeconds
      self.containers = containers
      self.custom = custom
    }
  }

  public struct Usage: Sendable, Hashable {
    public var cpuMillicores: Int64
    public var memoryBytes: Int64
    public var at: Timestamp
    public var windowSeconds: Double

    public init(cpuMillicores: Int64, memoryBytes: Int64, at: Timestamp, windowSeconds: Double) {
      self.cpuMillicores = cpuMillicores
      self.memoryBytes = memoryBytes
      self.at = at
      self.windowSeconds = windowSeconds
    }
  }
}
