/// What a pod says of the nodes it may run on.
public struct Toleration: JSONStruct, Hashable {
  public var key = ""
  public var op = ""  // Equal (when empty) or Exists
  public var value = ""
  public var effect = ""
  public var tolerationSeconds: Int?
  public var unknown = JSONObject()

  public init() {}
  public mutating func fields(_ f: inout FieldCoder) {
    f.code("key", &key)
    f.code("operator", &op)
    f.code("value", &value)
    f.code("effect", &effect)
    f.code("tolerationSeconds", &tolerationSeconds)
  }

  /// An empty key with `Exists` tolerates everything; an empty effect, every effect.
  public func tolerates(_ taint: Taint) -> Bool {
    if !effect.isEmpty, effect != taint.effect { return false }
    if !key.isEmpty, key != taint.key { return false }
    return op == "Exists" || (!key.isEmpty && (op.isEmpty || op == "Equal") && value == taint.value)
  }
}

public struct Taint: JSONStruct, Hashable {
  public var key = ""
  public var value = ""
  public var effect = ""  // NoSchedule, PreferNoSchedule, NoExecute
  public var timeAdded: Timestamp?
  public var unknown = JSONObject()

  public init() {}
  public init(_ key: String, _ value: String = "", effect: String) {
    self.key = key
    self.value = value
    self.effect = effect
  }
  public mutating func fields(_ f: inout FieldCoder) {
    f.code("key", &key)
    f.code("value", &value)
    f.code("effect", &effect)
    f.code("timeAdded", &timeAdded)
  }
}

public struct Affinity: JSONStruct, Hashable {
  public var nodeAffinity: NodeAffinity?
  public var podAffinity: PodAffinity?
  public var podAntiAffinity: PodAffinity?
  public var unknown = JSONObject()

  public init() {}
  public mutating func fields(_ f: inout FieldCoder) {
    f.code("nodeAffinity", &nodeAffinity)
    f.code("podAffinity", &podAffinity)
    f.code("podAntiAffinity", &podAntiAffinity)
  }
}

public struct NodeAffinity: JSONStruct, Hashable {
  public var required: NodeSelector?
  public var preferred: [PreferredNodeTerm] = []
  public var unknown = JSONObject()

  public init() {}
  public mutating func fields(_ f: inout FieldCoder) {
    f.code("requiredDuringSchedulingIgnoredDuringExecution", &required)
    f.code("preferredDuringSchedulingIgnoredDuringExecution", &preferred)
  }
}

/// Terms are alternatives; the conditions in one are all needed.
public struct NodeSelector: JSONStruct, Hashable {
  public var nodeSelectorTerms: [NodeSelectorTerm] = []
  public var unknown = JSONObject()

  public init() {}
  public mutating func fields(_ f: inout FieldCoder) { f.code("nodeSelectorTerms", &nodeSelectorTerms) }
}

public struct NodeSelectorTerm: JSONStruct, Hashable {
  public var matchExpressions: [LabelRequirement] = []
  public var matchFields: [LabelRequirement] = []
  public var unknown = JSONObject()

  public init() {}
  public mutating func fields(_ f: inout FieldCoder) {
    f.code("matchExpressions", &matchExpressions)
    f.code("matchFields", &matchFields)
  }
}

public struct PreferredNodeTerm: JSONStruct, Hashable {
  public var weight = 0
  public var preference = NodeSelectorTerm()
  public var unknown = JSONObject()

  public init() {}
  public mutating func fields(_ f: inout FieldCoder) {
    f.code("weight", &weight)
    f.code("preference", &preference)
  }
}

public struct PodAffinity: JSONStruct, Hashable {
  public var required: [PodAffinityTerm] = []
  public var preferred: [WeightedPodAffinityTerm] = []
  public var unknown = JSONObject()

  public init() {}
  public mutating func fields(_ f: inout FieldCoder) {
    f.code("requiredDuringSchedulingIgnoredDuringExecution", &required)
    f.code("preferredDuringSchedulingIgnoredDuringExecution", &preferred)
  }
}

public struct PodAffinityTerm: JSONStruct, Hashable {
  public var labelSelector: LabelSelector?
  public var namespaces: [String] = []
  public var topologyKey = ""
  public var unknown = JSONObject()

  public init() {}
  public mutating func fields(_ f: inout FieldCoder) {
    f.code("labelSelector", &labelSelector)
    f.code("namespaces", &namespaces)
    f.code("topologyKey", &topologyKey)
  }
}

public struct WeightedPodAffinityTerm: JSONStruct, Hashable {
  public var weight = 0
  public var podAffinityTerm = PodAffinityTerm()
  public var unknown = JSONObject()

  public init() {}
  public mutating func fields(_ f: inout FieldCoder) {
    f.code("weight", &weight)
    f.code("podAffinityTerm", &podAffinityTerm)
  }
}

public struct TopologySpreadConstraint: JSONStruct, Hashable {
  public var maxSkew = 1
  public var topologyKey = ""
  public var whenUnsatisfiable = ""  // DoNotSchedule, ScheduleAnyway
  public var labelSelector: LabelSelector?
  public var minDomains: Int?
  public var nodeAffinityPolicy = ""
  public var nodeTaintsPolicy = ""
  public var unknown = JSONObject()

  public init() {}
  public mutating func fields(_ f: inout FieldCoder) {
    f.code("maxSkew", &maxSkew)
    f.code("topologyKey", &topologyKey)
    f.code("whenUnsatisfiable", &whenUnsatisfiable)
    f.code("labelSelector", &labelSelector)
    f.code("minDomains", &minDomains)
    f.code("nodeAffinityPolicy", &nodeAffinityPolicy)
    f.code("nodeTaintsPolicy", &nodeTaintsPolicy)
  }
}
