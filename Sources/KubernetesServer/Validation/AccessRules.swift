import Kubernetes

/// Roles and who has them (pkg/apis/rbac/validation).
extension Findings {
  private static let group = "rbac.authorization.k8s.io"

  mutating func role(_ object: JSONValue, isNamespaced: Bool) {
    for (index, rule) in (object["rules"]?.arrayValue ?? []).enumerated() {
      policyRule(rule, Field("rules").at(index), isNamespaced: isNamespaced)
    }
    guard let aggregation = object["aggregationRule"], !aggregation.isNull else { return }
    let field = Field("aggregationRule").child("clusterRoleSelectors")
    let selectors = aggregation["clusterRoleSelectors"]?.arrayValue ?? []
    if selectors.isEmpty {
      required(field, "at least one clusterRoleSelector required if aggregationRule is non-nil")
    }
    for (index, selector) in selectors.enumerated() { labelSelector(selector, field.at(index)) }
  }

  private mutating func policyRule(_ rule: JSONValue, _ field: Field, isNamespaced: Bool) {
    if rule.isUnset("verbs") { required(field.child("verbs"), "verbs must contain at least one value") }
    if !rule.isUnset("nonResourceURLs") {
      let at = field.child("nonResourceURLs")
      if isNamespaced {
        invalid(at, go: GoValue.texts(rule["nonResourceURLs"]), "namespaced rules cannot apply to non-resource URLs")
      }
      if ["apiGroups", "resources", "resourceNames"].contains(where: { !rule.isUnset($0) }) {
        invalid(
          at, go: GoValue.texts(rule["nonResourceURLs"]),
          "rules cannot apply to both regular resources and non-resource URLs")
      }
      return
    }
    if rule.isUnset("apiGroups") {
      required(field.child("apiGroups"), "resource rules must supply at least one api group")
    }
    if rule.isUnset("resources") {
      required(field.child("resources"), "resource rules must supply at least one resource")
    }
  }

  mutating func roleBinding(_ object: JSONValue, old: JSONValue?, isNamespaced: Bool) {
    let field = Field("roleRef")
    let role = object["roleRef"] ?? .null
    let group = role["apiGroup"]?.stringValue ?? ""
    if group != Self.group { unsupported(field.child("apiGroup"), .string(group), [Self.group]) }
    let kinds = isNamespaced ? ["Role", "ClusterRole"] : ["ClusterRole"]
    let kind = role["kind"]?.stringValue ?? ""
    if !kinds.contains(kind) { unsupported(field.child("kind"), .string(kind), kinds) }
    let name = role["name"]?.stringValue ?? ""
    if name.isEmpty {
      required(field.child("name"))
    } else if let problem = Names.pathSegment(name) {
      invalid(field.child("name"), name, problem)
    }
    for (index, subject) in (object["subjects"]?.arrayValue ?? []).enumerated() {
      self.subject(subject, Field("subjects").at(index), isNamespaced: isNamespaced)
    }
    if let old, !SemanticEquality.equal(role, old["roleRef"]) {
      let text = GoValue.record("rbac.RoleRef", role, [("APIGroup", "apiGroup"), ("Kind", "kind"), ("Name", "name")])
      invalid(field, go: text, "cannot change roleRef")
    }
  }

  private mutating func subject(_ subject: JSONValue, _ field: Field, isNamespaced: Bool) {
    let name = subject["name"]?.stringValue ?? ""
    if name.isEmpty { required(field.child("name")) }
    let group = subject["apiGroup"]?.stringValue ?? ""
    switch subject["kind"]?.stringValue ?? "" {
    case "ServiceAccount":
      if !name.isEmpty, let problem = Names.subdomain(name) { invalid(field.child("name"), name, problem) }
      if !group.isEmpty { unsupported(field.child("apiGroup"), .string(group), [""]) }
      if !isNamespaced, subject.isUnset("namespace") { required(field.child("namespace")) }
    case "User", "Group":
      if group != Self.group { unsupported(field.child("apiGroup"), .string(group), [Self.group]) }
    case let kind: unsupported(field.child("kind"), .string(kind), ["ServiceAccount", "User", "Group"])
    }
  }
}
