import Autoscaling
import ChildProcesses
import EnvoyControlPlane
import Kubernetes
import KubernetesClient
import KubernetesServer
import struct KubernetesServer.LogOptions
import LocalCluster
import Logging
import Mesh
import Operator
import Synchronization

/// A whole cluster in this process: API, controllers, nodes, mesh, and Sakigake's own operator.
struct LocalWorld: Sendable {
  struct Settings: Sendable {
    var dataDirectory: String
    /// Of the API; 0 takes any free one.
    var port = 0
    /// What an acknowledged write survives.
    var durability = EmbeddedAPIServer.Durability.powerCut
    var nodeGroups: [NodeGroup] = []
    /// How many times faster than real every period runs.
    var speed = 1.0
    /// Which program stands for which image repository.
    var programs: [String: String] = [:]
    /// Envoy's path; nil runs a cluster without a mesh.
    var envoy: String?
    /// Nodes that are always there, beside those of the groups.
    var fixedNodes = 0
    /// Nodes that only say that their pods run.
    var simulatedNodes = 0
    /// Whether pushes are prescaled for.
    var prescales = true
    /// Simulated nodes run nothing and scale to thousands.
    var simulatesPods = false
    /// Seconds that a pull of an image takes on a node that has not got it, at speed 1.
    var imagePullSeconds = 10.0
    var logLevel = Logger.Level.warning
  }

  /// What runs, for those who work with it.
  struct Running: Sendable {
    var client: KubernetesClient
    var cache: ClusterCache
    var cloud: SimulatedCloud
    var apiPort: Int
    var pushes: PushAPI?
  }

  let settings: Settings

  /// Runs the world as long as `body` does, and takes everything down afterwards.
  func run<Result: Sendable>(_ body: @escaping @Sendable (Running) async throws -> Result) async throws -> Result {
    let logger = makeLogger()
    let parts = Parts()
    let server = try await EmbeddedAPIServer(
      .init(dataDirectory: settings.dataDirectory, port: settings.port, durability: settings.durability),
      providers: parts.providers)
    let client = KubernetesClient(
      transport: InProcessTransport { request in
        var request = request
        // Whom admission in any cluster knows as its controllers.
        request.user = .master("system:kube-controller-manager")
        return await server.handle(request)
      })
    try await CustomResources.install(client)
    let (refusals, refused) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    let mesh = EnvoyControlPlane(host: "127.0.0.1", port: 0) { event in
      logger.log(level: event.isWarning ? .warning : .debug, "mesh: \(event)")
      if case .rejected(let node, _) = event, case .edge = node.role { refused.yield() }
    }
    let watchdog = try await Watchdog(executable: ThisProgram.path)
    let cache = ClusterCache(client: client, resources: ClusterCache.everything) { logger.warning("\($0)") }

    let ground = GroundFloor()
    ground.start { try await mesh.run() }
    ground.start { await cache.run() }
    do {
      let meshPort = try await mesh.boundPort
      let nodes = try makeNodes(
        client, cache, watchdog, meshPort: meshPort, apiPort: { await server.boundPort }, logger)
      let rates = RequestRates()
      let metrics: @Sendable () async -> ClusterView.Metrics = { await Self.metrics(nodes, rates) }
      let prescaler = settings.prescales ? prescaler(client, cache, nodes.cloud, metrics, logger) : nil
      let pushes = prescaler.map { PushAPI(client: client, cache: cache, prescaler: $0) }
      parts.fill(metrics: metrics, agents: nodes.agents, pushes: pushes)
      ground.start { try await server.run() }
      // The control plane's first view must be a whole one: proxies that come back drop what it does not show.
      try await cache.waitUntilSynced()
      ground.start { for await _ in await cache.updates() { mesh.update(await cache.view) } }
      let port = await server.boundPort
      guard port > 0 else {
        try await ground.watch()
        throw CommandFailure(.worldFailed, "error: the API cannot be served on port \(settings.port)")
      }
      let running = Running(client: client, cache: cache, cloud: nodes.cloud, apiPort: port, pushes: pushes)
      let result = try await withThrowingTaskGroup(of: Result?.self) { group in
        defer { group.cancelAll() }
        group.addTask {
          try await ground.watch(); return nil
        }
        group.addTask {
          await ControlPlane(
            configuration: .init(speed: settings.speed), client: client, cache: cache, nodeGroups: nodes.cloud,
            metrics: metrics, logger: logger
          ).run()
          return nil
        }
        group.addTask {
          await rates.run(periodSeconds: max(0.5, 15 / settings.speed)) { Array(await cache.view.pods.values) }
          return nil
        }
        if let envoy = settings.envoy {
          group.addTask {
            await EdgeProxy(envoy: envoy, controlPlanePort: meshPort, watchdog: watchdog, logger: logger)
              .run(refusals: refusals)
            return nil
          }
        }
        if let prescaler {
          group.addTask {
            await prescaler.run(); return nil
          }
        }
        group.addTask {
          try await nodes.run(); return nil
        }
        group.addTask { try await body(running) }
        return try await Self.first(of: &group)
      }
      await ground.stop()
      await watchdog.end()
      return result
    } catch {
      await ground.stop()
      await watchdog.end()
      throw error
    }
  }

