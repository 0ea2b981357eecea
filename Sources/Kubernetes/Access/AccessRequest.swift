/// Who wants to do something, reduced to what authorization asks: a verb, and what it is about.
package struct AccessRequest: Sendable, Hashable {
  package struct Resource: Sendable, Hashable {
    package var group: String
    package var version: String
    package var plural: String
    package var subresource: String
    /// Empty for what belongs to no namespace, and for a question about all of them.
    package var namespace: String
    /// Empty for collections, and for a question about all objects.
    package var name: String

    package init(
      group: String = "", version: String = "", plural: String, subresource: String = "", namespace: String = "",
      name: String = ""
    ) {
      self.group = group
      self.version = version
      self.plural = plural
      self.subresource = subresource
      self.namespace = namespace
      self.name = name
    }
  }

  package enum Target: Sendable, Hashable {
    case resource(Resource)
    /// Outside the resources: `/healthz`, `/openapi/v3`.
    case path(String)
  }

  /// `get`, `list`, `watch`, `create`, `update`, `patch`, `delete`, `deletecollection`, `impersonate`, `bind`,
  /// `escalate`; for paths the method in lower case.
  package var verb: String
  package var target: Target

  package init(_ verb: String, _ target: Target) {
    self.verb = verb
    self.target = target
  }

  package init(_ verb: String, _ resource: Resource) { self.init(verb, .resource(resource)) }

  var namespace: String { if case .resource(let resource) = target { resource.namespace } else { "" } }
}

extension AccessRequest {
  /// What the API server answers whom it is not allowed; clients match on the words.
  /// - Parameter reason: what stood in the way of finding out, where something did.
  package func refusal(of user: UserInfo, reason: String = "") -> APIError {
    let tail = reason.isEmpty ? "" : ": \(reason)"
    switch target {
    case .path(let path):
      return APIError(
        code: 403, reason: "Forbidden",
        message: "forbidden: User \"\(user.name)\" cannot \(verb) path \"\(path)\"\(tail)",
        details: [:])
    case .resource(let resource):
      let plural = resource.subresource.isEmpty ? resource.plural : "\(resource.plural)/\(resource.subresource)"
      let place =
        resource.namespace.isEmpty ? "at the cluster scope" : "in the namespace \"\(resource.namespace)\""
      return resource.forbidden(
        "User \"\(user.name)\" cannot \(verb) resource \"\(plural)\" in API group \"\(resource.group)\" \(place)\(tail)"
      )
    }
  }
}

extension AccessRequest.Resource {
  /// `pods "x" is forbidden: …`, as a Status.
  package func forbidden(_ why: String) -> APIError {
    let qualified = group.isEmpty ? plural : "\(plural).\(group)"
    var details = JSONObject()
    if !name.isEmpty { details["name"] = .string(name) }
    if !group.isEmpty { details["group"] = .string(group) }
    details["kind"] = .string(plural)
    let subject = name.isEmpty ? qualified : "\(qualified) \"\(name)\""
    return APIError(
      code: 403, reason: "Forbidden", message: "\(subject) is forbidden: \(why)", details: .object(details))
  }
}
