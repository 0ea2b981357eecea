import Autoscaling
import Definitions
import Kubernetes
import Rendering

/// A day that follows from a seed: a fleet, its load, pushes and troubles, all within what one meets in life.
///
/// Fleets are such that their minima carry the load of the day, as services that pushes drive are set up; the pushes are
/// what asks for more.
public struct RandomDay: Sendable {
  public let seed: UInt64
  public let scenario: Scenario

  /// - Throws: `ServiceRenderer.Failure`, `InvalidDefinition`: neither happens but by an error here.
  public init(seed: UInt64, hours: Double = 24) throws {
    self.seed = seed
    var fleet = RandomFleet(seed: seed)
    let services = try fleet.services()
    let groups = fleet.groups(for: services)
    let start = Timestamp(nanoseconds: 1_795_564_800_000_000_000)
    var scenario = Scenario(
      name: "random day \(seed)", start: start, durationSeconds: hours * 3600, services: services,
      cloud: RehearsedCloud(groups: groups), load: [:])
    scenario.prescaling = Self.prescaling(seed, services)
    scenario.load = Self.load(seed, services, seconds: scenario.durationSeconds)
    scenario.pushes = Self.pushes(seed, scenario)
    scenario.troubles = Self.troubles(seed, scenario)
    self.scenario = scenario
  }

  static let kinds = ["breaking", "digest"]

  /// What the platform declares: its lead covers the slowest of its services.
  private static func prescaling(_ seed: UInt64, _ services: [RehearsedService]) -> PrescalingDecision.Configuration {
    var random = RandomStream(seed: seed, purpose: "platform")
    let breaking = ResponseShape(
      riseSeconds: random.number(in: 2...15).rounded(), holdSeconds: random.number(in: 30...120).rounded(),
      fallSeconds: random.number(in: 5...90).rounded())
    let digest = ResponseShape(
      riseSeconds: random.number(in: 30...120).rounded(), holdSeconds: random.number(in: 300...1200).rounded(),
      fallSeconds: random.number(in: 300...1800).rounded())
    let start = services.map(\.behavior.startSeconds).max() ?? 20
    let pull = services.map { $0.behavior.imagePullSeconds * Double($0.images.count) }.max() ?? 10
    return PrescalingDecision.Configuration(
      kinds: [
        "breaking": .init(openRate: random.number(in: 0.03...0.12), shape: breaking),
        "digest": .init(openRate: random.number(in: 0.02...0.06), shape: digest),
      ], margin: 60, utilization: 0.7,
      lead: LeadTime.Declared(schedule: 2, imagePull: pull, start: start, ready: 5))
  }

  /// A day's curve: low at night, high at noon and in the evening, as much as the minima carry.
  private static func load(_ seed: UInt64, _ services: [RehearsedService], seconds: Double) -> [NamespacedName:
    LoadCurve]
  {
    var random = RandomStream(seed: seed, purpose: "load")
    let hours: [(Double, Double)] = [
      (0, 0.4), (4, 0.2), (7, 0.6), (9, 0.8), (12, 1), (14, 0.8), (18, 0.9), (21, 1), (24, 0.4),
    ]
    var load: [NamespacedName: LoadCurve] = [:]
    // No service behind gets more than this share of what its own minimum carries.
    let top = RandomFleet.edgeCapacity(of: services, replicas: \.min) * random.number(in: 0.2...0.65)
    for service in services where service.microservice.spec.expose != nil {
      load[service.key] = LoadCurve(
        hours.map { hour, share in
          LoadCurve.Point(
            seconds: hour * seconds / 24, requestsPerSecond: top * min(share * random.number(in: 0.9...1.1), 1))
        })
    }
    return load
  }

  private static func pushes(_ seed: UInt64, _ scenario: Scenario) -> [ScheduledPush] {
    var random = RandomStream(seed: seed, purpose: "pushes")
    var pushes: [ScheduledPush] = []
    for index in 0..<random.integer(in: 1...3) {
      let kind = random.element(of: kinds) ?? "breaking"
      guard let expected = scenario.prescaling.kinds[kind] else { continue }
      // What the fleet's maxima take at most, at planned use.
      let most = RandomFleet.edgeCapacity(of: scenario.services, replicas: \.max)
      let height = most * scenario.prescaling.utilization * (random.happens(0.1) ? 1.6 : random.number(in: 0.2...0.8))
      let sendAt = scenario.start + random.number(in: 0.05...0.9) * scenario.durationSeconds
      var response = expected
      response.openRate *= random.number(in: 0.7...1.2)
      pushes.append(
        ScheduledPush(
          name: "push-\(index + 1)", sendAt: sendAt,
          announcedAt: sendAt - (random.happens(0.2) ? 0 : random.number(in: 900...7200).rounded()),
          audience: Int(height / (expected.openRate * expected.shape.height)), kind: kind, response: response))
    }
    return pushes.sorted { ($0.sendAt, $0.name) < ($1.sendAt, $1.name) }
  }

  private static func troubles(_ seed: UInt64, _ scenario: Scenario) -> [Trouble] {
    var random = RandomStream(seed: seed, purpose: "troubles")
    guard random.happens(0.5) else { return [] }
    let spot = scenario.cloud.groups.first(where: \.isSpot)?.name ?? ""
    let base = scenario.cloud.groups.first { !$0.isSpot }?.name ?? ""
    var troubles: [Trouble] = []
    for _ in 0..<random.integer(in: 1...3) {
      // Half of them when they hurt.
      let moment =
        random.happens(0.5)
        ? (random.element(of: scenario.pushes)?.sendAt ?? scenario.start) + random.number(in: -300...60)
        : scenario.start + random.unit() * scenario.durationSeconds
      let (kind, span): (Trouble.Kind, Double) =
        switch random.integer(in: 0...6) {
        case 0: (.spotReclaim(group: spot, share: random.number(in: 0.2...1)), 0)
        case 1: (.zoneLost(zone: random.element(of: scenario.cloud.zones) ?? "a"), random.number(in: 300...1800))
        case 2: (.nodesFail(group: base, share: random.number(in: 0.1...0.5)), 0)
        case 3: (.groupExhausted(group: spot), random.number(in: 300...1800))
        case 4: (.slowRegistry(factor: random.number(in: 2...8)), random.number(in: 300...1800))
        case 5: (.slowAPI(delaySeconds: random.number(in: 1...20)), random.number(in: 120...900))
        default: (.metricsMissing, 300)
        }
      troubles.append(Trouble(at: max(moment, scenario.start), durationSeconds: span.rounded(), kind))
    }
    return troubles.sorted { $0.at < $1.at }
  }
}
