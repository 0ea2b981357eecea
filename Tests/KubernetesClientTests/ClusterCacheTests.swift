import Kubernetes
import KubernetesClient
import Synchronization
import Testing

@Suite struct ClusterCacheTests {
  let api = ScriptedAPI()

  /// Runs a cache beside `body` and ends it afterwards.
  func withCache(
    _ resources: [ResourceType], report: @escaping @Sendable (ClusterCache.Problem) -> Void = { _ in },
    _ body: (ClusterCache) async throws -> Void
  ) async throws {
    let cache = ClusterCache(client: client(api), resources: resources, report: report)
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { await cache.run() }
      try await body(cache)
      group.cancelAll()
    }
  }

  /// Waits for updates until the view is as wanted.
  func until(_ cache: ClusterCache, _ isMet: (ClusterView) -> Bool) async {
    for await _ in await cache.updates() where isMet(await cache.view) { return }
  }

  @Test func followsWhatHappens() async throws {
    await api.serve(.pods)
    await api.serve(.nodes)
    await api.put(pod("a", node: "n"), .pods)
    try await withCache([.pods, .nodes]) { cache in
      try await cache.waitUntilSynced()
      #expect(await cache.view.pods(onNode: "n").count == 1)
      await api.put(pod("b", node: "n"), .pods)
      await until(cache) { $0.pods(onNode: "n").count == 2 }
      await api.remove("default", "a", .pods)
      await until(cache) { $0.pods.keys.map(\.name) == ["b"] }
    }
  }

  @Test func aCutWatchLosesNothing() async throws {
    await api.serve(.pods)
    try await withCache([.pods]) { cache in
      try await cache.waitUntilSynced()
      await api.untilWatched(by: 1)
      await api.cutWatches()
      await api.put(pod("a"), .pods)
      await until(cache) { $0.pods.count == 1 }
      #expect(await api.requests.filter { $0.query("watch") == nil }.count == 1)
    }
  }

  @Test func lostHistoryIsListedAgainAndOnlyDifferencesApplied() async throws {
    await api.serve(.pods)
    for name in ["a", "b", "c"] { await api.put(pod(name), .pods) }
    try await withCache([.pods]) { cache in
      try await cache.waitUntilSynced()
      await api.untilWatched(by: 1)
      await api.cutWatches()
      await api.remove("default", "a", .pods)
      await api.put(pod("b", node: "n"), .pods)
      await api.put(pod("d"), .pods)
      await api.loseHistory()
      await until(cache) { view in
        Set(view.pods.keys.map(\.name)) == ["b", "c", "d"] && view.pods(onNode: "n").count == 1
      }
    }
  }

  @Test func aKindThatComesLaterIsFound() async throws {
    await api.serve(.pods)
    try await withCache([.pods, .pushCampaigns]) { cache in
      try await cache.waitUntilSynced()
      await api.serve(.pushCampaigns)
      await api.put(
        [
          "apiVersion": "sakigake.dev/v1", "kind": "PushCampaign", "metadata": ["name": "p", "namespace": "default"],
          "spec": ["audience": 5],
        ],
        .pushCampaigns)
      await until(cache) { $0.pushCampaigns.values.first?.spec.audience == 5 }
    }
  }

  @Test func whatCannotBeReadIsLeftOutAndReportedOnce() async throws {
    await api.serve(.pods)
    let problems = Mutex<[String]>([])
    let broken: JSONValue = ["metadata": ["name": "x", "namespace": "default"], "spec": ["nodeName": 5]]
    await api.put(broken, .pods)
    await api.put(pod("a"), .pods)
    try await withCache([.pods], report: { problem in problems.withLock { $0.append("\(problem)") } }) { cache in
      try await cache.waitUntilSynced()
      #expect(await cache.view.pods.keys.map(\.name) == ["a"])
      await api.put(broken, .pods)
      await api.put(pod("b"), .pods)
      await until(cache) { $0.pods.count == 2 }
    }
    #expect(problems.withLock { $0 } == ["pods default/x: spec.nodeName: expected a string, found number"])
  }

  @Test func unknownKindsAreReported() async throws {
    let problems = Mutex(0)
    try await withCache([.secrets], report: { _ in problems.withLock { $0 += 1 } }) { try await $0.waitUntilSynced() }
    #expect(problems.withLock { $0 } == 1)
  }

  @Test func writtenVersionsAreWaitedFor() async throws {
    await api.serve(.pods)
    try await withCache([.pods]) { cache in
      try await cache.waitUntilSynced()
      async let seen = cache.waitUntilSeen([.pods: 101], atMost: .seconds(60))
      await api.put(pod("a"), .pods)
      _ = try await seen
      await until(cache) { $0.pods.count == 1 }
      #expect(try await cache.waitUntilSeen([.pods: 101], atMost: .seconds(60)))
      #expect(try await !cache.waitUntilSeen([.pods: 999], atMost: .milliseconds(1)))
      #expect(try await cache.waitUntilSeen([.secrets: 999], atMost: .milliseconds(1)))
    }
  }

  @Test func afterTheEndNobodyWaitsForever() async throws {
    let cache = ClusterCache(client: client(api), resources: [.pods])
    await api.answer(403) { _ in true }
    let run = Task { await cache.run() }
    let waiting = Task { try await cache.waitUntilSeen([.pods: 5], atMost: .seconds(600)) }
    await api.untilAsked { !$0.isEmpty }
    run.cancel()
    await run.value
    waiting.cancel()
    _ = await waiting.result
    #expect(await cache.view.pods.isEmpty)
  }
}
