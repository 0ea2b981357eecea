/// core/v1 Service.
public struct Service: KubernetesObject, Hashable {
  public static var resource: ResourceType { .services }
  public var metadata = ObjectMeta()
  public var spec = ServiceSpec()
  public var status: JSONValue?
  public var unknown = JSONObject()

  public init() {}
  public mutating func fields(_ f: inout FieldCoder) {
    header(&f)
    f.code("spec", &spec)
    f.code("status", &status)
  }
}

public struct ServiceSpec: JSONStruct, Hashable {
  public var type = ""  // ClusterIP (when empty), NodePort, LoadBalancer, ExternalName
  public var selector: Labels = [:]
  public var ports: [ServicePort] = []
  public var clusterIP = ""
  public var clusterIPs: [String] = []
  public var publishNotReadyAddresses = false
  public var unknown = JSONObject()

  public init() {}
  public mutating func fields(_ f: inout FieldCoder) {
    f.code("ports", &ports)
    f.code("selector", &selector)
    f.code("clusterIP", &clusterIP)
    f.code("clusterIPs", &clusterIPs)
    f.code("type", &type)
    f.code("publishNotReadyAddresses", &publishNotReadyAddresses)
  }
}

public struct ServicePort: JSONStruct, Hashable {
  public var name = ""
  public var `protocol` = ""
  public var port = 0
  public var targetPort: IntOrString?
  public var nodePort = 0
  public var appProtocol = ""
  public var unknown = JSONObject()

  public init() {}
  public mutating func fields(_ f: inout FieldCoder) {
    f.code("name", &name)
    f.code("protocol", &`protocol`)
    f.code("appProtocol", &appProtocol)
    f.code("port", &port)
    f.code("targetPort", &targetPort)
    f.code("nodePort", &nodePort)
  }
}

/// discovery.k8s.io/v1 EndpointSlice.
public struct EndpointSlice: KubernetesObject, Hashable {
  public static var resource: ResourceType { .endpointSlices }
  public var metadata = ObjectMeta()
  public var addressType = "IPv4"
  public var endpoints: [Endpoint] = []
  public var ports: [EndpointPort] = []
  public var unknown = JSONObject()

  public init() {}
  public mutating func fields(_ f: inout FieldCoder) {
    header(&f)
    f.code("addressType", &addressType)
    f.code("endpoints", &endpoints)
    f.code("ports", &ports)
  }

  /// The service that this slice belongs to.
  public static let serviceNameLabel = "kubernetes.io/service-name"
  public static let managedByLabel = "endpointslice.kubernetes.io/managed-by"
}

public struct Endpoint: JSONStruct, Hashable {
  public var addresses: [String] = []
  public var conditions = Conditions()
  public var nodeName = ""
  public var zone = ""
  public var targetRef: JSONValue?
  public var unknown = JSONObject()

  public init() {}
  public mutating func fields(_ f: inout FieldCoder) {
    f.code("addresses", &addresses)
    f.code("conditions", &conditions)
    f.code("targetRef", &targetRef)
    f.code("nodeName", &nodeName)
    f.code("zone", &zone)
  }

  public struct Conditions: JSONStruct, Hashable {
    public var ready: Bool?
    public var serving: Bool?
    public var terminating: Bool?
    public var unknown = JSONObject()
    public init() {}
    public mutating func fields(_ f: inout FieldCoder) {
      f.code("ready", &ready)
      f.code("serving", &serving)
      f.code("terminating", &terminating)
    }
  }
}

public struct EndpointPort: JSONStruct, Hashable {
  public var name = ""
  public var port = 0
  public var `protocol` = ""
  public var appProtocol = ""
  public var unknown = JSONObject()

  public init() {}
  public mutating func fields(_ f: inout FieldCoder) {
    f.code("name", &name, always: true)
    f.code("port", &port)
    f.code("protocol", &`protocol`)
    f.code("appProtocol", &appProtocol)
  }
}
