import Kubernetes

/// Nobody grants what he does not hold, unless he may `escalate` the role or `bind` it.
///
/// Rules and words: https://kubernetes.io/docs/reference/access-authn-authz/rbac/#privilege-escalation-prevention-and-bootstrapping
extension APIService {
  /// Checks a role or a binding before it is stored; other kinds pass.
  func checkGrant(_ object: JSONValue, old: JSONValue?, _ scope: RequestScope, name: String) throws(APIError) {
    guard scope.type.group == Authorizer.group, !scope.request.user.isMaster else { return }
    if let old, Self.differsInOwnershipOnly(object, old) { return }
    switch scope.resource.key {
    case Authorizer.roles, Authorizer.clusterRoles: try checkRole(object, scope, name: name)
    case Authorizer.roleBindings, Authorizer.clusterRoleBindings: try checkBinding(object, scope, name: name)
    default: return
    }
  }

  private func checkRole(_ object: JSONValue, _ scope: RequestScope, name: String) throws(APIError) {
    let subject = scope.accessResource(name: name)
    if access.authorizer.allows(scope.request.user, AccessRequest("escalate", subject)) { return }
    let role = AccessIndex.Role(json: object)
    try checkHeld(role.rules, scope, subject)
    if role.aggregated != nil, !missing(PolicyRule.everything, scope).isEmpty {
      throw subject.forbidden("must have cluster-admin privileges to use the aggregationRule")
    }
  }

  private func checkBinding(_ object: JSONValue, _ scope: RequestScope, name: String) throws(APIError) {
    let role = AccessIndex.RoleReference(json: object["roleRef"] ?? .null)
    let granted = AccessRequest.Resource(
      group: Authorizer.group, version: "v1", plural: role.kind == "ClusterRole" ? "clusterroles" : "roles",
      namespace: scope.namespace, name: role.name)
    if access.authorizer.allows(scope.request.user, AccessRequest("bind", granted)) { return }
    guard let rules = access.authorizer.index.rules(of: role, in: scope.namespace) else {
      // Named as kube-apiserver names it: the role, as one of the bindings.
      throw APIError.notFound(scope.type, role.name)
    }
    try checkHeld(rules, scope, scope.accessResource(name: name))
  }

  private func checkHeld(_ rules: [PolicyRule], _ scope: RequestScope, _ subject: AccessRequest.Resource)
    throws(APIError)
  {
    let missing = missing(rules, scope)
    guard !missing.isEmpty else { return }
    let user = scope.request.user
    let lines = Set(missing.map(\.text)).sorted().joined(separator: "\n")
    throw subject.forbidden(
      "user \"\(user.name)\" (groups=\(GoText.list(user.groups))) is attempting to grant RBAC permissions "
        + "not currently held:\n\(lines)")
  }

  private func missing(_ rules: [PolicyRule], _ scope: RequestScope) -> [PolicyRule] {
    let held = access.authorizer.index.rules(of: scope.request.user, in: scope.namespace).rules
    return RuleCoverage.missing(from: held, of: rules)
  }

  /// Garbage collection may do its work on roles that it does not hold.
  private static func differsInOwnershipOnly(_ new: JSONValue, _ old: JSONValue) -> Bool {
    func withoutOwnership(_ object: JSONValue) -> JSONValue {
      var object = object
      for field in ["ownerReferences", "finalizers", "managedFields", "resourceVersion", "generation"] {
        object[path: ["metadata", field]] = nil
      }
      return object
    }
    return withoutOwnership(new) == withoutOwnership(old)
  }
}

extension RequestScope {
  /// The request's resource as authorization names it.
  func accessResource(name: String) -> AccessRequest.Resource {
    AccessRequest.Resource(
      group: type.group, version: type.version, plural: type.plural, namespace: namespace, name: name)
  }
}
