import Kubernetes
import KubernetesClient
import Logging

/// A node group of the simulated cloud: what is declared, and what its nodes are.
public struct CloudGroup: Sendable {
  public var group: NodeGroup
  public var kind: NodeKind

  public init(_ group: NodeGroup, kind: NodeKind) {
    self.group = group
    self.kind = kind
  }

  /// So many nodes, there from the start, neither more nor fewer.
  public static func fixed(_ name: String, nodes: Int, allocatable: ResourceList, kind: NodeKind) -> CloudGroup {
    CloudGroup(
      NodeGroup(
        name: name, instanceType: "fixed", allocatable: allocatable, minimum: nodes, maximum: nodes, target: nodes,
        bootSeconds: 0), kind: kind)
  }
}

/// What a simulated cloud has and how it behaves. Times are in the cluster's seconds, of which `speed` pass in a
/// real one.
public struct CloudConfiguration: Sendable {
  /// `cloud.json` is kept in it.
  public var dataDirectory: String
  public var groups: [CloudGroup]
  public var speed: Double
  public var region = "local"
  public var zones = ["local-a", "local-b", "local-c"]
  /// Boot times vary by so much in both directions, the same for the same seed.
  public var bootJitter = 0.1
  public var seed: UInt64 = 1
  /// From the notice to the end of an interrupted spot node.
  public var interruptionNoticeSeconds = 120.0
  public var now: @Sendable () -> Timestamp
  public var logger: Logger

  public init(
    dataDirectory: String, groups: [CloudGroup], speed: Double = 1, now: @escaping @Sendable () -> Timestamp = { .now },
    logger: Logger = Logger(label: "sakigake.cloud")
  ) {
    precondition(speed > 0, "a cloud whose time stands still boots nothing")
    self.dataDirectory = dataDirectory
    self.groups = groups
    self.speed = speed
    self.now = now
    self.logger = logger
  }
}

/// Why the cloud refuses.
public enum CloudError: Error, Sendable, Equatable, CustomStringConvertible {
  case unknownGroup(String)
  case unknownNode(String)
  case addressesTaken(String)
  case outOfBounds(group: String, size: Int, minimum: Int, maximum: Int)

  public var description: String {
    switch self {
    case .unknownGroup(let name): "there is no node group \"\(name)\""
    case .addressesTaken(let network):
      "another local cluster on this machine has the addresses \(network) that nodes of this one had before: "
        + "end that one first, or begin with an empty data directory"
    case .unknownNode(let name): "no node group has a node \"\(name)\""
    case .outOfBounds(let group, let size, let minimum, let maximum):
      "node group \"\(group)\" has between \(minimum) and \(maximum) nodes, not \(size)"
    }
  }
}
