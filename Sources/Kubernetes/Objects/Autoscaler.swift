/// autoscaling/v2 HorizontalPodAutoscaler.
public struct HorizontalPodAutoscaler: KubernetesObject, Hashable {
  public static var resource: ResourceType { .horizontalPodAutoscalers }
  public var metadata = ObjectMeta()
  public var spec = AutoscalerSpec()
  public var status = AutoscalerStatus()
  public var unknown = JSONObject()

  public init() {}
  public mutating func fields(_ f: inout FieldCoder) {
    header(&f)
    f.code("spec", &spec)
    f.code("status", &status)
  }
}

public struct AutoscalerSpec: JSONStruct, Hashable {
  public var scaleTargetRef = CrossVersionObjectReference()
  public var minReplicas: Int?
  public var maxReplicas = 0
  public var metrics: [MetricSpec] = []
  public var behavior: AutoscalerBehavior?
  public var unknown = JSONObject()

  public init() {}
  public mutating func fields(_ f: inout FieldCoder) {
    f.code("scaleTargetRef", &scaleTargetRef)
    f.code("minReplicas", &minReplicas)
    f.code("maxReplicas", &maxReplicas)
    f.code("metrics", &metrics)
    f.code("behavior", &behavior)
  }
}

public struct CrossVersionObjectReference: JSONStruct, Hashable {
  public var apiVersion = ""
  public var kind = ""
  public var name = ""
  public var unknown = JSONObject()

  public init() {}
  public mutating func fields(_ f: inout FieldCoder) {
    f.code("apiVersion", &apiVersion)
    f.code("kind", &kind)
    f.code("name", &name)
  }
}

public struct MetricSpec: JSONStruct, Hashable {
  public var type = ""  // Resource, ContainerResource, Pods, Object, External
  public var resource: ResourceMetric?
  public var containerResource: ResourceMetric?
  public var pods: NamedMetric?
  public var object: NamedMetric?
  public var external: NamedMetric?
  public var unknown = JSONObject()

  public init() {}
  public mutating func fields(_ f: inout FieldCoder) {
    f.code("type", &type)
    f.code("resource", &resource)
    f.code("containerResource", &containerResource)
    f.code("pods", &pods)
    f.code("object", &object)
    f.code("external", &external)
  }
}

public struct ResourceMetric: JSONStruct, Hashable {
  public var name = ""  // cpu, memory
  public var container = ""
  public var target = MetricTarget()
  public var unknown = JSONObject()

  public init() {}
  public mutating func fields(_ f: inout FieldCoder) {
    f.code("name", &name)
    f.code("container", &container)
    f.code("target", &target)
  }
}

public struct NamedMetric: JSONStruct, Hashable {
  public var metric = MetricIdentifier()
  public var describedObject: CrossVersionObjectReference?
  public var target = MetricTarget()
  public var unknown = JSONObject()

  public init() {}
  public mutating func fields(_ f: inout FieldCoder) {
    f.code("metric", &metric)
    f.code("describedObject", &describedObject)
    f.code("target", &target)
  }
}

public struct MetricIdentifier: JSONStruct, Hashable {
  public var name = ""
  public var selector: LabelSelector?
  public var unknown = JSONObject()

  public init() {}
  public mutating func fields(_ f: inout FieldCoder) {
    f.code("name", &name)
    f.code("selector", &selector)
  }
}

public struct MetricTarget: JSONStruct, Hashable {
  public var type = ""  // Utilization, Value, AverageValue
  public var value: Quantity?
  public var averageValue: Quantity?
  public var averageUtilization: Int?
  public var unknown = JSONObject()

  public init() {}
  public mutating func fields(_ f: inout FieldCoder) {
    f.code("type", &type)
    f.code("value", &value)
    f.code("averageValue", &averageValue)
    f.code("averageUtilization", &averageUtilization)
  }
}

public struct AutoscalerBehavior: JSONStruct, Hashable {
  public var scaleUp: ScalingRules?
  public var scaleDown: ScalingRules?
  public var unknown = JSONObject()

  public init() {}
  public mutating func fields(_ f: inout FieldCoder) {
    f.code("scaleUp", &scaleUp)
    f.code("scaleDown", &scaleDown)
  }
}

public struct ScalingRules: JSONStruct, Hashable {
  public var stabilizationWindowSeconds: Int?
  public var selectPolicy: String?  // Max, Min, Disabled
  public var policies: [ScalingPolicy]?
  public var tolerance: Quantity?
  public var unknown = JSONObject()

  public init() {}
  public mutating func fields(_ f: inout FieldCoder) {
    f.code("stabilizationWindowSeconds", &stabilizationWindowSeconds)
    f.code("selectPolicy", &selectPolicy)
    f.code("policies", &policies)
    f.code("tolerance", &tolerance)
  }
}

public struct ScalingPolicy: JSONStruct, Hashable {
  public var type = ""  // Pods, Percent
  public var value = 0
  public var periodSeconds = 0
  public var unknown = JSONObject()

  public init() {}
  public init(_ type: String, _ value: Int, periodSeconds: Int) {
    self.type = type
    self.value = value
    self.periodSeconds = periodSeconds
  }
  public mutating func fields(_ f: inout FieldCoder) {
    f.code("type", &type)
    f.code("value", &value)
    f.code("periodSeconds", &periodSeconds)
  }
}

public struct AutoscalerStatus: JSONStruct, Hashable {
  public var observedGeneration: Int?
  public var lastScaleTime: Timestamp?
  public var currentReplicas = 0
  public var desiredReplicas = 0
  public var currentMetrics: [JSONValue] = []
  public var conditions: [Condition] = []
  public var unknown = JSONObject()

  public init() {}
  public mutating func fields(_ f: inout FieldCoder) {
    f.code("observedGeneration", &observedGeneration)
    f.code("lastScaleTime", &lastScaleTime)
    f.code("currentReplicas", &currentReplicas)
    f.code("desiredReplicas", &desiredReplicas, always: true)
    f.code("currentMetrics", &currentMetrics)
    f.code("conditions", &conditions)
  }
}
