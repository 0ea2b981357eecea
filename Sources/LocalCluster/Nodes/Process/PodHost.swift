import ChildProcesses
import Kubernetes
import KubernetesClient
import Synchronization

/// What the pods of all process nodes share.
struct PodHost: Sendable {
  let settings: NodeSettings
  let client: KubernetesClient
  let events: NodeEvents
  let images: ImagePulls
  let logs: LogStore
  let probes: ProbeClient
  let watchdog: Watchdog?
  let processes = RunningProcesses()

  var speed: Double { settings.speed }
}

/// The node that a pod runs on, as far as the pod is concerned.
struct HostNode: Sendable {
  var name: String
  var address: String
  var allocatable: ResourceList
}

/// Which process belongs to which container: for measurements.
final class RunningProcesses: Sendable {
  struct Owner: Sendable, Hashable {
    var pod: NamespacedName
    var uid: String
    var container: String
    var node: String
  }
  private let owners = Mutex<[Int32: Owner]>([:])

  func add(_ pid: Int32, _ owner: Owner) { owners.withLock { $0[pid] = owner } }
  func remove(_ pid: Int32) { owners.withLock { $0[pid] = nil } }
  var all: [Int32: Owner] { owners.withLock { $0 } }
}

/// ConfigMaps, Secrets and tokens, read from the API when a container starts.
struct APIConfiguration: ConfigurationSource {
  let client: KubernetesClient

  func configMap(_ name: String, namespace: String) async throws -> ConfigMap? {
    do { return try await client.get(ConfigMap.self, name, namespace: namespace) } catch let error as APIError {
      if error.isNotFound { return nil }
      throw error
    }
  }

  func secret(_ name: String, namespace: String) async throws -> Secret? {
    do { return try await client.get(Secret.self, name, namespace: namespace) } catch let error as APIError {
      if error.isNotFound { return nil }
      throw error
    }
  }

  func serviceAccountToken(for pod: Pod, audience: String, expirationSeconds: Int64) async throws -> String {
    let account = pod.spec.serviceAccountName
    var spec: JSONObject = [
      "expirationSeconds": .integer(expirationSeconds),
      "boundObjectRef": [
        "apiVersion": "v1", "kind": "Pod", "name": .string(pod.metadata.name), "uid": .string(pod.metadata.uid),
      ],
    ]
    if !audience.isEmpty { spec["audiences"] = [.string(audience)] }
    let body: JSONValue = [
      "apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": .object(spec),
    ]
    let path = ResourceType.serviceAccounts.path(
      namespace: pod.metadata.namespace, name: account.isEmpty ? "default" : account, subresource: "token")
    let answer = try await client.json(APIRequest(.post, path, body: body.bytes))
    guard let token = answer["status"]?["token"]?.stringValue, !token.isEmpty else {
      throw ConfigurationError("no token was given for serviceaccount \"\(account)\"")
    }
    return token
  }
}
