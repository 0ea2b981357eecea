import Kubernetes

/// Gives a new pod its service account, and its containers the account's token, as the admission plugin `ServiceAccount`
/// of Kubernetes does it.
extension APIService {
  private static let mountPath = "/var/run/secrets/kubernetes.io/serviceaccount"
  private static let volumePrefix = "kube-api-access-"
  /// An hour and a little: how long the token in a pod is good before it is renewed.
  private static let tokenSeconds: Int64 = 3607

  /// - Throws: 403 where the account is not there.
  func admitAccount(_ pod: inout JSONValue, _ scope: RequestScope) throws(APIError) {
    guard var spec = pod["spec"]?.objectValue else { return }
    let given = spec["serviceAccountName"]?.stringValue ?? ""
    let name = given.isEmpty ? spec["serviceAccount"]?.stringValue ?? Self.defaultAccount : given
    spec["serviceAccountName"] = .string(name)
    spec["serviceAccount"] = .string(name)
    let key = ObjectKey(resource: "serviceaccounts", namespace: scope.namespace, name: name)
    guard let stored = store.object(key) else {
      let podName = pod["metadata"]?["name"]?.stringValue ?? ""
      try checkNamespace(scope, podName)
      throw .forbidden(
        scope.type, podName,
        "error looking up service account \(scope.namespace)/\(name): serviceaccount \"\(name)\" not found")
    }
    let account = try stored.value()
    if spec["automountServiceAccountToken"]?.boolValue ?? account["automountServiceAccountToken"]?.boolValue ?? true {
      Self.mountToken(&spec)
    }
    if spec["imagePullSecrets"]?.arrayValue?.isEmpty ?? true, let secrets = account["imagePullSecrets"]?.arrayValue,
      !secrets.isEmpty
    {
      spec["imagePullSecrets"] = .array(secrets)
    }
    pod["spec"] = .object(spec)
  }

  private static func mountToken(_ spec: inout JSONObject) {
    let volumes = spec["volumes"]?.arrayValue ?? []
    let names = volumes.compactMap { $0["name"]?.stringValue }
    let existing = names.first { $0.hasPrefix(volumePrefix) }
    var name = existing ?? GeneratedName.make(volumePrefix)
    while existing == nil, names.contains(name) { name = GeneratedName.make(volumePrefix) }
    var isNeeded = false
    for list in ["initContainers", "containers"] {
      guard var containers = spec[list]?.arrayValue else { continue }
      for index in containers.indices {
        var mounts = containers[index]["volumeMounts"]?.arrayValue ?? []
        guard !mounts.contains(where: { $0["mountPath"]?.stringValue == mountPath }) else { continue }
        mounts.append(["name": .string(name), "readOnly": true, "mountPath": .string(mountPath)])
        containers[index]["volumeMounts"] = .array(mounts)
        isNeeded = true
      }
      spec[list] = .array(containers)
    }
    guard isNeeded, existing == nil else { return }
    spec["volumes"] = .array(volumes + [volume(name)])
  }

  private static func volume(_ name: String) -> JSONValue {
    [
      "name": .string(name),
      "projected": [
        "sources": [
          ["serviceAccountToken": ["expirationSeconds": .integer(tokenSeconds), "path": "token"]],
          ["configMap": ["name": .string(rootCertificateMap), "items": [["key": "ca.crt", "path": "ca.crt"]]]],
          [
            "downwardAPI": [
              "items": [["path": "namespace", "fieldRef": ["apiVersion": "v1", "fieldPath": "metadata.namespace"]]]
            ]
          ],
        ],
        "defaultMode": 420,
      ],
    ]
  }
}
