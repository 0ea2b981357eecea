import Kubernetes
import KubernetesClient
import Logging

/// Runs decisions over a cluster: when something changed, and at a period; one look at a time, and none before the view
/// shows what the last one wrote.
struct ControlLoop: Sendable {
  let name: String
  var decisions: [any Decision]
  /// Seconds between looks while nothing happens.
  let periodSeconds: Double
  /// A loop that only samples (an autoscaler) looks at its period alone.
  let followsChanges: Bool
  /// Fills in what the cache does not hold: metrics, node groups.
  let completing: @Sendable (inout ClusterView) async -> Void

  init(
    _ name: String, _ decisions: [any Decision], periodSeconds: Double, followsChanges: Bool = true,
    completing: @escaping @Sendable (inout ClusterView) async -> Void = { _ in }
  ) {
    self.name = name
    self.decisions = decisions
    self.periodSeconds = periodSeconds
    self.followsChanges = followsChanges
    self.completing = completing
  }

  /// How long a view may lag behind a write before it is trusted anyway.
  static let lagMax = Duration.seconds(1)

  func run(cache: ClusterCache, executor: ChangeExecutor, logger: Logger) async {
    let (wakes, wake) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    let period = Duration.seconds(periodSeconds)
    await withTaskGroup(of: Void.self) { group in
      if followsChanges { group.addTask { for await _ in await cache.updates() { wake.yield() } } }
      group.addTask { while (try? await Task.sleep(for: period)) != nil { wake.yield() } }
      group.addTask { await look(wakes, cache, executor, logger) }
    }
  }

  private func look(_ wakes: AsyncStream<Void>, _ cache: ClusterCache, _ executor: ChangeExecutor, _ logger: Logger)
    async
  {
    guard (try? await cache.waitUntilSynced()) != nil else { return }
    var decisions = decisions
    for await _ in wakes {
      for index in decisions.indices {
        var view = await cache.view
        await completing(&view)
        let changes = decisions[index].reconcile(view, at: .now)
        guard !changes.isEmpty else { continue }
        let outcome = await executor.perform(changes)
        for failure in outcome.failures {
          logger.log(level: failure.isRace ? .debug : .warning, "\(name): \(failure)")
        }
        _ = try? await cache.waitUntilSeen(outcome.written, atMost: Self.lagMax)
        if Task.isCancelled { return }
      }
    }
  }
}
