/// apps/v1 DaemonSet: a pod on every node that it fits.
public struct DaemonSet: KubernetesObject, Hashable {
  public static var resource: ResourceType { .daemonSets }
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
    public var selector = LabelSelector()
    public var template = PodTemplate()
    public var updateStrategy = UpdateStrategy()
    public var minReadySeconds = 0
    public var revisionHistoryLimit: Int?
    public var unknown = JSONObject()

    public init() {}
    public mutating func fields(_ f: inout FieldCoder) {
      f.code("selector", &selector)
      f.code("template", &template)
      f.code("updateStrategy", &updateStrategy)
      f.code("minReadySeconds", &minReadySeconds)
      f.code("revisionHistoryLimit", &revisionHistoryLimit)
    }
  }

  public struct UpdateStrategy: JSONStruct, Hashable {
    public var type = ""  // RollingUpdate (when empty), OnDelete
    public var rollingUpdate: DeploymentStrategy.RollingUpdate?
    public var unknown = JSONObject()

    public init() {}
    public mutating func fields(_ f: inout FieldCoder) {
      f.code("type", &type)
      f.code("rollingUpdate", &rollingUpdate)
    }
  }

  public struct Status: JSONStruct, Hashable {
    public var currentNumberScheduled = 0
    public var numberMisscheduled = 0
    public var desiredNumberScheduled = 0
    public var numberReady = 0
    public var observedGeneration = 0
    public var updatedNumberScheduled = 0
    public var numberAvailable = 0
    public var numberUnavailable = 0
    public var collisionCount: Int?
    public var conditions: [Condition] = []
    public var unknown = JSONObject()

    public init() {}
    public mutating func fields(_ f: inout FieldCoder) {
      f.code("currentNumberScheduled", &currentNumberScheduled, always: true)
      f.code("numberMisscheduled", &numberMisscheduled, always: true)
      f.code("desiredNumberScheduled", &desiredNumberScheduled, always: true)
      f.code("numberReady", &numberReady, always: true)
      f.code("observedGeneration", &observedGeneration)
      f.code("updatedNumberScheduled", &updatedNumberScheduled)
      f.code("numberAvailable", &numberAvailable)
      f.code("numberUnavailable", &numberUnavailable)
      f.code("collisionCount", &collisionCount)
      f.code("conditions", &conditions)
    }
  }
}

/// apps/v1 ControllerRevision: a template that a DaemonSet or a StatefulSet had once.
public struct ControllerRevision: KubernetesObject, Hashable {
  public static var resource: ResourceType { .controllerRevisions }
  public var metadata = ObjectMeta()
  /// A patch of the owner: `{"spec":{"template":{…,"$patch":"replace"}}}`.
  public var data: JSONValue = [:]
  public var revision = 0
  public var unknown = JSONObject()

  public init() {}
  public mutating func fields(_ f: inout FieldCoder) {
    header(&f)
    f.code("data", &data)
    f.code("revision", &revision, always: true)
  }
}
