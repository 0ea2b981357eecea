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

  @Test(arguments: ["rehearsal.yaml", "rehearsal-troubles.yaml"])
  func anExample(file: String) throws {
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
    let scenario = try reader.scenario()
    #expect(scenario.services.map(\.key.name) == ["articles", "gateway", "ranking", "users"])
    #expect(scenario.services.map(\.behavior.requestsPerSecond) == [40, 500, 50, 80])
    #expect(scenario.cloud.groups.map(\.pricePerHour) == [0.107, 0.038])
    #expect(scenario.load.keys.map(\.name) == ["gateway"])
    #expect(scenario.pushes.count >= 3)
  }

  /// Ten- to thirty-fold: what the greatest push brings, beside the load at that moment.
  @Test func theDayHasTheStoryOfThePushes() throws {
    let definition = try RehearsalDefinition.read(try text("rehearsal.yaml"), file: "rehearsal.yaml")
    #expect(definition.pushes.map { Double($0.audience) * 0.08 } == [3000, 10_000, 20_000, 30_000])
    let load = try #require(try Series.read(try text("load.csv"), file: "load.csv").first)
    for push in definition.pushes {
      let before = try #require(load.value(at: push.sendAt - definition.start))
      let height = Double(push.audience) * 0.08 / (1 + 45 + 2.5)
      #expect((10...30).contains((before + height) / before))
    }
  }
}
