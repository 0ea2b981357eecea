import Kubernetes

/// Secrets of the type `kubernetes.io/service-account-token`: filled with a token that is good for as long as they are
/// there, as the token controller of Kubernetes does it.
extension APIService {
  static let tokenSecretType = "kubernetes.io/service-account-token"
  private static let nameAnnotation = "kubernetes.io/service-account.name"
  private static let uidAnnotation = "kubernetes.io/service-account.uid"

  /// Fills a Secret that is about to be stored, where it is one for a token and its account exists.
  func fillTokenSecret(_ secret: inout JSONValue, _ scope: RequestScope) throws(APIError) {
    guard secret["type"]?.stringValue == Self.tokenSecretType,
      let name = secret["metadata"]?["name"]?.stringValue, let account = account(of: secret, in: scope.namespace)
    else { return }
    secret[path: ["metadata", "annotations", Self.uidAnnotation]] = .string(account.uid)
    let encoded: (String) -> JSONValue = { .string(Base64.encode(Array($0.utf8))) }
    secret[path: ["data", "ca.crt"]] = encoded(access.rootCertificate)
    secret[path: ["data", "namespace"]] = encoded(scope.namespace)
    if secret["data"]?["token"]?.stringValue?.isEmpty ?? true {
      let token = try access.tokens.token(
        for: NamespacedName(scope.namespace, account.key.name), uid: account.uid, secret: name)
      secret[path: ["data", "token"]] = encoded(token)
    }
  }

  /// The account that a Secret is for, unless it names another one of the same name.
  private func account(of secret: JSONValue, in namespace: String) -> StoredObject? {
    let annotations = secret["metadata"]?["annotations"]
    let name = annotations?[Self.nameAnnotation]?.stringValue ?? ""
    let account = store.object(ObjectKey(resource: "serviceaccounts", namespace: namespace, name: name))
    let uid = annotations?[Self.uidAnnotation]?.stringValue ?? ""
    return account.flatMap { uid.isEmpty || uid == $0.uid ? $0 : nil }
  }

  /// Removes the Secrets of a namespace, or one of them, that hold tokens of accounts which are not there.
  func removeOrphanedTokenSecrets(in namespace: String, named name: String? = nil) async throws {
    let found =
      if let name {
        [store.object(ObjectKey(resource: "secrets", namespace: namespace, name: name))].compactMap { $0 }
      } else {
        store.objects("secrets", in: namespace)
      }
    for object in found where object.field("type") == Self.tokenSecretType {
      let value = try object.value()
      guard account(of: value, in: namespace) == nil else { continue }
      _ = try await store.commit(Store.Write(key: object.key, action: .delete(value, over: object.version)))
    }
  }
}

extension Store {
  /// The objects of a resource as they are now, of one namespace or of all.
  func objects(_ resource: String, in namespace: String = "") -> [StoredObject] {
    Array(snapshot(resource).objects.range(namespace: namespace))
  }
}
