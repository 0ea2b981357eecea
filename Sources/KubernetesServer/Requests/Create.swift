import Kubernetes

/// POST to a collection.
extension APIService {
  /// Attempts at a name made from `generateName`, each with another suffix.
  static let generatedNameAttemptsMax = 8

  func create(_ scope: RequestScope) async throws -> APIResponse {
    var options = try WriteOptions(scope.request)
    var object = try RequestBody.decode(scope.request, duplicates: &options.duplicates)
    try checkHeader(&object, scope)
    let (result, warnings) = try await create(object, scope, options) { [options] prepared in
      scope.tracked(old: nil, new: prepared, options, nil)
    }
    return try response(result, scope, status: 201, warnings: warnings)
  }

  /// Stores a new object.
  /// - Parameter track: notes who manages which field, once the object has its defaults; what the server changes after
  ///   that belongs to nobody.
  func create(
    _ object: JSONValue, _ scope: RequestScope, _ options: WriteOptions, track: (JSONValue) throws -> JSONValue
  ) async throws -> (ObjectResult, warnings: [String]) {
    try checkDefinition(scope)
    var object = object
    var warnings = try admitFields(&object, scope, options)
    let prefix = object["metadata"]?["generateName"]?.stringValue ?? ""
    let isGenerated = (object["metadata"]?["name"]?.stringValue ?? "").isEmpty && !prefix.isEmpty
    for attempt in 1...Self.generatedNameAttemptsMax {
      if isGenerated { object[path: ["metadata", "name"]] = .string(GeneratedName.make(prefix)) }
      let name = object["metadata"]?["name"]?.stringValue ?? ""
      guard !name.isEmpty else {
        throw APIError.invalid(
          scope.type, "",
          [
            .init(
              reason: "FieldValueRequired", message: "Required value: name or generateName is required",
              field: "metadata.name")
          ])
      }
      let key = scope.resource.objectKey(namespace: scope.namespace, name: name)
      var stored = try prepareCreation(object, scope, track)
      try admit(&stored, scope)
      warnings += try await mutate(&stored, old: nil, scope, name: name, .main, options)
      try validate(stored, old: nil, scope, name: name)
      let reserved = try reserveAddresses(&stored, old: nil, scope)
      do {
        warnings += try await review(stored, old: nil, scope, name: name, .main, options)
        if let result = try await insert(stored, key, scope, options) {
          if options.isDryRun { addresses.release(reserved) }
          return (result, warnings)
        }
        guard isGenerated, attempt < Self.generatedNameAttemptsMax else {
          throw APIError.alreadyExists(scope.type, name)
        }
        addresses.release(reserved)
      } catch {
        addresses.release(reserved)
        throw error
      }
    }
    throw APIError.alreadyExists(scope.type, prefix)
  }

  /// - Returns: nil where the name is taken.
  private func insert(
    _ object: JSONValue, _ key: ObjectKey, _ scope: RequestScope, _ options: WriteOptions
  ) async throws -> ObjectResult? {
    if options.isDryRun {
      guard store.object(key) == nil else { return nil }
      try checkNamespace(scope, key.name)
      return .computed(object)
    }
    let write = Store.Write(
      key: key, action: .create(scope.resource.stored(object)), needsNamespace: scope.type.isNamespaced)
    switch try await store.commit(write) {
    case .committed(let stored):
      try await react(to: .created, key)
      return .stored(stored)
    case .conflict: return nil
    case .namespaceMissing: throw APIError.notFound(.namespaces, key.namespace)
    case .namespaceTerminating: throw APIError.namespaceTerminating(scope.type, key.name, key.namespace)
    }
  }

  /// - Throws: 404 or 403 where nothing can be made in the request's namespace.
  func checkNamespace(_ scope: RequestScope, _ name: String) throws(APIError) {
    guard scope.type.isNamespaced else { return }
    let key = ObjectKey(resource: "namespaces", namespace: "", name: scope.namespace)
    guard let namespace = store.object(key) else { throw .notFound(.namespaces, scope.namespace) }
    if namespace.isTerminating { throw .namespaceTerminating(scope.type, name, scope.namespace) }
  }

  private func prepareCreation(
    _ object: JSONValue, _ scope: RequestScope, _ track: (JSONValue) throws -> JSONValue
  ) throws -> JSONValue {
    var object = object
    var metadata = object["metadata"]?.objectValue ?? [:]
    for serverSet in [
      "deletionTimestamp", "deletionGracePeriodSeconds", "resourceVersion", "selfLink", "generation", "managedFields",
    ] {
      metadata[serverSet] = nil
    }
    if scope.type.isNamespaced { metadata["namespace"] = .string(scope.namespace) } else { metadata["namespace"] = nil }
    metadata["uid"] = .string(UniqueID.make())
    metadata["creationTimestamp"] = scope.now.json
    if scope.resource.hasGeneration { metadata["generation"] = 1 }
    object["metadata"] = .object(metadata)
    Defaults.apply(&object, resource: scope.type)
    object = try track(object)
    KindRules.prepareCreation(&object, scope.resource, now: scope.now) { registry.contents.definitions }
    try admitClasses(&object, scope)
    Defaults.apply(&object, resource: scope.type)
    return object
  }
}
