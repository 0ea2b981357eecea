import Autoscaling
import Definitions
import Kubernetes
import Rehearsal
import Testing

@Suite struct ClairvoyantTests {
  private let behavior = PodBehavior(requestsPerSecond: 40, queueMax: 0, startSeconds: 20)

  private func exposed(_ name: String, _ more: String = "", in platform: PlatformDefinition) throws -> RehearsedService
  {
    try SmallFleet.service(
      name, in: platform,
      spec: "expose: { host: \(name).example.com, path: / }\n  scale: { min: 2, max: 60, push: true }\n  \(more)",
      behavior: behavior)
  }

  private func run(_ scenario: Scenario) -> Outcome { Clairvoyant.outcome(of: scenario, seed: 1) }

  @Test func aQuietDayCostsTheMinima() throws {
    let platform = try SmallFleet.platform(SmallFleet.groups)
    let outcome = run(
      SmallFleet.scenario(platform, [try exposed("a", in: platform)], hours: 24, load: ["a": [(0, 10)]]))
    #expect(abs(outcome.cost - 2.4) < 1e-9)
    #expect(abs(outcome.nodeHours - 24) < 1e-9)
    #expect(outcome.spotNodeHours == 0)
    #expect(outcome.requests == 864_000)
    #expect(outcome.failed == 0)
    #expect(outcome.services[0].replicasMax == 2)
  }

  @Test func whatALoadNeedsIsPaidFromWhenItIsAskedFor() throws {
    let platform = try SmallFleet.platform(SmallFleet.groups)
    let service = try exposed("a", in: platform)
    let perNode = 2000 / millicores(service)
    // Eight nodes full of pods for ten minutes; seven of them are spot nodes.
    let pods = Double(8 * perNode)
    let load = pods * 40 - 1
    let outcome = run(
      SmallFleet.scenario(
        platform, [service], hours: 2, load: ["a": [(0, 0), (3600, 0), (3600, load), (4200, load), (4200, 0)]]))
    #expect(outcome.services[0].replicasMax == Int(pods))
    // The load, the start of a pod (20 s) and the shortest boot (81 s), each to a cell of 20 s.
    let seconds = outcome.spotNodeHours * 3600 / 7
    #expect(seconds <= 600 + 20 + 81 && seconds >= 600 + 20 + 81 - 41)
    #expect(abs(outcome.onDemandNodeHours - 2) < 1e-9)
    #expect(outcome.series.spotNodes.max() == 7)
  }

  private func millicores(_ service: RehearsedService) -> Int64 {
    var pod = Pod()
    pod.spec = service.deployment.spec.template.spec
    return pod.requests["cpu"]?.milliValue ?? 0
  }

  @Test func podsThatMayNotBeOnSpotAreNot() throws {
    let platform = try SmallFleet.platform(SmallFleet.groups)
    let services = [try exposed("a", "spot: never", in: platform), try exposed("b", "spot: only", in: platform)]
    let outcome = run(
      SmallFleet.scenario(platform, services, hours: 1, load: ["a": [(0, 800)], "b": [(0, 800)]]))
    let perNode = 2000 / Double(millicores(services[0]))
    let nodes = (20 / perNode.rounded(.down)).rounded(.up)
    #expect(outcome.series.onDemandNodes[0] == Int(nodes))
    #expect(outcome.series.spotNodes[0] == Int(nodes))
  }

  @Test func theCheapestMixIsTaken() throws {
    let platform = try SmallFleet.platform(
      """
          - { name: small, instanceType: s, cpu: 2000m, memory: 4Gi, max: 50, boot: 90s, pricePerHour: 0.10 }
          - { name: large, instanceType: l, cpu: 8000m, memory: 16Gi, max: 2, boot: 90s, pricePerHour: 0.30 }
      """)
    let service = try exposed("a", in: platform)
    let outcome = run(SmallFleet.scenario(platform, [service], hours: 1, load: ["a": [(0, 2400)]]))
    let wanted = 60 * Double(millicores(service))
    // Two large ones, which are cheaper, and the rest on small ones; all but the last cell.
    let least = 0.6 + max(wanted - 16_000, 0) / 2000 * 0.10
    #expect(outcome.cost <= least + 1e-9)
    #expect(outcome.cost >= least * 0.98)
  }

  @Test func whatNobodyCanServeIsSaid() throws {
    let platform = try SmallFleet.platform(SmallFleet.groups)
    let outcome = run(
      SmallFleet.scenario(
        platform, [try exposed("a", in: platform)], hours: 1,
        load: ["a": [(0, 100), (600, 100), (600, 3000), (900, 3000), (900, 100)]]))
    #expect(abs(outcome.failed - 300 * (3000 - 2400)) < 200)
    #expect(outcome.minutesOutside == 5)
    #expect(outcome.services[0].replicasMax == 60)
  }

  @Test func queuesMayHoldWhatComes() throws {
    let platform = try SmallFleet.platform(SmallFleet.groups)
    var service = try exposed("a", in: platform)
    let load = ["a": [(0.0, 400.0)]]
    #expect(run(SmallFleet.scenario(platform, [service], hours: 1, load: load)).services[0].replicasMax == 10)
    service.behavior.queueMax = 80
    #expect(run(SmallFleet.scenario(platform, [service], hours: 1, load: load)).services[0].replicasMax == 10)
    service.behavior.queueMax = 160
    #expect(run(SmallFleet.scenario(platform, [service], hours: 1, load: load)).services[0].replicasMax == 9)
  }

  @Test func aDayOfManyServicesIsQuick() throws {
    let platform = try SmallFleet.platform(SmallFleet.groups)
    let template = try exposed("a", in: platform)
    let services = (0..<50).map { index in
      var service = template
      service.microservice.metadata.name = "s\(index)"
      return service
    }
    var load: [String: [(Double, Double)]] = [:]
    for index in 0..<50 { load["s\(index)"] = [(0, 10), (43_200, 400 + Double(index)), (86_400, 10)] }
    let outcome = run(SmallFleet.scenario(platform, services, hours: 24, load: load))
    #expect(outcome.services.count == 50)
    #expect(outcome.notes.first?.text.contains("maxima are too small") == true)
  }
}
