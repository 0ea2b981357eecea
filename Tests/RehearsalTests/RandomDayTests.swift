import Kubernetes
import Rehearsal
import Testing

@Suite struct RandomDayTests {
  @Test func aSeedIsADay() throws {
    let (one, same, other) = (try RandomDay(seed: 7), try RandomDay(seed: 7), try RandomDay(seed: 8))
    #expect(one.scenario.pushes == same.scenario.pushes)
    #expect(one.scenario.troubles == same.scenario.troubles)
    #expect(one.scenario.load == same.scenario.load)
    #expect(one.scenario.services.map(\.deployment) == same.scenario.services.map(\.deployment))
    #expect(one.scenario.pushes != other.scenario.pushes)
  }

  @Test(arguments: 1...40 as ClosedRange<UInt64>)
  func daysAreWithinReason(seed: UInt64) throws {
    let scenario = try RandomDay(seed: seed).scenario
    let end = scenario.start + scenario.durationSeconds
    #expect(scenario.services.contains { $0.microservice.spec.expose != nil })
    #expect(!scenario.pushes.isEmpty)
    #expect(scenario.pushes.allSatisfy { $0.audience > 0 && $0.announcedAt <= $0.sendAt && $0.sendAt < end })
    #expect(scenario.troubles.allSatisfy { $0.at >= scenario.start && $0.at < end })
    #expect(scenario.cloud.groups.allSatisfy { $0.maximum > $0.minimum })
    let outcome = Clairvoyant.outcome(of: scenario, seed: seed)
    #expect(outcome.cost > 0)
    #expect(outcome.cost.isFinite)
  }

  @Test func streamsOfOneSeedHaveNothingInCommon() {
    var (one, same, other) = (
      RandomStream(seed: 1, purpose: "a"), RandomStream(seed: 1, purpose: "a"), RandomStream(seed: 1, purpose: "b")
    )
    let numbers = (0..<1000).map { _ in one.unit() }
    #expect(numbers == (0..<1000).map { _ in same.unit() })
    #expect(numbers[0] != other.unit())
    #expect(abs(numbers.reduce(0, +) / 1000 - 0.5) < 0.05)
    #expect((0..<100).allSatisfy { _ in (3...5).contains(one.integer(in: 3...5)) })
  }
}
