import FoundationEssentials
import Kubernetes
import KubernetesClient
import KubernetesServer
import Testing

@Suite struct HTTPTests {
  /// Serves while `body` runs.
  private func serving(_ body: (TestServer) async throws -> Void) async throws {
    let server = try await TestServer()
    let running = Task { try await server.server.run() }
    #expect(await server.server.boundPort > 0)
    try await body(server)
    running.cancel()
    _ = await running.result
  }

  private func client(_ server: TestServer, token: String? = nil) throws -> KubernetesClient {
    var kubeconfig = try Kubeconfig.load(path: "\(server.directory)/kubeconfig", context: "sakigake")
    if let token { kubeconfig.user.token = token }
    return KubernetesClient(transport: try kubeconfig.transport())
  }

  @Test func theKubeconfigOpensTheDoor() async throws {
    try await serving { server in
      let client = try client(server)
      var configMap = ConfigMap()
      configMap.metadata = ObjectMeta(name: "settings", namespace: "default")
      configMap.data = ["key": "ü %2F+"]
      let created = try await client.create(configMap)
      #expect(created.data == ["key": "ü %2F+"])
      let (items, version) = try await client.list(
        ConfigMap.self, labelSelector: "!missing", fieldSelector: "metadata.name=settings")
      #expect(items.map(\.metadata.name) == ["settings"])
      #expect(!version.isEmpty)
    }
  }

  @Test func aWrongTokenAndNoneAreRefused() async throws {
    try await serving { server in
      for token in ["wrong", String(repeating: "0", count: 64)] {
        let client = try client(server, token: token)
        await #expect { try await client.list(Namespace.self) } throws: { error in
          (error as? APIError)?.code == 401 && (error as? APIError)?.reason == "Unauthorized"
        }
      }
    }
  }

  @Test func aWatchFlowsAsThingsHappen() async throws {
    try await serving { server in
      let client = try client(server)
      let version = try await client.list(ConfigMap.self).resourceVersion
      let events = client.watch(.configMaps, namespace: "default", from: version)
      try await server.send(.post, Path.configMaps, Sample.configMap("first"))
      try await server.send(.post, Path.configMaps, Sample.configMap("second"))
      var names: [String] = []
      for try await event in events where event.kind == .added {
        names.append(event.object["metadata"]?["name"]?.stringValue ?? "")
        if names.count == 2 { break }
      }
      #expect(names == ["first", "second"])
    }
  }

  @Test func anOversizedBodyIsRefused() async throws {
    try await serving { server in
      let client = try client(server)
      let large = Sample.configMap("large", data: ["key": .string(String(repeating: "x", count: 4 << 20))])
      await #expect { try await client.create(large, resource: .configMaps) } throws: { error in
        (error as? APIError)?.code == 413
      }
    }
  }
}
