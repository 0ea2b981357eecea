/// What was recorded of one push: the load at the edge before, while and after its recipients answered.
public struct CampaignRecording: Sendable {
  /// One of the platform's kinds.
  public var kind: String
  public var audience: Int
  /// By the series' clock.
  public var sentAtSeconds: Double
  /// Requests per second at the edge.
  public var load: Series
  /// Each value of the series is the mean of so many seconds before it, as `rate(…[1m])` gives it; 0 for values of
  /// their moment.
  public var windowSeconds: Double

  public init(kind: String, audience: Int, sentAtSeconds: Double, load: Series, windowSeconds: Double = 0) {
    self.kind = kind
    self.audience = audience
    self.sentAtSeconds = sentAtSeconds
    self.load = load
    self.windowSeconds = windowSeconds
  }
}

/// What was recorded of one service under load.
public struct CapacityRecording: Sendable {
  public var service: String
  /// That came to the service, per second.
  public var requests: Series
  /// Of them, those that failed.
  public var failed: Series
  public var readyPods: Series

  public init(service: String, requests: Series, failed: Series, readyPods: Series) {
    self.service = service
    self.requests = requests
    self.failed = failed
    self.readyPods = readyPods
  }
}

/// A stage of the way from a decision to capacity, as `platform.yaml` has it in `pushes.lead`.
public enum LeadStage: String, Sendable, CaseIterable {
  case schedule, imagePull, start, ready, node
}

/// How far a figure that was learned may be trusted.
public struct Confidence: Sendable, Hashable {
  public enum Grade: String, Sendable, Comparable {
    case low, medium, high
    public static func < (left: Grade, right: Grade) -> Bool { left.rank < right.rank }
    private var rank: Int {
      switch self {
      case .low: 0
      case .medium: 1
      case .high: 2
      }
    }
  }
  public private(set) var grade = Grade.high
  /// Why it is no higher.
  public private(set) var reasons: [String] = []

  /// - Parameter grade: at most this from now on.
  mutating func lower(to grade: Grade, _ reason: String) {
    self.grade = min(self.grade, grade)
    reasons.append(reason)
  }
}
