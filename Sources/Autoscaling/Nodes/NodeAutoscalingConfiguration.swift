extension NodeAutoscalingDecision {
  /// How node groups grow and shrink. Periods in seconds; the defaults are cluster-autoscaler's.
  public struct Configuration: Sendable, Hashable {
    /// Which of several ways to help pending pods is taken. What the pods prefer of nodes always goes first.
    public enum Expander: Sendable, Hashable {
      /// The lowest price for what is placed, then the least waste.
      case price
      /// The fullest new nodes, then the price.
      case leastWaste
      /// Spot where the pods may run there, then the price.
      case spotPreferred
    }

    /// Between two looks at what is unneeded. Growing never waits.
    public var scanPeriodSeconds = 10.0
    /// How long a node must be unneeded before it goes.
    public var unneededSeconds = 600.0
    /// No shrinking for so long after growing …
    public var afterAddSeconds = 600.0
    /// … and after a drain that failed.
    public var afterFailureSeconds = 180.0
    /// Of requests over allocatable, processor or memory, whichever is more.
    public var utilizationThreshold = 0.5
    /// The age that a pod must have before nodes are added for it.
    public var newPodScaleUpDelaySeconds = 0.0
    public var maxNodesPerScaleUp = 1000
    /// A node that has not come after so long is not coming.
    public var provisionTimeoutSeconds = 900.0
    public var initialBackoffSeconds = 300.0
    public var maximumBackoffSeconds = 1800.0
    /// How long a drain may take.
    public var drainTimeoutSeconds = 900.0
    /// How long a request that the view does not show yet is taken as done.
    public var assumeSeconds = 30.0
    public var expander = Expander.price
    /// Nodes leaving at once, empty or not.
    public var maximumLeaving = 10
    /// Nodes being emptied at once.
    public var maximumDrains = 1
    /// Nodes with pods for which a place elsewhere is looked for in one scan.
    public var simulatedCandidates = 30
    /// How long a node whose pods fit nowhere else, and that does not change, is not looked at again.
    public var refusalSeconds = 300.0
    /// Whether pods are moved to cheaper nodes where that saves something, also from nodes that are used well.
    public var consolidates = true
    /// Between two looks at that.
    public var consolidationSeconds = 20.0
    /// Not for so long after a push, as pods still become fewer: five minutes is an autoscaler's stabilization.
    public var afterPushSeconds = 420.0
    /// The least part of a node's price that its replacement must save.
    public var savingMin = 0.15
    /// Only pods of which there are so many are moved for that.
    public var movedReplicasMin = 2
    /// For so long after a push let its nodes go, empty ones of them …
    public var releasedSeconds = 2400.0
    /// … go when they have been unneeded for so long: who held them knows that they are not needed.
    public var releasedUnneededSeconds = 30.0
    /// Volumes that tie a pod to its node: `hostPath`, `emptyDir`.
    public var blockingVolumes: Set<String> = ["hostPath"]
    /// Pods below this priority do not make nodes.
    public var expendablePriority = -10
    /// Pods that name another scheduler are left alone.
    public var schedulerNames: Set<String> = ["", "default-scheduler", "sakigake"]
    /// The name in events.
    public var component = "node-autoscaler"

    public init() {}

    /// The same with every period divided by `speed`.
    public func scaled(by speed: Double) -> Configuration {
      var scaled = self
      for period in Self.periods { scaled[keyPath: period] /= speed }
      return scaled
    }

    private static var periods: [WritableKeyPath<Configuration, Double>] {
      [
        \.scanPeriodSeconds, \.unneededSeconds, \.afterAddSeconds, \.afterFailureSeconds, \.newPodScaleUpDelaySeconds,
        \.provisionTimeoutSeconds, \.initialBackoffSeconds, \.maximumBackoffSeconds, \.drainTimeoutSeconds,
        \.assumeSeconds, \.refusalSeconds, \.consolidationSeconds, \.afterPushSeconds, \.releasedSeconds,
        \.releasedUnneededSeconds,
      ]
    }
  }
}