  /// The first part that ends with a result is the body; one that fails takes the world down.
  private static func first<Result>(of group: inout ThrowingTaskGroup<Result?, any Error>) async throws -> Result {
    while let ended = try await group.next() {
      if let result = ended { return result }
    }
    throw CancellationError()
  }

  private func makeLogger() -> Logger {
    var logger = Logger(label: "sakigake.local") { StreamLogHandler.standardError(label: $0) }
    logger.logLevel = settings.logLevel
    return logger
  }

  private func prescaler(
    _ client: KubernetesClient, _ cache: ClusterCache, _ cloud: SimulatedCloud,
    _ metrics: @escaping @Sendable () async -> ClusterView.Metrics, _ logger: Logger
  ) -> PrescalerController {
    PrescalerController(
      client: client, cache: cache, nodeGroups: cloud, metrics: metrics, timeScale: settings.speed,
      logger: logger)
  }

  private static func metrics(_ nodes: LocalNodes, _ rates: RequestRates) async -> ClusterView.Metrics {
    var metrics = await nodes.metrics()
    for (pod, rate) in await rates.metrics {
      if metrics.pods[pod] == nil {
        metrics.pods[pod] = rate
      } else {
        metrics.pods[pod]?.custom = rate.custom
      }
    }
    return metrics
  }
}

/// What the API server asks for, which is made after it.
private final class Parts: Sendable {
  private struct State {
    var metrics: @Sendable () async -> ClusterView.Metrics = { ClusterView.Metrics() }
    var agents: NodeAgents?
    var pushes: PushAPI?
  }
  private let state = Mutex(State())

  func fill(metrics: @escaping @Sendable () async -> ClusterView.Metrics, agents: NodeAgents, pushes: PushAPI?) {
    state.withLock { $0 = State(metrics: metrics, agents: agents, pushes: pushes) }
  }

  private func agents() throws(APIError) -> NodeAgents {
    if let agents = state.withLock({ $0.agents }) { return agents }
    throw APIError(code: 503, reason: "ServiceUnavailable", message: "the cluster is starting")
  }

  var providers: EmbeddedAPIServer.Providers {
    .init(
      metrics: { await self.state.withLock { $0.metrics }() },
      logs: { try await self.agents().logs($0, $1, $2) },
      exec: { try await self.agents().exec($0, $1, $2, $3) },
      attach: { try await self.agents().attach($0, $1, $2, $3) },
      portForward: { try await self.agents().portForward($0, $1) },
      routes: { request in await self.state.withLock { $0.pushes }?.handle(request) })
  }
}
