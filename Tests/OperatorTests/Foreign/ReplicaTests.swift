import Kubernetes
import KubernetesClient
import Operator
import Testing

/// What every replica serves: the push API behind its token, health, metrics.
@Suite struct ReplicaTests {
  /// Two replicas, the first of which leads.
  private func pair(
    _ body:
      @escaping @Sendable (ForeignWorld, _ leader: OperatorProcess.Ports, _ follower: OperatorProcess.Ports)
      async throws -> Void
  ) async throws {
    try await ForeignWorld.run { world in
      let first = try Replica("first", in: world)
      let second = try Replica("second", in: world)
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { try await first.run() }
        try await first.untilLeading(in: world)
        group.addTask { try await second.run() }
        let leader = try #require(await first.served())
        let follower = try #require(await second.served())
        try await body(world, leader, follower)
        group.cancelAll()
      }
    }
  }

  private static func send(
    _ method: APIRequest.Method, _ path: String, to port: Int, token: String? = ForeignWorld.token,
    body: JSONValue? = nil
  ) async throws -> (status: Int, text: String) {
    var config = Kubeconfig(server: "http://127.0.0.1:\(port)")
    config.user.token = token
    let transport = try config.transport()
    let response = try await transport.send(APIRequest(method, path, body: body?.bytes ?? []))
    let text = String(decoding: try await response.gathered(), as: UTF8.self)
    await transport.shutdown()
    return (response.status, text)
  }

  @Test func aFollowerAnswersAndTheLeaderActs() async throws {
    try await pair { world, leader, follower in
      try await untilReady(follower)
      let body: JSONValue = ["id": "p", "sendAt": "now", "audience": 60_000, "kind": "flash"]
      let clock = ContinuousClock()
      let begun = clock.now
      let answer = try await Self.send(.post, "/v1/pushes", to: follower.push, body: body)
      let took = clock.now - begun
      #expect(answer.status == 201, "\(answer.text)")
      let push = try JSONValue(parsing: answer.text)
      #expect(push["phase"] == "Preparing", "\(answer.text)")
      let floors = push["floors"]?.arrayValue ?? []
      #expect(Set(floors.compactMap { $0["service"]?.stringValue }) == ["articles", "gateway"])
      try await world.until("p") { $0.status.phase == "Preparing" }
      // What the follower said is what the leader did.
      for floor in floors {
        let service = try #require(floor["service"]?.stringValue)
        try await world.until(minimumOf: service, is: Int(try #require(floor["replicas"]?.integerValue)))
      }
      let again = try await Self.send(.post, "/v1/pushes", to: leader.push, body: body)
      #expect(again.status == 200)
      let cancelled = try await Self.send(.delete, "/v1/pushes/p", to: follower.push)
      #expect(cancelled.status == 200 && cancelled.text.contains("Cancelled"))
      try await world.until("p") { $0.status.phase == "Cancelled" }
      try await world.untilGivenBack()
      Issue.record("a follower's answer, over HTTP and HTTPS, took \(took)", severity: .warning)
    }
  }

  @Test func onlyTheTokenOpens() async throws {
    try await pair { _, leader, _ in
      for token in [nil, "wrong", String(ForeignWorld.token.dropLast()), ForeignWorld.token + "0"] {
        let answer = try await Self.send(.get, "/v1/pushes", to: leader.push, token: token)
        #expect(answer.status == 401, "\(token ?? "none"): \(answer.text)")
      }
      #expect(try await Self.send(.get, "/v1/pushes", to: leader.push).status == 200)
      #expect(try await Self.send(.get, "/api/v1/pods", to: leader.push).status == 404)
      #expect(try await Self.send(.get, "/healthz", to: leader.push, token: nil).status == 200)
      let large = JSONValue.string(String(repeating: "x", count: 80 << 10))
      #expect(try await Self.send(.post, "/v1/pushes", to: leader.push, body: large).status == 413)
    }
  }

  @Test func metricsTellWhoLeads() async throws {
    try await pair { _, leader, follower in
      try await untilReady(leader)
      try await untilReady(follower)
      for (ports, leads) in [(leader, 1), (follower, 0)] {
        let port = try #require(ports.metrics)
        let answer = try await Self.send(.get, "/metrics", to: port, token: nil)
        #expect(answer.status == 200)
        #expect(answer.text.contains("\nsakigake_leader \(leads)\n"))
        #expect(answer.text.contains("sakigake_cache_objects{resource=\"horizontalpodautoscalers.autoscaling\"} 2\n"))
        #expect(answer.text.contains("# TYPE sakigake_kubernetes_requests_total counter\n"))
        #expect(try await Self.send(.get, "/healthz", to: port, token: nil).status == 200)
        #expect(try await Self.send(.get, "/v1/pushes", to: port).status == 404)
      }
    }
  }

  private func untilReady(_ ports: OperatorProcess.Ports) async throws {
    let port = try #require(ports.metrics)
    while try await Self.send(.get, "/readyz", to: port, token: nil).status != 200 {
      try await Task.sleep(for: .milliseconds(10))
    }
  }

  @Test func aReplicaThatEndsHandsOverAtOnce() async throws {
    try await ForeignWorld.run { world in
      let first = try Replica("first", in: world)
      let second = try Replica("second", in: world)
      try await withThrowingTaskGroup(of: Void.self) { group in
        let ending = Task { try await first.run() }
        try await first.untilLeading(in: world)
        group.addTask { try await second.run() }
        let selector = "metadata.name=\(OperatorProcess.leaseName)"
        let (_, version) = try await world.client.list(
          .leases, namespace: "sakigake-system", fieldSelector: selector)
        ending.cancel()
        // It is given back, not left to expire.
        var holders: [String] = []
        for try await event in world.client.watch(
          .leases, namespace: "sakigake-system", from: version, fieldSelector: selector)
        {
          let holder = event.object[path: ["spec", "holderIdentity"]]?.stringValue ?? ""
          if holders.last != holder { holders.append(holder) }
          if holder == "second" { break }
        }
        #expect(holders.suffix(2) == ["", "second"])
        try await second.untilLeading(in: world)
        _ = await ending.result
        group.cancelAll()
      }
    }
  }
}
