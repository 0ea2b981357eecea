/// core/v1 Node.
public struct Node: KubernetesObject, Hashable {
  public static var resource: ResourceType { .nodes }
  public var metadata = ObjectMeta()
  public var spec = NodeSpec()
  public var status = NodeStatus()
  public var unknown = JSONObject()

  public init() {}
  public mutating func fields(_ f: inout FieldCoder) {
    header(&f)
    f.code("spec", &spec)
    f.code("status", &status)
  }

  public var isReady: Bool { status.conditions["Ready"]?.isTrue ?? false }
}

public struct NodeSpec: JSONStruct, Hashable {
  public var podCIDR = ""
  public var providerID = ""
  public var unschedulable = false
  public var taints: [Taint] = []
  public var unknown = JSONObject()

  public init() {}
  public mutating func fields(_ f: inout FieldCoder) {
    f.code("podCIDR", &podCIDR)
    f.code("providerID", &providerID)
    f.code("taints", &taints)
    f.code("unschedulable", &unschedulable)
  }
}

public struct NodeStatus: JSONStruct, Hashable {
  public var capacity: ResourceList = [:]
  public var allocatable: ResourceList = [:]
  public var conditions: [Condition] = []
  public var addresses: [JSONValue] = []
  public var nodeInfo: JSONValue?
  public var images: [JSONValue] = []
  public var unknown = JSONObject()

  public init() {}
  public mutating func fields(_ f: inout FieldCoder) {
    f.code("capacity", &capacity)
    f.code("allocatable", &allocatable)
    f.code("conditions", &conditions)
    f.code("addresses", &addresses)
    f.code("nodeInfo", &nodeInfo)
    f.code("images", &images)
  }
}

/// The labels, taints and annotations that the platform and its neighbours agree on.
public enum WellKnown {
  public static let hostname = "kubernetes.io/hostname"
  public static let zone = "topology.kubernetes.io/zone"
  public static let region = "topology.kubernetes.io/region"
  public static let instanceType = "node.kubernetes.io/instance-type"
  /// Which node group a node belongs to.
  public static let nodeGroup = "sakigake.dev/node-group"
  /// `spot` or `on-demand`.
  public static let capacityType = "sakigake.dev/capacity-type"
  /// The service that a rendered object belongs to.
  public static let service = "sakigake.dev/service"
  public static let appName = "app.kubernetes.io/name"
  public static let managedBy = "app.kubernetes.io/managed-by"
  /// On a node of the local cluster: `process` or `simulated`.
  public static let nodeKind = "sakigake.dev/node-kind"
  public static let notReadyTaint = "node.kubernetes.io/not-ready"
  public static let unreachableTaint = "node.kubernetes.io/unreachable"
  public static let unschedulableTaint = "node.kubernetes.io/unschedulable"
}
