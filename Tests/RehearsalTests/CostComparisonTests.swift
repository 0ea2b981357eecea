import Kubernetes
import Rehearsal
import Testing

/// What a fleet costs beside a group of machines for each service.
@Suite struct CostComparisonTests {
  /// 200 requests a second at the greatest.
  private func scenario(groups: String = SmallFleet.groups) throws -> Scenario {
    let platform = try SmallFleet.platform(groups)
    let service = try SmallFleet.service(
      "web", in: platform, spec: "expose: { path: / }", behavior: PodBehavior(requestsPerSecond: 50))
    return SmallFleet.scenario(platform, [service], hours: 10, load: ["web": [(0, 50), (18_000, 200), (36_000, 50)]])
  }

  @Test func machinesAreSizedAllDayForTheGreatestLoad() throws {
    let machines = try #require(VMGroups(of: try scenario()))
    // 200 by 35 is six processes of a quarter core each, which is what is asked for unless said; eight fit.
    #expect(machines.groups.map(\.machines) == [1])
    #expect(machines.instanceType == "m")
    #expect(machines.machineHours == 10)
    #expect((machines.cost * 1000).rounded() == 1000)
  }

  @Test func withoutMachinesOnDemandThereIsNothingToHoldAgainst() throws {
    let spot = """
          - { name: spot, instanceType: m, cpu: 2000m, memory: 4Gi, max: 20, spot: true, pricePerHour: 0.04 }
      """
    #expect(VMGroups(of: try scenario(groups: spot)) == nil)
  }

  /// The same node-hours, 60 and 70 % of them at the price of spot.
  @Test func sharedNodesAreThoseOfThePeakAtTheMixedPrice() throws {
    var peak = Outcome(strategy: .static, seed: 1)
    peak.onDemandNodeHours = 10
    peak.cost = 1
    let rows = try #require(CostComparison(of: try scenario(), [peak])).rows
    #expect(
      rows.map(\.kind) == [
        .vmGroups, .sharedNodes(spotShare: 0.6), .sharedNodes(spotShare: 0.7), .rehearsed(.static),
      ])
    #expect(rows.map { ($0.cost * 1000).rounded() } == [1000, 640, 580, 1000])
    #expect(rows.map { ($0.saved * 1000).rounded() } == [0, 360, 420, 0])
  }
}
