import Kubernetes
import KubernetesClient
import Synchronization
import Testing

@Suite struct CollectionTests {
  let api = ScriptedAPI()

  func page(_ names: [String], next: String = "", version: String = "7") -> JSONValue {
    [
      "kind": "PodList", "metadata": ["resourceVersion": .string(version), "continue": .string(next)],
      "items": .array(names.map { pod($0) }),
    ]
  }

  @Test func pagesAreReadOneAfterTheOther() async throws {
    await api.answer(200, page(["a", "b"], next: "t1")) { $0.query("continue") == nil }
    await api.answer(200, page(["c"])) { $0.query("continue") == "t1" }
    let options = ListOptions(
      labelSelector: "app=x", resourceVersion: "5", resourceVersionMatch: .notOlderThan, pageItems: 2)
    let (pods, version) = try await client(api).list(Pod.self, namespace: "default", options: options)
    #expect(pods.map(\.name) == ["a", "b", "c"] && version == "7")
    let requests = await api.requests
    #expect(requests[0].query("resourceVersion") == "5" && requests[0].query("resourceVersionMatch") == "NotOlderThan")
    #expect(requests.allSatisfy { $0.query("limit") == "2" && $0.query("labelSelector") == "app=x" })
    #expect(requests[1].query("resourceVersion") == nil)
  }

  @Test func aListThatExpiresBeginsAgain() async throws {
    await api.answer(200, page(["a"], next: "t1")) { $0.query("continue") == nil }
    await api.answer(410) { $0.query("continue") == "t1" }
    await api.answer(200, page(["x", "y"], version: "9")) { $0.query("limit") == nil }
    var seen: [(Int, Bool)] = []
    for try await page in try client(api).pages(.pods) { seen.append((page.items.count, page.startsAgain)) }
    #expect(seen.map(\.0) == [1, 2] && seen.map(\.1) == [false, true])
  }

  @Test func whatTheServerWarnsOfIsHandedOn() async throws {
    let warnings = Mutex<[String]>([])
    var client = client(api)
    client.onWarning = { warning in warnings.withLock { $0.append(warning) } }
    client.isDryRun = true
    client.fieldValidation = .strict
    let header = #"299 - "unknown field \"spec.x\"", 299 - "v1beta1 is deprecated""#
    await api.answer(201, pod("a"), headers: [("Warning", header)]) { $0.method == .post }
    _ = try await client.create(try Pod(json: pod("a")))
    #expect(warnings.withLock { $0 } == [#"unknown field "spec.x""#, "v1beta1 is deprecated"])
    let request = try #require(await api.requests.first)
    #expect(request.query("dryRun") == "All" && request.query("fieldValidation") == "Strict")
  }

  @Test func anUpdateMeetsConflicts() async throws {
    for _ in 0..<2 { await api.answer(409) { $0.method == .put } }
    await api.answer(200, pod("a")) { $0.method == .get }
    await api.answer(200, pod("a")) { $0.method == .get }
    await api.answer(200, pod("a", node: "mine")) { $0.method == .get }
    let updated = try await client(api).updateWithRetry(Pod.self, "a", namespace: "default") { pod in
      pod.metadata.labels["seen"] = pod.spec.nodeName
    }
    #expect(updated.metadata.labels == ["seen": "mine"])
    for _ in 0..<9 {
      await api.answer(409) { $0.method == .put }
      await api.answer(200, pod("b")) { $0.method == .get }
    }
    await #expect(throws: APIError.self) {
      try await client(api).updateWithRetry(Pod.self, "b", namespace: "default", attemptsMax: 3) { _ in }
    }
    #expect(await api.requests.filter { $0.method == .put && $0.path.hasSuffix("/b") }.count == 3)
  }

  @Test func deletionsSayWhatIsMeant() async throws {
    let target = Change.Target(.deployments, namespace: "default", name: "a")
    try await client(api).delete(
      target, uid: "u", resourceVersion: "4", gracePeriodSeconds: 0, propagation: .foreground)
    try await client(api).deleteCollection(.pods, namespace: "default", labelSelector: "app=x")
    let requests = await api.requests
    let body = try JSONValue(parsing: requests[0].body)
    #expect(body["preconditions"] == ["uid": "u", "resourceVersion": "4"] && body["propagationPolicy"] == "Foreground")
    #expect(requests[1].path == "/api/v1/namespaces/default/pods" && requests[1].query("labelSelector") == "app=x")
  }

  @Test func anAppliedObjectGoesWithoutItsManagers() async throws {
    var object = try Pod(json: pod("a"))
    object.metadata.unknown["managedFields"] = [["manager": "x"]]
    _ = try await client(api).apply(object, force: true)
    let request = try #require(await api.requests.first)
    #expect(try JSONValue(parsing: request.body)[path: ["metadata", "managedFields"]] == nil)
    #expect(request.contentType == "application/apply-patch+yaml" && request.query("force") == "true")
  }

  @Test func requestsWaitForTheirTokens() throws {
    let time = VirtualTime()
    let api = api
    time.simulate {
      var client = client(api)
      client.clock = time
      client.rateLimit = RateLimit(perSecond: 2, burst: 3)
      for round in 0..<7 {
        _ = try? await client.create(Namespace(name: "a"))
        #expect(time.now.offset == .milliseconds(max(0, round - 2) * 500))
      }
      try? await time.sleep(for: .seconds(60))
      let idle = time.now.offset
      for _ in 0..<3 { _ = try? await client.create(Namespace(name: "a")) }
      #expect(time.now.offset == idle)
    }
  }

  @Test func writesAreRepeatedWhereNothingWasSent() async throws {
    let attempts = Mutex(0)
    let transport = InProcessTransport { _ in
      let attempt = attempts.withLock { attempts in
        attempts += 1
        return attempts
      }
      throw TransportError(attempt == 1 ? .unreachable : .connection, "as told")
    }
    var client = KubernetesClient(transport: transport)
    client.clock = InstantClock()
    await #expect(throws: TransportError(.connection, "as told")) { try await client.create(Namespace(name: "a")) }
    #expect(attempts.withLock { $0 } == 2)
  }
}

