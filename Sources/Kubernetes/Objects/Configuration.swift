/// core/v1 Namespace.
public struct Namespace: KubernetesObject, Hashable {
  public static var resource: ResourceType { .namespaces }
  public var metadata = ObjectMeta()
  public var spec = Spec()
  public var status = Status()
  public var unknown = JSONObject()

  public init() {}
  public mutating func fields(_ f: inout FieldCoder) {
    header(&f)
    f.code("spec", &spec)
    f.code("status", &status)
  }

  public struct Spec: JSONStruct, Hashable {
    public var finalizers: [String] = []
    public var unknown = JSONObject()
    public init() {}
    public mutating func fields(_ f: inout FieldCoder) { f.code("finalizers", &finalizers) }
  }
  public struct Status: JSONStruct, Hashable {
    public var phase = ""  // Active, Terminating
    public var conditions: [Condition] = []
    public var unknown = JSONObject()
    public init() {}
    public mutating func fields(_ f: inout FieldCoder) {
      f.code("phase", &phase)
      f.code("conditions", &conditions)
    }
  }
}

/// core/v1 ConfigMap.
public struct ConfigMap: KubernetesObject, Hashable {
  public static var resource: ResourceType { .configMaps }
  public var metadata = ObjectMeta()
  public var data: [String: String] = [:]
  public var binaryData: [String: String] = [:]
  public var immutable: Bool?
  public var unknown = JSONObject()

  public init() {}
  public mutating func fields(_ f: inout FieldCoder) {
    header(&f)
    f.code("data", &data)
    f.code("binaryData", &binaryData)
    f.code("immutable", &immutable)
  }
}

/// core/v1 Secret. `data` is base64, as the API has it; `stringData` is folded into it by the server.
public struct Secret: KubernetesObject, Hashable {
  public static var resource: ResourceType { .secrets }
  public var metadata = ObjectMeta()
  public var type = ""
  public var data: [String: String] = [:]
  public var stringData: [String: String] = [:]
  public var immutable: Bool?
  public var unknown = JSONObject()

  public init() {}
  public mutating func fields(_ f: inout FieldCoder) {
    header(&f)
    f.code("data", &data)
    f.code("stringData", &stringData)
    f.code("type", &type)
    f.code("immutable", &immutable)
  }
}

/// core/v1 ServiceAccount.
public struct ServiceAccount: KubernetesObject, Hashable {
  public static var resource: ResourceType { .serviceAccounts }
  public var metadata = ObjectMeta()
  public var automountServiceAccountToken: Bool?
  public var unknown = JSONObject()

  public init() {}
  public mutating func fields(_ f: inout FieldCoder) {
    header(&f)
    f.code("automountServiceAccountToken", &automountServiceAccountToken)
  }
}

/// core/v1 Event: what happened to an object and why.
public struct Event: KubernetesObject, Hashable {
  public static var resource: ResourceType { .events }
  public var metadata = ObjectMeta()
  public var involvedObject = ObjectReference()
  public var reason = ""
  public var message = ""
  public var type = ""  // Normal, Warning
  public var count = 0
  public var firstTimestamp: Timestamp?
  public var lastTimestamp: Timestamp?
  public var eventTime: MicroTime?
  public var source: JSONValue?
  public var reportingComponent = ""
  public var reportingInstance = ""
  public var action = ""
  public var unknown = JSONObject()

  public init() {}
  public mutating func fields(_ f: inout FieldCoder) {
    header(&f)
    f.code("involvedObject", &involvedObject)
    f.code("reason", &reason)
    f.code("message", &message)
    f.code("source", &source)
    f.code("firstTimestamp", &firstTimestamp)
    f.code("lastTimestamp", &lastTimestamp)
    f.code("count", &count)
    f.code("type", &type)
    f.code("eventTime", &eventTime)
    f.code("action", &action)
    f.code("reportingComponent", &reportingComponent)
    f.code("reportingInstance", &reportingInstance)
  }
}

public struct ObjectReference: JSONStruct, Hashable {
  public var apiVersion = ""
  public var kind = ""
  public var namespace = ""
  public var name = ""
  public var uid = ""
  public var resourceVersion = ""
  public var fieldPath = ""
  public var unknown = JSONObject()

  public init() {}
  public init(to object: some KubernetesObject) {
    let resource = type(of: object).resource
    apiVersion = resource.apiVersion
    kind = resource.kind
    namespace = object.metadata.namespace
    name = object.metadata.name
    uid = object.metadata.uid
    resourceVersion = object.metadata.resourceVersion
  }
  public mutating func fields(_ f: inout FieldCoder) {
    f.code("kind", &kind)
    f.code("namespace", &namespace)
    f.code("name", &name)
    f.code("uid", &uid)
    f.code("apiVersion", &apiVersion)
    f.code("resourceVersion", &resourceVersion)
    f.code("fieldPath", &fieldPath)
  }
}

/// coordination.k8s.io/v1 Lease.
public struct Lease: KubernetesObject, Hashable {
  public static var resource: ResourceType { .leases }
  public var metadata = ObjectMeta()
  public var spec = Spec()
  public var unknown = JSONObject()

  public init() {}
  public mutating func fields(_ f: inout FieldCoder) {
    header(&f)
    f.code("spec", &spec)
  }

  public struct Spec: JSONStruct, Hashable {
    public var holderIdentity: String?
    public var leaseDurationSeconds: Int?
    public var acquireTime: MicroTime?
    public var renewTime: MicroTime?
    public var leaseTransitions: Int?
    public var unknown = JSONObject()
    public init() {}
    public mutating func fields(_ f: inout FieldCoder) {
      f.code("holderIdentity", &holderIdentity)
      f.code("leaseDurationSeconds", &leaseDurationSeconds)
      f.code("acquireTime", &acquireTime)
      f.code("renewTime", &renewTime)
      f.code("leaseTransitions", &leaseTransitions)
    }
  }
}

/// apiextensions.k8s.io/v1 CustomResourceDefinition; its schema stays JSON.
public struct CustomResourceDefinition: KubernetesObject, Hashable {
  public static var resource: ResourceType { .customResourceDefinitions }
  public var metadata = ObjectMeta()
  public var spec: JSONValue = .object([:])
  public var status: JSONValue?
  public var unknown = JSONObject()

  public init() {}
  public mutating func fields(_ f: inout FieldCoder) {
    header(&f)
    f.code("spec", &spec)
    f.code("status", &status)
  }
}
