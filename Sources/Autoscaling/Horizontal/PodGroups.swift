import Kubernetes

/// How a scaling target's pods count: `groupPods` of pkg/controller/podautoscaler/replica_calculator.go.
struct PodGroups {
  var ready = 0
  /// Not trusted yet: their samples are left out, and count as zero on the way up.
  var unready: [String] = []
  /// Running, but not measured.
  var missing: [String] = []
  /// Deleting or failed: they do not count at all.
  var ignored: [String] = []

  init(_ pods: [Pod], samples: [String: PodSample], isCPU: Bool, timing: ReplicaCalculator.Timing, at now: Timestamp) {
    for pod in pods {
      let name = pod.metadata.name
      if pod.isTerminating || pod.status.phase == "Failed" {
        ignored.append(name)
      } else if pod.status.phase == "Pending" {
        unready.append(name)
      } else if let sample = samples[name] {
        if isCPU, Self.isWarmingUp(pod, sample, timing, now) { unready.append(name) } else { ready += 1 }
      } else {
        missing.append(name)
      }
    }
  }

  /// Processor use while a process starts says nothing of its load.
  private static func isWarmingUp(
    _ pod: Pod, _ sample: PodSample, _ timing: ReplicaCalculator.Timing, _ now: Timestamp
  ) -> Bool {
    guard let condition = pod.status.conditions["Ready"], let start = pod.status.startTime else { return true }
    let isUnready = condition.status == "False"
    let transition = condition.lastTransitionTime
    if start + timing.cpuInitializationSeconds > now {
      return isUnready || transition.map { sample.at < $0 + sample.windowSeconds } == true
    }
    // Unready since it started: never ready so far.
    return isUnready && (transition.map { start + timing.initialReadinessSeconds > $0 } ?? true)
  }
}
