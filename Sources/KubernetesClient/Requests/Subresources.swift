import Kubernetes

extension KubernetesClient {
  /// Sets the replicas of a workload through its `scale` subresource.
  public func scale(_ target: Change.Target, to replicas: Int) async throws -> JSONValue {
    try await patch(target, .merge, ["spec": ["replicas": replicas.json]], subresource: "scale")
  }

  /// Writes an object's status and nothing else of it.
  public func replaceStatus<O: KubernetesObject>(_ object: O) async throws -> O {
    try await replace(object, subresource: "status")
  }

  public func bind(pod: NamespacedName, to node: String) async throws {
    let binding: JSONValue = [
      "apiVersion": "v1", "kind": "Binding",
      "metadata": ["name": .string(pod.name), "namespace": .string(pod.namespace)],
      "target": ["apiVersion": "v1", "kind": "Node", "name": .string(node)],
    ]
    _ = try await post(binding, to: .pods, pod, "binding")
  }

  /// - Throws: `APIError` with code 429 while a disruption budget says no.
  public func evict(_ pod: NamespacedName, gracePeriodSeconds: Int? = nil) async throws {
    var eviction: JSONValue = [
      "apiVersion": "policy/v1", "kind": "Eviction",
      "metadata": ["name": .string(pod.name), "namespace": .string(pod.namespace)],
    ]
    if let gracePeriodSeconds {
      eviction["deleteOptions"] = ["gracePeriodSeconds": gracePeriodSeconds.json]
    }
    _ = try await post(eviction, to: .pods, pod, "eviction")
  }

  /// A token of a service account, until `expires`; the server may make its time shorter or longer than asked.
  public func token(
    of serviceAccount: NamespacedName, audiences: [String] = [], expirationSeconds: Int = 3600
  ) async throws -> (token: String, expires: Timestamp?) {
    let request: JSONValue = [
      "apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest",
      "spec": ["audiences": .array(audiences.map { .string($0) }), "expirationSeconds": expirationSeconds.json],
    ]
    let answer = try await post(request, to: .serviceAccounts, serviceAccount, "token")
    guard let token = answer[path: ["status", "token"]]?.stringValue else {
      throw TransportError(.malformed, "the answer to a TokenRequest has no token")
    }
    return (token, answer[path: ["status", "expirationTimestamp"]]?.stringValue.flatMap { Timestamp(parsing: $0) })
  }

  private func post(
    _ body: JSONValue, to resource: ResourceType, _ name: NamespacedName, _ subresource: String
  ) async throws -> JSONValue {
    try await json(
      APIRequest(
        .post, try resource.checkedPath(namespace: name.namespace, name: name.name, subresource: subresource),
        query: writeQuery(), body: body.bytes))
  }
}
