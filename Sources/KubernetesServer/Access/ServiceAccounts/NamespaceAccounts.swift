import Kubernetes

/// What every namespace has for its pods: the account `default`, and the certificate by which they know this server.
///
/// In a full cluster two controllers see to that; here it is done with the write that asks for it, so that nobody finds a
/// namespace without.
extension APIService {
  static let defaultAccount = "default"
  static let rootCertificateMap = "kube-root-ca.crt"

  /// - Throws: where the state cannot be written. A namespace that is gone or on its way out gets nothing.
  func furnish(_ namespace: String) async throws {
    try await createDefaultAccount(in: namespace)
    try await publishRootCertificate(in: namespace)
  }

  func createDefaultAccount(in namespace: String) async throws {
    let key = ObjectKey(resource: "serviceaccounts", namespace: namespace, name: Self.defaultAccount)
    guard store.object(key) == nil else { return }
    let account = ownObject(["apiVersion": "v1", "kind": "ServiceAccount"], key)
    _ = try await store.commit(Store.Write(key: key, action: .create(account), needsNamespace: true))
  }

  /// Writes the map where it is missing or says something else.
  func publishRootCertificate(in namespace: String) async throws {
    let key = ObjectKey(resource: "configmaps", namespace: namespace, name: Self.rootCertificateMap)
    let data: JSONValue = ["ca.crt": .string(access.rootCertificate)]
    if let current = store.object(key) {
      var value = try current.value()
      guard value["data"] != data, !current.isTerminating else { return }
      value["data"] = data
      _ = try await store.commit(Store.Write(key: key, action: .update(value, over: current.version)))
      return
    }
    var map = ownObject(["apiVersion": "v1", "kind": "ConfigMap"], key)
    map[path: ["metadata", "annotations", "kubernetes.io/description"]] = .string(
      "The certificate authority of this API server, for clients inside the cluster.")
    map["data"] = data
    _ = try await store.commit(Store.Write(key: key, action: .create(map), needsNamespace: true))
  }

  /// An object that the server makes by itself.
  func ownObject(_ object: JSONValue, _ key: ObjectKey) -> JSONValue {
    var object = object
    var metadata = object["metadata"]?.objectValue ?? [:]
    metadata["name"] = .string(key.name)
    if !key.namespace.isEmpty { metadata["namespace"] = .string(key.namespace) }
    metadata["uid"] = .string(UniqueID.make())
    metadata["creationTimestamp"] = clock().json
    object["metadata"] = .object(metadata)
    return object
  }

  /// Writes what a cluster starts with, as far as it is missing.
  func bootstrap() async throws {
    for (resource, value) in BootstrapRoles.objects {
      let key = ObjectKey(resource: resource, namespace: "", name: value["metadata"]?["name"]?.stringValue ?? "")
      guard store.object(key) == nil else { continue }
      _ = try await store.commit(Store.Write(key: key, action: .create(ownObject(value, key))))
    }
    try await aggregateClusterRoles()
    for namespace in store.objects("namespaces") { try await furnish(namespace.key.name) }
  }
}
