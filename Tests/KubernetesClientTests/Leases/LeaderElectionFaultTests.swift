import Kubernetes
import KubernetesClient
import Synchronization
import Testing

/// Two candidates and a network that fails: never two leaders, and one again once it is well.
@Suite struct LeaderElectionFaultTests {
  struct Outcome { var overlaps: Int; var working: Set<String>; var terms: Int }

  /// Two candidates for so long; `fate` decides what becomes of each request in the first half.
  static func compete(
    seconds: Int, seed: UInt64, killedAtRequest: Int? = nil,
    fate: @escaping @Sendable (_ request: Int, _ candidate: String) -> LeaseServer.Fate
  ) throws -> Outcome {
    let time = VirtualTime()
    let ledger = Ledger()
    let killed = Mutex<String?>(nil)
    let server = LeaseServer(clock: time) { request, candidate in
      killed.withLock { killed in
        if killed == nil, let killedAtRequest, request >= killedAtRequest { killed = candidate }
        if killed == candidate { return .stuck }
        return time.now.offset < .seconds(seconds / 2) ? fate(request, candidate) : .answered
      }
    }
    let outcome = Mutex<Outcome?>(nil)
    let elections = try ["a", "b"].enumerated().map { index, name in
      (name, try LeaderElectionTests.election(name, server, time, seed: seed &+ UInt64(index)))
    }
    time.simulate {
      let tasks = elections.map { name, election in
        Task(executorPreference: time) {
          await LeaderElectionTests.participate(name, election, time, ledger)
        }
      }
      try? await time.sleep(for: .seconds(seconds))
      let result = Outcome(
        overlaps: await ledger.overlaps, working: await ledger.working, terms: await ledger.terms.count)
      outcome.withLock { $0 = result }
      for task in tasks { task.cancel() }
    }
    return try #require(outcome.withLock { $0 })
  }

  static let fates: [LeaseServer.Fate] = [
    .lost, .answerLost, .refused(409), .refused(500), .stuck, .slow(there: .seconds(9), back: .zero),
    .slow(there: .zero, back: .seconds(9)), .slow(there: .seconds(14), back: .zero),
    .slow(there: .zero, back: .seconds(14)),
  ]

  @Test(arguments: Self.fates) func oneRequestFails(fate: LeaseServer.Fate) throws {
    for failing in 1...12 {
      for run in [1, 8] {
        let outcome = try Self.compete(seconds: 200, seed: UInt64(failing)) { request, _ in
          (failing..<failing + run).contains(request) ? fate : .answered
        }
        #expect(outcome.overlaps == 0, "\(run) requests from \(failing)")
        #expect(outcome.working.count == 1, "\(run) requests from \(failing)")
      }
    }
  }

  @Test func theLeaderIsKilledBetweenAnyTwoSteps() throws {
    for step in 1...24 {
      let outcome = try Self.compete(seconds: 200, seed: UInt64(step), killedAtRequest: step) { _, _ in .answered }
      #expect(outcome.overlaps == 0 && outcome.working.count == 1, "killed at request \(step)")
    }
  }

  @Test func anythingFailsAtAnyTime() throws {
    var terms = 0
    for seed in 1...60 as ClosedRange<UInt64> {
      let chance = Mutex(SplitMix64(state: seed))
      let rate = [0.1, 0.3, 0.6][Int(seed % 3)]
      let outcome = try Self.compete(seconds: 600, seed: seed) { _, _ in
        chance.withLock { chance in
          Double.random(in: 0..<1, using: &chance) < rate
            ? Self.fates.randomElement(using: &chance) ?? .lost : .answered
        }
      }
      #expect(outcome.overlaps == 0, "seed \(seed)")
      #expect(outcome.working.count == 1, "seed \(seed)")
      terms += outcome.terms
    }
    #expect(terms > 90, "leaders changed \(terms) times: the faults did nothing")
  }
}
