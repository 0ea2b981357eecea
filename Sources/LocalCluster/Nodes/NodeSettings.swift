import Kubernetes
import KubernetesClient
import Logging

/// How the nodes of the local cluster behave. All periods are in the cluster's seconds, of which `speed` pass in a
/// real one.
public struct NodeSettings: Sendable {
  /// Logs and volumes are kept under `pods/` in it.
  public var dataDirectory: String
  public var speed: Double
  public var programs: ImagePrograms
  public var pullTimes: PullTimes
  /// In every container's environment, with the lowest precedence: `SAKIGAKE_XDS_HOST`, `SAKIGAKE_XDS_PORT` …
  public var environment: [(name: String, value: String)]
  /// Where containers find the API server: `KUBERNETES_SERVICE_HOST` and `_PORT`; nil where nothing is served.
  public var apiServer: @Sendable () async -> (host: String, port: Int)? = { nil }
  public var logLimits = LogLimits()
  /// Between two measurements of processor time and memory.
  public var metricsSeconds = 15.0
  /// Between two signs of life of a node.
  public var heartbeatSeconds = 10.0
  /// From a pod's arrival on a simulated node to its being ready.
  public var simulatedStartSeconds = 2.0
  public var now: @Sendable () -> Timestamp
  public var logger: Logger

  public init(
    dataDirectory: String, speed: Double = 1, programs: ImagePrograms = ImagePrograms(),
    pullTimes: PullTimes = PullTimes(),
    environment: [(name: String, value: String)] = [], now: @escaping @Sendable () -> Timestamp = { .now },
    logger: Logger = Logger(label: "sakigake.nodes")
  ) {
    precondition(speed > 0, "a cluster whose time stands still does nothing")
    self.dataDirectory = dataDirectory
    self.speed = speed
    self.programs = programs
    self.pullTimes = pullTimes
    self.environment = environment
    self.now = now
    self.logger = logger
  }
}

/// Whether a node's pods are processes of this host or only said to run.
public enum NodeKind: String, Sendable, Hashable, Codable {
  case process, simulated

  /// On every node of the local cluster: its kind.
  public static let annotation = WellKnown.nodeKind

  init?(_ node: Node) {
    guard let text = node.metadata.annotations[Self.annotation], let kind = NodeKind(rawValue: text) else { return nil }
    self = kind
  }
}
