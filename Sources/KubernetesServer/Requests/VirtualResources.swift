import Kubernetes

/// Resources that are answered from elsewhere than the store: measurements, and questions about oneself.
extension APIService {
  /// The groups that they are in.
  static let virtualGroups: Set<String> = ["metrics.k8s.io", "authorization.k8s.io", "authentication.k8s.io"]

  func virtualResource(_ request: APIRequest, _ path: ResourcePath) async throws(APIError) -> APIResponse? {
    switch (path.group, path.version) {
    case ("metrics.k8s.io", "v1beta1"): try await measurements(request, path)
    case ("authorization.k8s.io", _), ("authentication.k8s.io", _): try review(request, path)
    default: nil
    }
  }

  private func measurements(_ request: APIRequest, _ path: ResourcePath) async throws(APIError) -> APIResponse? {
    guard path.subresource == nil, path.plural == "nodes" || path.plural == "pods" else { throw .unknownPath }
    guard request.method == .get, request.query("watch") != "true" else { throw .methodNotAllowed(request.method) }
    let isNodes = path.plural == "nodes"
    let type = ResourceType(
      group: path.group, version: path.version, plural: path.plural, kind: isNodes ? "NodeMetrics" : "PodMetrics",
      isNamespaced: !isNodes)
    let selection = try Selection(request, namespace: path.namespace, resource: RegisteredResource(type: type))
    let metrics = await providers.metrics()
    // Selectors are about the measured objects' labels.
    var items: [JSONValue] = []
    for object in selection.range(in: store.snapshot(path.plural).objects) {
      guard path.name == nil || path.name == object.key.name, selection.matches(object) else { continue }
      if isNodes {
        guard let usage = metrics.nodes[object.key.name] else { continue }
        items.append(
          Self.measured(type, object, at: usage.at, windowSeconds: usage.windowSeconds, ["usage": Self.amounts(usage)]))
      } else {
        guard let pod = metrics.pods[NamespacedName(object.key.namespace, object.key.name)], !pod.containers.isEmpty
        else { continue }
        let containers = pod.containers.sorted { $0.key < $1.key }.map { name, usage -> JSONValue in
          ["name": .string(name), "usage": Self.amounts(usage)]
        }
        items.append(
          Self.measured(type, object, at: pod.at, windowSeconds: pod.windowSeconds, ["containers": .array(containers)]))
      }
    }
    if let name = path.name {
      guard let item = items.first else { throw .notFound(type, name) }
      return APIResponse(item)
    }
    return APIResponse([
      "kind": .string(type.kind + "List"), "apiVersion": .string(type.apiVersion), "metadata": [:],
      "items": .array(items),
    ])
  }

  private static func measured(
    _ type: ResourceType, _ object: StoredObject, at moment: Timestamp, windowSeconds: Double, _ values: JSONObject
  ) -> JSONValue {
    var metadata: JSONObject = ["name": .string(object.key.name)]
    if type.isNamespaced { metadata["namespace"] = .string(object.key.namespace) }
    metadata["creationTimestamp"] = moment.json
    let labels = object.index.labels.sorted { $0.key < $1.key }
    if !labels.isEmpty { metadata["labels"] = .object(JSONObject(labels.map { ($0.key, .string($0.value)) })) }
    var item: JSONObject = [
      "kind": .string(type.kind), "apiVersion": .string(type.apiVersion), "metadata": .object(metadata),
      "timestamp": moment.json, "window": .string("\(Int(windowSeconds.rounded()))s"),
    ]
    for member in values { item[member.key] = member.value }
    return .object(item)
  }

  private static func amounts(_ usage: ClusterView.Usage) -> JSONValue {
    ["cpu": .string("\(usage.cpuMillicores)m"), "memory": .string("\(usage.memoryBytes / 1024)Ki")]
  }
}
