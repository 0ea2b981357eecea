import Kubernetes

/// What a job's policy says of a pod that failed: the first rule that fits.
struct PodFailureJudgement {
  /// FailJob, Ignore or Count; FailIndex counts, as jobs that count by index are not told apart here.
  var action: String
  var message: String

  static func of(_ pod: Pod, by policy: PodFailurePolicy?) -> PodFailureJudgement? {
    guard let policy, pod.status.phase == "Failed" else { return nil }
    for (index, rule) in policy.rules.enumerated() {
      if let codes = rule.onExitCodes, let found = container(of: pod, codes) {
        return PodFailureJudgement(
          action: rule.action,
          message: "Container \(found.name) for pod \(pod.key) failed with exit code \(found.code) matching "
            + "\(rule.action) rule at index \(index)")
      }
      if let condition = rule.onPodConditions.first(where: { pod.status.conditions[$0.type]?.status == $0.status }) {
        return PodFailureJudgement(
          action: rule.action,
          message: "Pod \(pod.key) has condition \(condition.type) matching \(rule.action) rule at index \(index)")
      }
    }
    return nil
  }

  private static func container(of pod: Pod, _ codes: PodFailurePolicy.OnExitCodes) -> (name: String, code: Int)? {
    for status in pod.status.containerStatuses + pod.status.initContainerStatuses {
      guard let code = status.state.terminated?.exitCode, code != 0 else { continue }
      if let name = codes.containerName, name != status.name { continue }
      if codes.values.contains(code) == (codes.operator == "In") { return (status.name, code) }
    }
    return nil
  }
}
