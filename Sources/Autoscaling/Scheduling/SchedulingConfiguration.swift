extension SchedulingDecision {
  /// How pods are scheduled. Periods in seconds.
  public struct Configuration: Sendable, Hashable {
    /// Pods that name another scheduler are left alone.
    public var schedulerNames: Set<String> = ["", "default-scheduler", "sakigake"]
    /// How long a binding, a message or a preemption that the view does not show yet is taken as done.
    public var assumeSeconds = 30.0
    /// See `Scheduler.Options`.
    public var percentageOfNodesToScore = 0
    /// Tells equal nodes apart.
    public var seed: UInt64 = 0
    /// The rest waits for the next pass.
    public var podsPerPass = 10_000
    public var preemptionsPerPass = 50
    public var softSpreading = true
    /// The name in events.
    public var component = "default-scheduler"

    public init() {}

    var options: Scheduler.Options {
      var options = Scheduler.Options()
      options.percentageOfNodesToScore = percentageOfNodesToScore
      options.seed = seed
      options.softSpreading = softSpreading
      return options
    }

    /// The same with every period divided by `speed`.
    public func scaled(by speed: Double) -> Configuration {
      var scaled = self
      scaled.assumeSeconds /= speed
      return scaled
    }
  }
}
