import Kubernetes

/// What the server does by itself after a write: the work of small controllers that a cluster cannot do without, done
/// before the write is answered.
extension APIService {
  enum Happening: Sendable { case created, changed, removed }

  func react(to happening: Happening, _ key: ObjectKey) async throws {
    switch (key.resource, happening) {
    case ("namespaces", .created): try await furnish(key.name)
    case ("serviceaccounts", .removed):
      try await removeOrphanedTokenSecrets(in: key.namespace)
      if key.name == Self.defaultAccount { try await createDefaultAccount(in: key.namespace) }
    case ("configmaps", .changed), ("configmaps", .removed):
      if key.name == Self.rootCertificateMap { try await publishRootCertificate(in: key.namespace) }
    case ("secrets", .created): try await removeOrphanedTokenSecrets(in: key.namespace, named: key.name)
    case (Authorizer.clusterRoles, _): try await aggregateClusterRoles()
    default: return
    }
  }
}
