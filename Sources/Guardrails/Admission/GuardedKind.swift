/// A kind whose objects can be judged one at a time, and the version of the API in which they are asked for.
public struct GuardedKind: Sendable, Hashable {
  public let group: String
  public let version: String
  /// As the API's paths have it: `deployments`.
  public let plural: String
  public let kind: String

  private init(_ group: String, _ version: String, _ plural: String, _ kind: String) {
    self.group = group
    self.version = version
    self.plural = plural
    self.kind = kind
  }

  public static let all: [GuardedKind] = [
    GuardedKind("", "v1", "pods", "Pod"),
    GuardedKind("", "v1", "replicationcontrollers", "ReplicationController"),
    GuardedKind("", "v1", "services", "Service"),
    GuardedKind("apps", "v1", "daemonsets", "DaemonSet"),
    GuardedKind("apps", "v1", "deployments", "Deployment"),
    GuardedKind("apps", "v1", "replicasets", "ReplicaSet"),
    GuardedKind("apps", "v1", "statefulsets", "StatefulSet"),
    GuardedKind("autoscaling", "v2", "horizontalpodautoscalers", "HorizontalPodAutoscaler"),
    GuardedKind("batch", "v1", "cronjobs", "CronJob"),
    GuardedKind("batch", "v1", "jobs", "Job"),
    GuardedKind("networking.k8s.io", "v1", "ingresses", "Ingress"),
    GuardedKind("networking.k8s.io", "v1", "networkpolicies", "NetworkPolicy"),
    GuardedKind("policy", "v1", "poddisruptionbudgets", "PodDisruptionBudget"),
    GuardedKind("rbac.authorization.k8s.io", "v1", "clusterrolebindings", "ClusterRoleBinding"),
    GuardedKind("rbac.authorization.k8s.io", "v1", "clusterroles", "ClusterRole"),
    GuardedKind("rbac.authorization.k8s.io", "v1", "rolebindings", "RoleBinding"),
    GuardedKind("rbac.authorization.k8s.io", "v1", "roles", "Role"),
  ]
}

extension Rule {
  /// The kinds that rules of one object name; what looks at any object does so where one of them is asked for.
  package static let kindsOfOneObject: Set<String> = Set(
    ofOneObject.flatMap { rule -> [String] in
      switch rule.check {
      case .container, .pod: PodTemplate.kinds
      case .object(let kinds, _): kinds
      case .service, .built: []
      }
    })
}
