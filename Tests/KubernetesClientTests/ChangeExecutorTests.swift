import Kubernetes
import KubernetesClient
import Synchronization
import Testing

@Suite struct ChangeExecutorTests {
  let api = ScriptedAPI()

  func target(_ name: String) -> Change.Target { Change.Target(.deployments, namespace: "default", name: name) }

  @Test func oneObjectsChangesKeepTheirOrder() async throws {
    let executor = ChangeExecutor(client: client(api), component: "test")
    var changes: [Change] = []
    for round in 0..<5 {
      for name in ["a", "b", "c"] { changes.append(.patch(target(name), .merge, ["round": .integer(Int64(round))])) }
    }
    #expect(await executor.execute(changes).isEmpty)
    for name in ["a", "b", "c"] {
      let rounds = await api.requests.filter { $0.path.hasSuffix("/\(name)") }
        .compactMap { try? JSONValue(parsing: $0.body)["round"]?.integerValue }
      #expect(rounds == [0, 1, 2, 3, 4])
    }
  }

  @Test func atMostSixteenAtATime() async throws {
    let executor = ChangeExecutor(client: client(api), component: "test")
    let changes = (0..<200).map { Change.bind(pod: NamespacedName("default", "p\($0)"), node: "n") }
    #expect(await executor.execute(changes).isEmpty)
    #expect(await api.requests.count == 200)
    #expect(await api.underWayMost <= 16)
  }

  @Test func aNewNamespaceIsThereBeforeWhatGoesIntoIt() async throws {
    let executor = ChangeExecutor(client: client(api), component: "test")
    let namespace: JSONValue = ["apiVersion": "v1", "kind": "Namespace", "metadata": ["name": "news"]]
    let map: JSONValue = ["apiVersion": "v1", "kind": "ConfigMap", "metadata": ["name": "m", "namespace": "news"]]
    #expect(await executor.execute([.create(namespace), .create(map)]).isEmpty)
    #expect(await api.requests.map(\.path) == ["/api/v1/namespaces", "/api/v1/namespaces/news/configmaps"])
  }

  @Test func conflictsOfPatchesAreTriedAgainAndThoseOfUpdatesReported() async throws {
    let executor = ChangeExecutor(client: client(api), component: "test")
    await api.answer(409) { $0.method == .patch }
    await api.answer(409) { $0.method == .put }
    await api.answer(409) { $0.method == .patch && $0.path.hasSuffix("/pinned") }
    let failures = await executor.execute([
      .patch(target("a"), .merge, ["spec": [:]]), .update(pod("p")),
      .patch(target("pinned"), .merge, ["metadata": ["resourceVersion": "5"]]),
    ])
    #expect(failures.count == 2)
    #expect(failures.allSatisfy { $0.isRace })
    #expect(failures.map(\.change.summary) == ["update Pod default/p", "patch deployments.apps default/pinned"])
  }

  @Test func appliesTakeOverFieldsUnderTheirManager() async throws {
    let executor = ChangeExecutor(client: client(api), component: "test")
    let outcome = await executor.perform([.patch(target("a"), .apply, ["spec": [:]], fieldManager: "prescaler")])
    #expect(outcome.written == [.deployments: 101])
    let request = try #require(await api.requests.first)
    #expect(request.query("force") == "true" && request.query("fieldManager") == "prescaler")
  }

  @Test func withoutACloudNodeGroupsFail() async throws {
    let executor = ChangeExecutor(client: client(api), component: "test")
    let failures = await executor.execute([.resizeNodeGroup("spot", to: 3)])
    #expect(failures.first?.refusal?.code == 501)
  }

  @Test func unknownKindsFailAlone() async throws {
    let executor = ChangeExecutor(client: client(api), component: "test")
    let failures = await executor.execute([.create(["apiVersion": "v9", "kind": "Thing"]), .create(pod("a"))])
    #expect(failures.count == 1)
    #expect(await api.requests.count == 1)
  }

  @Test func equalNotesAreCounted() async throws {
    let clock = Mutex(Timestamp(seconds: 1_800_000_000))
    let executor = ChangeExecutor(client: client(api), component: "test", now: { clock.withLock { $0 } })
    var about = ObjectReference()
    about.kind = "Pod"
    about.namespace = "default"
    about.name = "a"
    let note = Change.EventNote(
      about: about, isWarning: true, reason: "FailedScheduling", message: "0/3 nodes", component: "scheduler")
    for _ in 0..<10 { #expect(await executor.execute([.record(note)]).isEmpty) }
    clock.withLock { $0 = $0 + 6 }
    #expect(await executor.execute([.record(note)]).isEmpty)
    let requests = await api.requests
    #expect(requests.map(\.method) == [.post, .patch])
    #expect(try JSONValue(parsing: requests[1].body)["count"] == 11)
    await api.answer(404) { $0.method == .patch }
    clock.withLock { $0 = $0 + 6 }
    #expect(await executor.execute([.record(note)]).isEmpty)
    #expect(await api.requests.map(\.method) == [.post, .patch, .patch, .post])
  }
}
