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

/// What an instance type costs an hour, from a dated table.
public struct PriceTable: Sendable, Hashable {
  public struct Price: Sendable, Hashable {
    public var onDemandPerHour: Double
    public var spotPerHour: Double

    public init(onDemandPerHour: Double, spotPerHour: Double) {
      self.onDemandPerHour = onDemandPerHour
      self.spotPerHour = spotPerHour
    }
  }

  /// As the table states it, such as `2026-11-01`.
  public var date: String
  public var region: String
  public var byInstanceType: [String: Price]

  public init(date: String, region: String, byInstanceType: [String: Price]) {
    self.date = date
    self.region = region
    self.byInstanceType = byInstanceType
  }
}
