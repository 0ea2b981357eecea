import Autoscaling
import Definitions
import Kubernetes
import Rehearsal
import Testing

@Suite struct ScenarioReaderTests {
  static let gateway = NamespacedName("default", "gateway")

  @Test func aFleetAndItsDayBecomeAScenario() throws {
    let scenario = try ScenarioFixture.scenario(
      ScenarioFixture.rehearsal(
        """
        pushes:
          - { name: noon, sendAt: 12:00, announcedBefore: 10m, audience: 250000, kind: breaking }
          - { name: early, sendAt: +5m, announcedBefore: 5m, audience: 3000, response: { openRate: 20%, rise: 1s } }
        troubles:
          - { at: 12:00, kind: spotReclaim, group: spot, share: 50% }
          - { at: 2026-11-25T00:30:00Z, kind: slowRegistry, factor: 5, for: 10m }
        pods:
          articles: { requestsPerSecond: 30, start: 25s, queue: 16, memory: 100Mi }
        cloud: { zones: [a, c], bootJitter: 5%, metricsDelay: 30s }
        objective: 99%
        """))
    #expect(scenario.name == "evening")
    #expect(scenario.start == Timestamp(parsing: "2026-11-24T21:00:00Z"))
    #expect(scenario.durationSeconds == 43_200)
    #expect(scenario.services.map(\.key.name) == ["articles", "gateway"])
    #expect(scenario.services[0].behavior.requestsPerSecond == 30)
    #expect(scenario.services[0].behavior.startSeconds == 25)
    #expect(scenario.services[0].behavior.queueMax == 16)
    #expect(scenario.services[0].behavior.memoryBytes == 100 * 1_048_576)
    // 250 millicores for 40 a second, less what an idle pod uses.
    #expect(scenario.services[1].behavior.millicoresPerRequest == 245.0 / 40)
    #expect(scenario.services[1].deployment.spec.template.spec.containers.count == 1)
    #expect(scenario.services[1].deployment.spec.template.spec.initContainers.count == 1)
    #expect(scenario.pushes.map(\.name) == ["early", "noon"])
    #expect(scenario.pushes[0].announcedAt == scenario.start)
    #expect(scenario.pushes[0].response?.openRate == 0.2)
    #expect(scenario.pushes[1].sendAt - scenario.start == 21_600)
    #expect(scenario.pushes[1].sendAt - scenario.pushes[1].announcedAt == 600)
    #expect(scenario.troubles.map(\.kind) == [.slowRegistry(factor: 5), .spotReclaim(group: "spot", share: 0.5)])
    #expect(scenario.cloud.zones == ["a", "c"])
    #expect(scenario.cloud.groups.map(\.pricePerHour) == [0.107, 0.038])
    #expect(scenario.objective.successRateMin == 0.99)
    #expect(scenario.prescaling.kinds["breaking"]?.openRate == 0.08)
  }

  @Test func aDailyCurveIsOfTheStartsZone() throws {
    let curve = try ScenarioFixture.scenario(ScenarioFixture.rehearsal()).load[Self.gateway]
    // From 10 at midnight to 34 at noon, and down again.
    #expect(
      curve?.points == [
        .init(seconds: 0, requestsPerSecond: 22), .init(seconds: 21_600, requestsPerSecond: 34),
        .init(seconds: 43_200, requestsPerSecond: 22),
      ])
  }

  @Test func loadsAreConstantOrMeasured() throws {
    let constant = try ScenarioFixture.scenario(ScenarioFixture.rehearsal(load: "  gateway: 22"))
    #expect(constant.load[Self.gateway]?.points == [.init(seconds: 0, requestsPerSecond: 22)])
    let rows = (0...720).map { "\($0 * 60),\($0 % 7)" }.joined(separator: "\n")
    let measured = try ScenarioFixture.scenario(
      ScenarioFixture.rehearsal(load: "  gateway: { file: load.csv, times: 10 }"), series: ["gateway": rows])
    #expect(measured.load[Self.gateway]?.points.count == 721)
    #expect(measured.load[Self.gateway]?.points[3].requestsPerSecond == 30)
    // Yesterday's measurement, rehearsed today.
    let begin = 1_795_543_200
    let yesterday = (0...720).map { "\(begin + $0 * 60),5" }.joined(separator: "\n")
    let moved = try ScenarioFixture.scenario(
      ScenarioFixture.rehearsal(load: "  gateway: { file: load.csv, from: 2026-11-24T18:00:00Z }"),
      series: ["gateway": yesterday])
    #expect(moved.load[Self.gateway]?.points.last?.seconds == 43_200)
  }

  @Test func pricesAreOfADatedTable() throws {
    let scenario = try ScenarioFixture.scenario(
      ScenarioFixture.rehearsal("prices: prices.yaml"), prices: Self.prices("c5.large: { onDemand: 0.2, spot: 0.05 }"))
    #expect(scenario.cloud.groups.map(\.pricePerHour) == [0.2, 0.05])
    let inline = try ScenarioFixture.scenario(
      ScenarioFixture.rehearsal(
        "prices: { date: 2026-11-01, region: tokyo, perHour: { c5.large: { onDemand: 0.3, spot: 0.1 } } }"))
    #expect(inline.cloud.groups.map(\.pricePerHour) == [0.3, 0.1])
  }

  static func prices(_ line: String, date: String = "2026-11-01") -> String {
    """
    apiVersion: sakigake.dev/v1
    kind: Prices
    metadata: { name: tokyo }
    spec:
      date: \(date)
      region: ap-northeast-1
      perHour:
        \(line)

    """
  }
}
