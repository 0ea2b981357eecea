import Autoscaling
import Kubernetes

/// Small clusters for the tests of scheduling and of nodes.
enum SchedulingFixture {
  static let start = Timestamp(seconds: 1_800_000_000)

  static func node(
    _ name: String, cpu: Int64 = 4000, memoryMiB: Int64 = 8192, pods: Int64 = 110, zone: String = "a",
    labels: Labels = [:], taints: [Taint] = [], isReady: Bool = true
  ) -> Node {
    var node = Node()
    node.metadata = ObjectMeta(name: name, labels: [WellKnown.hostname: name, WellKnown.zone: zone])
    node.metadata.labels.merge(labels) { $1 }
    node.metadata.creationTimestamp = start - 10_000
    node.spec.taints = taints
    node.status.allocatable = [
      "cpu": Quantity(milli: cpu), "memory": Quantity(bytes: memoryMiB << 20), "pods": Quantity(pods),
    ]
    node.status.conditions = [Condition("Ready", isReady)]
    return node
  }

  static func pod(
    _ name: String, cpu: Int64 = 500, memoryMiB: Int64 = 256, on node: String = "", owner: String = "web",
    priority: Int? = nil, _ change: (inout Pod) -> Void = { _ in }
  ) -> Pod {
    var pod = Pod()
    pod.metadata = ObjectMeta(name: name, namespace: "default", labels: ["app": owner])
    pod.metadata.uid = "uid-\(name)"
    pod.metadata.creationTimestamp = start - 100
    if !owner.isEmpty {
      var reference = OwnerReference()
      reference.apiVersion = "apps/v1"
      reference.kind = "ReplicaSet"
      reference.name = owner
      reference.uid = "owner-\(owner)"
      reference.controller = true
      pod.metadata.ownerReferences = [reference]
    }
    var container = Container()
    container.name = "app"
    container.resources.requests = ["cpu": Quantity(milli: cpu), "memory": Quantity(bytes: memoryMiB << 20)]
    pod.spec.containers = [container]
    pod.spec.nodeName = node
    pod.spec.priority = priority
    pod.status.phase = node.isEmpty ? "Pending" : "Running"
    change(&pod)
    return pod
  }

  static func spread(
    _ key: String, maxSkew: Int = 1, app: String = "web", minDomains: Int? = nil, soft: Bool = false
  ) -> TopologySpreadConstraint {
    var constraint = TopologySpreadConstraint()
    constraint.topologyKey = key
    constraint.maxSkew = maxSkew
    constraint.minDomains = minDomains
    constraint.whenUnsatisfiable = soft ? "ScheduleAnyway" : "DoNotSchedule"
    constraint.labelSelector = LabelSelector(matchLabels: ["app": app])
    return constraint
  }

  static func term(_ app: String, _ key: String = WellKnown.hostname) -> PodAffinityTerm {
    var term = PodAffinityTerm()
    term.labelSelector = LabelSelector(matchLabels: ["app": app])
    term.topologyKey = key
    return term
  }

  static func view(_ nodes: [Node], _ pods: [Pod] = []) -> ClusterView {
    var view = ClusterView()
    for node in nodes { view.set(node) }
    for pod in pods { view.set(pod) }
    return view
  }

  static func budget(_ name: String, app: String, allowed: Int) -> PodDisruptionBudget {
    var budget = PodDisruptionBudget()
    budget.metadata = ObjectMeta(name: name, namespace: "default")
    budget.spec.selector = LabelSelector(matchLabels: ["app": app])
    budget.status.disruptionsAllowed = allowed
    return budget
  }

  /// The nodes that a pass binds pods to, by pod.
  static func bindings(_ changes: [Change]) -> [String: String] {
    var bindings: [String: String] = [:]
    for case .bind(let pod, let node) in changes { bindings[pod.name] = node }
    return bindings
  }

  /// Why `pod` may not run on each node, by node.
  static func failures(_ pod: Pod, _ view: ClusterView) -> [String: [String]] {
    var snapshot = ClusterSnapshot(view)
    let requirements = PodRequirements(pod, in: &snapshot)
    var failures: [String: [String]] = [:]
    for index in snapshot.nodes.indices {
      if let failure = requirements.failure(onNode: index, in: snapshot) {
        failures[snapshot.nodes[index].name] = failure.reasons
      }
    }
    return failures
  }
}
