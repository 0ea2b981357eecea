import Kubernetes

extension HorizontalDecision {
  /// The controller's own settings, in seconds; the defaults are kube-controller-manager's.
  public struct Configuration: Sendable, Hashable {
    /// How often the loop should call; the decision itself keeps no time.
    public var syncPeriod: Double
    public var downscaleStabilization: Double
    public var cpuInitialization: Double
    public var initialReadiness: Double
    /// The share by which usage may be off its target, either way.
    public var tolerance: Double
    /// By how much faster than written the periods and windows in objects run.
    public var timeScale: Double

    public init(
      syncPeriod: Double = 15, downscaleStabilization: Double = 300, cpuInitialization: Double = 300,
      initialReadiness: Double = 30, tolerance: Double = 0.1, timeScale: Double = 1
    ) {
      self.syncPeriod = syncPeriod
      self.downscaleStabilization = downscaleStabilization
      self.cpuInitialization = cpuInitialization
      self.initialReadiness = initialReadiness
      self.tolerance = tolerance
      self.timeScale = timeScale
    }

    public func scaled(by speed: Double) -> Self {
      var copy = self
      copy.syncPeriod /= speed
      copy.downscaleStabilization /= speed
      copy.cpuInitialization /= speed
      copy.initialReadiness /= speed
      copy.timeScale *= speed
      return copy
    }

    /// With the tolerances that an autoscaler names itself.
    public func calculator(for behavior: AutoscalerBehavior?) -> ReplicaCalculator {
      ReplicaCalculator(
        timing: .init(cpuInitializationSeconds: cpuInitialization, initialReadinessSeconds: initialReadiness),
        tolerance: .init(
          up: behavior?.scaleUp?.tolerance?.doubleValue ?? tolerance,
          down: behavior?.scaleDown?.tolerance?.doubleValue ?? tolerance))
    }
  }
}
