import Kubernetes

/// `spec.behavior` with its defaults filled in (pkg/apis/autoscaling/v2/defaults.go), its periods at the world's speed.
public struct ScalingBehavior: Sendable, Hashable {
  public enum Selection: String, Sendable { case max = "Max", min = "Min", disabled = "Disabled" }
  public enum Policy: Sendable, Hashable {
    case pods(Int, seconds: Double)
    case percent(Int, seconds: Double)

    var seconds: Double {
      switch self {
      case .pods(_, let seconds), .percent(_, let seconds): seconds
      }
    }
  }
  public struct Rules: Sendable, Hashable {
    public var stabilizationSeconds: Double
    public var selection: Selection
    public var policies: [Policy]

    public init(stabilizationSeconds: Double, selection: Selection = .max, policies: [Policy]) {
      self.stabilizationSeconds = stabilizationSeconds
      self.selection = selection
      self.policies = policies
    }

    var longestPeriodSeconds: Double { policies.map(\.seconds).max() ?? 0 }
  }

  public var up: Rules
  public var down: Rules

  public init(up: Rules, down: Rules) {
    self.up = up
    self.down = down
  }

  /// - Parameters:
  ///   - downscaleSeconds: the stabilization of the way down where the object names none, already at the world's speed.
  ///   - timeScale: by how much the object's own periods are divided.
  public init(_ behavior: AutoscalerBehavior, downscaleSeconds: Double, timeScale: Double = 1) {
    up = Rules(
      behavior.scaleUp, stabilizationSeconds: 0,
      policies: [.pods(4, seconds: 15 / timeScale), .percent(100, seconds: 15 / timeScale)], timeScale)
    down = Rules(
      behavior.scaleDown, stabilizationSeconds: downscaleSeconds, policies: [.percent(100, seconds: 15 / timeScale)],
      timeScale)
  }
}

extension ScalingBehavior.Rules {
  fileprivate init(
    _ rules: ScalingRules?, stabilizationSeconds: Double, policies: [ScalingBehavior.Policy], _ timeScale: Double
  ) {
    self.stabilizationSeconds =
      rules?.stabilizationWindowSeconds.map { Double($0) / timeScale } ?? stabilizationSeconds
    selection = rules?.selectPolicy.flatMap(ScalingBehavior.Selection.init) ?? .max
    self.policies =
      rules?.policies?.map { policy in
        let seconds = Double(policy.periodSeconds) / timeScale
        // Within the API's own 32 bits, so that no sum below overflows.
        let value = min(max(policy.value, 0), Int(Int32.max))
        return policy.type == "Percent" ? .percent(value, seconds: seconds) : .pods(value, seconds: seconds)
      } ?? policies
  }

  /// The most replicas that the way up allows now.
  func ceiling(current: Int, _ history: ScalingHistory, at now: Timestamp) -> Int {
    guard selection != .disabled else { return current }
    let proposals = policies.map { policy in
      let start = current - history.netChange(within: policy.seconds, at: now)
      return switch policy {
      case .pods(let count, _): start + count
      // Rounded up, so that a small share of few replicas still moves.
      case .percent(let share, _): Int((Double(start) * (1 + Double(share) / 100)).rounded(.up))
      }
    }
    return (selection == .min ? proposals.min() : proposals.max()) ?? current
  }

  /// The fewest replicas that the way down allows now.
  func floor(current: Int, _ history: ScalingHistory, at now: Timestamp) -> Int {
    guard selection != .disabled else { return current }
    let proposals = policies.map { policy in
      let start = current - history.netChange(within: policy.seconds, at: now)
      return switch policy {
      case .pods(let count, _): start - count
      case .percent(let share, _): Int(Double(start) * (1 - Double(share) / 100))
      }
    }
    return (selection == .min ? proposals.max() : proposals.min()) ?? current
  }
}
