import Kubernetes

/// What one autoscaler remembers: what was recommended, and what was done.
public struct ScalingHistory: Sendable, Hashable {
  public struct Recommendation: Sendable, Hashable {
    public var at: Timestamp
    public var replicas: Int
    public init(at: Timestamp, replicas: Int) {
      self.at = at
      self.replicas = replicas
    }
  }
  /// By how many replicas the target grew or shrank; always positive.
  public struct Step: Sendable, Hashable {
    public var at: Timestamp
    public var change: Int
    public init(at: Timestamp, change: Int) {
      self.at = at
      self.change = change
    }
  }

  /// A window of an hour at a sync every four seconds.
  public static let entriesMax = 1024

  public var recommendations: [Recommendation]
  public var ups: [Step]
  public var downs: [Step]

  public init(recommendations: [Recommendation] = [], ups: [Step] = [], downs: [Step] = []) {
    self.recommendations = recommendations
    self.ups = ups
    self.downs = downs
  }

  /// Replicas added less replicas removed within the last `seconds`.
  func netChange(within seconds: Double, at now: Timestamp) -> Int {
    let cutoff = now - seconds
    func total(_ steps: [Step]) -> Int { steps.reduce(0) { $1.at > cutoff ? $0 + $1.change : $0 } }
    return total(ups) - total(downs)
  }

  mutating func recommend(_ replicas: Int, at now: Timestamp, forgettingBefore cutoff: Timestamp) {
    // They came in the order of time.
    recommendations.removeFirst(recommendations.prefix { $0.at < cutoff }.count)
    recommendations.append(Recommendation(at: now, replicas: replicas))
    if recommendations.count > Self.entriesMax { recommendations.removeFirst(recommendations.count - Self.entriesMax) }
  }

  /// Remembers a step for as long as rules of `behavior` may ask for it.
  public mutating func record(from old: Int, to new: Int, within behavior: ScalingBehavior, at now: Timestamp) {
    let longest = max(behavior.up.longestPeriodSeconds, behavior.down.longestPeriodSeconds)
    record(from: old, to: new, at: now, forgettingBefore: now - longest)
  }

  private mutating func record(from old: Int, to new: Int, at now: Timestamp, forgettingBefore cutoff: Timestamp) {
    func kept(_ steps: [Step], adding change: Int) -> [Step] {
      var steps = steps.filter { $0.at >= cutoff }
      if change > 0 { steps.append(Step(at: now, change: change)) }
      return Array(steps.suffix(Self.entriesMax))
    }
    ups = kept(ups, adding: new - old)
    downs = kept(downs, adding: old - new)
  }
}
