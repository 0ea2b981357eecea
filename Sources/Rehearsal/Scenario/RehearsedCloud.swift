public import Kubernetes

/// Where nodes come from, how long they take, and what they cost.
public struct RehearsedCloud: Sendable {
  /// `pricePerHour` stands in each group: from the table of prices, or as the platform declares it.
  public var groups: [NodeGroup]
  public var zones: [String]
  /// Boot times vary by so much in both directions.
  public var bootJitter: Double
  /// From the notice to the end of an interrupted spot node.
  public var interruptionNoticeSeconds: Double
  /// How old what the HPA reads is.
  public var metricsDelaySeconds: Double

  public init(
    groups: [NodeGroup], zones: [String] = ["a", "b", "c"], bootJitter: Double = 0.1,
    interruptionNoticeSeconds: Double = 120, metricsDelaySeconds: Double = 15
  ) {
    self.groups = groups
    self.zones = zones
    self.bootJitter = bootJitter
    self.interruptionNoticeSeconds = interruptionNoticeSeconds
    self.metricsDelaySeconds = metricsDelaySeconds
  }
}
