import Definitions
import Kubernetes

/// Files and space: configuration, secrets, volumes, claims.
extension ServiceManifests {
  /// A new content is a new name, so that a change of configuration is a rollout like any other.
  var configMap: JSONValue? {
    guard !configFiles.isEmpty else { return nil }
    let data = JSONObject(configFiles.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) })
    let name = "\(self.name)-config-\(hash(of: .object(data), patchedAs: "ConfigMap"))"
    return [
      "apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata(name, from: ["config"]), "immutable": true,
      "data": .object(data),
    ]
  }

  /// Copies of what AWS Secrets Manager has, by External Secrets (https://external-secrets.io/latest/api/externalsecret).
  var externalSecrets: [JSONValue] {
    guard case .cluster(let store) = platform.secretStore else { return [] }
    return spec.secrets.filter { !$0.value.from.isEmpty }.sorted { $0.key < $1.key }.map { secret, source in
      var external: JSONObject = [
        "refreshInterval": .string((source.refresh ?? TimeSpan(seconds: 3600)).text),
        "secretStoreRef": ["name": .string(store), "kind": "ClusterSecretStore"],
        "target": ["name": .string(secret), "creationPolicy": "Owner"],
      ]
      if source.keys.isEmpty {
        external["dataFrom"] = [["extract": ["key": .string(source.from)]]]
      } else {
        external["data"] = .array(
          source.keys.sorted { $0.key < $1.key }.map { key, property in
            [
              "secretKey": .string(key),
              "remoteRef": ["key": .string(source.from), "property": .string(property)],
            ]
          })
      }
      return [
        "apiVersion": "external-secrets.io/v1", "kind": "ExternalSecret",
        "metadata": metadata(secret, from: ["secrets", secret]), "spec": .object(external),
      ]
    }
  }

  private func claimName(_ volume: String) -> String { "\(name)-\(volume)" }

  var claims: [JSONValue] {
    sortedVolumes.compactMap { volume, written in
      guard let claim = written.claim else { return nil }
      var wanted: JSONObject = [
        "accessModes": [claim.accessMode == .once ? "ReadWriteOnce" : "ReadWriteMany"],
        "resources": ["requests": ["storage": claim.size.json]],
      ]
      if !claim.storageClass.isEmpty { wanted["storageClassName"] = .string(claim.storageClass) }
      return [
        "apiVersion": "v1", "kind": "PersistentVolumeClaim",
        "metadata": metadata(claimName(volume), from: ["volumes", volume]), "spec": .object(wanted),
      ]
    }
  }

  private var sortedVolumes: [(String, MicroserviceSpec.Volume)] {
    spec.volumes.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  private var mountedSecrets: [(String, MicroserviceSpec.SecretSource)] {
    spec.secrets.filter { !$0.value.mount.isEmpty }.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  /// What one pod at a time can have is the service's, and no job's.
  private func isThere(_ volume: MicroserviceSpec.Volume, inJob: Bool) -> Bool {
    !(inJob && volume.claim?.accessMode == .once)
  }

  func volumes(ofJob inJob: Bool = false) -> JSONValue? {
    var volumes: [JSONValue] = []
    if let config = config?[path: ["metadata", "name"]] {
      volumes.append(["name": "config", "configMap": ["name": config]])
    }
    for (secret, _) in mountedSecrets {
      volumes.append([
        "name": .string("secret-\(secret)"), "secret": ["secretName": .string(secret), "defaultMode": 288],
      ])
    }
    for (volume, written) in sortedVolumes where isThere(written, inJob: inJob) {
      if written.claim != nil {
        volumes.append([
          "name": .string(volume), "persistentVolumeClaim": ["claimName": .string(claimName(volume))],
        ])
        continue
      }
      var directory: JSONObject = [:]
      if written.memory { directory["medium"] = "Memory" }
      if let size = written.size { directory["sizeLimit"] = size.json }
      volumes.append(["name": .string(volume), "emptyDir": .object(directory)])
    }
    return volumes.isEmpty ? .none : .some(.array(volumes))
  }

  /// The same for all containers but Envoy, which has no files.
  func mounts(ofJob inJob: Bool = false) -> JSONValue? {
    var mounts: [JSONValue] = []
    if config != nil { mounts.append(["name": "config", "mountPath": "/config", "readOnly": true]) }
    for (secret, source) in mountedSecrets {
      mounts.append([
        "name": .string("secret-\(secret)"), "mountPath": .string(source.mount), "readOnly": true,
      ])
    }
    for (volume, written) in sortedVolumes where isThere(written, inJob: inJob) {
      mounts.append(["name": .string(volume), "mountPath": .string(written.mount)])
    }
    return mounts.isEmpty ? .none : .some(.array(mounts))
  }
}
