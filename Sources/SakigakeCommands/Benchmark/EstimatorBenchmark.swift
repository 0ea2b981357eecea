import Autoscaling
import Kubernetes

/// The benchmark of cluster-autoscaler's `estimator/binpacking_estimator_test.go`: two kinds of pods on nodes of one
/// core, from objects as an API gives them to the number of nodes.
enum EstimatorBenchmark {
  /// - Parameter isSpread: whether pods are also spread over host names, which makes each look at the others.
  static func measure(pods count: Int, isSpread: Bool = false) -> BenchmarkLine {
    let large = max(1, count / 51)
    var pods: [Pod] = []
    for index in 0..<(count - large) { pods.append(pod("small", index, cpu: 50, memory: 100, isSpread: isSpread)) }
    for index in 0..<large { pods.append(pod("large", index, cpu: 95, memory: 190, isSpread: isSpread)) }
    let template = NodeTraits(node)
    return BenchmarkLine.time(isSpread ? "estimate, spread over hosts" : "estimate") {
      var snapshot = ClusterSnapshot()
      let packed = BinPacking.pack(BinPacking.Group.of(pods), into: &snapshot) {
        NodeTraits(like: template, named: "template-\($0)")
      }
      return (packed.placements.count, packed.newNodes.count)
    }
  }

  private static func pod(_ owner: String, _ index: Int, cpu: Int64, memory: Int64, isSpread: Bool) -> Pod {
    var pod = Pod()
    pod.metadata = ObjectMeta(name: "\(owner)-\(index)", namespace: "universe", labels: ["app": owner])
    var container = Container()
    container.resources.requests = ["cpu": Quantity(milli: cpu), "memory": Quantity(bytes: memory << 20)]
    pod.spec.containers = [container]
    if isSpread {
      var constraint = TopologySpreadConstraint()
      constraint.topologyKey = WellKnown.hostname
      constraint.maxSkew = 2
      constraint.whenUnsatisfiable = "DoNotSchedule"
      constraint.labelSelector = LabelSelector(matchLabels: ["app": owner])
      pod.spec.topologySpreadConstraints = [constraint]
    }
    return pod
  }

  private static var node: Node {
    var node = Node()
    node.metadata = ObjectMeta(name: "template", labels: [WellKnown.hostname: "template", WellKnown.zone: "a"])
    node.status.allocatable = [
      "cpu": Quantity(milli: 1000), "memory": Quantity(bytes: 5000 << 20), "pods": Quantity(100),
    ]
    node.status.conditions = [Condition("Ready", true)]
    return node
  }
}
