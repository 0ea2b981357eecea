public import Kubernetes

/// Kinds whose objects can be judged one at a time, in the versions of the API in which they are asked for.
public enum GuardedKind {
  public static let all: [ResourceType] = [
    .pods, .replicationControllers, .services, .daemonSets, .deployments, .replicaSets, .statefulSets,
    .horizontalPodAutoscalers, .cronJobs, .jobs, .ingresses, .networkPolicies, .podDisruptionBudgets,
    .clusterRoleBindings, .clusterRoles, .roleBindings, .roles,
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
