import Kubernetes
import KubernetesServer
import Testing

@Suite struct ServiceTests {
  private static let path = "/api/v1/namespaces/default/services"

  private static func service(_ name: String, type: String = "ClusterIP", nodePort: Int64? = nil) -> JSONValue {
    var port: JSONObject = ["port": 80, "targetPort": 8080]
    if let nodePort { port["nodePort"] = .integer(nodePort) }
    return [
      "apiVersion": "v1", "kind": "Service", "metadata": ["name": .string(name)],
      "spec": ["type": .string(type), "selector": ["app": "web"], "ports": [.object(port)]],
    ]
  }

  @Test func addressesAndPortsAreGivenOnce() async throws {
    let server = try await TestServer()
    var addresses: Set<String> = []
    for index in 0..<20 {
      let created = try await server.send(.post, Self.path, Self.service("s\(index)"))
      addresses.insert(created.value["spec"]?["clusterIP"]?.stringValue ?? "")
    }
    #expect(addresses.count == 20)
    let first = try await server.send(.post, Self.path, Self.service("a", type: "NodePort", nodePort: 30080))
    #expect(first.status == 201)
    let taken = try await server.send(.post, Self.path, Self.service("b", type: "NodePort", nodePort: 30080))
    #expect(taken.status == 422)
    try await server.send(.delete, "\(Self.path)/a")
    #expect(try await server.send(.post, Self.path, Self.service("b", type: "NodePort", nodePort: 30080)).status == 201)
    let chosen = try await server.send(.post, Self.path, Self.service("c", type: "NodePort"))
    let port = chosen.value["spec"]?["ports"]?.arrayValue?.first?["nodePort"]?.integerValue ?? 0
    #expect((30000...32767).contains(port) && port != 30080)
  }

  @Test func anUpdateThatIsSilentKeepsThem() async throws {
    let server = try await TestServer()
    let created = try await server.send(.post, Self.path, Self.service("a", type: "NodePort"))
    let updated = try await server.send(.put, "\(Self.path)/a", Self.service("a", type: "NodePort"))
    #expect(updated.status == 200)
    #expect(updated.value["spec"]?["clusterIP"] == created.value["spec"]?["clusterIP"])
    #expect(updated.value["spec"]?["ports"] == created.value["spec"]?["ports"])
  }
}

@Suite struct VirtualResourceTests {
  @Test func measurementsAreShown() async throws {
    let server = try await TestServer(
      providers: .init(metrics: {
        var metrics = ClusterView.Metrics()
        let moment = Timestamp(seconds: 1_800_000_000)
        let usage = ClusterView.Usage(cpuMillicores: 250, memoryBytes: 64 << 20, at: moment, windowSeconds: 15)
        metrics.pods[NamespacedName("default", "web")] = ClusterView.PodMetrics(
          at: moment, windowSeconds: 15, containers: ["app": usage])
        return metrics
      }))
    try await server.send(.post, Path.pods, Sample.pod("web"))
    try await server.send(.post, Path.pods, Sample.pod("idle"))
    let list = try await server.send(.get, "/apis/metrics.k8s.io/v1beta1/namespaces/default/pods")
    #expect(list.names == ["web"])
    #expect(
      list.value["items"]?.arrayValue?.first?["containers"]
        == [["name": "app", "usage": ["cpu": "250m", "memory": "65536Ki"]]])
    let one = try await server.send(.get, "/apis/metrics.k8s.io/v1beta1/namespaces/default/pods/web")
    #expect(one.value["window"] == "15s")
    #expect(try await server.send(.get, "/apis/metrics.k8s.io/v1beta1/namespaces/default/pods/idle").status == 404)
  }

  @Test func theAdministratorMayDoEverything() async throws {
    let server = try await TestServer()
    let review = try await server.send(
      .post, "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
      ["spec": ["resourceAttributes": ["verb": "delete"]]])
    #expect(review.status == 201 && review.value["status"]?["allowed"] == true)
  }

  @Test func logsComeFromTheProvider() async throws {
    let server = try await TestServer(
      providers: .init(logs: { pod, container, options in
        .bytes(Array("\(pod) \(container) \(options.tailLines ?? 0)".utf8))
      }))
    try await server.send(.post, Path.pods, Sample.pod("web"))
    let response = await server.server.handle(
      APIRequest(.get, "\(Path.pods)/web/log", query: [("tailLines", "3")], user: .master("tester")))
    guard case .bytes(let bytes) = response.body else { throw Unexpected("a stream") }
    #expect(String(decoding: bytes, as: UTF8.self) == "default/web app 3")
    #expect(try await server.send(.get, "\(Path.pods)/web/log", query: [("container", "none")]).status == 400)
  }
}
