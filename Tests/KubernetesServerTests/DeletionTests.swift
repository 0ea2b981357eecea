import Kubernetes
import KubernetesServer
import Testing

@Suite struct DeletionTests {
  @Test func finalizersHoldAnObject() async throws {
    let server = try await TestServer()
    var body = Sample.configMap("held")
    body[path: ["metadata", "finalizers"]] = ["example.com/hold"]
    try await server.send(.post, Path.configMaps, body)
    let path = "\(Path.configMaps)/held"
    let marked = try await server.send(.delete, path)
    #expect(marked.value["metadata"]?["deletionTimestamp"]?.stringValue != nil)
    let more = try await server.patch(
      path, .merge, ["metadata": ["finalizers": ["example.com/hold", "example.com/more"]]])
    #expect(more.status == 422)
    try await server.patch(path, .merge, ["metadata": ["finalizers": []]])
    #expect(try await server.send(.get, path).status == 404)
  }

  @Test func propagationBecomesAFinalizer() async throws {
    let server = try await TestServer()
    for (policy, finalizer) in [("Foreground", "foregroundDeletion"), ("Orphan", "orphan")] {
      try await server.send(.post, Path.deployments, Sample.deployment("web"))
      let path = "\(Path.deployments)/web"
      let marked = try await server.send(.delete, path, ["propagationPolicy": .string(policy)])
      #expect(marked.value["metadata"]?["finalizers"] == [.string(finalizer)])
      try await server.patch(path, .merge, ["metadata": ["finalizers": nil]])
      #expect(try await server.send(.get, path).status == 404)
    }
  }

  @Test func preconditionsAreKept() async throws {
    let server = try await TestServer()
    let created = try await server.send(.post, Path.configMaps, Sample.configMap("a"))
    let path = "\(Path.configMaps)/a"
    #expect(try await server.send(.delete, path, ["preconditions": ["uid": "other"]]).status == 409)
    #expect(try await server.send(.delete, path, ["preconditions": ["resourceVersion": "1"]]).status == 409)
    let uid = created.value["metadata"]?["uid"] ?? ""
    let done = try await server.send(.delete, path, ["preconditions": ["uid": uid]])
    #expect(done.status == 200 && done.value["status"] == "Success")
  }

  @Test func aRunningPodGoesWhenItsNodeSaysSo() async throws {
    let server = try await TestServer()
    try await server.send(.post, Path.pods, Sample.pod("waiting"))
    try await server.send(.delete, "\(Path.pods)/waiting")
    #expect(try await server.send(.get, "\(Path.pods)/waiting").status == 404, "nothing runs an unscheduled pod")

    try await server.send(.post, Path.pods, Sample.pod("running", node: "n1"))
    let path = "\(Path.pods)/running"
    let marked = try await server.send(.delete, path, query: [("gracePeriodSeconds", "5")])
    #expect(marked.value["metadata"]?["deletionGracePeriodSeconds"] == 5)
    #expect(try await server.send(.delete, path).version == marked.version, "a deletion under way stays")
    try await server.send(.delete, path, ["gracePeriodSeconds": 0])
    #expect(try await server.send(.get, path).status == 404)
  }

  @Test func aCollectionIsDeletedBySelector() async throws {
    let server = try await TestServer()
    for (name, tier) in [("a", "web"), ("b", "web"), ("c", "db")] {
      try await server.send(.post, Path.configMaps, Sample.configMap(name, labels: ["tier": .string(tier)]))
    }
    try await server.send(.delete, Path.configMaps, query: [("labelSelector", "tier=web")])
    #expect(try await server.send(.get, Path.configMaps).names == ["c"])
  }
}

@Suite struct PodTests {
  @Test func aPodIsBoundOnce() async throws {
    let server = try await TestServer()
    try await server.send(.post, Path.pods, Sample.pod("web"))
    let binding: JSONValue = ["apiVersion": "v1", "kind": "Binding", "target": ["kind": "Node", "name": "n1"]]
    #expect(try await server.send(.post, "\(Path.pods)/web/binding", binding).status == 201)
    let pod = try await server.send(.get, "\(Path.pods)/web").value
    #expect(pod["spec"]?["nodeName"] == "n1")
    #expect(
      pod["status"]?["conditions"]?.arrayValue?.contains { $0["type"] == "PodScheduled" && $0["status"] == "True" }
        == true)
    #expect(try await server.send(.post, "\(Path.pods)/web/binding", binding).status == 409)
    #expect(try await server.send(.get, Path.pods, query: [("fieldSelector", "spec.nodeName=n1")]).names == ["web"])
    #expect(try await server.send(.get, Path.pods, query: [("fieldSelector", "spec.nodeName!=n1")]).names == [])
  }

  @Test func aBudgetRefusesTheEvictionThatItCannotAfford() async throws {
    let server = try await TestServer()
    for name in ["one", "two"] {
      try await server.send(.post, Path.pods, Sample.pod(name, node: "n1"))
      try await server.patch(
        "\(Path.pods)/\(name)/status", .merge,
        ["status": ["phase": "Running", "conditions": [["type": "Ready", "status": "True"]]]])
    }
    try await server.send(
      .post, Path.budgets,
      [
        "apiVersion": "policy/v1", "kind": "PodDisruptionBudget", "metadata": ["name": "web"],
        "spec": ["minAvailable": 1, "selector": ["matchLabels": ["app": "web"]]],
      ])
    let status: JSONValue = [
      "status": [
        "observedGeneration": 1, "disruptionsAllowed": 1, "currentHealthy": 2, "desiredHealthy": 1, "expectedPods": 2,
      ]
    ]
    try await server.patch("\(Path.budgets)/web/status", .merge, status)
    let eviction: JSONValue = ["apiVersion": "policy/v1", "kind": "Eviction", "metadata": ["name": "one"]]
    let dry = try await server.send(.post, "\(Path.pods)/one/eviction", eviction, query: [("dryRun", "All")])
    #expect(dry.status == 201)
    #expect(try await server.send(.post, "\(Path.pods)/one/eviction", eviction).status == 201)
    let budget = try await server.send(.get, "\(Path.budgets)/web").value["status"]
    #expect(budget?["disruptionsAllowed"] == 0)
    #expect(budget?["disruptedPods"]?["one"] != nil)
    let refused = try await server.send(.post, "\(Path.pods)/two/eviction", eviction)
    #expect(refused.status == 429)
    #expect(refused.value["details"]?["causes"]?.arrayValue?.first?["reason"] == "DisruptionBudget")
    #expect(try await server.send(.get, "\(Path.pods)/two").value["metadata"]?["deletionTimestamp"] == nil)
  }
}
