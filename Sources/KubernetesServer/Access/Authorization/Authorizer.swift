import Kubernetes
import Synchronization

/// Answers who may do what by the stored Roles and bindings; compiled anew after one of them changed.
///
/// Synchronous and cheap: it is asked before every request of everybody but the masters.
final class Authorizer: Sendable {
  static let group = "rbac.authorization.k8s.io"
  static let roles = "roles.\(group)"
  static let clusterRoles = "clusterroles.\(group)"
  static let roleBindings = "rolebindings.\(group)"
  static let clusterRoleBindings = "clusterrolebindings.\(group)"
  private static let resources = [roles, clusterRoles, roleBindings, clusterRoleBindings]

  private struct Compiled: Sendable {
    var versions: [Int64] = []
    var index = AccessIndex(roles: [], bindings: [])
  }

  private let store: Store
  private let compiled = Mutex(Compiled())

  init(store: Store) { self.store = store }

  func allows(_ user: UserInfo, _ request: AccessRequest) -> Bool {
    user.isMaster || index.allows(user, request)
  }

  func decide(_ user: UserInfo, _ request: AccessRequest) -> AccessIndex.Decision {
    user.isMaster ? .allowed : index.decide(user, request)
  }

  /// - Throws: 403 in the words of kube-apiserver.
  func require(_ user: UserInfo, _ request: AccessRequest) throws(APIError) {
    if allows(user, request) { return }
    throw request.refusal(of: user, reason: index.decide(user, request).reason)
  }

  var index: AccessIndex {
    let versions = Self.resources.map(store.version(of:))
    return compiled.withLock { compiled in
      if compiled.versions == versions { return compiled.index }
      compiled.index = AccessIndex(
        roles: (values(Self.roles) + values(Self.clusterRoles)).map(AccessIndex.Role.init(json:)),
        bindings: (values(Self.roleBindings) + values(Self.clusterRoleBindings)).map(AccessIndex.Binding.init(json:)))
      compiled.versions = versions
      return compiled.index
    }
  }

  /// What cannot be read allows nothing.
  private func values(_ resource: String) -> [JSONValue] {
    store.objects(resource).compactMap { try? $0.value() }
  }
}
