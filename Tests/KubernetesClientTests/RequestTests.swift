import Kubernetes
import KubernetesClient
import Testing

@Suite struct RequestTests {
  let api = ScriptedAPI()

  @Test func readsAreTriedAgainOn429And5xx() async throws {
    await api.serve(.pods)
    await api.answer(429) { $0.method == .get }
    await api.answer(503) { $0.method == .get }
    let (items, _) = try await client(api).list(Pod.self)
    #expect(items.isEmpty)
    #expect(await api.requests.count == 3)
  }

  @Test func readsGiveUpAfterFourAttempts() async throws {
    for _ in 0..<9 { await api.answer(500) { _ in true } }
    await #expect(throws: APIError.self) { try await client(api).get(Pod.self, "a", namespace: "default") }
    #expect(await api.requests.count == 4)
  }

  @Test func writesAreTriedAgainOnlyWhereNothingWasDone() async throws {
    await api.answer(500) { $0.method == .post }
    await #expect(throws: APIError.self) { try await client(api).create(Namespace(name: "a")) }
    #expect(await api.requests.count == 1)
    await api.answer(429, headers: [("Retry-After", "1")]) { $0.method == .post }
    _ = try await client(api).create(Namespace(name: "a"))
    #expect(await api.requests.count == 3)
  }

  @Test func anEvictionThatABudgetRefusesIsNotRepeated() async throws {
    await api.answer(429, headers: [("Retry-After", "1")]) { $0.path.hasSuffix("/eviction") }
    await #expect(throws: APIError.self) { try await client(api).evict(NamespacedName("default", "a")) }
    #expect(await api.requests.count == 1)
  }

  @Test func aRetryAfterBeyondTheLimitIsNotWaitedFor() async throws {
    await api.answer(429, headers: [("Retry-After", "600")]) { _ in true }
    await #expect(throws: APIError.self) { try await client(api).get(Pod.self, "a", namespace: "default") }
    #expect(await api.requests.count == 1)
  }

  @Test func aStatusBodyBecomesTheError() async throws {
    await api.answer(404, APIError.notFound(.pods, "a").status) { _ in true }
    do {
      _ = try await client(api).get(Pod.self, "a", namespace: "default")
      Issue.record("should have thrown")
    } catch let error as APIError {
      #expect(error.isNotFound)
      #expect(error.message == "pods \"a\" not found")
    }
  }

  @Test(arguments: ["..", "a/b", "", "%2e"]) func aNameCannotLeadOutOfItsCollection(name: String) async throws {
    await #expect(throws: APIError.self) { try await client(api).get(Pod.self, name, namespace: "default") }
    #expect(await api.requests.isEmpty)
  }

  @Test func pagesAreReadToTheEnd() async throws {
    await api.answer(200, ["metadata": ["continue": "t", "resourceVersion": "7"], "items": [pod("a")]]) {
      $0.query("continue") == nil
    }
    await api.answer(200, ["metadata": ["resourceVersion": "7"], "items": [pod("b")]]) { $0.query("continue") == "t" }
    let (items, version) = try await client(api).list(Pod.self, labelSelector: "a=b")
    #expect(items.map(\.metadata.name) == ["a", "b"])
    #expect(version == "7")
    #expect(await api.requests.allSatisfy { $0.query("labelSelector") == "a=b" })
  }

  @Test func aPatchNamesItsManagerAndType() async throws {
    let target = Change.Target(.deployments, namespace: "default", name: "articles")
    _ = try await client(api).patch(target, .apply, [:], fieldManager: "prescaler", force: true)
    _ = try await client(api).scale(target, to: 3)
    let requests = await api.requests
    #expect(requests[0].path == "/apis/apps/v1/namespaces/default/deployments/articles")
    #expect(requests[0].contentType == "application/apply-patch+yaml")
    #expect(requests[0].query("fieldManager") == "prescaler" && requests[0].query("force") == "true")
    #expect(requests[1].path.hasSuffix("/articles/scale") && requests[1].query("fieldManager") == "test")
  }
}

extension Namespace {
  init(name: String) {
    self.init()
    metadata.name = name
  }
}
