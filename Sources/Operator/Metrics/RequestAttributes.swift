import Kubernetes

/// What a request asks of which resource, as authorization sees it (`authorization.k8s.io`, ResourceAttributes).
package struct RequestAttributes: Hashable, Sendable {
  package var verb: String
  package var group: String
  package var resource: String
  package var subresource: String
  package var namespace: String
  package var name: String

  /// - Returns: nil where the path is not of a resource: `/version`, `/apis`.
  package init?(_ request: APIRequest) {
    var parts = request.path.split(separator: "/").map(String.init)[...]
    switch parts.popFirst() {
    case "api": group = ""
    case "apis": group = parts.popFirst() ?? ""
    default: return nil
    }
    guard parts.popFirst() != nil, !parts.isEmpty else { return nil }
    namespace = ""
    // `namespaces/N` alone is the namespace itself.
    if parts.first == "namespaces", parts.count > 2 {
      parts.removeFirst()
      namespace = parts.removeFirst()
    }
    resource = parts.removeFirst()
    name = parts.popFirst() ?? ""
    subresource = parts.joined(separator: "/")
    let isWatch = ["1", "true"].contains(request.query("watch") ?? "")
    switch request.method {
    case .get where name.isEmpty: verb = isWatch ? "watch" : "list"
    case .get: verb = "get"
    case .post: verb = "create"
    case .put: verb = "update"
    case .patch: verb = "patch"
    case .delete: verb = name.isEmpty ? "deletecollection" : "delete"
    }
    // The one name that a list or watch is restricted to counts as its name.
    if name.isEmpty, let selector = request.query("fieldSelector"), selector.hasPrefix("metadata.name=") {
      name = String(selector.dropFirst("metadata.name=".count))
    }
  }

  package var qualifiedResource: String {
    (group.isEmpty ? resource : "\(resource).\(group)") + (subresource.isEmpty ? "" : "/\(subresource)")
  }
}
