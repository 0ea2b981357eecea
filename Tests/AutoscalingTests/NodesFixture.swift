import Autoscaling
import Kubernetes

/// A cluster with node groups, moved on as a cloud and its kubelets would.
struct NodesFixture {
  var view = ClusterView()
  var decision: NodeAutoscalingDecision
  var now = SchedulingFixture.start

  init(_ change: (inout NodeAutoscalingDecision.Configuration) -> Void = { _ in }) {
    var configuration = NodeAutoscalingDecision.Configuration()
    change(&configuration)
    decision = NodeAutoscalingDecision(configuration: configuration)
  }

  mutating func addGroup(
    _ name: String, nodes: Int = 0, minimum: Int = 0, maximum: Int = 10, cpu: Int64 = 1000, zone: String = "a",
    isSpot: Bool = false, price: Double = 1, taints: [Taint] = []
  ) {
    view.nodeGroups[name] = NodeGroup(
      name: name, instanceType: "m.large",
      allocatable: ["cpu": Quantity(milli: cpu), "memory": Quantity(bytes: 4 << 30), "pods": Quantity(50)],
      labels: [WellKnown.zone: zone], taints: taints, minimum: minimum, maximum: maximum, target: nodes,
      bootSeconds: 60, isSpot: isSpot, pricePerHour: price)
    for number in 0..<nodes { register("\(name)-\(number)", in: name) }
  }

  mutating func register(_ node: String, in group: String, isReady: Bool = true, at moment: Timestamp? = nil) {
    guard let group = view.nodeGroups[group] else { return }
    var made = group.templateNode(named: node)
    made.metadata.creationTimestamp = moment ?? SchedulingFixture.start - 5000
    made.metadata.resourceVersion = "7"
    if !isReady { made.status.conditions = [Condition("Ready", false)] }
    view.set(made)
  }

  mutating func add(_ pods: Pod...) { for pod in pods { view.set(pod) } }

  mutating func addPending(
    _ count: Int, cpu: Int64 = 500, owner: String = "web", _ change: (inout Pod) -> Void = { _ in }
  ) {
    for number in 0..<count {
      view.set(SchedulingFixture.pod("\(owner)-\(number)", cpu: cpu, memoryMiB: 64, owner: owner, change))
    }
  }

  mutating func hold(_ group: String, _ nodes: Int, campaign: String = "push", phase: PushCampaign.Phase = .ready) {
    var object = PushCampaign()
    object.metadata = ObjectMeta(name: campaign, namespace: "default")
    object.status.phase = phase.rawValue
    var floor = PushCampaign.NodeFloor()
    floor.group = group
    floor.nodes = nodes
    object.status.nodeGroups = [floor]
    view.pushCampaigns[object.key] = object
  }

  /// One pass, after `seconds`.
  mutating func pass(after seconds: Double = 0) -> [Change] {
    now = now + seconds
    return decision.reconcile(view, at: now)
  }

  /// A pass every ten seconds, each carried out at once.
  /// - Returns: everything that was asked for, without events.
  mutating func run(for seconds: Double) -> [Change] {
    var all: [Change] = []
    let end = now + seconds
    while now < end {
      let changes = pass(after: 10)
      for change in changes { carryOut(change) }
      all += Self.actions(changes)
    }
    return all
  }

  mutating func carryOut(_ change: Change) {
    switch change {
    case .resizeNodeGroup(let group, let size): view.nodeGroups[group]?.target = size
    case .terminateNode(let name):
      if let group = view.nodes[name]?.metadata.labels[WellKnown.nodeGroup] { view.nodeGroups[group]?.target -= 1 }
      view.removeNode(name)
    case .evict(let pod): view.removePod(pod)
    case .patch(let target, .merge, let body, nil, _):
      guard var node = view.nodes[target.name] else { return }
      node.spec.taints = (body[path: ["spec", "taints"]]?.arrayValue ?? []).compactMap { try? Taint(json: $0) }
      view.set(node)
    default: break
    }
  }

  static func actions(_ changes: [Change]) -> [Change] {
    changes.filter { if case .record = $0 { false } else { true } }
  }

  static func resizes(_ changes: [Change]) -> [String: Int] {
    var sizes: [String: Int] = [:]
    for case .resizeNodeGroup(let name, let size) in changes { sizes[name] = size }
    return sizes
  }

  static func terminated(_ changes: [Change]) -> [String] {
    var names: [String] = []
    for case .terminateNode(let name) in changes { names.append(name) }
    return names.sorted()
  }
}
