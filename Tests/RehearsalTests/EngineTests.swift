import Autoscaling
import Kubernetes
import Rehearsal
import Testing

/// One service that a push multiplies by twenty, on nodes that boot in a minute and a half.
struct EngineTests {
  static func scenario(announced seconds: Double = 900) throws -> Scenario {
    let platform = try SmallFleet.platform(SmallFleet.groups)
    let behavior = PodBehavior(requestsPerSecond: 50, startSeconds: 20, imagePullSeconds: 10)
    let service = try SmallFleet.service(
      "web", in: platform,
      spec: """
        expose: { host: a.example.com, path: / }
          scale: { min: 2, max: 40, on: [{ requestsPerSecond: 35 }], push: true }
        """, behavior: behavior)
    let sendAt = SmallFleet.start + 3600
    let push = ScheduledPush(
      name: "breaking", sendAt: sendAt, announcedAt: sendAt - seconds, audience: 300_000, kind: "breaking")
    var scenario = SmallFleet.scenario(platform, [service], hours: 2, load: ["web": [(0, 30)]], pushes: [push])
    scenario.prescaling.margin = 60
    scenario.prescaling.lead.start = 20
    scenario.prescaling.kinds["breaking"] = .init(
      openRate: 0.1, shape: ResponseShape(riseSeconds: 5, holdSeconds: 40, fallSeconds: 20))
    return scenario
  }

  @Test func prescalingFailsNothing() throws {
    var options = RehearsalOptions()
    options.checksPromises = true
    let scenario = try Self.scenario()
    let reactive = try Rehearsal.run(scenario, strategy: .reactive, seed: 1, options: options)
    let prescaled = try Rehearsal.run(scenario, strategy: .prescaled, seed: 1, options: options)
    #expect(reactive.failed > 1000)
    #expect(prescaled.failed == 0)
    #expect(prescaled.requests == reactive.requests)
    #expect(reactive.violations == [] && prescaled.violations == [])
  }

  @Test func everyStrategyTellsTheSameDay() throws {
    let scenario = try Self.scenario()
    let outcomes = try Strategy.allCases.map { try Rehearsal.run(scenario, strategy: $0, seed: 3) }
    for outcome in outcomes {
      #expect(outcome.requests == outcomes[0].requests, "\(outcome.strategy)")
      #expect(outcome.cost > 0)
      #expect(outcome.series.offered.count == 120 && outcome.series.services.first?.capacity.count == 120)
    }
    let costs = Dictionary(uniqueKeysWithValues: outcomes.map { ($0.strategy, $0.cost) })
    let least = try #require(costs[.clairvoyant])
    #expect(costs.allSatisfy { $0.value >= least })
    #expect(try #require(costs[.prescaled]) < (try #require(costs[.static])))
  }

  @Test func theSameSeedGivesTheSameDay() throws {
    let scenario = try Self.scenario()
    func told(_ seed: UInt64) throws -> String {
      var options = RehearsalOptions()
      options.keepsNotes = true
      let outcome = try Rehearsal.run(scenario, strategy: .prescaled, seed: seed, options: options)
      return "\(outcome)"
    }
    #expect(try told(5) == told(5))
    #expect(try told(5) != told(6))
  }

  /// Announced as it is sent: it fails, and the plan has said so, with a pace to send at.
  @Test func aSurpriseIsToldToBeOne() throws {
    let scenario = try Self.scenario(announced: 0)
    let outcome = try Rehearsal.run(scenario, strategy: .prescaled, seed: 1)
    let push = try #require(outcome.pushes.first)
    #expect(push.failed > 0)
    #expect(try #require(push.readyAt) > push.sentAt)
    #expect(push.pacePerSecond != nil)
    let paced = try Rehearsal.run(scenario, strategy: .paced, seed: 1)
    #expect(paced.failed < outcome.failed / 10)
    // Sent by and by, and counted to the last request that it brings.
    let sent = try #require(paced.pushes.first)
    #expect(sent.requests >= push.requests)
  }

  /// Notice comes two minutes before nodes go: their pods are elsewhere by then, where a node boots and pods start in
  /// that time, as many at once as their budget lets go.
  @Test func interruptedNodesAreReplaced() throws {
    var scenario = try Self.scenario()
    scenario.pushes = []
    scenario.load = [NamespacedName("default", "web"): LoadCurve([.init(seconds: 0, requestsPerSecond: 400)])]
    for group in scenario.cloud.groups.indices { scenario.cloud.groups[group].bootSeconds = 40 }
    scenario.troubles = [Trouble(at: scenario.start + 1800, .spotReclaim(group: "spot", share: 1))]
    var options = RehearsalOptions()
    options.checksPromises = true
    options.keepsNotes = true
    let outcome = try Rehearsal.run(scenario, strategy: .prescaled, seed: 1, options: options)
    let asked = outcome.notes.first { $0.controller == "interruption-handler" && $0.text.contains("nodes") }
    #expect(asked?.at == scenario.start + 1800)
    #expect(outcome.evictions > 0)
    #expect(outcome.failed == 0)
    #expect(outcome.violations == [])
  }
}
