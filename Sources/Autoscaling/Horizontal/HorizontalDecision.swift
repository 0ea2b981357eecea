import Kubernetes

/// The HorizontalPodAutoscaler of Kubernetes 1.36 as a decision, called once a sync.
///
/// It reads autoscalers, their targets, the targets' pods and `view.metrics`; it patches the targets' `scale` and the
/// autoscalers' `status`, and tells why in events. What it remembers of an autoscaler is bounded and goes with it.
public struct HorizontalDecision: Decision {
  public static let component = "horizontal-pod-autoscaler"

  public var configuration: Configuration
  /// Object and External metrics, set by the caller.
  public var readings = MetricReadings()
  private var histories: [NamespacedName: Memory] = [:]

  /// An autoscaler made anew under an old name starts with an empty memory.
  private struct Memory {
    var uid: String
    var history = ScalingHistory()
  }

  public init(configuration: Configuration = Configuration()) { self.configuration = configuration }

  public mutating func reconcile(_ view: ClusterView, at now: Timestamp) -> [Change] {
    for key in histories.keys where view.autoscalers[key] == nil { histories[key] = nil }
    var changes: [Change] = []
    for key in view.autoscalers.keys.sorted() {
      guard let autoscaler = view.autoscalers[key], autoscaler.metadata.deletionTimestamp == nil else { continue }
      var memory = histories[key] ?? Memory(uid: autoscaler.metadata.uid)
      if memory.uid != autoscaler.metadata.uid { memory = Memory(uid: autoscaler.metadata.uid) }
      var sync = AutoscalerSync(autoscaler, view, readings, configuration, memory.history, at: now)
      sync.run()
      memory.history = sync.history
      histories[key] = memory
      changes += sync.changes
    }
    return changes
  }

  /// What is remembered of one autoscaler.
  public func history(of autoscaler: NamespacedName) -> ScalingHistory? { histories[autoscaler]?.history }
}
