import Definitions
import Kubernetes
import Rendering

/// The services of a random day, and the node groups that they fit on.
struct RandomFleet {
  private let seed: UInt64
  private var random: RandomStream

  init(seed: UInt64) {
    self.seed = seed
    random = RandomStream(seed: seed, purpose: "fleet")
  }

  /// One to three entries, and others behind them, called by services before them only: no circle.
  mutating func services() throws -> [RehearsedService] {
    let count = random.integer(in: 2...12)
    let entries = min(random.integer(in: 1...3), count - 1)
    let renderer = ServiceRenderer(platform: try Self.platform(), tag: "v1")
    var made: [(service: Microservice, behavior: PodBehavior)] = (0..<count).map { one($0, isEntry: $0 < entries) }
    for index in entries..<count {
      var callers = [random.integer(in: 0...index - 1)]
      if random.happens(0.3) { callers.append(random.integer(in: 0...index - 1)) }
      for caller in Set(callers).sorted() {
        let perRequest = (random.number(in: 0.3...1.5) * 10).rounded() / 10
        let called = made[index].service.metadata.name
        made[caller].service.spec.calls.append(.init(service: called, perRequest: perRequest))
      }
    }
    return try made.map { try RehearsedService($0.service, by: renderer, behavior: $0.behavior) }
  }

  private mutating func one(_ index: Int, isEntry: Bool) -> (Microservice, PodBehavior) {
    let perPod = random.number(in: 30...300).rounded()
    var service = Microservice()
    service.metadata.name = (isEntry ? "entry-" : "service-") + String(index + 1)
    service.spec.owner = "team"
    service.spec.image = "service"
    service.spec.port = 8080
    service.spec.health = "/healthz"
    let millicores = Int64(random.integer(in: 1...8)) * 125
    service.spec.resources = [
      "cpu": Quantity(milli: millicores), "memory": Quantity(bytes: Int64(random.integer(in: 1...6)) << 27),
    ]
    if isEntry {
      var expose = MicroserviceSpec.Expose()
      expose.path = "/"
      expose.host = "\(service.metadata.name).example.com"
      service.spec.expose = expose
    }
    var capacity = MicroserviceSpec.Capacity()
    capacity.requestsPerSecond = perPod
    service.spec.capacity = capacity
    service.spec.scale.min = random.integer(in: 2...6)
    service.spec.scale.max = service.spec.scale.min * random.integer(in: 5...20)
    service.spec.scale.on = [["requestsPerSecond": .integer(Int64(perPod * 0.7))]]
    service.spec.scale.push = true
    service.spec.spot = random.happens(0.2) ? "never" : "preferred"
    let behavior = PodBehavior(
      requestsPerSecond: perPod, serviceSeconds: random.number(in: 0.01...0.1),
      queueMax: random.number(in: 10...60).rounded(), timeoutSeconds: 2, retriesMax: random.integer(in: 0...2),
      startSeconds: random.number(in: 8...40).rounded(), imagePullSeconds: random.number(in: 3...20).rounded(),
      millicoresPerRequest: Double(millicores) * 0.8 / perPod)
    return (service, behavior)
  }

  /// On-demand and spot nodes that together take all pods that there may be, with room to spare in nine of ten fleets.
  mutating func groups(for services: [RehearsedService]) -> [NodeGroup] {
    let size = random.element(of: [2, 4, 8]) ?? 4
    let allocatable: ResourceList = [
      "cpu": Quantity(milli: Int64(size * 1000 - 100)), "memory": Quantity(bytes: Int64(size) << 31),
      "pods": Quantity(58),
    ]
    func nodes(_ replicas: KeyPath<MicroserviceSpec.Scale, Int>, _ spots: [String]) -> Double {
      var (cpu, memory) = (0.0, 0.0)
      for service in services where spots.contains(service.microservice.spec.spot) {
        let pods = Double(service.microservice.spec.scale[keyPath: replicas])
        let requests = service.pod.requests
        cpu += pods * (requests["cpu"]?.doubleValue ?? 0)
        memory += pods * (requests["memory"]?.doubleValue ?? 0)
      }
      return max(cpu / (Double(size) - 0.1), memory / Double(size << 31))
    }
    let all = ["never", "preferred"]
    let room = random.happens(0.1) ? 0.5 : 1.6
    let minimum = max(Int((nodes(\.min, all) * 0.5).rounded(.up)), 1)
    let boot = random.number(in: 60...150).rounded()
    let price = Double(size) * 0.0535
    return [
      NodeGroup(
        name: "base", instanceType: "c5.\(size)", allocatable: allocatable, minimum: minimum,
        maximum: minimum + Int((nodes(\.max, ["never"]) * room).rounded(.up)) + 2, target: minimum, bootSeconds: boot,
        pricePerHour: price),
      NodeGroup(
        name: "spot", instanceType: "c5.\(size)", allocatable: allocatable, minimum: 0,
        maximum: Int((nodes(\.max, all) * room).rounded(.up)) + 2, bootSeconds: boot, isSpot: true,
        pricePerHour: price * 0.36),
    ]
  }

  /// Requests per second at each entry that every service behind can take, with that many pods.
  static func edgeCapacity(of services: [RehearsedService], replicas: KeyPath<MicroserviceSpec.Scale, Int>) -> Double {
    var scenario = Scenario(
      name: "", start: Timestamp(nanoseconds: 0), durationSeconds: 1, services: services,
      cloud: RehearsedCloud(groups: []), load: [:])
    // What all entries together bring counts: as much at each of them.
    for service in services where service.microservice.spec.expose != nil {
      scenario.load[service.key] = LoadCurve([.init(seconds: 0, requestsPerSecond: 1)])
    }
    let load = OfferedLoad(scenario)
    return zip(services, load.services).reduce(Double.infinity) { least, part in
      let perRequest = part.1.value(at: 0)
      guard perRequest > 0 else { return least }
      let pods = Double(part.0.microservice.spec.scale[keyPath: replicas])
      return min(least, pods * part.0.behavior.requestsPerSecond / perRequest)
    }
  }

  private static func platform() throws(InvalidDefinition) -> PlatformDefinition {
    try PlatformDefinition.read(
      """
      apiVersion: sakigake.dev/v1
      kind: Platform
      metadata: { name: search }
      spec: { tag: v1 }
      """, file: "platform.yaml", environment: nil)
  }
}
