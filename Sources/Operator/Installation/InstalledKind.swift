import Kubernetes

/// The kinds of what is installed, by their apiVersion and kind.
enum InstalledKind {
  private static let all: [ResourceType] = [
    .namespaces, .customResourceDefinitions, .priorityClasses, .serviceAccounts, .clusterRoles, .clusterRoleBindings,
    .roles, .roleBindings, .services, .podDisruptionBudgets, .deployments, .secrets,
  ]

  static func of(_ object: JSONValue) -> ResourceType? {
    all.first { object["apiVersion"]?.stringValue == $0.apiVersion && object["kind"]?.stringValue == $0.kind }
  }
}
