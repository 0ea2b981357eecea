/// apps/v1 Deployment.
public struct Deployment: KubernetesObject, Hashable {
  public static var resource: ResourceType { .deployments }
  public var metadata = ObjectMeta()
  public var spec = DeploymentSpec()
  public var status = DeploymentStatus()
  public var unknown = JSONObject()

  public init() {}
  public mutating func fields(_ f: inout FieldCoder) {
    header(&f)
    f.code("spec", &spec)
    f.code("status", &status)
  }
}

public struct DeploymentSpec: JSONStruct, Hashable {
  public var replicas: Int?
  public var selector = LabelSelector()
  public var template = PodTemplate()
  public var strategy = DeploymentStrategy()
  public var minReadySeconds = 0
  public var revisionHistoryLimit: Int?
  public var paused = false
  public var progressDeadlineSeconds: Int?
  public var unknown = JSONObject()

  public init() {}
  public mutating func fields(_ f: inout FieldCoder) {
    f.code("replicas", &replicas)
    f.code("selector", &selector)
    f.code("template", &template)
    f.code("strategy", &strategy)
    f.code("minReadySeconds", &minReadySeconds)
    f.code("revisionHistoryLimit", &revisionHistoryLimit)
    f.code("paused", &paused)
    f.code("progressDeadlineSeconds", &progressDeadlineSeconds)
  }
}

public struct DeploymentStrategy: JSONStruct, Hashable {
  public var type = ""  // RollingUpdate (when empty), Recreate
  public var rollingUpdate: RollingUpdate?
  public var unknown = JSONObject()

  public init() {}
  public mutating func fields(_ f: inout FieldCoder) {
    f.code("type", &type)
    f.code("rollingUpdate", &rollingUpdate)
  }

  public struct RollingUpdate: JSONStruct, Hashable {
    public var maxUnavailable: IntOrString?
    public var maxSurge: IntOrString?
    public var unknown = JSONObject()
    public init() {}
    public mutating func fields(_ f: inout FieldCoder) {
      f.code("maxUnavailable", &maxUnavailable)
      f.code("maxSurge", &maxSurge)
    }
  }
}

public struct DeploymentStatus: JSONStruct, Hashable {
  public var observedGeneration = 0
  public var replicas = 0
  public var updatedReplicas = 0
  public var readyReplicas = 0
  public var availableReplicas = 0
  public var unavailableReplicas = 0
  public var conditions: [Condition] = []
  public var unknown = JSONObject()

  public init() {}
  public mutating func fields(_ f: inout FieldCoder) {
    f.code("observedGeneration", &observedGeneration)
    f.code("replicas", &replicas)
    f.code("updatedReplicas", &updatedReplicas)
    f.code("readyReplicas", &readyReplicas)
    f.code("availableReplicas", &availableReplicas)
    f.code("unavailableReplicas", &unavailableReplicas)
    f.code("conditions", &conditions)
  }
}

/// apps/v1 ReplicaSet.
public struct ReplicaSet: KubernetesObject, Hashable {
  public static var resource: ResourceType { .replicaSets }
  public var metadata = ObjectMeta()
  public var spec = ReplicaSetSpec()
  public var status = ReplicaSetStatus()
  public var unknown = JSONObject()

  public init() {}
  public mutating func fields(_ f: inout FieldCoder) {
    header(&f)
    f.code("spec", &spec)
    f.code("status", &status)
  }
}

public struct ReplicaSetSpec: JSONStruct, Hashable {
  public var replicas: Int?
  public var minReadySeconds = 0
  public var selector = LabelSelector()
  public var template = PodTemplate()
  public var unknown = JSONObject()

  public init() {}
  public mutating func fields(_ f: inout FieldCoder) {
    f.code("replicas", &replicas)
    f.code("minReadySeconds", &minReadySeconds)
    f.code("selector", &selector)
    f.code("template", &template)
  }
}

public struct ReplicaSetStatus: JSONStruct, Hashable {
  public var replicas = 0
  public var fullyLabeledReplicas = 0
  public var readyReplicas = 0
  public var availableReplicas = 0
  public var observedGeneration = 0
  public var conditions: [Condition] = []
  public var unknown = JSONObject()

  public init() {}
  public mutating func fields(_ f: inout FieldCoder) {
    f.code("replicas", &replicas, always: true)
    f.code("fullyLabeledReplicas", &fullyLabeledReplicas)
    f.code("readyReplicas", &readyReplicas)
    f.code("availableReplicas", &availableReplicas)
    f.code("observedGeneration", &observedGeneration)
    f.code("conditions", &conditions)
  }
}

/// policy/v1 PodDisruptionBudget.
public struct PodDisruptionBudget: KubernetesObject, Hashable {
  public static var resource: ResourceType { .podDisruptionBudgets }
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
    public var minAvailable: IntOrString?
    public var maxUnavailable: IntOrString?
    public var selector: LabelSelector?
    public var unhealthyPodEvictionPolicy = ""
    public var unknown = JSONObject()
    public init() {}
    public mutating func fields(_ f: inout FieldCoder) {
      f.code("minAvailable", &minAvailable)
      f.code("selector", &selector)
      f.code("maxUnavailable", &maxUnavailable)
      f.code("unhealthyPodEvictionPolicy", &unhealthyPodEvictionPolicy)
    }
  }

  public struct Status: JSONStruct, Hashable {
    public var observedGeneration = 0
    public var disruptedPods: [String: Timestamp] = [:]
    public var disruptionsAllowed = 0
    public var currentHealthy = 0
    public var desiredHealthy = 0
    public var expectedPods = 0
    public var conditions: [Condition] = []
    public var unknown = JSONObject()
    public init() {}
    public mutating func fields(_ f: inout FieldCoder) {
      f.code("observedGeneration", &observedGeneration)
      f.code("disruptedPods", &disruptedPods)
      f.code("disruptionsAllowed", &disruptionsAllowed, always: true)
      f.code("currentHealthy", &currentHealthy, always: true)
      f.code("desiredHealthy", &desiredHealthy, always: true)
      f.code("expectedPods", &expectedPods, always: true)
      f.code("conditions", &conditions)
    }
  }
}
