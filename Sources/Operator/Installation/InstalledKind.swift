import Kubernetes

/// The kinds of what is installed, by their apiVersion and kind.
enum InstalledKind {
  static let roles = ResourceType(group: "rbac.authorization.k8s.io", plural: "roles", kind: "Role")
  static let roleBindings = ResourceType(
    group: "rbac.authorization.k8s.io", plural: "rolebindings", kind: "RoleBinding")
  static let clusterRoles = ResourceType(
    group: "rbac.authorization.k8s.io", plural: "clusterroles", kind: "ClusterRole", isNamespaced: false)
  static let clusterRoleBindings = ResourceType(
    group: "rbac.authorization.k8s.io", plural: "clusterrolebindings", kind: "ClusterRoleBinding", isNamespaced: false)
  static let priorityClasses = ResourceType(
    group: "scheduling.k8s.io", plural: "priorityclasses", kind: "PriorityClass", isNamespaced: false)

  static let validatingWebhooks = ResourceType(
    group: "admissionregistration.k8s.io", plural: "validatingwebhookconfigurations",
    kind: "ValidatingWebhookConfiguration", isNamespaced: false)

  private static let all: [ResourceType] = [
    .namespaces, .customResourceDefinitions, priorityClasses, .serviceAccounts, clusterRoles, clusterRoleBindings,
    roles, roleBindings, .services, .podDisruptionBudgets, .deployments, .secrets,
  ]

  static func of(_ object: JSONValue) -> ResourceType? {
    all.first { object["apiVersion"]?.stringValue == $0.apiVersion && object["kind"]?.stringValue == $0.kind }
  }
}
