import Kubernetes
import Rehearsal
import Testing

/// The same seed gives the same bytes, on any machine, in debug and release: golden digests, checked in both.
@Suite struct DeterminismTests {
  @Test(arguments: [(1, "bde87d9872adb3f7"), (2, "c4d54520c76d3c3c"), (3, "21f3790a2990d081")] as [(UInt64, String)])
  func theBoundOfADayIsTheSame(seed: UInt64, golden: String) throws {
    let scenario = try RandomDay(seed: seed, hours: 6).scenario
    #expect(OutcomeDigest.of(Clairvoyant.outcome(of: scenario, seed: seed)) == golden)
  }

  /// With everything that the engine does: troubles, decisions that go astray, each controller's words.
  @Test(arguments: [
    (.reactive, 1, "7a05c21ca569efe2"), (.reactive, 2, "934e423ea32b5758"), (.scheduled, 1, "8857b0cb9c6868a2"),
    (.prescaled, 1, "cbf3b04777025b5f"), (.prescaled, 2, "edcc789d1e603dd4"),
  ] as [(Strategy, UInt64, String)])
  func aDayIsTheSameEverywhere(strategy: Strategy, seed: UInt64, golden: String) throws {
    let scenario = try RandomDay(seed: seed, hours: 6).scenario
    var options = RehearsalOptions(keepsNotes: true)
    options.faults = DecisionFaults()
    let digest = OutcomeDigest.of(try Rehearsal.run(scenario, strategy: strategy, seed: seed, options: options))
    #expect(digest == golden)
  }

  @Test(arguments: [Strategy.reactive, .prescaled])
  func aDayRehearsedAgainIsTheSame(strategy: Strategy) throws {
    let scenario = try RandomDay(seed: 5, hours: 3).scenario
    var options = RehearsalOptions(keepsNotes: true)
    options.faults = DecisionFaults()
    let digests = try (0..<2).map { _ in
      OutcomeDigest.of(try Rehearsal.run(scenario, strategy: strategy, seed: 5, options: options))
    }
    #expect(digests[0] == digests[1])
  }

  /// No strategy under which nothing fails costs less than the bound; a tenth of a cent is rounding.
  @Test(arguments: 1...12 as ClosedRange<UInt64>)
  func nothingThatServesAllCostsLessThanTheBound(seed: UInt64) throws {
    var scenario = try RandomDay(seed: seed, hours: 4).scenario
    scenario.troubles = []
    let bound = Clairvoyant.outcome(of: scenario, seed: seed)
    for strategy in [Strategy.prescaled, .static] {
      let outcome = try Rehearsal.run(scenario, strategy: strategy, seed: seed)
      if outcome.failed == 0 { #expect(outcome.cost >= bound.cost - 0.001, "\(strategy)") }
    }
  }
}

/// Over every bit of an outcome.
struct OutcomeDigest {
  private var hash = FNV1a()

  static func of(_ outcome: Outcome) -> String {
    var digest = OutcomeDigest()
    digest.add(outcome)
    return String(digest.hash.value, radix: 16)
  }

  private mutating func add(_ value: UInt64) {
    for byte in 0..<8 { hash.add(UInt8(truncatingIfNeeded: value >> (8 * UInt64(byte)))) }
  }
  private mutating func add(_ value: Double) { add(value.bitPattern) }
  private mutating func add(_ value: Int) { add(UInt64(bitPattern: Int64(value))) }
  private mutating func add(_ values: [Double]) { for value in values { add(value) } }
  private mutating func add(_ values: [Int]) { for value in values { add(value) } }
  private mutating func add(_ text: String) { for byte in text.utf8 { add(UInt64(byte)) } }

  private mutating func add(_ outcome: Outcome) {
    add([outcome.requests, outcome.failed, outcome.onDemandNodeHours, outcome.spotNodeHours, outcome.cost])
    add(outcome.fullCapacitySeconds ?? -1)
    add([outcome.minutesOutside, outcome.evictions])
    for service in outcome.services {
      add("\(service.service)")
      add([service.requests, service.failed])
      add([service.minutesOutside, service.replicasMax])
    }
    for push in outcome.pushes {
      add("\(push.name) \(push.message) \(push.readyAt?.nanoseconds ?? 0)")
      add([push.requests, push.failed, push.pacePerSecond ?? -1])
      add(push.minutesOutside)
    }
    add(outcome.series.offered + outcome.series.failed)
    add(outcome.series.onDemandNodes + outcome.series.spotNodes)
    for series in outcome.series.services {
      add(series.offered + series.capacity + series.failed)
      add(series.ready + series.wanted)
    }
    for note in outcome.notes { add("\(note.at) \(note.controller) \(note.about) \(note.text)") }
    for violation in outcome.violations { add(violation) }
  }
}
