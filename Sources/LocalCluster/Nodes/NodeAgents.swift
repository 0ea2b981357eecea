import ChildProcesses
import Kubernetes
import KubernetesClient
import KubernetesServer
import struct KubernetesServer.LogOptions

/// The agents of all nodes of the local cluster: they follow one shared view, run the pods bound to their nodes, report
/// signs of life, and serve logs and measurements.
public actor NodeAgents {
  private struct Seen {
    var version: String
    var pass: Int
    var kind: NodeKind
  }

  private let settings: NodeSettings
  private let cache: ClusterCache
  private let host: PodHost
  private let processes: ProcessPodRuntime
  private let simulated: SimulatedPodRuntime
  private let measurements: NodeMetrics
  private let heartbeats: NodeHeartbeats
  private var nodes: [String: NodeKind] = [:]
  private var seen: [String: Seen] = [:]
  private var pass = 0

  /// - Parameters:
  ///   - cache: must follow nodes and pods; somebody else runs it.
  ///   - watchdog: without one, children of containers may survive a crash of this process.
  public init(_ settings: NodeSettings, client: KubernetesClient, cache: ClusterCache, watchdog: Watchdog?) {
    self.settings = settings
    self.cache = cache
    host = PodHost(
      settings: settings, client: client, events: NodeEvents(client: client, now: settings.now),
      images: ImagePulls(times: settings.pullTimes, speed: settings.speed),
      logs: LogStore(dataDirectory: settings.dataDirectory, limits: settings.logLimits, now: settings.now),
      probes: ProbeClient(), watchdog: watchdog)
    processes = ProcessPodRuntime(host)
    simulated = SimulatedPodRuntime(client: client, settings: settings)
    measurements = NodeMetrics(host)
    heartbeats = NodeHeartbeats(client: client, settings: settings)
  }

  /// Works until the task is cancelled; then ends every process that it started and returns.
  public func run() async {
    let updates = await cache.updates()
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await self.host.events.run() }
      group.addTask { await self.simulated.run() }
      group.addTask { await self.measurements.run() }
      group.addTask { await self.heartbeats.run { await self.knownNodes() } }
      for await _ in updates {
        if Task.isCancelled { break }
        await reconcile(await cache.view)
      }
      group.cancelAll()
    }
    // Its own task, since cancellation must not cut the end of the processes short.
    let processes = processes
    await Task.detached { await processes.shutDown() }.value
  }

  /// What was measured last, of process nodes; simulated pods use nothing and have no measurements.
  public func metrics() async -> ClusterView.Metrics { await measurements.current }

  /// A container's log: `Providers.logs` of the embedded API server.
  /// - Throws: `APIError` (400) where there is none.
  public nonisolated func logs(_ pod: NamespacedName, _ container: String, _ options: LogOptions) async throws
    -> APIResponse.Body
  {
    try host.logs.read(pod, container, options)
  }

  /// Runs a program in a container: `Providers.exec` of the embedded API server.
  /// - Throws: `APIError` where it cannot be started.
  public nonisolated func exec(
    _ pod: NamespacedName, _ container: String, _ options: ProgramOptions, _ streams: any ContainerStreams
  ) async throws -> Int32 {
    try await runner(of: pod).execute(container, options, streams)
  }

  /// Follows the output of a container's process: `Providers.attach` of the embedded API server.
  public nonisolated func attach(
    _ pod: NamespacedName, _ container: String, _ options: ProgramOptions, _ streams: any ContainerStreams
  ) async throws -> Int32 {
    _ = try await runner(of: pod)
    try await host.logs.follow(pod, container, streams)
    return 0
  }

  /// Connects to a port of a pod: `Providers.portForward` of the embedded API server.
  public nonisolated func portForward(_ pod: NamespacedName, _ port: UInt16) async throws -> any ByteStream {
    try await PodConnection.open(runner(of: pod).podIP, port: port)
  }

  private nonisolated func runner(of pod: NamespacedName) async throws -> PodRunner {
    guard let runner = await processes.runner(of: pod) else {
      throw APIError.badRequest("pod \"\(pod.name)\" runs no process: its node is a simulated one")
    }
    return runner
  }

  private func knownNodes() async -> [(node: Node, kind: NodeKind)] {
    await cache.view.nodes.values.compactMap { node in NodeKind(node).map { (node, $0) } }
  }

  private func reconcile(_ view: ClusterView) async {
    pass += 1
    if pass == 1 { host.logs.removeAll(except: Set(view.pods.values.map(\.metadata.uid))) }
    var present: [String: NodeKind] = [:]
    for (name, node) in view.nodes {
      if let kind = NodeKind(node) { present[name] = kind }
    }
    for (name, kind) in nodes where present[name] == nil {
      switch kind {
      case .process: await processes.nodeGone(name)
      case .simulated: await simulated.nodeGone(name, pods: view.pods(onNode: name))
      }
    }
    nodes = present
    for pod in view.pods.values {
      guard let kind = nodes[pod.spec.nodeName], let node = view.nodes[pod.spec.nodeName] else {
        // A node that is gone: its pod stays known until the object is gone too.
        seen[pod.metadata.uid]?.pass = pass
        continue
      }
      let uid = pod.metadata.uid
      let version = pod.metadata.resourceVersion
      if seen[uid]?.version == version {
        seen[uid]?.pass = pass
        continue
      }
      seen[uid] = Seen(version: version, pass: pass, kind: kind)
      switch kind {
      case .process: await processes.update(pod, on: node)
      case .simulated: await simulated.update(pod, on: node)
      }
    }
    for (uid, entry) in seen where entry.pass != pass {
      seen[uid] = nil
      switch entry.kind {
      case .process: await processes.remove(uid)
      case .simulated: await simulated.remove(uid)
      }
    }
  }
}
