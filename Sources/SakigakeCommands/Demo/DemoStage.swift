import Definitions
import FoundationEssentials
import Kubernetes
import KubernetesClient
import LocalCluster
import Operator
import Synchronization
import Traffic

/// One run of the demo, from an empty cluster to the last answer.
struct DemoStage: Sendable {
  let strategy: DemoRun.Strategy
  let scenario: DemoScenario
  let fleet: Fleet
  let world: LocalWorld.Settings

  /// How long the fleet may take until it serves, in real seconds.
  private static let readyWithin = 120.0
  private static let samplePeriod = Duration.milliseconds(200)

  func run() async throws -> DemoRun {
    let directory = try Files.makeTemporaryDirectory("sakigake-demo")
    defer { try? FileManager.default.removeItem(atPath: directory) }
    var settings = world
    settings.dataDirectory = directory
    settings.prescales = strategy == .prescaled
    try await refuseIfServed(try target())
    Console.error("\(strategy.rawValue): starting a cluster")
    return try await LocalWorld(settings: settings).run { running in try await self.perform(in: running) }
  }

  private func perform(in running: LocalWorld.Running) async throws -> DemoRun {
    let objects = fleet.platformObjects + (try fleet.render().flatMap(\.objects))
    try await FleetApplier(
      client: running.client, discovery: Discovery(client: running.client), namespace: fleet.platform.namespace
    ).apply(objects) { _ in }
    Console.error("\(strategy.rawValue): \(fleet.services.count) services applied, waiting for their pods")
    let target = try target()
    try await waitUntilServing(running, target)

    let monitor = DemoMonitor(strategy: strategy, cache: running.cache, cloud: running.cloud, services: services)
    let needed = try scenario.needed(fleet.services.map(\.microservice))
    let bill = await running.cloud.bill(since: nil)
    let start = ContinuousClock.now
    let curve = try scenario.curve()
    return try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { await monitor.sample(every: Self.samplePeriod, from: start) }
      async let announced: Void = announce(running, at: start)
      let report = try await LoadGenerator(target: target).run(curve) { monitor.show($0) }
      try await announced
      group.cancelAll()
      let spent = await running.cloud.bill(since: nil)
      monitor.finish()
      return DemoRun(
        strategy: strategy, traffic: report, samples: monitor.samples,
        announcedAt: strategy == .prescaled ? scenario.announceSeconds : nil, spike: scenario.spike, needed: needed,
        nodeSeconds: spent.nodeSeconds - bill.nodeSeconds, cost: (spent.cost - bill.cost), speed: scenario.speed)
    }
  }

  private var services: [String] { fleet.services.map(\.microservice.metadata.name) }

  /// The exposed service's port on this machine.
  private func target() throws -> TrafficTarget {
    guard let exposed = fleet.services.first(where: { ($0.microservice.spec.expose?.nodePort ?? 0) > 0 }),
      let expose = exposed.microservice.spec.expose
    else { throw CommandFailure(.wrongInput, "error: none of the services has an expose with a nodePort") }
    let path = expose.path.isEmpty ? "/" : expose.path
    return try TrafficTarget(
      url: "http://127.0.0.1:\(expose.nodePort)\(path)", hostHeader: expose.host.isEmpty ? nil : expose.host)
  }

  /// Another program on the exposed port would get the traffic, or a part of it.
  private func refuseIfServed(_ target: TrafficTarget) async throws {
    let trial = try await LoadGenerator(target: target).run(try RateCurve(parsing: "0:4,0.5:4")).total()
    guard trial.succeeded > 0 || (trial.failures.keys.contains { $0 != "connect" }) else { return }
    throw CommandFailure(
      .worldFailed,
      "error: port \(target.port) of this machine is served already, by another cluster perhaps; end it first")
  }

  /// Waits until every service has its minimum ready and a second of requests gets its answers.
  private func waitUntilServing(_ running: LocalWorld.Running, _ target: TrafficTarget) async throws {
    let deadline = ContinuousClock.now + .seconds(Self.readyWithin)
    let minima = fleet.services.map { ($0.microservice.metadata.name, $0.microservice.spec.scale.min) }
    while ContinuousClock.now < deadline {
      let view = await running.cache.view
      let ready = DemoMonitor.readyPods(view, services)
      if minima.allSatisfy({ (ready[$0.0] ?? 0) >= $0.1 }) {
        let trial = try await LoadGenerator(target: target).run(try RateCurve(parsing: "0:10,1:10"))
        if trial.total().failed == 0 { return }
      }
      try await Task.sleep(for: .milliseconds(100))
    }
    throw CommandFailure(
      .worldFailed, "error: the fleet does not serve after \(Int(Self.readyWithin)) s; run with --verbose to see why")
  }

  /// Tells Sakigake of the push, as the sender of notifications would.
  private func announce(_ running: LocalWorld.Running, at start: ContinuousClock.Instant) async throws {
    guard strategy == .prescaled, let pushes = running.pushes else { return }
    try await Task.sleep(until: start + .seconds(scenario.announceSeconds))
    let openRate =
      fleet.platform.pushes[path: ["kinds", "breaking", "openRate"]]?.stringValue.flatMap(Units.share) ?? 0.05
    let sendAt = Timestamp.now + (scenario.sendSeconds - scenario.announceSeconds)
    let body: JSONValue = [
      "id": "breaking-news", "kind": "breaking", "audience": .integer(Int64(scenario.audience(openRate: openRate))),
      "sendAt": .string(sendAt.formatted(fractionDigits: 3)),
    ]
    let response = await pushes.handle(APIRequest(.post, "/v1/pushes", body: body.bytes))
    guard let response, case .bytes(let bytes) = response.body else {
      throw CommandFailure(.worldFailed, "error: the push could not be announced")
    }
    let answer = try JSONValue(parsing: bytes)
    guard response.status < 300 else {
      let why = answer["error"]?["message"]?.stringValue ?? "status \(response.status)"
      throw CommandFailure(.worldFailed, "error: the push could not be announced: \(why)")
    }
    let floors = (answer["floors"]?.arrayValue ?? []).map {
      "\($0["service"]?.stringValue ?? "") \($0["replicas"]?.integerValue ?? 0)"
    }
    Console.error(
      "\nprescaled: announced a push to \(scenario.audience(openRate: openRate)) people; floors: \(floors.joined(separator: ", "))"
    )
  }
}
