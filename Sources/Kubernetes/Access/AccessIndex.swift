/// The RBAC objects of a cluster, compiled: who holds which rules where.
///
/// A question costs a look-up for the user and for each of his groups, and a walk over the rules found.
package struct AccessIndex: Sendable {
  /// A Role or a ClusterRole.
  package struct Role: Sendable {
    /// Empty for cluster roles.
    package var namespace: String
    package var name: String
    package var labels: Labels
    package var rules: [PolicyRule]
    /// Which roles an aggregated one takes its rules from; nil for others.
    package var aggregated: [LabelSelector]?

    package init(
      namespace: String, name: String, labels: Labels = [:], rules: [PolicyRule], aggregated: [LabelSelector]? = nil
    ) {
      self.namespace = namespace
      self.name = name
      self.labels = labels
      self.rules = rules
      self.aggregated = aggregated
    }
  }

  package struct RoleReference: Sendable, Hashable {
    /// `Role` or `ClusterRole`
    package var kind: String
    package var name: String

    package init(kind: String, name: String) {
      self.kind = kind
      self.name = name
    }
  }

  package struct Subject: Sendable, Hashable {
    /// `User`, `Group` or `ServiceAccount`
    package var kind: String
    /// Of service accounts.
    package var namespace: String
    package var name: String

    package init(kind: String, namespace: String = "", name: String) {
      self.kind = kind
      self.namespace = namespace
      self.name = name
    }
  }

  package struct Binding: Sendable {
    /// Empty for cluster role bindings.
    package var namespace: String
    package var name: String
    package var role: RoleReference
    package var subjects: [Subject]

    package init(namespace: String, name: String, role: RoleReference, subjects: [Subject]) {
      self.namespace = namespace
      self.name = name
      self.role = role
      self.subjects = subjects
    }
  }

  package struct Decision: Sendable, Hashable {
    package var isAllowed: Bool
    /// By which binding, or what could not be found out; often empty.
    package var reason: String

    package static let allowed = Decision(isAllowed: true, reason: "")
  }

  /// One subject of one binding. Nil rules where the role does not exist.
  private final class Grant: Sendable {
    let binding: Binding
    let subject: Subject
    let rules: [PolicyRule]?

    init(_ binding: Binding, _ subject: Subject, _ rules: [PolicyRule]?) {
      self.binding = binding
      self.subject = subject
      self.rules = rules
    }
  }

  private struct Grants: Sendable {
    var users: [String: [Grant]] = [:]
    var groups: [String: [Grant]] = [:]

    func forEach(of user: UserInfo, _ body: (Grant) -> Bool) -> Bool {
      if let found = users[user.name], found.contains(where: body) { return true }
      for group in user.groups {
        if let found = groups[group], found.contains(where: body) { return true }
      }
      return false
    }
  }

  private var cluster = Grants()
  private var namespaces: [String: Grants] = [:]
  private let roles: [String: [PolicyRule]]

  package init(roles: [Role], bindings: [Binding]) {
    var rules: [String: [PolicyRule]] = [:]
    for role in roles {
      rules[Self.key(role.namespace, role.name)] =
        role.aggregated.map { Self.aggregate($0, roles, except: role.name) } ?? role.rules
    }
    self.roles = rules
    for binding in bindings {
      let found = Self.rules(of: binding.role, in: binding.namespace, rules)
      for subject in binding.subjects { add(Grant(binding, subject, found)) }
    }
  }

  private mutating func add(_ grant: Grant) {
    var grants = grant.binding.namespace.isEmpty ? cluster : namespaces[grant.binding.namespace] ?? Grants()
    let subject = grant.subject
    switch subject.kind {
    case "User": grants.users[subject.name, default: []].append(grant)
    case "Group": grants.groups[subject.name, default: []].append(grant)
    case "ServiceAccount":
      let namespace = subject.namespace.isEmpty ? grant.binding.namespace : subject.namespace
      guard !namespace.isEmpty else { return }
      grants.users[UserInfo.serviceAccountName(namespace, subject.name), default: []].append(grant)
    default: return
    }
    if grant.binding.namespace.isEmpty { cluster = grants } else { namespaces[grant.binding.namespace] = grants }
  }

  /// Cluster roles have no namespace, and no name holds a slash.
  private static func key(_ namespace: String, _ name: String) -> String { "\(namespace)/\(name)" }

  private static func rules(of role: RoleReference, in namespace: String, _ rules: [String: [PolicyRule]])
    -> [PolicyRule]?
  {
    rules[key(role.kind == "ClusterRole" ? "" : namespace, role.name)]
  }

  /// The rules of the cluster roles that the selectors choose, by name, each rule once.
  package static func aggregate(_ selectors: [LabelSelector], _ roles: [Role], except name: String) -> [PolicyRule] {
    var rules: [PolicyRule] = []
    var seen: Set<PolicyRule> = []
    var visited: Set<String> = [name]
    func visit(_ selectors: [LabelSelector]) {
      for selector in selectors {
        let chosen = roles.filter { $0.namespace.isEmpty && selector.matches($0.labels) }.sorted { $0.name < $1.name }
        for role in chosen where visited.insert(role.name).inserted {
          if let inner = role.aggregated {
            visit(inner)
          } else {
            for rule in role.rules where seen.insert(rule).inserted { rules.append(rule) }
          }
        }
      }
    }
    visit(selectors)
    return rules
  }
}

