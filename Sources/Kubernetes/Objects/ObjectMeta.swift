/// `metav1.ObjectMeta`.
public struct ObjectMeta: JSONStruct, Hashable {
  public var name = ""
  public var generateName = ""
  public var namespace = ""
  public var uid = ""
  public var resourceVersion = ""
  public var generation = 0
  public var creationTimestamp: Timestamp?
  public var deletionTimestamp: Timestamp?
  public var deletionGracePeriodSeconds: Int?
  public var labels: Labels = [:]
  public var annotations: [String: String] = [:]
  public var ownerReferences: [OwnerReference] = []
  public var finalizers: [String] = []
  public var unknown = JSONObject()

  public init() {}
  public init(name: String, namespace: String = "", labels: Labels = [:]) {
    self.name = name
    self.namespace = namespace
    self.labels = labels
  }

  public mutating func fields(_ f: inout FieldCoder) {
    f.code("name", &name)
    f.code("generateName", &generateName)
    f.code("namespace", &namespace)
    f.code("uid", &uid)
    f.code("resourceVersion", &resourceVersion)
    f.code("generation", &generation)
    f.code("creationTimestamp", &creationTimestamp)
    f.code("deletionTimestamp", &deletionTimestamp)
    f.code("deletionGracePeriodSeconds", &deletionGracePeriodSeconds)
    f.code("labels", &labels)
    f.code("annotations", &annotations)
    f.code("ownerReferences", &ownerReferences)
    f.code("finalizers", &finalizers)
  }

  public var namespacedName: NamespacedName { NamespacedName(namespace, name) }
  /// The owner that manages this object, if one does.
  public var controller: OwnerReference? { ownerReferences.first { $0.controller } }
}

public struct OwnerReference: JSONStruct, Hashable {
  public var apiVersion = ""
  public var kind = ""
  public var name = ""
  public var uid = ""
  public var controller = false
  public var blockOwnerDeletion = false
  public var unknown = JSONObject()

  public init() {}
  public init(to object: some KubernetesObject, controller: Bool = true) {
    let resource = type(of: object).resource
    apiVersion = resource.apiVersion
    kind = resource.kind
    name = object.metadata.name
    uid = object.metadata.uid
    self.controller = controller
    blockOwnerDeletion = controller
  }

  public mutating func fields(_ f: inout FieldCoder) {
    f.code("apiVersion", &apiVersion)
    f.code("kind", &kind)
    f.code("name", &name)
    f.code("uid", &uid)
    f.code("controller", &controller)
    f.code("blockOwnerDeletion", &blockOwnerDeletion)
  }
}

/// `metav1.Condition`, and the older conditions of pods, nodes and deployments, which have the same members.
public struct Condition: JSONStruct, Hashable {
  public var type = ""
  public var status = ""  // True, False, Unknown
  public var observedGeneration = 0
  public var lastProbeTime: Timestamp?
  public var lastHeartbeatTime: Timestamp?
  public var lastUpdateTime: Timestamp?
  public var lastTransitionTime: Timestamp?
  public var reason = ""
  public var message = ""
  public var unknown = JSONObject()

  public init() {}
  public init(_ type: String, _ status: Bool, reason: String = "", message: String = "", at moment: Timestamp? = nil) {
    self.type = type
    self.status = status ? "True" : "False"
    self.reason = reason
    self.message = message
    lastTransitionTime = moment
  }

  public mutating func fields(_ f: inout FieldCoder) {
    f.code("type", &type)
    f.code("status", &status)
    f.code("observedGeneration", &observedGeneration)
    f.code("lastProbeTime", &lastProbeTime)
    f.code("lastHeartbeatTime", &lastHeartbeatTime)
    f.code("lastUpdateTime", &lastUpdateTime)
    f.code("lastTransitionTime", &lastTransitionTime)
    // `metav1.Condition` requires both, and strict clients refuse an object without them.
    f.code("reason", &reason, always: true)
    f.code("message", &message, always: true)
  }

  public var isTrue: Bool { status == "True" }
}

extension [Condition] {
  /// The condition of that type, if there is one.
  public subscript(type: String) -> Condition? { first { $0.type == type } }

  /// Puts `condition` in the place of the one of its type, whose transition time stands while its status does.
  public mutating func set(_ condition: Condition) {
    guard let index = firstIndex(where: { $0.type == condition.type }) else { return append(condition) }
    var condition = condition
    if self[index].status == condition.status { condition.lastTransitionTime = self[index].lastTransitionTime }
    self[index] = condition
  }
}
