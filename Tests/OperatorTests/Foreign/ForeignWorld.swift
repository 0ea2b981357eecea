import Autoscaling
import Kubernetes
import KubernetesClient
import KubernetesServer
import Logging
import Operator
import Synchronization
import Testing

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The embedded server as if it were somebody else's: reached over HTTPS alone, with Sakigake's kinds, two services and
/// the platform's settings, and no node.
///
/// Pushes of kind `flash` are answered within a few seconds, so that a whole one is seen.
struct ForeignWorld: Sendable {
  let server: EmbeddedAPIServer
  let directory: String
  /// The administrator's.
  let client: KubernetesClient
  let config: Kubeconfig

  static let plateauSeconds = 8.0
  static let token = "0123456789abcdef0123456789abcdef"
  static let services = ["articles", "gateway"]

  static func run(_ body: @escaping @Sendable (ForeignWorld) async throws -> Void) async throws {
    let directory = FileManager.default.temporaryDirectory.path + "/foreign-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: directory) }
    let server = try await EmbeddedAPIServer(.init(dataDirectory: directory), providers: .init())
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await server.run() }
      _ = await server.boundPort
      let config = try Kubeconfig.load(path: directory + "/kubeconfig", context: nil)
      let transport = try config.transport()
      let world = ForeignWorld(
        server: server, directory: directory, client: KubernetesClient(transport: transport), config: config)
      do {
        try await world.prepare()
        try await body(world)
      } catch {
        await transport.shutdown()
        throw error
      }
      await transport.shutdown()
      group.cancelAll()
    }
  }

  private func prepare() async throws {
    try await CustomResources.install(client)
    try await World.deploy("gateway", calls: ["articles"], exposed: true, by: client)
    try await World.deploy("articles", calls: [], exposed: false, by: client)
    for name in Self.services {
      let labels: JSONValue = ["sakigake.dev/service": .string(name)]
      let container: JSONValue = [
        "name": "app", "image": "app", "resources": ["requests": ["cpu": "250m", "memory": "256Mi"]],
      ]
      _ = try await client.apply(
        [
          "apiVersion": "apps/v1", "kind": "Deployment",
          "metadata": ["name": .string(name), "namespace": "default"],
          "spec": [
            "replicas": 2, "selector": ["matchLabels": labels],
            "template": ["metadata": ["labels": labels], "spec": ["containers": [container]]],
          ],
        ], resource: .deployments, fieldManager: "render")
    }
    let settings = """
      {"pushes": {"margin": "0s", "release": "100ms",
       "lead": {"schedule": "10ms", "imagePull": "10ms", "start": "10ms", "ready": "10ms", "node": "500ms"},
       "kinds": {"flash": {"openRate": "1%", "rise": "500ms", "hold": "7500ms", "fall": "1s"}}}}
      """
    let body: JSONValue = [
      "apiVersion": "v1", "kind": "ConfigMap",
      "metadata": ["name": "sakigake-platform", "namespace": "sakigake-system"],
      "data": ["platform.json": .string(settings)],
    ]
    _ = try await client.create(body, resource: .configMaps)
  }

  /// A push that comes as a surprise, made as kubectl makes it.
  func announce(_ name: String) async throws -> PushCampaign {
    var campaign = PushCampaign()
    campaign.metadata = ObjectMeta(name: name, namespace: "default")
    campaign.spec.audience = 60_000
    campaign.spec.kind = "flash"
    campaign.spec.sendAt = .now
    return try await client.create(campaign)
  }

  func minimum(_ name: String) async throws -> Int {
    try await client.get(HorizontalPodAutoscaler.self, name, namespace: "default").spec.minReplicas ?? 1
  }

  /// Follows one autoscaler until its minimum is as wanted.
  func until(minimumOf name: String, is minimum: Int) async throws {
    let selector = "metadata.name=\(name)"
    while true {
      let (found, version) = try await client.list(
        HorizontalPodAutoscaler.self, namespace: "default", fieldSelector: selector)
      if found.first?.spec.minReplicas == minimum { return }
      do {
        for try await event in client.watch(
          .horizontalPodAutoscalers, namespace: "default", from: version, fieldSelector: selector)
        where try HorizontalPodAutoscaler(json: event.object).spec.minReplicas == minimum { return }
      } catch let error as APIError where error.code == 410 { continue }
    }
  }

  /// Every floor is given back and every placeholder gone: also what was lost after the campaign's end, which a later
  /// look makes up for.
  func untilGivenBack() async throws {
    for name in Self.services { try await until(minimumOf: name, is: 2) }
    let selector = "\(PlaceholderLabel.placeholder)=true"
    while true {
      let (left, version) = try await client.list(
        Deployment.self, namespace: "sakigake-system", labelSelector: selector)
      if left.isEmpty { return }
      for try await event in client.watch(
        .deployments, namespace: "sakigake-system", from: version, labelSelector: selector)
      where event.kind == .deleted { break }
    }
  }

  /// Follows one campaign until it is as wanted.
  func until(_ name: String, _ isMet: (PushCampaign) -> Bool) async throws {
    while true {
      let (campaigns, version) = try await client.list(PushCampaign.self)
      if let campaign = campaigns.first(where: { $0.metadata.name == name }), isMet(campaign) { return }
      do {
        for try await event in client.watch(.pushCampaigns, namespace: "default", from: version) {
          let campaign = try PushCampaign(json: event.object)
          if campaign.metadata.name == name, isMet(campaign) { return }
        }
      } catch let error as APIError where error.code == 410 { continue }
    }
  }

  /// Nothing is held any more, and nothing left behind.
  func expectAllGivenBack(_ comment: Comment) async throws {
    for name in Self.services { #expect(try await minimum(name) == 2, comment) }
    let left = try await client.list(
      Deployment.self, namespace: "sakigake-system", labelSelector: "\(PlaceholderLabel.placeholder)=true"
    ).items
    #expect(left.isEmpty, comment)
  }
}

