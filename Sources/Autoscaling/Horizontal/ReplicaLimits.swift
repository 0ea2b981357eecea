import Kubernetes

/// From the count that the metrics ask for to the count that is set: stabilization, rates, minimum and maximum.
///
/// As in pkg/controller/podautoscaler/horizontal.go; reasons are upstream's, as people search for them.
public enum ReplicaLimits {
  public struct Limited: Sendable, Hashable {
    public var replicas: Int
    public var reason: String
    public var message: String
  }
  public struct Stabilized: Sendable, Hashable {
    public var replicas: Int
    public var reason: String
    public var message: String
  }

  private static let tooMany = (
    reason: "TooManyReplicas", message: "the desired replica count is more than the maximum replica count"
  )
  private static let tooFew = (
    reason: "TooFewReplicas", message: "the desired replica count is less than the minimum replica count"
  )
  private static let upLimit = (
    reason: "ScaleUpLimit", message: "the desired replica count is increasing faster than the maximum scale rate"
  )
  private static let downLimit = (
    reason: "ScaleDownLimit", message: "the desired replica count is decreasing faster than the maximum scale rate"
  )

  private static func within(_ replicas: Int) -> Limited {
    Limited(
      replicas: replicas, reason: "DesiredWithinRange", message: "the desired count is within the acceptable range")
  }

  /// All of it: what is set where the metrics ask for `proposed`.
  /// - Parameter downscaleSeconds: how long the way down is calmed where there is no `behavior`.
  public static func settle(
    _ proposed: Int, current: Int, minimum: Int, maximum: Int, _ behavior: ScalingBehavior?, downscaleSeconds: Double,
    history: inout ScalingHistory, at now: Timestamp
  ) -> (stabilized: Stabilized, limited: Limited) {
    if let behavior {
      let stabilized = stabilize(current: current, desired: proposed, behavior, history: &history, at: now)
      let limited = limit(
        current: current, desired: stabilized.replicas, minimum: minimum, maximum: maximum, behavior, history, at: now)
      return (stabilized, limited)
    }
    let stabilized = stabilize(desired: proposed, seconds: downscaleSeconds, history: &history, at: now)
    return (stabilized, limit(current: current, desired: stabilized.replicas, minimum: minimum, maximum: maximum))
  }

  /// The greatest recommendation of the window, this one included: without `behavior`, only the way down is calmed.
  public static func stabilize(
    desired: Int, seconds: Double, history: inout ScalingHistory, at now: Timestamp
  ) -> Stabilized {
    let cutoff = now - seconds
    let greatest = history.recommendations.reduce(desired) { $1.at < cutoff ? $0 : max($0, $1.replicas) }
    history.recommend(desired, at: now, forgettingBefore: cutoff)
    return stabilized(greatest, desired: desired, isUp: false)
  }

  /// The current count, moved no further than the least recommendation of the way up and the greatest of the way down.
  public static func stabilize(
    current: Int, desired: Int, _ behavior: ScalingBehavior, history: inout ScalingHistory, at now: Timestamp
  ) -> Stabilized {
    let upCutoff = now - behavior.up.stabilizationSeconds
    let downCutoff = now - behavior.down.stabilizationSeconds
    var least = desired
    var greatest = desired
    for recommendation in history.recommendations {
      if recommendation.at > upCutoff { least = min(least, recommendation.replicas) }
      if recommendation.at > downCutoff { greatest = max(greatest, recommendation.replicas) }
    }
    history.recommend(desired, at: now, forgettingBefore: min(upCutoff, downCutoff))
    return stabilized(min(max(current, least), greatest), desired: desired, isUp: desired >= current)
  }

  private static func stabilized(_ replicas: Int, desired: Int, isUp: Bool) -> Stabilized {
    if replicas == desired {
      return Stabilized(
        replicas: replicas, reason: "ReadyForNewScale", message: "recommended size matches current size")
    }
    return isUp
      ? Stabilized(
        replicas: replicas, reason: "ScaleUpStabilized",
        message: "recent recommendations were lower than current one, applying the lowest recent recommendation")
      : Stabilized(
        replicas: replicas, reason: "ScaleDownStabilized",
        message: "recent recommendations were higher than current one, applying the highest recent recommendation")
  }

  /// Without `behavior`: at most twice the count, or four, a sync.
  public static func limit(current: Int, desired: Int, minimum: Int, maximum: Int) -> Limited {
    let rate = max(2 * current, 4)
    let limit = maximum > rate ? (count: rate, why: upLimit) : (count: maximum, why: tooMany)
    if desired < minimum { return Limited(replicas: minimum, reason: tooFew.reason, message: tooFew.message) }
    if desired > limit.count {
      return Limited(replicas: limit.count, reason: limit.why.reason, message: limit.why.message)
    }
    return within(desired)
  }

  /// With `behavior`: its policies against what was done in their periods.
  public static func limit(
    current: Int, desired: Int, minimum: Int, maximum: Int, _ behavior: ScalingBehavior, _ history: ScalingHistory,
    at now: Timestamp
  ) -> Limited {
    if desired > current {
      let rate = max(behavior.up.ceiling(current: current, history, at: now), current)
      let limit = maximum > rate ? (count: rate, why: upLimit) : (count: maximum, why: tooMany)
      if desired > limit.count {
        return Limited(replicas: limit.count, reason: limit.why.reason, message: limit.why.message)
      }
    } else if desired < current {
      let rate = min(behavior.down.floor(current: current, history, at: now), current)
      let limit = minimum < rate ? (count: rate, why: downLimit) : (count: minimum, why: tooFew)
      if desired < limit.count {
        return Limited(replicas: limit.count, reason: limit.why.reason, message: limit.why.message)
      }
    }
    return within(desired)
  }
}
