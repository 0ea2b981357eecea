/// RBAC's objects, read from their JSON.
extension AccessIndex.Role {
  /// - Parameter json: a Role or a ClusterRole.
  package init(json: JSONValue) {
    let metadata = json["metadata"]
    var labels: Labels = [:]
    for member in metadata?["labels"]?.objectValue ?? [:] { labels[member.key] = member.value.stringValue }
    let selectors = json["aggregationRule"]?["clusterRoleSelectors"]?.arrayValue
    self.init(
      namespace: metadata?["namespace"]?.stringValue ?? "", name: metadata?["name"]?.stringValue ?? "", labels: labels,
      rules: (json["rules"]?.arrayValue ?? []).map(PolicyRule.init(json:)),
      // A selector that cannot be read chooses nothing.
      aggregated: selectors?.compactMap { try? LabelSelector(json: $0) })
  }
}

extension AccessIndex.Binding {
  /// - Parameter json: a RoleBinding or a ClusterRoleBinding.
  package init(json: JSONValue) {
    let metadata = json["metadata"]
    self.init(
      namespace: metadata?["namespace"]?.stringValue ?? "", name: metadata?["name"]?.stringValue ?? "",
      role: AccessIndex.RoleReference(json: json["roleRef"] ?? .null),
      subjects: (json["subjects"]?.arrayValue ?? []).map(AccessIndex.Subject.init(json:)))
  }
}

extension AccessIndex.RoleReference {
  package init(json: JSONValue) {
    self.init(kind: json["kind"]?.stringValue ?? "", name: json["name"]?.stringValue ?? "")
  }
}

extension AccessIndex.Subject {
  package init(json: JSONValue) {
    self.init(
      kind: json["kind"]?.stringValue ?? "", namespace: json["namespace"]?.stringValue ?? "",
      name: json["name"]?.stringValue ?? "")
  }
}
