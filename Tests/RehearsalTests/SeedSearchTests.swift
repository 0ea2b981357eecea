import Kubernetes
import Rehearsal
import Testing

@Suite struct SeedSearchTests {
  /// A rehearsal in which every push fails for a minute and odd seeds break a promise.
  private static let failing: SeedSearch.Rehearse = { scenario, strategy, seed in
    var outcome = Outcome(strategy: strategy, seed: seed)
    outcome.cost = 10
    if seed % 2 == 1 { outcome.violations = ["a pod on two nodes"] }
    for push in scenario.pushes {
      var result = PushOutcome(name: push.name, sentAt: push.sendAt, message: "All is ready.")
      result.minutesOutside = 1
      if seed == 3 { result.pacePerSecond = 100 }
      outcome.pushes.append(result)
    }
    return outcome
  }

  @Test func daysAreCountedInTheOrderOfTheirSeeds() async throws {
    let report = try await SeedSearch(firstSeed: 1, count: 12, hours: 6, workers: 3).run(Self.failing)
    #expect(report.days.map(\.seed) == Array(1...12))
    #expect(report.broken.map(\.seed) == [1, 3, 5, 7, 9, 11])
    #expect(report.costRatio.count == 12)
    #expect(report.minutesOutside.count > 0)
    #expect(report.minutesOutside.max == 1)
    #expect(report.failures.count == report.minutesOutside.count)
    #expect(report.failures.allSatisfy { $0.push.isKept == ($0.seed == 3) })
    // What nobody was warned of comes first.
    #expect(report.failures.first?.seed != 3)
  }

  @Test func theNumberOfWorkersChangesNothing() async throws {
    let one = try await SeedSearch(count: 6, hours: 3, workers: 1).run(Self.failing)
    let three = try await SeedSearch(count: 6, hours: 3, workers: 3).run(Self.failing)
    #expect(one.days.map(\.leastCost) == three.days.map(\.leastCost))
    #expect(one.days.map(\.pushes) == three.days.map(\.pushes))
  }

  @Test func aPushBeyondTheMaximaIsNotWithinQuota() async throws {
    let report = try await SeedSearch(firstSeed: 1, count: 24, hours: 12, workers: 2).run(Self.failing)
    let pushes = report.days.flatMap(\.pushes)
    #expect(pushes.contains { !$0.isWithinQuota })
    #expect(pushes.contains { !$0.isAnnounced })
    #expect(pushes.count { $0.isWithinQuota && $0.isAnnounced } > pushes.count / 2)
  }

  @Test func whatStrikesAfterTheSendIsToldApart() async throws {
    let report = try await SeedSearch(firstSeed: 1, count: 60, hours: 12, workers: 2).run { scenario, strategy, seed in
      var outcome = try Self.failing(scenario, strategy, seed)
      for index in outcome.pushes.indices { outcome.pushes[index].lossToldAt = outcome.pushes[index].sentAt + 90 }
      return outcome
    }
    let struck = report.days.flatMap(\.pushes).filter(\.isStruck)
    #expect(!struck.isEmpty)
    #expect(struck.allSatisfy { !$0.isForetold && !$0.struckBy.isEmpty && $0.toldAfterSeconds != nil })
    // Told apart, and no excuse: nobody was warned.
    #expect(struck.filter { $0.isAnnounced && $0.isWithinQuota }.allSatisfy { !$0.isKept })
    let others = report.days.flatMap(\.pushes).filter { $0.struckBy.isEmpty }
    #expect(!others.isEmpty)
    #expect(others.allSatisfy { !$0.isStruck && $0.toldAfterSeconds == nil })
  }

  /// Every push but the last of a day fails when the last one is sent, which is late by its own plan where `isTold`.
  private static func crowded(isTold: Bool) -> SeedSearch.Rehearse {
    { scenario, strategy, seed in
      var outcome = try failing(scenario, strategy, seed)
      let last = scenario.pushes.map(\.sendAt).max() ?? scenario.start
      for index in outcome.pushes.indices {
        outcome.pushes[index].outsideSince = last + 10
        if isTold, outcome.pushes[index].sentAt == last { outcome.pushes[index].readyAt = last + 60 }
      }
      return outcome
    }
  }

  @Test func aPushThatAnotherCrowdsOutWasWarnedOfWhereThatOneWas() async throws {
    let search = SeedSearch(firstSeed: 4, count: 40, hours: 12, workers: 2)
    let told = try await search.run(Self.crowded(isTold: true)).days.flatMap(\.pushes)
    let crowded = told.filter(\.isCrowded)
    #expect(!crowded.isEmpty)
    #expect(crowded.allSatisfy { $0.crowdedBy.count == 1 && !$0.isForetold && $0.isKept })
    #expect(told.filter(\.isForetold).allSatisfy { $0.crowdedBy.isEmpty })
    // Nothing is said of it: no excuse.
    let untold = try await search.run(Self.crowded(isTold: false)).days.flatMap(\.pushes)
    #expect(untold.allSatisfy { $0.crowdedBy.isEmpty && !$0.isCrowded })
  }
}
