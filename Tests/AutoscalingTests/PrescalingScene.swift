import Autoscaling
import Kubernetes
import Testing

/// A small news fleet in a pure world: nodes boot, pods become ready, autoscalers follow their minimum and the load.
///
/// gateway (exposed, 50/s a pod) → articles (40/s) → users (80/s, twice a request); ranking is called by nobody.
struct PrescalingScene {
  static let begin = Timestamp(seconds: 1_800_000_000)
  static let podSeconds = 8.0
  static let nodeSeconds = 30.0

  var view = ClusterView()
  var now = PrescalingScene.begin
  var log: [(at: Timestamp, change: Change)] = []
  private var booting: [(name: String, group: String, at: Timestamp)] = []
  private var starting: [(pod: NamespacedName, at: Timestamp)] = []
  private var serial = 0
  /// Nobody tells of node groups; whatever boots nodes does so for pods that find no room.
  let isForeign: Bool
  /// What a foreign autoscaler may boot.
  var foreignNodesMax = 50
  /// What arrives at the edge, requests per second.
  var edgeLoad: (Timestamp) -> Double = { _ in 20 }

  static let factors = ["gateway": 1.0, "articles": 1.0, "users": 2.0]
  static let capacity = ["gateway": 50.0, "articles": 40.0, "users": 80.0, "ranking": 10.0]

  static let shape = ResponseShape(riseSeconds: 5, holdSeconds: 40, fallSeconds: 20)

  static var configuration: PrescalingDecision.Configuration {
    .init(
      kinds: [
        "breaking": .init(openRate: 0.1, shape: shape)
      ], margin: 10, utilization: 0.7, lead: .init(schedule: 1, imagePull: 3, start: 2, ready: 2), releaseInterval: 5)
  }

  init(spotMaximum: Int = 4, onDemandMaximum: Int = 50, isForeign: Bool = false) {
    self.isForeign = isForeign
    addGroup("spot", isSpot: true, maximum: spotMaximum, target: 2, price: 0.05)
    addGroup("on-demand", isSpot: false, maximum: onDemandMaximum, target: 0, price: 0.2)
    addService("gateway", calls: ["articles"], isEdge: true)
    addService("articles", calls: ["users"])
    addService("users")
    addService("ranking")
    view.microservices[NamespacedName("news", "articles")]?.spec.calls = [.init(service: "users", perRequest: 2)]
    view.autoscalers[NamespacedName("news", "users")]?.metadata.annotations["sakigake.dev/min-replicas"] = "3"
    if isForeign {
      foreignTemplate = view.nodeGroups["spot"]
      view.nodeGroups = [:]
    }
    run()
  }

  private mutating func addGroup(_ name: String, isSpot: Bool, maximum: Int, target: Int, price: Double) {
    let size: ResourceList = ["cpu": Quantity(4), "memory": Quantity(bytes: 16 << 30), "pods": Quantity(30)]
    view.nodeGroups[name] = NodeGroup(
      name: name, instanceType: "m5.xlarge", allocatable: size, maximum: maximum, target: target,
      bootSeconds: Self.nodeSeconds, isSpot: isSpot, pricePerHour: price)
    for index in 0..<target { addNode("\(name)-\(index)", group: name) }
  }

  private var foreignTemplate: NodeGroup?

  private mutating func addNode(_ name: String, group: String) {
    guard var node = (foreignTemplate ?? view.nodeGroups[group])?.templateNode(named: name) else { return }
    node.metadata.uid = name
    node.metadata.creationTimestamp = now
    node.status.conditions = [Condition("Ready", true, at: now)]
    view.set(node)
  }

  private mutating func addService(_ name: String, calls: [String] = [], isEdge: Bool = false) {
    let key = NamespacedName("news", name)
    var service = Microservice()
    service.metadata = ObjectMeta(name: name, namespace: "news")
    service.spec.calls = calls.map { .init(service: $0) }
    service.spec.scale.min = 3
    service.spec.scale.max = 60
    service.spec.capacity = .init()
    service.spec.capacity?.requestsPerSecond = Self.capacity[name] ?? 0
    if isEdge {
      service.spec.expose = .init()
      service.spec.scale.push = true
    }
    view.microservices[key] = service
    var deployment = Deployment()
    deployment.metadata = service.metadata
    deployment.spec.replicas = 3
    deployment.spec.selector = LabelSelector(matchLabels: [WellKnown.service: name])
    deployment.spec.template.metadata.labels = [WellKnown.service: name]
    var container = Container()
    container.name = "app"
    container.resources.requests = ["cpu": Quantity(milli: 500), "memory": Quantity(bytes: 256 << 20)]
    deployment.spec.template.spec.containers = [container]
    view.deployments[key] = deployment
    var autoscaler = HorizontalPodAutoscaler()
    autoscaler.metadata = service.metadata
    autoscaler.spec.minReplicas = 3
    autoscaler.spec.maxReplicas = 60
    view.autoscalers[key] = autoscaler
    for index in 0..<3 { addPod(name, name: "\(name)-first-\(index)") }
  }

