import Kubernetes
import KubernetesClient
import KubernetesServer
import Operator
import Testing

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// An embedded API server with Sakigake's kinds, two services with their autoscalers, and the operator beside it.
struct World: Sendable {
  let server: EmbeddedAPIServer
  let client: KubernetesClient
  let cache: ClusterCache
  let prescaler: PrescalerController
  let api: PushAPI
  let directory: String

  static func run(_ body: (World) async throws -> Void) async throws {
    let directory = FileManager.default.temporaryDirectory.path + "/operator-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: directory) }
    let server = try await EmbeddedAPIServer(.init(dataDirectory: directory), providers: .init())
    let client = KubernetesClient(
      transport: InProcessTransport { request in
        var request = request
        request.user = .master("tester")
        return await server.handle(request)
      })
    try await CustomResources.install(client)
    let cache = ClusterCache(client: client, resources: PrescalerController.resources) { Issue.record("\($0)") }
    let prescaler = PrescalerController(
      client: client, cache: cache, nodeGroups: nil, metrics: { ClusterView.Metrics() }, timeScale: 10)
    let api = PushAPI(client: client, cache: cache, prescaler: prescaler)
    let world = World(
      server: server, client: client, cache: cache, prescaler: prescaler, api: api, directory: directory)
    try await world.deploy("gateway", calls: ["articles"], exposed: true)
    try await world.deploy("articles", calls: [], exposed: false)
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { await cache.run() }
      group.addTask { await prescaler.run() }
      try await cache.waitUntilSynced()
      try await body(world)
      group.cancelAll()
    }
  }

  private func deploy(_ name: String, calls: [JSONValue], exposed: Bool) async throws {
    try await Self.deploy(name, calls: calls, exposed: exposed, by: client)
  }

  static func deploy(_ name: String, calls: [JSONValue], exposed: Bool, by client: KubernetesClient) async throws {
    var spec: JSONValue = [
      "owner": "news", "image": .string(name), "port": 8080, "calls": .array(calls),
      "scale": ["min": 2, "max": 60, "push": .bool(exposed)], "capacity": ["requestsPerSecond": 50],
      "resources": ["cpu": "250m", "memory": "256Mi"],
    ]
    if exposed { spec["expose"] = ["host": "api.example.com", "path": "/"] }
    let metadata: JSONValue = ["name": .string(name), "namespace": "default"]
    _ = try await client.apply(
      ["apiVersion": "sakigake.dev/v1", "kind": "Microservice", "metadata": metadata, "spec": spec],
      resource: .microservices, fieldManager: "render")
    _ = try await client.apply(
      Self.autoscaler(name, declared: 2, minimum: 2), resource: .horizontalPodAutoscalers, fieldManager: "render")
  }

  /// An autoscaler as it is rendered, or without its minimum.
  static func autoscaler(_ name: String, declared: Int, minimum: Int?) -> JSONValue {
    var spec: JSONValue = [
      "scaleTargetRef": ["apiVersion": "apps/v1", "kind": "Deployment", "name": .string(name)], "maxReplicas": 60,
    ]
    if let minimum { spec["minReplicas"] = .integer(Int64(minimum)) }
    return [
      "apiVersion": "autoscaling/v2", "kind": "HorizontalPodAutoscaler", "spec": spec,
      "metadata": [
        "name": .string(name), "namespace": "default",
        "annotations": ["sakigake.dev/min-replicas": .string("\(declared)")],
      ],
    ]
  }

  func minimum(_ name: String) async throws -> Int? {
    try await client.get(HorizontalPodAutoscaler.self, name, namespace: "default").spec.minReplicas
  }

  /// Everything that the cluster holds of what pushes could change.
  func versions() async throws -> [String] {
    var versions: [String] = []
    for resource in [ResourceType.horizontalPodAutoscalers, .pushCampaigns, .microservices] {
      versions += try await client.list(resource).items.map {
        "\($0[path: ["metadata", "name"]]?.text ?? "")@\($0[path: ["metadata", "resourceVersion"]]?.text ?? "")"
      }
    }
    return versions
  }

  func post(_ body: JSONValue) async throws -> (status: Int, json: JSONValue) {
    try await send(.post, "/v1/pushes", body: body.bytes)
  }

  func send(
    _ method: APIRequest.Method, _ path: String, query: [(name: String, value: String)] = [], body: [UInt8] = []
  ) async throws -> (status: Int, json: JSONValue) {
    let response = try #require(await api.handle(APIRequest(method, path, query: query, body: body)))
    return (response.status, try JSONValue(parsing: try await response.gathered()))
  }

  /// Waits for the cache until the campaign is as wanted.
  func until(_ id: String, _ isMet: (PushCampaign) -> Bool) async {
    for await _ in await cache.updates() {
      if let campaign = await cache.view.pushCampaigns[NamespacedName("default", id)], isMet(campaign) { return }
    }
  }

  /// Waits for the cache until an autoscaler's minimum has been raised.
  func untilMinimum(of name: String, above minimum: Int) async {
    for await _ in await cache.updates() {
      let raised = await cache.view.autoscalers[NamespacedName("default", name)]?.spec.minReplicas
      if raised ?? 0 > minimum { return }
    }
  }

  /// Waits for the cache until an autoscaler's minimum is as wanted.
  func untilMinimum(of name: String, is minimum: Int) async {
    for await _ in await cache.updates() {
      if await cache.view.autoscalers[NamespacedName("default", name)]?.spec.minReplicas == minimum { return }
    }
  }
}
