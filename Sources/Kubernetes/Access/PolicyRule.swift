/// What one rule of a Role or ClusterRole allows (`rbac.authorization.k8s.io/v1` PolicyRule): verbs on resources, or verbs
/// on paths outside of them.
///
/// The meaning of `*`, `*/subresource` and `resourceNames` is that of
/// https://kubernetes.io/docs/reference/access-authn-authz/rbac/.
package struct PolicyRule: Sendable, Hashable {
  package var verbs: [String] = []
  package var apiGroups: [String] = []
  /// `pods`, `pods/log`, `*`, `*/scale`
  package var resources: [String] = []
  /// Empty for all.
  package var resourceNames: [String] = []
  /// `/healthz`, `/apis/*`, `*`
  package var nonResourceURLs: [String] = []

  package init(
    verbs: [String] = [], apiGroups: [String] = [], resources: [String] = [], resourceNames: [String] = [],
    nonResourceURLs: [String] = []
  ) {
    self.verbs = verbs
    self.apiGroups = apiGroups
    self.resources = resources
    self.resourceNames = resourceNames
    self.nonResourceURLs = nonResourceURLs
  }

  /// Everything there is, as `cluster-admin` has it.
  package static let everything = [
    PolicyRule(verbs: ["*"], apiGroups: ["*"], resources: ["*"]), PolicyRule(verbs: ["*"], nonResourceURLs: ["*"]),
  ]

  package func allows(_ request: AccessRequest) -> Bool {
    guard verbs.contains(where: { $0 == "*" || $0 == request.verb }) else { return false }
    switch request.target {
    case .path(let path):
      return nonResourceURLs.contains { Self.covers(path: $0, path) }
    case .resource(let resource):
      return apiGroups.contains { $0 == "*" || $0 == resource.group }
        && resources.contains { Self.covers(resource: $0, resource.plural, resource.subresource) }
        && (resourceNames.isEmpty || resourceNames.contains(resource.name))
    }
  }

  private static func covers(resource pattern: String, _ plural: String, _ subresource: String) -> Bool {
    if pattern == "*" { return true }
    if subresource.isEmpty { return pattern == plural }
    guard let slash = pattern.firstIndex(of: "/"), pattern[pattern.index(after: slash)...] == subresource else {
      return false
    }
    return pattern[..<slash] == "*" || pattern[..<slash] == plural
  }

  /// Whether a path, or a pattern of paths, is within a pattern.
  static func covers(path pattern: String, _ path: String) -> Bool {
    if pattern == path { return true }
    guard pattern.hasSuffix("*") else { return false }
    return path.hasPrefix(pattern.dropLast())
  }
}

extension PolicyRule {
  package init(json: JSONValue) {
    func texts(_ field: String) -> [String] { (json[field]?.arrayValue ?? []).compactMap(\.stringValue) }
    self.init(
      verbs: texts("verbs"), apiGroups: texts("apiGroups"), resources: texts("resources"),
      resourceNames: texts("resourceNames"), nonResourceURLs: texts("nonResourceURLs"))
  }

  package var json: JSONValue {
    var object = JSONObject()
    for (name, texts) in named where !texts.isEmpty { object[name] = .array(texts.map(JSONValue.string)) }
    return .object(object)
  }

  /// In the order of the API's type.
  private var named: [(String, [String])] {
    [
      ("verbs", verbs), ("apiGroups", apiGroups), ("resources", resources), ("resourceNames", resourceNames),
      ("nonResourceURLs", nonResourceURLs),
    ]
  }

  /// The rule on one line, as messages of the API server have it: `{APIGroups:[""], Resources:["pods"], Verbs:["get"]}`
  package var text: String {
    let parts = [
      ("APIGroups", apiGroups), ("Resources", resources), ("NonResourceURLs", nonResourceURLs),
      ("ResourceNames", resourceNames), ("Verbs", verbs),
    ].filter { !$0.1.isEmpty }.map { name, texts in "\(name):\(GoText.list(texts))" }
    return "{\(parts.joined(separator: ", "))}"
  }
}

/// Values as Go prints them with `%q`.
package enum GoText {
  /// `["a" "b"]`
  package static func list(_ texts: [String]) -> String {
    "[\(texts.map { JSONValue.string($0).text }.joined(separator: " "))]"
  }
}
