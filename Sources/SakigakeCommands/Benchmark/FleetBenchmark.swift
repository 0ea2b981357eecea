import Autoscaling
import Kubernetes

/// A large fleet filled, and watched over for a day.
enum FleetBenchmark {
  static let nodes = 5_000
  static let services = 1_000
  static let podsPerService = 100

  static func measure() -> [BenchmarkLine] {
    var fleet = NodeFleet(groups: groups)
    for group in fleet.groups.indices {
      let template = NodeTraits(fleet.groups[group].group.templateNode(named: "n"))
      for number in 0..<fleet.groups[group].group.target {
        fleet.addNode(NodeTraits(like: template, named: "g\(group)-\(number)"), group: group)
      }
    }
    let shapes = (0..<services).map(shape)
    var scheduler = Scheduler()
    var placed: [(key: NamespacedName, node: Int)] = []
    let placing = BenchmarkLine.time("place") {
      let kinds = shapes.map { scheduler.kind(of: $0, in: &fleet.snapshot) }
      for round in 0..<podsPerService {
        for (service, kind) in kinds.enumerated() {
          let key = NamespacedName("default", "p\(round)-\(service)")
          let pod = PodInfo(key: key, shape: shapes[service])
          if let node = scheduler.place(pod, kind: kind, in: &fleet.snapshot) { placed.append((key, node)) }
        }
      }
      return (placed.count, nodes)
    }
    var autoscaler = NodeAutoscaler()
    let calm = BenchmarkLine.time("autoscaler's passes, nothing changes") {
      for pass in 0..<8_640 { run(&autoscaler, &fleet, pass) }
      return (8_640, nodes)
    }
    let busy = day(1, "autoscaler's passes, 100 pods move before each", &autoscaler, &fleet, &scheduler, &placed)
    // At night most nodes have little to do, and each is a candidate to go.
    for number in placed.indices where number % 2 == 0 {
      fleet.snapshot.forget(placed[number].key, onNode: placed[number].node)
    }
    placed = placed.indices.filter { $0 % 2 == 1 }.map { placed[$0] }
    let night = day(2, "the same with half of the pods", &autoscaler, &fleet, &scheduler, &placed)
    let removing = BenchmarkLine.time("nodes removed with their pods") {
      for node in 0..<1_000 { fleet.removeNode(node) }
      return (1_000, fleet.snapshot.nodeCount)
    }
    return [placing, calm, busy, night, removing]
  }

  /// In each period a hundred pods end and come again elsewhere: only the passes are measured. Nothing is carried out.
  private static func day(
    _ number: Int, _ name: String, _ autoscaler: inout NodeAutoscaler, _ fleet: inout NodeFleet,
    _ scheduler: inout Scheduler, _ placed: inout [(key: NamespacedName, node: Int)]
  ) -> BenchmarkLine {
    var next = 0
    var seconds = 0.0
    for pass in 0..<8_640 {
      for _ in 0..<100 {
        next = (next + 7_919) % placed.count
        guard let pod = fleet.snapshot.forget(placed[next].key, onNode: placed[next].node) else { continue }
        let kind = scheduler.kind(of: pod.shape, in: &fleet.snapshot)
        placed[next].node = scheduler.place(pod, kind: kind, in: &fleet.snapshot) ?? placed[next].node
      }
      seconds +=
        BenchmarkLine.time("") {
          run(&autoscaler, &fleet, number * 8_640 + pass)
          return (1, nodes)
        }.seconds
    }
    return BenchmarkLine(name: name, count: 8_640, nodes: nodes, seconds: seconds)
  }

  private static func run(_ autoscaler: inout NodeAutoscaler, _ fleet: inout NodeFleet, _ pass: Int) {
    let now = Timestamp(seconds: 1_800_000_000) + Double(pass) * 10
    _ = autoscaler.pass(&fleet, pending: [], budgets: DisruptionAllowance([]), at: now)
  }

  private static var groups: [NodeGroup] {
    [("spot", true, 0.7), ("steady", false, 0.3)].map { name, isSpot, share in
      NodeGroup(
        name: name, instanceType: "m.large",
        allocatable: ["cpu": Quantity(milli: 8000), "memory": Quantity(bytes: 16 << 30), "pods": Quantity(58)],
        labels: [WellKnown.zone: "a"], maximum: nodes,
        target: Int(Double(nodes) * share), bootSeconds: 60, isSpot: isSpot, pricePerHour: isSpot ? 0.03 : 0.1)
    }
  }

  private static func shape(_ service: Int) -> PodShape {
    var pod = Pod()
    let name = "service-\(service)"
    pod.metadata = ObjectMeta(name: name, namespace: "default", labels: ["app": name])
    var owner = OwnerReference()
    owner.kind = "ReplicaSet"
    owner.uid = name
    owner.controller = true
    pod.metadata.ownerReferences = [owner]
    var container = Container()
    container.resources.requests = ["cpu": Quantity(milli: 250), "memory": Quantity(bytes: 256 << 20)]
    pod.spec.containers = [container]
    var constraint = TopologySpreadConstraint()
    constraint.topologyKey = WellKnown.hostname
    constraint.whenUnsatisfiable = "ScheduleAnyway"
    constraint.labelSelector = LabelSelector(matchLabels: ["app": name])
    pod.spec.topologySpreadConstraints = [constraint]
    return PodShape(pod)
  }
}