@Suite struct DiscoveryTests {
  let api = ScriptedAPI()

  @Test func anAggregatedAnswerIsReadOnce() async throws {
    let core: JSONValue = [
      "kind": "APIGroupDiscoveryList",
      "items": [
        [
          "metadata": ["name": ""],
          "versions": [
            [
              "version": "v1",
              "resources": [
                [
                  "resource": "pods", "responseKind": ["kind": "Pod"], "scope": "Namespaced", "shortNames": ["po"],
                  "subresources": [["subresource": "log"]],
                ]
              ],
            ]
          ],
        ]
      ],
    ]
    await api.answer(200, core) { $0.path == "/api" }
    await api.answer(200, ["kind": "APIGroupDiscoveryList", "items": []]) { $0.path == "/apis" }
    let discovery = Discovery(client: client(api))
    let pods = try await discovery.resource(kind: "Pod", apiVersion: "v1")
    #expect(pods.path(namespace: "d", name: "a") == "/api/v1/namespaces/d/pods/a" && pods.subresources == ["log"])
    #expect(try await discovery.resource(named: "po") == pods)
    #expect(try await discovery.resource(of: pod("a")) == pods)
    await #expect(throws: APIError.self) { try await discovery.resource(named: "deploy") }
    let requests = await api.requests
    #expect(requests.map(\.path) == ["/api", "/apis"] && requests[0].accept.contains("as=APIGroupDiscoveryList"))
  }

  @Test func anOlderServerIsReadGroupByGroup() async throws {
    await api.answer(200, ["kind": "APIVersions", "versions": ["v1"]]) { $0.path == "/api" }
    let groups: JSONValue = [
      "kind": "APIGroupList",
      "groups": [
        [
          "name": "apps", "versions": [["version": "v1beta1"], ["version": "v1"]],
          "preferredVersion": ["version": "v1"],
        ],
        ["name": "broken.io", "versions": [["version": "v1"]], "preferredVersion": ["version": "v1"]],
      ],
    ]
    await api.answer(200, groups) { $0.path == "/apis" }
    let deployments: JSONValue = [
      "kind": "APIResourceList",
      "resources": [
        ["name": "deployments", "kind": "Deployment", "namespaced": true, "shortNames": ["deploy"]],
        ["name": "deployments/scale", "kind": "Scale", "namespaced": true],
      ],
    ]
    for version in ["v1", "v1beta1"] { await api.answer(200, deployments) { $0.path == "/apis/apps/\(version)" } }
    await api.answer(200, ["kind": "APIResourceList", "resources": []]) { $0.path == "/api/v1" }
    let discovery = Discovery(client: client(api))
    for name in ["deploy", "deployments.apps", "deployments.v1.apps", "Deployment", "deployment"] {
      let found = try await discovery.resource(named: name)
      #expect(found.apiVersion == "apps/v1" && found.subresources == ["scale"], "\(name)")
    }
  }
}
