import Autoscaling
import Definitions
import Kubernetes
import Rendering

/// A day of a generated fleet of any size, to measure what a rehearsal takes: for each service five nodes and a hundred
/// pods at the top of the day, in trees of twenty services behind one entry, and four pushes.
public enum LargeFleet {
  /// - Throws: `ServiceRenderer.Failure`, `InvalidDefinition`: neither happens but by an error here.
  public static func day(services count: Int, seed: UInt64 = 1) throws -> Scenario {
    var random = RandomStream(seed: seed, purpose: "large fleet")
    let platform = try PlatformDefinition.read(
      """
      apiVersion: sakigake.dev/v1
      kind: Platform
      metadata: { name: large }
      spec: { tag: v1 }
      """, file: "platform.yaml", environment: nil)
    let renderer = ServiceRenderer(platform: platform, tag: "v1")
    var services: [RehearsedService] = []
    for index in 0..<max(count, 1) {
      let start = random.number(in: 10...40).rounded()
      services.append(
        try RehearsedService(
          definition(index, of: count), by: renderer,
          behavior: PodBehavior(requestsPerSecond: perPod, startSeconds: start)))
    }
    let start = Timestamp(nanoseconds: 1_795_564_800_000_000_000)
    var scenario = Scenario(
      name: "\(count) services", start: start, durationSeconds: 86_400, services: services,
      cloud: RehearsedCloud(groups: groups(for: services)), load: [:])
    let kind = PrescalingDecision.Configuration.Kind(
      openRate: 0.08, shape: ResponseShape(riseSeconds: 10, holdSeconds: 120, fallSeconds: 60))
    scenario.prescaling = PrescalingDecision.Configuration(kinds: ["breaking": kind], margin: 60)
    for service in services where service.microservice.spec.expose != nil {
      let shift = random.number(in: -3600...3600)
      let hours: [(Double, Double)] = [(0, 0.55), (5, 0.5), (9, 0.8), (12, 1), (15, 0.85), (20, 1), (23, 0.6)]
      scenario.load[service.key] = LoadCurve(
        hours.map { hour, share in
          LoadCurve.Point(
            seconds: max(hour * 3600 + (hour > 0 ? shift : 0), 0), requestsPerSecond: share * topLoad)
        })
    }
    for (index, hour) in [7.0, 12.0, 18.0, 21.0].enumerated() {
      let sendAt = start + hour * 3600
      scenario.pushes.append(
        ScheduledPush(
          name: "push-\(index + 1)", sendAt: sendAt, announcedAt: sendAt - 3600,
          audience: Int(0.15 * topLoad / (kind.openRate * kind.shape.height)), kind: "breaking"))
    }
    return scenario
  }

  private static let treeSize = 20
  private static let perPod = 40.0
  /// Of an entry and of each service behind it: a hundred pods at seven tenths of what they take.
  private static let topLoad = 100 * perPod * 0.7

  /// Each calls the two below it in its tree, once for each request it gets.
  private static func definition(_ index: Int, of count: Int) -> Microservice {
    var service = Microservice()
    let (tree, place) = (index / treeSize, index % treeSize)
    service.metadata.name = "service-\(tree)-\(place)"
    service.spec.owner = "team"
    service.spec.image = "service"
    service.spec.port = 8080
    service.spec.health = "/healthz"
    service.spec.resources = ["cpu": Quantity(milli: 300), "memory": Quantity(bytes: 512 << 20)]
    for child in [2 * place + 1, 2 * place + 2] where child < treeSize && tree * treeSize + child < count {
      service.spec.calls.append(.init(service: "service-\(tree)-\(child)"))
    }
    if place == 0 {
      var expose = MicroserviceSpec.Expose()
      expose.host = "\(service.metadata.name).example.com"
      expose.path = "/"
      service.spec.expose = expose
    }
    var capacity = MicroserviceSpec.Capacity()
    capacity.requestsPerSecond = perPod
    service.spec.capacity = capacity
    service.spec.scale.min = 40
    service.spec.scale.max = 140
    service.spec.scale.on = [["requestsPerSecond": .integer(Int64(perPod * 0.7))]]
    service.spec.scale.push = true
    service.spec.spot = index % 5 == 0 ? "never" : "preferred"
    return service
  }

  /// Nodes of twenty pods each.
  private static func groups(for services: [RehearsedService]) -> [NodeGroup] {
    let requests = services.first?.pod.requests ?? [:]
    let cpu = (requests["cpu"]?.milliValue ?? 300) * 20 + 10
    let memory = (requests["memory"]?.value ?? 512 << 20) * 21
    let allocatable: ResourceList = [
      "cpu": Quantity(milli: cpu), "memory": Quantity(bytes: memory), "pods": Quantity(110),
    ]
    let count = services.count
    return [
      NodeGroup(
        name: "base", instanceType: "c5.2xlarge", allocatable: allocatable, minimum: count, maximum: 4 * count,
        target: count, bootSeconds: 90, pricePerHour: 0.428),
      NodeGroup(
        name: "spot", instanceType: "c5.2xlarge", allocatable: allocatable, minimum: 0, maximum: 6 * count,
        bootSeconds: 90, isSpot: true, pricePerHour: 0.152),
    ]
  }
}
