import Kubernetes
import KubernetesClient
import KubernetesServer
import struct KubernetesServer.LogOptions
import LocalCluster
import Logging
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A directory that is there for one test.
final class TemporaryDirectory: Sendable {
  let path: String
  init() throws {
    var template = Array("/tmp/sakigake-nodes-XXXXXX".utf8CString)
    let made = template.withUnsafeMutableBufferPointer { buffer in
      buffer.baseAddress.flatMap { mkdtemp($0) }.map { String(cString: $0) }
    }
    path = try #require(made)
  }
  deinit { PrivateDirectory.remove(path) }
}

/// An embedded API with a cloud and the agents of its nodes, in one process, twenty times faster than real.
struct NodesCluster {
  static let speed = 20.0
  let directory: TemporaryDirectory
  let server: EmbeddedAPIServer
  let client: KubernetesClient
  let cache: ClusterCache
  let cloud: SimulatedCloud
  let settings: NodeSettings

  static var quiet: Logger {
    var logger = Logger(label: "test")
    logger.logLevel = .critical
    return logger
  }

  static let machine: ResourceList = ["cpu": Quantity(4), "memory": Quantity(bytes: 4 << 30)]

  /// Runs a cluster with one process node `box-0` (or the given groups) for as long as the body runs.
  static func run(
    groups: [CloudGroup] = [.fixed("box", nodes: 1, allocatable: machine, kind: .process)],
    programs: ImagePrograms = ImagePrograms(["shell": "/bin/sh"]), pullTimes: PullTimes = PullTimes(),
    withAgents: Bool = true, configure: (inout NodeSettings) -> Void = { _ in },
    _ body: (NodesCluster) async throws -> Void
  ) async throws {
    let directory = try TemporaryDirectory()
    let server = try await EmbeddedAPIServer(.init(dataDirectory: directory.path), providers: .init())
    let transport = InProcessTransport { request in
      var request = request
      request.user = .master("test")
      return await server.handle(request)
    }
    let client = KubernetesClient(transport: transport)
    let cache = ClusterCache(client: client, resources: [.nodes, .pods])
    let following = Task { await cache.run() }
    try await cache.waitUntilSynced()
    var settings = NodeSettings(
      dataDirectory: directory.path, speed: speed, programs: programs, pullTimes: pullTimes,
      environment: [(name: "SAKIGAKE_XDS_HOST", value: "127.0.0.1")], logger: quiet)
    configure(&settings)
    let cloud = try SimulatedCloud(
      CloudConfiguration(dataDirectory: directory.path, groups: groups, speed: speed, logger: quiet), client: client,
      cache: cache)
    let clouding = Task { try await cloud.run() }
    let cluster = NodesCluster(
      directory: directory, server: server, client: client, cache: cache, cloud: cloud, settings: settings)
    var failure: (any Error)?
    do {
      if withAgents {
        try await cluster.withAgents { _ in try await body(cluster) }
      } else {
        try await body(cluster)
      }
    } catch { failure = error }
    clouding.cancel()
    following.cancel()
    _ = try? await clouding.value
    await following.value
    if let failure { throw failure }
  }

  /// Runs the agents of the nodes for as long as the body runs; they have ended all processes afterwards.
  func withAgents(_ body: (NodeAgents) async throws -> Void) async throws {
    let agents = NodeAgents(settings, client: client, cache: cache, watchdog: nil)
    let running = Task { await agents.run() }
    do {
      try await body(agents)
    } catch {
      running.cancel()
      await running.value
      throw error
    }
    running.cancel()
    await running.value
  }

  /// Waits until an object is as wanted; nil stands for one that is gone.
  @discardableResult
  func wait<O: KubernetesObject>(_ type: O.Type, _ name: String, until isWanted: (O?) -> Bool) async throws -> O? {
    let (items, version) = try await client.list(O.self)
    var current = items.first { $0.metadata.name == name }
    if isWanted(current) { return current }
    for try await event in client.watch(O.resource, from: version) {
      guard event.kind != .bookmark else { continue }
      let object = try O(json: event.object)
      guard object.metadata.name == name else { continue }
      current = event.kind == .deleted ? nil : object
      if isWanted(current) { return current }
    }
    throw CancellationError()
  }

  func waitForPod(_ name: String, until isWanted: (Pod) -> Bool) async throws -> Pod {
    let pod = try await wait(Pod.self, name) { pod in pod.map(isWanted) ?? false }
    return try #require(pod)
  }

  /// Creates a pod that is bound to a node already.
  @discardableResult
  func create(_ name: String, node: String = "box-0", _ edit: (inout Pod) -> Void) async throws -> Pod {
    try await wait(Node.self, node) { $0?.isReady ?? false }
    var pod = Pod()
    pod.metadata = ObjectMeta(name: name, namespace: "default", labels: ["app": name])
    pod.spec.nodeName = node
    edit(&pod)
    return try await client.create(pod)
  }

  func log(_ agents: NodeAgents, _ pod: String, _ container: String = "app", _ options: LogOptions = LogOptions())
    async throws -> String
  {
    try await NodesCluster.text(try await agents.logs(NamespacedName("default", pod), container, options))
  }

  static func text(_ body: APIResponse.Body) async throws -> String {
    switch body {
    case .bytes(let bytes): return String(decoding: bytes, as: UTF8.self)
    case .stream(let stream):
      var bytes: [UInt8] = []
      for try await chunk in stream { bytes += chunk }
      return String(decoding: bytes, as: UTF8.self)
    case .pulled, .channels, .ports: throw TransportError(.malformed, "a log is not a two-way stream")
    }
  }
}

/// A container that runs a script.
func shell(_ name: String = "app", _ script: String) -> Container {
  var container = Container()
  container.name = name
  container.image = "registry.example.com/tools/shell:1"
  container.args = ["-c", script]
  return container
}

func execProbe(_ script: String, period: Int = 1, failures: Int = 1) -> Probe {
  var probe = Probe()
  var action = ExecAction()
  action.command = ["sh", "-c", script]
  probe.exec = action
  probe.periodSeconds = period
  probe.failureThreshold = failures
  return probe
}
