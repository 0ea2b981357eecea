/// What the platform does by itself, by the fields of manifests that are not needed for it any more.
enum PlatformConventions {
  /// By the end of a path, without the indices of lists.
  private static let fields: [(path: String, does: String)] = [
    ("metadata.namespace", "the namespace is the platform's"),
    ("metadata.labels", "labels are set by the platform"),
    ("spec.selector", "the selector is set by the platform"),
    ("spec.strategy", "a rolling update never takes a pod away before its successor is ready"),
    ("spec.minReadySeconds", "a rollout waits for readiness through the sidecar"),
    ("spec.revisionHistoryLimit", "the platform sets it"),
    ("spec.progressDeadlineSeconds", "apply tells what is in the way"),
    ("affinity", "pods are spread over zones and nodes"),
    ("topologySpreadConstraints", "pods are spread over zones and nodes"),
    ("securityContext", "containers run as restricted pod security has it"),
    ("terminationGracePeriodSeconds", "a pod has 60 seconds to end, 15 of them before it is told to"),
    ("lifecycle.preStop", "a pod has 15 seconds before it is told to end"),
    ("serviceAccountName", "each service has its own service account"),
    ("serviceAccount", "each service has its own service account"),
    ("automountServiceAccountToken", "pods have no token"), ("imagePullPolicy", "the platform sets it"),
    ("restartPolicy", "the platform sets it"), ("dnsPolicy", "the platform sets it"),
    ("schedulerName", "the platform sets it"), ("enableServiceLinks", "the platform sets it"),
    ("terminationMessagePath", "the platform sets it"), ("terminationMessagePolicy", "the platform sets it"),
    ("limits.cpu", "there is no CPU limit: it would throttle just when a burst comes"),
    ("startupProbe", "start, liveness and readiness are asked at health"),
    ("initialDelaySeconds", "the start is waited for by a startup probe"),
    ("periodSeconds", "probes have the platform's periods"), ("timeoutSeconds", "probes have the platform's periods"),
    ("failureThreshold", "probes have the platform's periods"),
    ("successThreshold", "probes have the platform's periods"), ("httpGet.port", "probes ask the service's port"),
    ("httpGet.scheme", "probes speak HTTP"), ("tolerations", "the platform knows its nodes"),
    ("spec.serviceName", "pods have no names of their own: the service is found by its own name"),
    ("spec.podManagementPolicy", "pods start side by side"),
    ("spec.updateStrategy", "a rolling update never takes a pod away before its successor is ready"),
    ("podFailurePolicy", "a node that is taken back is no failure of a job"),
    ("jobTemplate.metadata", "labels are set by the platform"),
    ("template.metadata", "labels are set by the platform"),
    ("successfulJobsHistoryLimit", "the platform sets it"), ("failedJobsHistoryLimit", "the platform sets it"),
    ("immutable", "each content is a ConfigMap of its own"),
  ]

  /// - Returns: nil for what would be missed.
  static func instead(of path: [String]) -> String? {
    let name = path.filter { Int($0) == nil }.joined(separator: ".")
    return fields.first { name == $0.path || name.hasSuffix(".\($0.path)") }?.does
  }
}
