import Autoscaling
import Kubernetes

/// One service in the course of a rehearsal.
struct ServiceState {
  let key: NamespacedName
  let behavior: PodBehavior
  let shape: PodShape
  let kind: Int
  let requestMillicores: Int64
  let requestMemoryMilli: Int64
  let declared: Int
  let maximum: Int
  let budget: DisruptionRule?
  /// Of its containers in the order in which they start, by numbers that all services share.
  let images: [Int]
  /// What its autoscaler looks at.
  let metrics: [ScaledMetric]
  let calculator: ReplicaCalculator
  let scaling: ScalingBehavior?

  var minimum: Int
  /// What a scheduled scaler asks for beside.
  var scheduled = 0
  var replicas: Int
  /// Pods that are not ending, older ones first.
  var pods: [Int] = []
  var pending: [Int] = []
  var ready = 0
  /// What its disruption budget was worked out from last.
  var budgeted = (replicas: -1, ready: -1)
  var history = ScalingHistory()
  /// What was measured at the last syncs, the newest last.
  var samples: [Sample] = []

  /// What had come to a service by a moment, and which pods took it.
  struct Sample {
    var seconds: Double
    var tries: Double
    var ready: Int
  }

  /// The last two, where there are two.
  var lastSamples: (before: Sample, last: Sample)? {
    samples.count > 1 ? (samples[samples.count - 2], samples[samples.count - 1]) : nil
  }

  /// A metric of its autoscaler that is rehearsed.
  struct ScaledMetric {
    enum Source { case requests, cpu, memory }
    var source: Source
    var target: ReplicaCalculator.Target
    var name: String
  }
}

/// How many pods of a service may be missing.
struct DisruptionRule {
  let minAvailable: IntOrString?
  let maxUnavailable: IntOrString?

  init?(_ budget: PodDisruptionBudget?) {
    guard let budget else { return nil }
    minAvailable = budget.spec.minAvailable
    maxUnavailable = budget.spec.maxUnavailable
  }

  /// As the disruption controller has it (pkg/controller/disruption): percentages are rounded up.
  func allowed(expected: Int, healthy: Int) -> Int {
    let desired: Int
    if let most = maxUnavailable?.resolved(of: expected, roundingUp: true) {
      desired = max(expected - most, 0)
    } else {
      desired = minAvailable?.resolved(of: expected, roundingUp: true) ?? 0
    }
    return expected > 0 ? max(healthy - desired, 0) : 0
  }
}

extension ServiceState {
  init(
    _ service: RehearsedService, shape: PodShape, kind: Int, images: [Int],
    _ configuration: HorizontalDecision.Configuration
  ) throws(Rehearsal.Impossible) {
    let autoscaler = service.autoscaler
    key = service.key
    behavior = service.behavior
    self.shape = shape
    self.kind = kind
    self.images = images
    requestMillicores = shape.requests.cpuMillicores
    requestMemoryMilli = shape.requests.memoryBytes &* 1000
    declared = autoscaler.spec.minReplicas ?? 1
    maximum = autoscaler.spec.maxReplicas
    budget = DisruptionRule(service.disruptionBudget)
    var metrics: [ScaledMetric] = []
    for metric in autoscaler.spec.metrics { metrics.append(try Self.metric(metric, of: service.key)) }
    self.metrics = metrics
    calculator = configuration.calculator(for: autoscaler.spec.behavior)
    scaling = autoscaler.spec.behavior.map {
      ScalingBehavior($0, downscaleSeconds: configuration.downscaleStabilization)
    }
    minimum = declared
    replicas = declared
  }

  /// How long an ending pod takes its room: its sidecar drains, then both stop.
  static let endSeconds = 5.0

  private static func metric(_ metric: MetricSpec, of service: NamespacedName) throws(Rehearsal.Impossible)
    -> ScaledMetric
  {
    if let resource = metric.resource, let source = ["cpu": ScaledMetric.Source.cpu, "memory": .memory][resource.name] {
      if let average = resource.target.averageValue {
        return ScaledMetric(source: source, target: .average(milli: max(average.milliValue, 1)), name: resource.name)
      }
      return ScaledMetric(
        source: source, target: .utilization(percent: max(resource.target.averageUtilization ?? 1, 1)),
        name: resource.name)
    }
    if let pods = metric.pods, pods.metric.name == "requests_per_second", let average = pods.target.averageValue {
      return ScaledMetric(source: .requests, target: .average(milli: max(average.milliValue, 1)), name: "requests")
    }
    throw Rehearsal.Impossible(
      description: "\(service): an autoscaler on a metric of type \(metric.type) is not rehearsed; there are cpu, "
        + "memory and requests_per_second of pods")
  }
}