/// One replica of the operator, in this process, whose requests go through a transport of the test's.
final class Replica: Sendable {
  let process: OperatorProcess
  let instruments = OperatorMetrics()
  private let transport: HTTPTransport
  private let ports = AsyncStream.makeStream(of: OperatorProcess.Ports.self)

  init(
    _ name: String, in world: ForeignWorld, config: Kubeconfig? = nil, placeholders: Bool = true,
    through wrap: (any KubernetesTransport) -> any KubernetesTransport = { $0 }
  ) throws {
    transport = try (config ?? world.config).transport()
    var settings = OperatorProcess.Settings(identity: name)
    settings.pushAddress.port = 0
    settings.metricsAddress?.port = 0
    settings.timeScale = 10
    // A takeover within one and a half seconds.
    settings.election.leaseDuration = .seconds(1)
    settings.election.renewDeadline = .milliseconds(600)
    settings.election.retryPeriod = .milliseconds(150)
    if !placeholders { settings.headroom = nil }
    var logger = Logger(label: name)
    logger.logLevel = .critical
    var client = KubernetesClient(transport: wrap(transport))
    client.retries.first = .milliseconds(20)
    client.retries.longest = .milliseconds(200)
    process = try OperatorProcess(
      client: client, token: PushToken(text: ForeignWorld.token), settings: settings, instruments: instruments,
      logger: logger)
  }

  /// Works until cancelled, as the program does.
  func run() async throws {
    do { try await process.run { self.ports.continuation.yield($0) } } catch {
      await transport.shutdown()
      throw error
    }
    await transport.shutdown()
  }

  func served() async -> OperatorProcess.Ports? {
    for await ports in ports.stream { return ports }
    return nil
  }

  /// Waits until it leads.
  func untilLeading(in world: ForeignWorld) async throws {
    while true {
      let (leases, version) = try await world.client.list(
        .leases, namespace: "sakigake-system", fieldSelector: "metadata.name=\(OperatorProcess.leaseName)")
      if await process.leads { return }
      _ = leases
      for try await _ in world.client.watch(
        .leases, namespace: "sakigake-system", from: version,
        fieldSelector: "metadata.name=\(OperatorProcess.leaseName)")
      where await process.leads { return }
    }
  }
}
