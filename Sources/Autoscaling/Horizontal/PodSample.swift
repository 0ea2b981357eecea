import Kubernetes

/// What one pod used of one metric, in thousandths of its unit.
public struct PodSample: Sendable, Hashable {
  public var milli: Int64
  public var at: Timestamp
  public var windowSeconds: Double

  public init(milli: Int64, at: Timestamp, windowSeconds: Double) {
    self.milli = milli
    self.at = at
    self.windowSeconds = windowSeconds
  }
}

/// Why a metric gives no count; the message is what `kubectl describe hpa` shows.
public struct MetricProblem: Error, Sendable, Hashable, CustomStringConvertible {
  public var message: String
  public init(_ message: String) { self.message = message }
  public var description: String { message }
}

/// Samples by pod name, picked out of what was measured.
///
/// The rules are those of the HPA's own metrics client (pkg/controller/podautoscaler/metrics/client.go).
public enum PodSamples {
  /// The usage of a pod, or of one container in each where `container` is not empty.
  ///
  /// A pod without containers in its metrics has no sample. A pod that lacks the named container has none either;
  /// when no pod at all has it, that is a problem.
  public static func resource(
    _ resource: String, container: String, of pods: [Pod], in metrics: ClusterView.Metrics
  ) throws(MetricProblem) -> [String: PodSample] {
    var samples: [String: PodSample] = [:]
    var measured = 0
    var lacking: NamespacedName?
    for pod in pods {
      guard let metric = metrics.pods[pod.key] else { continue }
      measured += 1
      let usages: [ClusterView.Usage]
      if container.isEmpty {
        usages = Array(metric.containers.values)
      } else if let usage = metric.containers[container] {
        usages = [usage]
      } else {
        lacking = lacking ?? pod.key
        continue
      }
      guard !usages.isEmpty, let amount = sum(usages, of: resource) else { continue }
      samples[pod.metadata.name] = PodSample(milli: amount, at: metric.at, windowSeconds: metric.windowSeconds)
    }
    guard measured > 0 else { throw MetricProblem("no metrics returned from resource metrics API") }
    if samples.isEmpty, let lacking {
      throw MetricProblem(
        "failed to get container metrics: container \(container) not present in metrics for pod \(lacking)")
    }
    return samples
  }

  /// A custom metric such as `requests_per_second`.
  public static func custom(_ name: String, of pods: [Pod], in metrics: ClusterView.Metrics) throws(MetricProblem)
    -> [String: PodSample]
  {
    var samples: [String: PodSample] = [:]
    for pod in pods {
      guard let metric = metrics.pods[pod.key], let value = metric.custom[name] else { continue }
      samples[pod.metadata.name] = PodSample(milli: milli(value), at: metric.at, windowSeconds: metric.windowSeconds)
    }
    guard !samples.isEmpty else { throw MetricProblem("no metrics returned from custom metrics API") }
    return samples
  }

  private static func sum(_ usages: [ClusterView.Usage], of resource: String) -> Int64? {
    switch resource {
    case "cpu": usages.reduce(0) { $0 + $1.cpuMillicores }
    case "memory": usages.reduce(0) { $0 + $1.memoryBytes } &* 1000
    default: nil
    }
  }

  /// A value in thousandths, rounded up as quantities are, within 64 bits.
  static func milli(_ value: Double) -> Int64 {
    let scaled = (value * 1000).rounded(.up)
    if scaled.isNaN { return 0 }
    return scaled >= 9.2e18 ? .max : scaled <= -9.2e18 ? .min : Int64(scaled)
  }
}
