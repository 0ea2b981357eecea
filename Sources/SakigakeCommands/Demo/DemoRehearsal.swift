import Autoscaling
import Definitions
import Kubernetes
import Rehearsal
import Rendering
import Traffic

/// The demo's story as a rehearsal tells it, in the cluster's own seconds: the crowd's time and that of the programs'
/// work, which are real, are as many times longer as the cluster is faster.
struct DemoRehearsal {
  let fleet: Fleet
  let story: DemoScenario
  let groups: [NodeGroup]
  /// Of an image, in the cluster's seconds.
  let imagePullSeconds: Double

  /// What became of it, as `DemoRun` measures it.
  struct Result {
    var requests: Double
    var failed: Double
    /// In real seconds; nil where full capacity was never there.
    var fullCapacitySeconds: Double?
  }

  func scenario() throws -> Scenario {
    let speed = story.speed
    let renderer = ServiceRenderer(platform: fleet.platform, tag: fleet.platform.tag)
    let services = try fleet.services.map { definition in
      let service = slowed(definition.microservice)
      return try RehearsedService(service, by: renderer, behavior: behavior(of: definition.microservice))
    }
    let curve = try story.curve()
    // Until the push the curve is the day's load; what is above it is the crowd's.
    let base = story.baseRate / speed
    let start = Timestamp(nanoseconds: 1_795_564_800_000_000_000)
    var scenario = Scenario(
      name: "demo", start: start, durationSeconds: curve.durationSeconds * speed, services: services,
      cloud: RehearsedCloud(groups: groups), load: [:])
    for service in services where service.microservice.spec.expose != nil {
      scenario.load[service.key] = LoadCurve([.init(seconds: 0, requestsPerSecond: base)])
    }
    scenario.prescaling = try PrescalingDecision.Configuration(json: ["pushes": fleet.platform.pushes])
    for name in scenario.prescaling.kinds.keys {
      guard let shape = scenario.prescaling.kinds[name]?.shape else { continue }
      scenario.prescaling.kinds[name]?.shape = ResponseShape(
        riseSeconds: shape.riseSeconds * speed, holdSeconds: shape.holdSeconds * speed,
        fallSeconds: shape.fallSeconds * speed)
    }
    let openRate = scenario.prescaling.kinds["breaking"]?.openRate ?? 0.05
    scenario.pushes = [
      ScheduledPush(
        name: "breaking-news", namespace: fleet.platform.namespace, sendAt: start + story.sendSeconds * speed,
        announcedAt: start + story.announceSeconds * speed, audience: story.audience(openRate: openRate),
        kind: "breaking")
    ]
    return scenario
  }

  /// Rates a second are as many times lower.
  private func slowed(_ microservice: Microservice) -> Microservice {
    var service = microservice
    service.spec.capacity?.requestsPerSecond /= story.speed
    for index in service.spec.scale.on.indices {
      if let rate = service.spec.scale.on[index]["requestsPerSecond"]?.doubleValue {
        service.spec.scale.on[index]["requestsPerSecond"] = .double(rate / story.speed)
      }
    }
    return service
  }

  /// As the program behind all services does it: so many slots, each held for so long, and a line before them.
  private func behavior(of service: Microservice) -> PodBehavior {
    func number(_ name: String, _ standard: Double) -> Double {
      service.spec.env[name]?.stringValue.flatMap { Double($0) } ?? standard
    }
    let slots = number("SLOTS", 8)
    let seconds = number("SERVICE_TIME_MS", 50) / 1000
    return PodBehavior(
      requestsPerSecond: slots / seconds / story.speed, serviceSeconds: seconds * story.speed,
      queueMax: number("QUEUE_MAX", 64), timeoutSeconds: Self.patienceSeconds * story.speed,
      // Its proxy tries again only what no application has seen.
      retriesMax: 0, startSeconds: number("START_TIME_MS", 0) / 1000, imagePullSeconds: imagePullSeconds)
  }

  /// After which the load generator gives a request up.
  private static let patienceSeconds = 10.0

  /// - Parameter outcome: with a series of a step of a second.
  func result(_ outcome: Outcome) throws -> Result {
    let needed = try story.needed(fleet.services.map(\.microservice))
    let ready = Dictionary(
      outcome.series.services.map { ($0.service.name, $0.ready) }, uniquingKeysWith: { first, _ in first })
    let count = ready.values.map(\.count).min() ?? 0
    let full = (0..<count).first { step in needed.allSatisfy { ready[$0.key]?[step] ?? 0 >= $0.value } }
    let sent = story.sendSeconds
    return Result(
      requests: outcome.requests, failed: outcome.failed,
      fullCapacitySeconds: full.map { max(Double($0) * outcome.series.stepSeconds / story.speed - sent, 0) })
  }
}
