public import Autoscaling
public import Kubernetes

/// What is rehearsed: a fleet, the cloud that it runs on, and everything that will happen to both from outside.
///
/// A scenario is complete: with the same scenario, strategy and seed a rehearsal gives the same bytes.
public struct Scenario: Sendable {
  public var name: String
  /// The moment at which the rehearsal begins.
  public var start: Timestamp
  public var durationSeconds: Double
  public var services: [RehearsedService]
  public var cloud: RehearsedCloud
  /// What comes from outside to each exposed service, requests per second.
  public var load: [NamespacedName: LoadCurve]
  /// In the order of `sendAt`.
  public var pushes: [ScheduledPush]
  /// In the order of `at`.
  public var troubles: [Trouble]
  /// What the prescaler is told.
  public var prescaling: PrescalingDecision.Configuration
  public var objective: Objective

  public init(
    name: String, start: Timestamp, durationSeconds: Double, services: [RehearsedService], cloud: RehearsedCloud,
    load: [NamespacedName: LoadCurve], pushes: [ScheduledPush] = [], troubles: [Trouble] = [],
    prescaling: PrescalingDecision.Configuration = .init(), objective: Objective = .init()
  ) {
    self.name = name
    self.start = start
    self.durationSeconds = durationSeconds
    self.services = services
    self.cloud = cloud
    self.load = load
    self.pushes = pushes
    self.troubles = troubles
    self.prescaling = prescaling
    self.objective = objective
  }

  /// A minute is outside the objective where a greater share of its requests fails.
  public struct Objective: Sendable, Hashable {
    /// 0 to 1.
    public var successRateMin: Double

    public init(successRateMin: Double = 0.999) { self.successRateMin = successRateMin }
  }
}

/// A push in the calendar.
public struct ScheduledPush: Sendable, Hashable {
  public var name: String
  public var namespace: String
  public var sendAt: Timestamp
  /// When the platform hears of it: a surprise is announced at `sendAt`.
  public var announcedAt: Timestamp
  public var audience: Int
  /// One of the platform's kinds; empty for the default one.
  public var kind: String
  /// The exposed services that the crowd opens; none for every exposed one that pushes drive.
  public var services: [String]
  /// What the crowd really does, where it differs from what the platform expects of the kind.
  public var response: PrescalingDecision.Configuration.Kind?

  public init(
    name: String, namespace: String = "default", sendAt: Timestamp, announcedAt: Timestamp, audience: Int,
    kind: String = "", services: [String] = [], response: PrescalingDecision.Configuration.Kind? = nil
  ) {
    self.name = name
    self.namespace = namespace
    self.sendAt = sendAt
    self.announcedAt = announcedAt
    self.audience = audience
    self.kind = kind
    self.services = services
    self.response = response
  }
}
