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

  public func create<O: KubernetesObject>(_ object: O) async throws -> O {
    try O(json: try await create(object.json, resource: O.resource))
  }

  public func create(_ object: JSONValue, resource: ResourceType) async throws -> JSONValue {
    let namespace = object[path: ["metadata", "namespace"]]?.stringValue ?? ""
    return try await json(
      APIRequest(
        .post, try resource.checkedPath(namespace: namespace, name: nil), query: writeQuery(), body: object.bytes))
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
        query: writeQuery(), body: object.bytes))
  }

  /// Reads an object, changes it and puts it back, again while somebody else is faster (client-go's
  /// `retry.RetryOnConflict` with its default of five attempts).
  /// - Throws: what `change` throws; the last `APIError`.
  public func updateWithRetry<O: KubernetesObject>(
    _ type: O.Type, _ name: String, namespace: String = "", subresource: String? = nil, attemptsMax: Int = 5,
    _ change: @Sendable (inout O) async throws -> Void
  ) async throws -> O {
    var attempt = 1
    while true {
      var object = try await get(type, name, namespace: namespace)
      try await change(&object)
      do { return try await replace(object, subresource: subresource) } catch let error as APIError
        where error.isConflict && attempt < attemptsMax
      {
        try await clock.sleep(
          for: Backoff(first: .milliseconds(10), longest: .milliseconds(200)).delay(attempt: attempt))
        attempt += 1
      }
    }
  }

  /// - Parameter force: takes fields over from other managers; only for `.apply`.
  public func patch(
    _ target: Change.Target, _ type: PatchType, _ body: JSONValue, subresource: String? = nil,
    fieldManager: String? = nil, force: Bool = false
  ) async throws -> JSONValue {
    var query = writeQuery(fieldManager: fieldManager)
    if force, type == .apply { query.append(("force", "true")) }
    return try await json(
      APIRequest(
        .patch,
        try target.resource.checkedPath(namespace: target.namespace, name: target.name, subresource: subresource),
        query: query, contentType: type.rawValue, body: body.bytes))
  }

  /// Server-side apply of an object that carries its own name and namespace.
  /// - Throws: `APIError` with reason `Conflict` where another manager has other values for fields of `object`; see
  ///   `APIError.details` for which.
  public func apply(
    _ object: JSONValue, resource: ResourceType, subresource: String? = nil, fieldManager: String? = nil,
    force: Bool = false, dryRun: Bool = false
  ) async throws -> JSONValue {
    let (namespace, name) = Self.identity(of: object)
    var client = self
    client.isDryRun = isDryRun || dryRun
    return try await client.patch(
      Change.Target(resource, namespace: namespace, name: name), .apply, object, subresource: subresource,
      fieldManager: fieldManager, force: force)
  }

  /// Server-side apply of the fields that are set. One that was read before goes without its `managedFields`, which
  /// nobody may apply.
  public func apply<O: KubernetesObject>(_ object: O, subresource: String? = nil, force: Bool = false) async throws -> O
  {
    var object = object
    object.metadata.unknown["managedFields"] = nil
    return try O(json: try await apply(object.json, resource: O.resource, subresource: subresource, force: force))
  }

  /// What is common to the queries of writes.
  func writeQuery(fieldManager: String? = nil) -> [(name: String, value: String)] {
    var query = [(name: "fieldManager", value: fieldManager ?? self.fieldManager)]
    if isDryRun { query.append(("dryRun", "All")) }
    if let fieldValidation { query.append(("fieldValidation", fieldValidation.rawValue)) }
    return query
  }

  static func identity(of object: JSONValue) -> (namespace: String, name: String) {
    let metadata = object["metadata"]
    return (metadata?["namespace"]?.stringValue ?? "", metadata?["name"]?.stringValue ?? "")
  }
}
