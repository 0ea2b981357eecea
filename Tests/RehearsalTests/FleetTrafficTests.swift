import Kubernetes
import Rehearsal
import Testing

@Suite struct FleetTrafficTests {
  private func fleet(
    load: [(Double, Double)], calls: String = "", front: PodBehavior, back: PodBehavior? = nil
  ) throws -> (Scenario, FleetTraffic) {
    let platform = try SmallFleet.platform(SmallFleet.groups)
    let entry = "expose: { host: a.example.com, path: / }\n  scale: { min: 2, max: 60, push: true }\n  \(calls)"
    var services = [try SmallFleet.service("front", in: platform, spec: entry, behavior: front)]
    if let back { services.append(try SmallFleet.service("back", in: platform, behavior: back)) }
    let scenario = SmallFleet.scenario(platform, services, hours: 0.5, load: ["front": load])
    return (scenario, FleetTraffic(scenario, OfferedLoad(scenario)))
  }

  private func outcome(_ scenario: Scenario, _ traffic: FleetTraffic) -> Outcome {
    var (traffic, outcome) = (traffic, Outcome(strategy: .static, seed: 1))
    traffic.advance(to: scenario.durationSeconds)
    traffic.result(into: &outcome, of: scenario)
    return outcome
  }

  private let pod = PodBehavior(requestsPerSecond: 40, queueMax: 20, timeoutSeconds: 2, retriesMax: 0)

  @Test func whatFitsIsServedWithoutASingleStep() throws {
    var (scenario, traffic) = try fleet(load: [(0, 70), (900, 79), (1800, 60)], front: pod)
    traffic.setReady(2, of: 0, at: 0)
    let result = outcome(scenario, traffic)
    #expect(result.failed == 0)
    #expect(result.minutesOutside == 0)
    #expect(abs(result.requests - scenario.load.values.reduce(0) { $0 + LoadLine($1).area(from: 0, to: 1800) }) < 1e-6)
    #expect(traffic.minutes.isEmpty)
  }

  @Test func beyondTheQueueIsRefused() throws {
    var (scenario, traffic) = try fleet(load: [(0, 50), (600, 50), (600, 100), (900, 100), (900, 50)], front: pod)
    traffic.setReady(2, of: 0, at: 0)
    let result = outcome(scenario, traffic)
    // Twenty too many each second, but for what the queues of two pods take once.
    #expect(abs(result.failed - (300 * 20 - 40)) < 2)
    #expect(result.minutesOutside == 5)
    #expect(abs((result.series.failed.max() ?? 0) - 20) < 0.01)
    #expect(result.services[0].failed == result.failed)
  }

  @Test func podsThatComeEndIt() throws {
    var (scenario, traffic) = try fleet(load: [(0, 50), (600, 50), (600, 100)], front: pod)
    traffic.setReady(2, of: 0, at: 0)
    traffic.setReady(3, of: 0, at: 700)
    #expect(traffic.isBusy(0))
    #expect(abs(traffic.tries(of: 0, until: 700) - 40_000) < 1e-6)
    let result = outcome(scenario, traffic)
    #expect(abs(result.failed - (100 * 20 - 40)) < 2)
  }

  @Test func withoutPodsEverythingFails() throws {
    let (scenario, traffic) = try fleet(load: [(0, 10)], front: pod)
    #expect(abs(outcome(scenario, traffic).failed - 18_000) < 1e-6)
  }

  @Test func whatACalledServiceRefusesFailsItsCaller() throws {
    var (scenario, traffic) = try fleet(
      load: [(0, 100)], calls: "calls: [{ service: back, perRequest: 0.5 }]", front: pod, back: pod)
    traffic.setReady(3, of: 0, at: 0)
    traffic.setReady(1, of: 1, at: 0)
    let result = outcome(scenario, traffic)
    // Fifty calls a second, of which forty are answered.
    #expect(abs(result.failed - 1800 * 10) < 100)
    #expect(abs(result.services[1].failed - 1800 * 10) < 100)
    #expect(abs(result.services[1].requests - 1800 * 50) < 1)
  }

  @Test func triesMadeAgainFeedTheOverload() throws {
    var eager = pod
    eager.retriesMax = 2
    func failed(_ front: PodBehavior) throws -> Double {
      var (scenario, traffic) = try fleet(
        load: [(0, 100)], calls: "calls: [back]", front: front, back: pod)
      traffic.setReady(3, of: 0, at: 0)
      traffic.setReady(2, of: 1, at: 0)
      return outcome(scenario, traffic).failed
    }
    // With 120 a second at most, callers who try again overload the front, which serves tries that then fail behind it.
    let (patient, wild) = (try failed(pod), try failed(eager))
    #expect(abs(patient - 1800 * 20) < 100)
    #expect(wild > patient * 0.9)
    var (_, traffic) = try fleet(load: [(0, 100)], front: eager)
    traffic.setReady(2, of: 0, at: 0)
    // The sum of all tries is well above what was offered.
    #expect(traffic.tries(of: 0, until: 1800) > 1800 * 120)
  }

  @Test func whatWaitsTooLongIsWorkForNothing() throws {
    var slow = pod
    slow.queueMax = 200
    var (scenario, traffic) = try fleet(load: [(0, 100)], front: slow)
    traffic.setReady(2, of: 0, at: 0)
    // A line of five seconds before a pod that callers give two seconds to.
    #expect(outcome(scenario, traffic).failed > 0.9 * 180_000)
  }

  @Test func theOrderOfQuestionsChangesNothing() throws {
    let load = [(0.0, 50.0), (600, 50), (620, 140), (900, 140), (950, 50)]
    var (scenario, one) = try fleet(load: load, front: pod)
    one.setReady(2, of: 0, at: 0)
    var other = one
    for second in stride(from: 0, through: 1800, by: 15) { _ = other.tries(of: 0, until: Double(second)) }
    let (left, right) = (outcome(scenario, one), outcome(scenario, other))
    #expect(abs(left.failed - right.failed) < 0.02 * left.failed)
  }
}
