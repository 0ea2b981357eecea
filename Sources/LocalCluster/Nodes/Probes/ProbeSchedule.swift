import Kubernetes

/// When a probe runs and how many answers in a row count, in real seconds.
///
/// Periods and delays run `speed` times faster. Timeouts do not, since processes and sockets are no faster than they
/// are; they are at least 200 ms, so that a busy machine is not taken for a broken container. For the same reason a
/// container is killed only when it has failed for as long as it would at normal speed, or for 10 s.
package struct ProbeSchedule: Sendable, Equatable {
  static let periodSecondsMin = 0.05
  static let timeoutSecondsMin = 0.2
  static let patienceSecondsMax = 10.0

  package var initialDelaySeconds: Double
  package var periodSeconds: Double
  package var timeoutSeconds: Double
  var successThreshold: Int
  var failureThreshold: Int
  /// For how long a probe that kills must have failed in a row.
  package var patienceSeconds: Double

  /// The defaults are those of the API: period 10 s, timeout 1 s, thresholds 1 and 3.
  package init(_ probe: Probe, speed: Double) {
    initialDelaySeconds = Double(probe.initialDelaySeconds) / speed
    periodSeconds = max(Self.periodSecondsMin, Double(probe.periodSeconds ?? 10) / speed)
    timeoutSeconds = max(Self.timeoutSecondsMin, Double(probe.timeoutSeconds ?? 1))
    successThreshold = max(1, probe.successThreshold ?? 1)
    failureThreshold = max(1, probe.failureThreshold ?? 3)
    let failing = Double(probe.periodSeconds ?? 10) * Double(failureThreshold - 1)
    patienceSeconds = speed > 1 ? min(Self.patienceSecondsMax, failing) : 0
  }
}

/// Counts answers in a row.
package struct ProbeCounter: Sendable {
  private let schedule: ProbeSchedule
  private var successes = 0
  private var failures = 0
  private var firstFailureSeconds = 0.0

  package init(_ schedule: ProbeSchedule) { self.schedule = schedule }

  /// - Parameter seconds: when the answer came, by a clock that only goes forward.
  /// - Returns: true or false when enough answers in a row say so, nil before.
  package mutating func note(_ isSuccess: Bool, at seconds: Double, isPatient: Bool) -> Bool? {
    if isSuccess {
      failures = 0
      successes += 1
      return successes >= schedule.successThreshold ? true : nil
    }
    successes = 0
    if failures == 0 { firstFailureSeconds = seconds }
    failures += 1
    if isPatient, seconds - firstFailureSeconds < schedule.patienceSeconds { return nil }
    return failures >= schedule.failureThreshold ? false : nil
  }
}