extension AccessIndex {
  package func allows(_ user: UserInfo, _ request: AccessRequest) -> Bool {
    var isAllowed = false
    visit(user, in: request.namespace) { grant in
      isAllowed = grant.rules?.contains { $0.allows(request) } ?? false
      return isAllowed
    }
    return isAllowed
  }

  /// The same with the reason, which takes longer.
  package func decide(_ user: UserInfo, _ request: AccessRequest) -> Decision {
    var allowing: Grant?
    var missing: [String] = []
    visit(user, in: request.namespace) { grant in
      guard let rules = grant.rules else {
        Self.note(grant, &missing)
        return false
      }
      guard rules.contains(where: { $0.allows(request) }) else { return false }
      allowing = grant
      return true
    }
    if let allowing { return Decision(isAllowed: true, reason: "RBAC: allowed by \(Self.describe(allowing))") }
    return Decision(isAllowed: false, reason: missing.isEmpty ? "" : "RBAC: \(Self.listed(missing))")
  }

  /// Everything that a user holds in a namespace, and which roles are missing for the whole truth.
  package func rules(of user: UserInfo, in namespace: String) -> (rules: [PolicyRule], failure: String) {
    var rules: [PolicyRule] = []
    var missing: [String] = []
    visit(user, in: namespace) { grant in
      if let found = grant.rules { rules += found } else { Self.note(grant, &missing) }
      return false
    }
    return (rules, missing.isEmpty ? "" : Self.listed(missing))
  }

  /// The rules of the role that a binding in `namespace` names; nil where there is no such role.
  package func rules(of role: RoleReference, in namespace: String) -> [PolicyRule]? {
    Self.rules(of: role, in: namespace, roles)
  }

  /// Goes through the grants of a user until `body` says that it has seen enough.
  private func visit(_ user: UserInfo, in namespace: String, _ body: (Grant) -> Bool) {
    if cluster.forEach(of: user, body) || namespace.isEmpty { return }
    _ = namespaces[namespace]?.forEach(of: user, body)
  }

  private static func note(_ grant: Grant, _ missing: inout [String]) {
    let role = grant.binding.role
    let text = "\(role.kind.lowercased()).rbac.authorization.k8s.io \"\(role.name)\" not found"
    if !missing.contains(text) { missing.append(text) }
  }

  private static func listed(_ texts: [String]) -> String {
    texts.count == 1 ? texts[0] : "[\(texts.joined(separator: ", "))]"
  }

  /// In the words of Kubernetes, which names a namespace after the name here.
  private static func describe(_ grant: Grant) -> String {
    let binding = grant.binding
    let subject = grant.subject
    var who = subject.name
    if subject.kind == "ServiceAccount" {
      who += "/" + (subject.namespace.isEmpty ? binding.namespace : subject.namespace)
    }
    let isCluster = binding.namespace.isEmpty
    return "\(isCluster ? "ClusterRoleBinding" : "RoleBinding") "
      + "\"\(isCluster ? binding.name : "\(binding.name)/\(binding.namespace)")\" "
      + "of \(binding.role.kind) \"\(binding.role.name)\" to \(subject.kind) \"\(who)\""
  }
}
