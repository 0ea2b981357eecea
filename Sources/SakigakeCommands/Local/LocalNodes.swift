import ChildProcesses
import Kubernetes
import KubernetesClient
import KubernetesServer
import struct KubernetesServer.LogOptions
import LocalCluster
import Logging

/// The nodes of a local cluster and the cloud that they come from.
struct LocalNodes: Sendable {
  let cloud: SimulatedCloud
  /// What runs on them answers for itself: logs, exec, attach, port-forward.
  let agents: NodeAgents

  init(cloud: SimulatedCloud, agents: NodeAgents) {
    self.cloud = cloud
    self.agents = agents
  }

  /// Works until the task is cancelled; then every process that runs for a pod is ended.
  func run() async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await cloud.run() }
      group.addTask { await agents.run() }
      do { try await group.next() } catch {
        group.cancelAll()
        throw error
      }
      group.cancelAll()
    }
  }

  func metrics() async -> ClusterView.Metrics { await agents.metrics() }
}

extension LocalWorld {
  func makeNodes(
    _ client: KubernetesClient, _ cache: ClusterCache, _ watchdog: Watchdog, meshPort: Int,
    apiPort: @escaping @Sendable () async -> Int, _ logger: Logger
  ) throws -> LocalNodes {
    let kind: NodeKind = settings.simulatesPods ? .simulated : .process
    let size: ResourceList = ["cpu": Quantity(4), "memory": Quantity(bytes: 16 << 30), "pods": Quantity(110)]
    var groups = settings.nodeGroups.map { CloudGroup($0, kind: kind) }
    if settings.fixedNodes > 0 {
      groups.append(.fixed("local", nodes: settings.fixedNodes, allocatable: size, kind: kind))
    }
    if settings.simulatedNodes > 0 {
      groups.append(.fixed("simulated", nodes: settings.simulatedNodes, allocatable: size, kind: .simulated))
    }
    let cloud = try SimulatedCloud(
      CloudConfiguration(dataDirectory: settings.dataDirectory, groups: groups, speed: settings.speed, logger: logger),
      client: client, cache: cache)
    var nodes = NodeSettings(
      dataDirectory: settings.dataDirectory, speed: settings.speed, programs: ImagePrograms(settings.programs),
      pullTimes: PullTimes(secondsDefault: settings.imagePullSeconds),
      environment: [
        ("SAKIGAKE_XDS_HOST", "127.0.0.1"), ("SAKIGAKE_XDS_PORT", String(meshPort)),
        ("SAKIGAKE_SPEED", "\(settings.speed)"),
      ], logger: logger)
    nodes.apiServer = {
      let port = await apiPort()
      return port > 0 ? ("127.0.0.1", port) : nil
    }
    let agents = NodeAgents(nodes, client: client, cache: cache, watchdog: watchdog)
    return LocalNodes(cloud: cloud, agents: agents)
  }
}
