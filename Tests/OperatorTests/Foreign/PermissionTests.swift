import Kubernetes
import KubernetesClient
import Operator
import Synchronization
import Testing

/// What the operator asks a cluster for is what its roles grant: nothing more, and nothing less.
@Suite struct PermissionTests {
  private struct Grant: Hashable, CustomStringConvertible {
    var verb: String
    var group: String
    var resource: String
    var description: String { "\(verb) \(resource)\(group.isEmpty ? "" : "." + group)" }
  }

  private static func grants(_ rules: [OperatorRule]) -> Set<Grant> {
    Set(
      rules.flatMap { rule in
        rule.resources.flatMap { resource in
          rule.verbs.map { Grant(verb: $0, group: rule.group, resource: resource) }
        }
      })
  }

  /// Whether the roles allow a request, as the RBAC authorizer decides.
  private static func isGranted(_ request: RequestAttributes) -> Bool {
    let resource = request.resource + (request.subresource.isEmpty ? "" : "/\(request.subresource)")
    let rules =
      OperatorRule.everywhere + (request.namespace == "sakigake-system" ? OperatorRule.inOwnNamespace : [])
    return rules.contains { rule in
      rule.group == request.group && rule.resources.contains(resource) && rule.verbs.contains(request.verb)
        && (rule.names.isEmpty || rule.names.contains(request.name))
    }
  }

  /// Under the ServiceAccount that `install` makes, on a server that authorizes by the roles that it applies.
  @Test func nothingIsMissingAndNothingUnused() async throws {
    try await ForeignWorld.run { world in
      try await Installer(client: world.client, installation: Installation(.init())).install(dryRun: false) { _ in }
      let request: JSONValue = [
        "apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": ["expirationSeconds": 3600],
      ]
      let path = ResourceType.serviceAccounts.path(
        namespace: "sakigake-system", name: Installation.name, subresource: "token")
      let answer = try await world.client.json(APIRequest(.post, path, body: request.bytes))
      var config = world.config
      config.user = Kubeconfig.User()
      config.user.token = try #require(answer[path: ["status", "token"]]?.stringValue)
      let recorder = Mutex<RecordingTransport?>(nil)
      let replica = try Replica("only", in: world, config: config) { transport in
        let wrapped = RecordingTransport(transport)
        recorder.withLock { $0 = wrapped }
        return wrapped
      }
      let recorded = try #require(recorder.withLock { $0 })
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { try await replica.run() }
        let ports = try #require(await replica.served())
        try await Self.use(ports.push, world)
        group.cancelAll()
      }
      let used = recorded.requests
      #expect(recorded.forbidden.isEmpty)
      let ungranted = used.filter { !Self.isGranted($0) }
      #expect(ungranted.isEmpty)
      let own = Set(used.filter { $0.namespace == "sakigake-system" }.map(Self.grant))
      let anywhere = Set(used.map(Self.grant))
      let unused = Self.grants(OperatorRule.everywhere).subtracting(anywhere)
      #expect(unused.isEmpty)
      let unusedOwn = Self.grants(OperatorRule.inOwnNamespace).subtracting(own)
      #expect(unusedOwn.isEmpty)
    }
  }

  private static func grant(_ request: RequestAttributes) -> Grant {
    Grant(
      verb: request.verb, group: request.group,
      resource: request.resource + (request.subresource.isEmpty ? "" : "/\(request.subresource)"))
  }

  /// Everything that an operator does: a push from announcement to release, shown, listed, found, and one cancelled.
  private static func use(_ port: Int, _ world: ForeignWorld) async throws {
    var config = Kubeconfig(server: "http://127.0.0.1:\(port)")
    config.user.token = ForeignWorld.token
    let transport = try config.transport()
    let api = KubernetesClient(transport: transport)
    var push: JSONValue = ["id": "p", "sendAt": "now", "audience": 60_000, "kind": "flash"]
    _ = try await api.json(APIRequest(.post, "/v1/pushes", body: push.bytes))
    push["id"] = "q"
    _ = try await api.json(APIRequest(.post, "/v1/pushes", body: push.bytes))
    _ = try await api.json(APIRequest(.get, "/v1/pushes"))
    _ = try await api.json(APIRequest(.get, "/v1/pushes/p"))
    _ = try await api.json(APIRequest(.delete, "/v1/pushes/q"))
    try await world.until("p") { $0.status.phase == "Released" }
    try await world.untilGivenBack()
    // The same note once more is counted on its Event, not written anew.
    for index in 0..<2 {
      push["id"] = .string("again-\(index)")
      _ = try await api.json(APIRequest(.post, "/v1/pushes", body: push.bytes))
      try await world.until("again-\(index)") { $0.status.phase == "Preparing" }
      _ = try await api.json(APIRequest(.delete, "/v1/pushes/again-\(index)"))
      try await world.until("again-\(index)") { $0.status.phase == "Cancelled" }
      try await world.untilGivenBack()
    }
    await transport.shutdown()
  }
}
