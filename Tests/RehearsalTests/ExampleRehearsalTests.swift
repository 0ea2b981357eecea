import Definitions
import Foundation
import Kubernetes
import Rehearsal
import Testing

/// The rehearsals of `examples/news` are read without a complaint.
@Suite struct ExampleRehearsalTests {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "examples/news")

  private func text(_ name: String) throws -> String {
    try String(contentsOf: Self.folder.appending(path: name), encoding: .utf8)
  }

  private func scenario(_ file: String) throws -> Scenario {
    let definition = try RehearsalDefinition.read(try text(file), file: file)
    var services: [ServiceDefinition] = []
    for name in ["articles", "gateway", "ranking", "users"] {
      services += try ServiceDefinition.read(
        try text("\(name)/microservice.yaml"), file: "\(name)/microservice.yaml", environment: nil)
    }
    let load = try Series.read(try text("load.csv"), file: "load.csv")
    let reader = ScenarioReader(
      definition,
      platform: try PlatformDefinition.read(try text("platform.yaml"), file: "platform.yaml", environment: nil),
      services: services, series: ["gateway": load[0]],
      prices: try PricesDefinition.read(try text("prices.yaml"), file: "prices.yaml"))
    return try reader.scenario()
  }

  @Test(arguments: ["rehearsal.yaml", "rehearsal-troubles.yaml"])
  func anExample(file: String) throws {
    let scenario = try scenario(file)
    #expect(scenario.services.map(\.key.name) == ["articles", "gateway", "ranking", "users"])
    #expect(scenario.services.map(\.behavior.requestsPerSecond) == [40, 500, 50, 80])
    #expect(scenario.cloud.groups.map(\.pricePerHour) == [0.107, 0.038])
    #expect(scenario.load.keys.map(\.name) == ["gateway"])
    #expect(scenario.pushes.count >= 3)
  }

  /// Ten- to thirty-fold: what each push brings, beside the load at that moment.
  @Test func theDayHasTheStoryOfThePushes() throws {
    let scenario = try scenario("rehearsal.yaml")
    #expect(scenario.pushes.map { $0.audience * 8 / 100 } == [3000, 10_000, 13_000, 30_000])
    let load = LoadLine(try #require(scenario.load.values.first))
    for push in scenario.pushes {
      let before = load.value(at: push.sendAt - scenario.start)
      let height = push.line(from: scenario.start, scenario.prescaling).points.map(\.requestsPerSecond).max() ?? 0
      #expect((10...30).contains((before + height) / before))
    }
  }

  /// What is announced in time is held; who only reacts needs three minutes and more for it.
  @Test func prescaledFailsNoRequestOfThatDay() throws {
    let scenario = try scenario("rehearsal.yaml")
    let prescaled = try Rehearsal.run(scenario, strategy: .prescaled, seed: 1)
    #expect(prescaled.failed == 0)
    #expect(prescaled.minutesOutside == 0)
    let reactive = try Rehearsal.run(scenario, strategy: .reactive, seed: 1)
    #expect(reactive.failed > 0)
    #expect((180...210).contains(try #require(reactive.fullCapacitySeconds)))
    #expect(prescaled.cost <= 1.15 * (try Rehearsal.run(scenario, strategy: .clairvoyant, seed: 1)).cost)
  }
}
