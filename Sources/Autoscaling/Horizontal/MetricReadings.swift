import Kubernetes

/// Values of Object and External metrics, which no pod carries; whoever measures them sets them before each sync.
public struct MetricReadings: Sendable, Hashable {
  public struct ObjectKey: Sendable, Hashable {
    public var namespace: String
    public var kind: String
    public var name: String
    public var metric: String

    public init(namespace: String, kind: String, name: String, metric: String) {
      self.namespace = namespace
      self.kind = kind
      self.name = name
      self.metric = metric
    }
  }

  public var objects: [ObjectKey: Double] = [:]
  /// By namespace and metric name: the values that are summed.
  public var external: [NamespacedName: [Double]] = [:]

  public init() {}

  func object(_ metric: NamedMetric, in namespace: String) throws(MetricProblem) -> Int64 {
    let described = metric.describedObject ?? CrossVersionObjectReference()
    let key = ObjectKey(namespace: namespace, kind: described.kind, name: described.name, metric: metric.metric.name)
    guard let value = objects[key] else {
      throw MetricProblem(
        "unable to get metric \(metric.metric.name): no metrics returned from custom metrics API on "
          + "\(described.kind) \(namespace)/\(described.name)")
    }
    return PodSamples.milli(value)
  }

  func external(_ metric: NamedMetric, in namespace: String) throws(MetricProblem) -> Int64 {
    guard let values = external[NamespacedName(namespace, metric.metric.name)], !values.isEmpty else {
      throw MetricProblem(
        "unable to get external metric \(namespace)/\(metric.metric.name): "
          + "no metrics returned from external metrics API")
    }
    return values.reduce(0) { sum, value in
      let (total, overflow) = sum.addingReportingOverflow(PodSamples.milli(value))
      return overflow ? .max : total
    }
  }
}
