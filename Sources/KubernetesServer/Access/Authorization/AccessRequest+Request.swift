import Kubernetes

extension AccessRequest {
  /// What an HTTP request asks to be allowed: the rules of kube-apiserver's `RequestInfoFactory`.
  ///
  /// The path is taken apart by the same reader that routes the request: nothing is authorized as one thing and served as
  /// another.
  init(_ request: APIRequest) {
    guard let path = ResourcePath(request.path) else {
      self.init(request.method.rawValue.lowercased(), .path(request.path))
      return
    }
    var resource = Resource(
      group: path.group, version: path.version, plural: path.plural, subresource: path.subresource ?? "",
      namespace: path.namespace, name: path.name ?? "")
    // A namespace is in itself: who may read it there may do so by a role in it.
    if path.group.isEmpty, path.plural == "namespaces" { resource.namespace = resource.name }
    let verb: String
    switch request.method {
    case .get where resource.subresource.isEmpty && request.isWatch: verb = "watch"
    case .get: verb = resource.name.isEmpty ? "list" : "get"
    case .post: verb = "create"
    case .put: verb = "update"
    case .patch: verb = "patch"
    case .delete: verb = resource.name.isEmpty ? "deletecollection" : "delete"
    }
    if request.method == .get, resource.name.isEmpty { resource.name = Self.selectedName(request) }
    self.init(verb, resource)
  }

  /// The one object that a field selector leaves: a list or watch of it is allowed to whom only its name is.
  private static func selectedName(_ request: APIRequest) -> String {
    guard let text = request.query("fieldSelector"), text.contains("metadata.name"),
      let selector = try? FieldSelector(parsing: text)
    else { return "" }
    return selector.value(of: "metadata.name") ?? ""
  }
}

extension APIRequest {
  var isWatch: Bool { ["true", "1"].contains(query("watch") ?? "") }
}