  /// A pod that is ready since now.
  mutating func addPod(_ service: String, name: String, scheduling: Double = 0, start: Double = 0, ready: Double = 0) {
    var pod = view.deployments[NamespacedName("news", service)].map { Self.pod(of: $0, name) } ?? Pod()
    pod.metadata.creationTimestamp = now
    pod.spec.nodeName = view.nodes.keys.min { view.pods(onNode: $0).count < view.pods(onNode: $1).count } ?? ""
    let scheduled = now + scheduling
    pod.status.phase = "Running"
    var status = ContainerStatus()
    status.state.running = .init()
    status.state.running?.startedAt = scheduled + start
    pod.status.containerStatuses = [status]
    pod.status.conditions = [
      Condition("PodScheduled", true, at: scheduled), Condition("Ready", true, at: scheduled + start + ready),
    ]
    view.set(pod)
  }

  private static func pod(of deployment: Deployment, _ name: String) -> Pod {
    var pod = Pod()
    pod.metadata = ObjectMeta(
      name: name, namespace: deployment.metadata.namespace, labels: deployment.spec.template.metadata.labels)
    pod.metadata.uid = name
    pod.spec = deployment.spec.template.spec
    pod.status.phase = "Pending"
    return pod
  }

  static func campaign(_ name: String, sendAt: Timestamp?, audience: Int, kind: String = "breaking") -> PushCampaign {
    var campaign = PushCampaign()
    campaign.metadata = ObjectMeta(name: name, namespace: "news")
    campaign.spec.sendAt = sendAt
    campaign.spec.audience = audience
    campaign.spec.kind = kind
    return campaign
  }

  mutating func announce(_ name: String, in seconds: Double, audience: Int) {
    let campaign = Self.campaign(name, sendAt: now + seconds, audience: audience)
    view.pushCampaigns[campaign.key] = campaign
  }
}

extension PrescalingScene {
  /// One second of the world: what was decided is done, nodes and pods come, rates are measured.
  mutating func step(_ decision: inout PrescalingDecision) {
    now = now + 1
    let changes = decision.reconcile(view, at: now)
    for change in changes { take(change) }
    run()
  }

  mutating func steps(_ count: Int, _ decision: inout PrescalingDecision) {
    for _ in 0..<count { step(&decision) }
  }

  mutating func take(_ change: Change) {
    log.append((now, change))
    switch change {
    case .resizeNodeGroup(let group, let size):
      for _ in (view.nodeGroups[group]?.target ?? size)..<size {
        serial += 1
        booting.append(("\(group)-new-\(serial)", group, now + Self.nodeSeconds))
      }
      view.nodeGroups[group]?.target = size
    case .patch(let target, .apply, let body, _, _) where target.resource == .deployments:
      do {
        let deployment = try Deployment(json: body)
        view.deployments[deployment.key] = deployment
      } catch { Issue.record("\(error)") }
    case .delete(let target, _, _) where target.resource == .deployments:
      let key = NamespacedName(target.namespace, target.name)
      guard let gone = view.deployments.removeValue(forKey: key) else { return }
      for pod in view.pods(in: key.namespace, matching: gone.spec.selector) { view.removePod(pod.key) }
    case .patch(let target, .apply, let body, _, let manager):
      let key = NamespacedName(target.namespace, target.name)
      view.autoscalers[key]?.spec.minReplicas = body[path: ["spec", "minReplicas"]]?.integerValue.map(Int.init)
      view.autoscalers[key]?.metadata.unknown["managedFields"] = [
        ["manager": .string(manager ?? ""), "fieldsV1": ["f:spec": ["f:minReplicas": [:]]]]
      ]
    case .patch(let target, .merge, let body, "status", _):
      let key = NamespacedName(target.namespace, target.name)
      guard let old = view.pushCampaigns[key] else { return }
      var json = old.status.json
      for member in body["status"]?.objectValue ?? [:] {
        json[member.key] = member.value.isNull ? Optional.none : member.value
      }
      do { view.pushCampaigns[key]?.status = try .init(json: json) } catch { Issue.record("\(error)") }
    default: break
    }
  }

