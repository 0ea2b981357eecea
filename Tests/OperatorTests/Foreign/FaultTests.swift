import Kubernetes
import KubernetesClient
import Operator
import Synchronization
import Testing

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Cut watches, 409, 410, 429, 500 and lost answers, by a seed. `SAKIGAKE_SEED=N` replays one.
@Suite struct FaultTests {
  private static let seeds: [UInt64] =
    ProcessInfo.processInfo.environment["SAKIGAKE_SEED"].flatMap { UInt64($0) }.map { [$0] } ?? Array(1...8)

  @Test(arguments: seeds) func aPushIsRaisedAndGivenBackWhateverFails(seed: UInt64) async throws {
    try await ForeignWorld.run { world in
      let faulty = Mutex<FaultyTransport?>(nil)
      let replica = try Replica("only", in: world) { transport in
        let wrapped = FaultyTransport(transport, seed: seed)
        faulty.withLock { $0 = wrapped }
        return wrapped
      }
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { try await replica.run() }
        _ = try await world.announce("flash")
        try await world.until("flash") { $0.status.phase == "Preparing" && !$0.status.floors.isEmpty }
        try await world.until("flash") { $0.status.phase == "Released" }
        try await world.untilGivenBack()
        try await world.expectAllGivenBack("SAKIGAKE_SEED=\(seed)")
        let faults = try #require(faulty.withLock { $0 }).faults
        #expect(faults.values.reduce(0, +) > 10, "SAKIGAKE_SEED=\(seed): \(faults)")
        group.cancelAll()
      }
    }
  }
}
