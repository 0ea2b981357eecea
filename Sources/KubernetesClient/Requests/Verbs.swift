import Kubernetes

extension KubernetesClient {
  public func get<O: KubernetesObject>(_ type: O.Type, _ name: String, namespace: String = "") async throws -> O {
    try O(json: try await get(O.resource, name, namespace: namespace))
  }

  public func get(_ resource: ResourceType, _ name: String, namespace: String = "", subresource: String? = nil)
    async throws -> JSONValue
  {
    try await json(
      APIRequest(.get, try resource.checkedPath(namespace: namespace, name: name, subresource: subresource)))
  }

  /// Every object, read in pages where the server pages.
  public func list<O: KubernetesObject>(
    _ type: O.Type, namespace: String = "", labelSelector: String = "", fieldSelector: String = ""
  ) async throws -> (items: [O], resourceVersion: String) {
    let (items, version) = try await list(
      O.resource, namespace: namespace, labelSelector: labelSelector, fieldSelector: fieldSelector)
    return (try items.map { try O(json: $0) }, version)
  }

  public func list(
    _ resource: ResourceType, namespace: String = "", labelSelector: String = "", fieldSelector: String = ""
  ) async throws -> (items: [JSONValue], resourceVersion: String) {
    let path = try resource.checkedPath(namespace: namespace, name: nil)
    var items: [JSONValue] = []
    var token = ""
    for _ in 0..<Self.pagesMax {
      var query = Self.selectors(labelSelector, fieldSelector)
      query.append(("limit", String(Self.pageItems)))
      if !token.isEmpty { query.append(("continue", token)) }
      let page: JSONValue
      do { page = try await json(APIRequest(.get, path, query: query)) } catch let error as APIError {
        // The pages' snapshot is gone: begin again, as a whole.
        guard error.code == 410, !token.isEmpty else { throw error }
        page = try await json(APIRequest(.get, path, query: Self.selectors(labelSelector, fieldSelector)))
        items = []
      }
      items += page["items"]?.arrayValue ?? []
      token = page[path: ["metadata", "continue"]]?.stringValue ?? ""
      if token.isEmpty { return (items, page[path: ["metadata", "resourceVersion"]]?.stringValue ?? "") }
    }
    throw TransportError(.tooLarge, "the list of \(resource.qualifiedPlural) has more than \(Self.pagesMax) pages")
  }

  private static let pageItems = 2000
  private static let pagesMax = 1000

  static func selectors(_ label: String, _ field: String) -> [(name: String, value: String)] {
    var query: [(name: String, value: String)] = []
    if !label.isEmpty { query.append(("labelSelector", label)) }
    if !field.isEmpty { query.append(("fieldSelector", field)) }
    return query
  }

  public func create<O: KubernetesObject>(_ object: O) async throws -> O {
    try O(json: try await create(object.json, resource: O.resource))
  }

  public func create(_ object: JSONValue, resource: ResourceType) async throws -> JSONValue {
    let namespace = object[path: ["metadata", "namespace"]]?.stringValue ?? ""
    return try await json(
      APIRequest(
        .post, try resource.checkedPath(namespace: namespace, name: nil), query: [("fieldManager", fieldManager)],
        body: object.bytes))
  }

  /// Puts a whole object in the place of the one of its resourceVersion.
  /// - Throws: `APIError` with reason `Conflict` when somebody was faster.
  public func replace<O: KubernetesObject>(_ object: O, subresource: String? = nil) async throws -> O {
    try O(json: try await replace(object.json, resource: O.resource, subresource: subresource))
  }

  public func replace(_ object: JSONValue, resource: ResourceType, subresource: String? = nil) async throws -> JSONValue
  {
    let (namespace, name) = Self.identity(of: object)
    return try await json(
      APIRequest(
        .put, try resource.checkedPath(namespace: namespace, name: name, subresource: subresource),
        query: [("fieldManager", fieldManager)], body: object.bytes))
  }

  public func delete(_ target: Change.Target, uid: String? = nil, gracePeriodSeconds: Int? = nil) async throws {
    var options: JSONObject = ["kind": "DeleteOptions", "apiVersion": "v1"]
    if let uid { options["preconditions"] = ["uid": .string(uid)] }
    if let gracePeriodSeconds { options["gracePeriodSeconds"] = gracePeriodSeconds.json }
    _ = try await json(
      APIRequest(
        .delete, try target.resource.checkedPath(namespace: target.namespace, name: target.name),
        body: JSONValue.object(options).bytes))
  }

  /// - Parameter force: takes fields over from other managers; only for `.apply`.
  public func patch(
    _ target: Change.Target, _ type: PatchType, _ body: JSONValue, subresource: String? = nil,
    fieldManager: String? = nil, force: Bool = false
  ) async throws -> JSONValue {
    var query = [(name: "fieldManager", value: fieldManager ?? self.fieldManager)]
    if force, type == .apply { query.append(("force", "true")) }
    return try await json(
      APIRequest(
        .patch,
        try target.resource.checkedPath(namespace: target.namespace, name: target.name, subresource: subresource),
        query: query, contentType: type.rawValue, body: body.bytes))
  }

  /// Server-side apply of an object that carries its own name and namespace.
  public func apply(
    _ object: JSONValue, resource: ResourceType, fieldManager: String, force: Bool = false, dryRun: Bool = false
  ) async throws -> JSONValue {
    let (namespace, name) = Self.identity(of: object)
    var query = [(name: "fieldManager", value: fieldManager)]
    if force { query.append(("force", "true")) }
    if dryRun { query.append(("dryRun", "All")) }
    return try await json(
      APIRequest(
        .patch, try resource.checkedPath(namespace: namespace, name: name), query: query,
        contentType: PatchType.apply.rawValue, body: object.bytes))
  }

  static func identity(of object: JSONValue) -> (namespace: String, name: String) {
    let metadata = object["metadata"]
    return (metadata?["namespace"]?.stringValue ?? "", metadata?["name"]?.stringValue ?? "")
  }
}
