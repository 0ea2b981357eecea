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
    try await post(binding, to: pod, "binding")
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
    try await post(eviction, to: pod, "eviction")
  }

  private func post(_ body: JSONValue, to pod: NamespacedName, _ subresource: String) async throws {
    _ = try await json(
      APIRequest(
        .post,
        try ResourceType.pods.checkedPath(namespace: pod.namespace, name: pod.name, subresource: subresource),
        query: [("fieldManager", fieldManager)], body: body.bytes))
  }

  /// What a container wrote; followed until the container ends, or the caller stops reading.
  public func logs(
    of pod: NamespacedName, container: String = "", follow: Bool = false, tailLines: Int? = nil, previous: Bool = false
  ) async throws -> APIResponse.Body {
    var query: [(name: String, value: String)] = []
    if !container.isEmpty { query.append(("container", container)) }
    if follow { query.append(("follow", "true")) }
    if previous { query.append(("previous", "true")) }
    if let tailLines { query.append(("tailLines", String(tailLines))) }
    let path = try ResourceType.pods.checkedPath(namespace: pod.namespace, name: pod.name, subresource: "log")
    return try await respond(APIRequest(.get, path, query: query, accept: "*/*")).body
  }
}