  private mutating func run() {
    for node in booting where node.at <= now { addNode(node.name, group: node.group) }
    booting.removeAll { $0.at <= now }
    for (key, autoscaler) in view.autoscalers {
      let rate = edgeLoad(now) * (Self.factors[key.name] ?? 0)
      let byLoad = Sizing.replicas(load: rate, perPod: (Self.capacity[key.name] ?? 1) * 0.7)
      let wanted = min(max(byLoad, autoscaler.spec.minReplicas ?? 1), autoscaler.spec.maxReplicas)
      view.deployments[key]?.spec.replicas = wanted
      replicate(key, to: wanted)
      let pods = view.pods.values.filter { $0.metadata.labels[WellKnown.service] == key.name && $0.isReady }
      for pod in pods {
        view.metrics.pods[pod.key] = .init(
          at: now, windowSeconds: 5, custom: ["requests_per_second": rate / Double(pods.count)])
      }
    }
    for placeholder in placeholders { replicatePlaceholders(placeholder) }
    schedule()
    if isForeign { bootForWaiting() }
    for pod in starting where pod.at <= now {
      guard var ready = view.pods[pod.pod] else { continue }
      ready.status.phase = "Running"
      ready.status.conditions.set(Condition("Ready", true, at: now))
      view.set(ready)
    }
    starting.removeAll { $0.at <= now }
  }

  private mutating func replicate(_ key: NamespacedName, to wanted: Int) {
    guard let deployment = view.deployments[key] else { return }
    let pods = view.pods.values.filter { $0.metadata.labels[WellKnown.service] == key.name }
      .sorted { $0.metadata.name < $1.metadata.name }
    for _ in 0..<max(wanted - pods.count, 0) {
      serial += 1
      var pod = Self.pod(of: deployment, "\(key.name)-\(100_000 + serial)")
      pod.metadata.creationTimestamp = now
      view.set(pod)
    }
    for pod in pods.suffix(max(pods.count - wanted, 0)) { view.removePod(pod.key) }
  }

  var placeholders: [Deployment] {
    view.deployments.values.filter { PlaceholderLabel.isPlaceholder($0.metadata.labels) }.sorted { $0.key < $1.key }
  }

  private mutating func replicatePlaceholders(_ deployment: Deployment) {
    let pods = view.pods(in: deployment.metadata.namespace, matching: deployment.spec.selector)
      .sorted { !$0.isScheduled && $1.isScheduled }
    let wanted = deployment.spec.replicas ?? 1
    for _ in 0..<max(wanted - pods.count, 0) {
      serial += 1
      var pod = Self.pod(of: deployment, "\(deployment.metadata.name)-\(100_000 + serial)")
      pod.metadata.creationTimestamp = now
      view.set(pod)
    }
    // Those without a node go first, as a ReplicaSet has it.
    for pod in pods.prefix(max(pods.count - wanted, 0)) { view.removePod(pod.key) }
  }

  /// A node for every eight pods that wait, counted with those that are booting.
  private mutating func bootForWaiting() {
    let waiting = view.pods.values.count { !$0.isScheduled }
    let wanted = min((waiting + 7) / 8, foreignNodesMax)
    for _ in 0..<max(wanted - booting.count, 0) {
      serial += 1
      booting.append(("foreign-\(serial)", "", now + Self.nodeSeconds))
    }
  }

  /// The node of a placeholder that gave way.
  private mutating func preempt() -> String? {
    let victims = view.pods.values.filter { $0.isScheduled && PlaceholderLabel.isPlaceholder($0.metadata.labels) }
    guard let victim = victims.min(by: { $0.key < $1.key }) else { return nil }
    view.removePod(victim.key)
    return victim.spec.nodeName
  }

  private mutating func schedule() {
    let waiting = view.pods.values.filter { !$0.isScheduled }.sorted {
      let left = PlaceholderLabel.isPlaceholder($0.metadata.labels)
      return left == PlaceholderLabel.isPlaceholder($1.metadata.labels) ? $0.key < $1.key : !left
    }
    guard !waiting.isEmpty else { return }
    var room: [String: Int64] = view.nodes.mapValues { _ in 4000 }
    for pod in view.pods.values where pod.isScheduled { room[pod.spec.nodeName, default: 0] -= 500 }
    for var pod in waiting {
      let isPlaceholder = PlaceholderLabel.isPlaceholder(pod.metadata.labels)
      let free = room.filter { $0.value >= 500 }.keys.min()
      if free == nil, !isPlaceholder, let given = preempt() { room[given, default: 0] += 500 }
      guard let node = free ?? room.filter({ $0.value >= 500 }).keys.min() else { return }
      room[node, default: 0] -= 500
      pod.spec.nodeName = node
      pod.status.conditions.set(Condition("PodScheduled", true, at: now))
      view.set(pod)
      starting.append((pod.key, now + Self.podSeconds))
    }
  }

  func ready(_ service: String) -> Int {
    view.pods.values.count { $0.metadata.labels[WellKnown.service] == service && $0.isReady }
  }
  func minimum(_ service: String) -> Int { view.autoscalers[NamespacedName("news", service)]?.spec.minReplicas ?? 0 }
  func status(_ campaign: String) -> PushCampaign.Status {
    view.pushCampaigns[NamespacedName("news", campaign)]?.status ?? .init()
  }
  func floor(_ campaign: String, _ service: String) -> Int {
    status(campaign).floors.first { $0.service == service }?.replicas ?? 0
  }
}
