import Kubernetes

/// What the server serves, told in the forms that clients ask for: which groups, versions, resources and subresources.
package enum Discovery {
  /// The version of Kubernetes whose API this is.
  package static let gitVersion = "v1.32.4+sakigake"

  /// - Parameters:
  ///   - path: without the query.
  ///   - accept: the request's Accept header; it chooses between the legacy and the aggregated documents.
  ///   - resources: the built-in kinds.
  ///   - customResources: the kinds that definitions declare, one for each served version.
  /// - Returns: nil where the path is not one of discovery.
  package static func document(
    path: String, accept: String, resources: [ResourceType], customResources: [ResourceType] = []
  ) -> APIResponse? {
    if let response = probe(path) { return response }
    let parts = path.split(separator: "/").map(String.init)
    guard let root = parts.first, root == "api" || root == "apis" else { return nil }
    let served = resources.map { ServedResource($0) } + virtualResources + customResources.map { ServedResource($0) }
    let groups = ServedGroup.groups(of: served)
    switch (root, parts.count) {
    case ("api", 1), ("apis", 1):
      let isCore = root == "api"
      let chosen = groups.filter { $0.name.isEmpty == isCore }
      if let aggregated = AggregatedDiscovery.document(chosen, accept: accept) { return aggregated }
      return json(isCore ? LegacyDiscovery.versions(chosen) : LegacyDiscovery.groupList(chosen))
    case ("api", 2): return resourceList(groups.first { $0.name.isEmpty }, version: parts[1])
    case ("apis", 2):
      return groups.first { $0.name == parts[1] }.map { json(LegacyDiscovery.group($0, standalone: true)) }
    case ("apis", 3): return resourceList(groups.first { $0.name == parts[1] }, version: parts[2])
    default: return nil
    }
  }

  private static func resourceList(_ group: ServedGroup?, version: String) -> APIResponse? {
    guard let group, let found = group.versions.first(where: { $0.name == version }) else { return nil }
    return json(LegacyDiscovery.resourceList(group: group.name, version: version, found.resources))
  }

  private static func probe(_ path: String) -> APIResponse? {
    switch path {
    case "/healthz", "/livez", "/readyz":
      APIResponse(status: 200, contentType: "text/plain; charset=utf-8", body: .bytes(Array("ok".utf8)))
    case "/version", "/version/": json(version)
    default: nil
    }
  }

  private static let version: JSONValue = [
    "major": "1", "minor": "32", "gitVersion": .string(gitVersion), "gitCommit": "", "gitTreeState": "clean",
    "buildDate": "2025-04-22T00:00:00Z", "goVersion": "none", "compiler": "swift", "platform": "linux/amd64",
  ]

  /// What is answered without being stored.
  static let virtualResources: [ServedResource] =
    APIService.reviews.map { ServedResource($0, verbs: ["create"]) } + [
      ServedResource(
        ResourceType(
          group: "metrics.k8s.io", version: "v1beta1", plural: "nodes", kind: "NodeMetrics", isNamespaced: false),
        verbs: ["get", "list"]),
      ServedResource(
        ResourceType(group: "metrics.k8s.io", version: "v1beta1", plural: "pods", kind: "PodMetrics"),
        verbs: ["get", "list"]),
    ]

  private static func json(_ value: JSONValue) -> APIResponse { APIResponse(status: 200, body: .bytes(value.bytes)) }
}
