/// apps/v1 StatefulSet: pods with names, and storage, of their own.
public struct StatefulSet: KubernetesObject, Hashable {
  public static var resource: ResourceType { .statefulSets }
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
    public var replicas: Int?
    public var selector = LabelSelector()
    public var template = PodTemplate()
    public var volumeClaimTemplates: [JSONValue] = []
    public var serviceName = ""
    public var podManagementPolicy = ""  // OrderedReady (when empty), Parallel
    public var updateStrategy = UpdateStrategy()
    public var revisionHistoryLimit: Int?
    public var minReadySeconds = 0
    public var ordinals: Ordinals?
    public var unknown = JSONObject()

    public init() {}
    public mutating func fields(_ f: inout FieldCoder) {
      f.code("replicas", &replicas)
      f.code("selector", &selector)
      f.code("template", &template)
      f.code("volumeClaimTemplates", &volumeClaimTemplates)
      f.code("serviceName", &serviceName)
      f.code("podManagementPolicy", &podManagementPolicy)
      f.code("updateStrategy", &updateStrategy)
      f.code("revisionHistoryLimit", &revisionHistoryLimit)
      f.code("minReadySeconds", &minReadySeconds)
      f.code("ordinals", &ordinals)
    }
  }

  /// The number of the first pod.
  public struct Ordinals: JSONStruct, Hashable {
    public var start = 0
    public var unknown = JSONObject()
    public init() {}
    public mutating func fields(_ f: inout FieldCoder) { f.code("start", &start, always: true) }
  }

  public struct UpdateStrategy: JSONStruct, Hashable {
    public var type = ""  // RollingUpdate (when empty), OnDelete
    public var rollingUpdate: RollingUpdate?
    public var unknown = JSONObject()

    public init() {}
    public mutating func fields(_ f: inout FieldCoder) {
      f.code("type", &type)
      f.code("rollingUpdate", &rollingUpdate)
    }

    public struct RollingUpdate: JSONStruct, Hashable {
      /// Pods with a smaller number keep the revision they have.
      public var partition: Int?
      public var unknown = JSONObject()
      public init() {}
      public mutating func fields(_ f: inout FieldCoder) { f.code("partition", &partition) }
    }
  }

  public struct Status: JSONStruct, Hashable {
    public var observedGeneration = 0
    public var replicas = 0
    public var readyReplicas = 0
    public var currentReplicas = 0
    public var updatedReplicas = 0
    public var currentRevision = ""
    public var updateRevision = ""
    public var collisionCount: Int?
    public var conditions: [Condition] = []
    public var availableReplicas = 0
    public var unknown = JSONObject()

    public init() {}
    public mutating func fields(_ f: inout FieldCoder) {
      f.code("observedGeneration", &observedGeneration)
      f.code("replicas", &replicas, always: true)
      f.code("readyReplicas", &readyReplicas)
      f.code("currentReplicas", &currentReplicas)
      f.code("updatedReplicas", &updatedReplicas)
      f.code("currentRevision", &currentRevision)
      f.code("updateRevision", &updateRevision)
      f.code("collisionCount", &collisionCount)
      f.code("conditions", &conditions)
      f.code("availableReplicas", &availableReplicas, always: true)
    }
  }
}
