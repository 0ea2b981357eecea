import Foundation
import Kubernetes
import KubernetesClient
import Testing

extension EndToEnd {
  /// The API server killed under load, again and again, on one data directory.
  ///
  /// `SAKIGAKE_KILLS` tells how often (200 where it does not), `SAKIGAKE_KILLS_SEED` from which seed: a failure names
  /// the seed and the cycle that it came in.
  @Suite(.serialized) struct DurabilityTests {
    static let kills = ProcessInfo.processInfo.environment["SAKIGAKE_KILLS"].flatMap { Int($0) } ?? 200
    static let seed = ProcessInfo.processInfo.environment["SAKIGAKE_KILLS_SEED"].flatMap { UInt64($0) } ?? 1
    static let writers = 12
    /// Acknowledged writes of one cycle, at most, before the kill.
    static let writesMax = 400

    @Test func whatWasAcknowledgedSurvivesEveryKill() async throws {
      try await Cluster.withDirectory { cluster in
        var random = SplitMix64(state: Self.seed)
        let ledger = WriteLedger()
        var watched = WatchedVersions()
        for cycle in 0..<Self.kills {
          let place = "cycle \(cycle) of seed \(Self.seed)"
          // Now and then it is killed before it serves at all.
          if random.below(8) == 0 {
            try await ServingProcess.startAndKill(cluster.directory, afterMilliseconds: random.below(60))
          }
          let server = try await ServingProcess.start(in: cluster.directory)
          let transport = try Kubeconfig.load(path: cluster.kubeconfig, context: nil).transport(userAgent: "durability")
          do {
            try await ledger.verify(against: transport, watched, place)
            try await Self.load(transport, ledger, cycle, &random, &watched, kill: server.kill)
          } catch {
            server.kill()
            _ = await server.ended
            throw NotInTime(description: "\(place): \(error)")
          }
          _ = await server.ended
        }
        let server = try await ServingProcess.start(in: cluster.directory)
        let transport = try Kubeconfig.load(path: cluster.kubeconfig, context: nil).transport(userAgent: "durability")
        try await ledger.verify(against: transport, watched, "after the last kill")
        server.kill()
        _ = await server.ended
        let totals = await ledger.totals
        print("durability: \(Self.kills) kills from seed \(Self.seed): \(totals), \(watched.events) watch events")
        #expect(totals.acknowledged > Self.kills, "the load was no load")
      }
    }

    /// Writes and watches until the server is gone, which `kill` brings about after some writes.
    static func load(
      _ transport: any KubernetesTransport, _ ledger: WriteLedger, _ cycle: Int, _ random: inout SplitMix64,
      _ watched: inout WatchedVersions, kill: @escaping @Sendable () -> Void
    ) async throws {
      let writesBeforeKill = 1 + random.below(writesMax)
      await ledger.begin(killAfter: writesBeforeKill, kill)
      let seeds = (0..<writers).map { _ in random.next() }
      let before = watched
      watched = try await withThrowingTaskGroup(of: WatchedVersions?.self) { group in
        for (number, seed) in seeds.enumerated() {
          group.addTask {
            var writer = DurabilityWriter(number: number, cycle: cycle, random: SplitMix64(state: seed))
            try await writer.run(transport, ledger)
            return nil
          }
        }
        group.addTask { try await before.followed(over: transport) }
        var result = before
        for try await after in group { if let after { result = after } }
        return result
      }
    }
  }
}

extension SplitMix64 {
  mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }
}
