import Kubernetes
import Synchronization

/// Serves requests: finds out what a request is about and hands it to the function for it.
///
/// HTTP and in-process callers come in through the same door, `handle`, already authenticated; whether they may do what
/// they ask is found out before anything else.
final class APIService: Sendable {
  let store: Store
  let access: AccessControl
  let registry: Registry
  let providers: EmbeddedAPIServer.Providers
  let clock: @Sendable () -> Timestamp
  let addresses: ServiceAddresses
  let priorities: PriorityClasses
  let webhooks: Webhooks
  let pages = ListPages()
  let watchClock = WatchClock()
  let encodedEvents = EncodedEvents()
  let repeatedApplies = RepeatedApplies()

  init(
    store: Store, access: AccessControl, providers: EmbeddedAPIServer.Providers,
    clock: @escaping @Sendable () -> Timestamp
  ) throws(APIError) {
    self.store = store
    self.access = access
    webhooks = Webhooks(store: store)
    self.providers = providers
    self.clock = clock
    registry = Registry(store: store)
    priorities = PriorityClasses(store: store)
    addresses = try ServiceAddresses(store: store)
  }

  func handle(_ request: APIRequest) async -> APIResponse {
    if let response = answerNow(request) { return response }
    return await answerLater(request)
  }

  /// The answer to a request that `answerNow` has none for.
  func answerLater(_ request: APIRequest) async -> APIResponse {
    do {
      let request = try entered(request)
      if let response = await providers.routes(request) { return response }
      guard request.body.count <= RequestBody.bytesMax else {
        throw APIError.bodyTooLarge(bytesMax: RequestBody.bytesMax)
      }
      guard let path = ResourcePath(request.path) else { throw APIError.unknownPath }
      if let response = try await virtualResource(request, path) { return response }
      return try await write(scope(request, path))
    } catch let error as APIError {
      return APIResponse(error)
    } catch {
      return APIResponse(APIError(code: 500, reason: "InternalError", message: "\(error)"))
    }
  }

  /// The answer to a request that needs no waiting: reads, watches, lists, documents, and what is wrong with them.
  ///
  /// Takes microseconds and never blocks, so that an event loop may call it. What is long is pulled from it later.
  /// - Returns: nil where `answerLater` must be asked.
  func answerNow(_ request: APIRequest) -> APIResponse? {
    guard request.method == .get || request.method == .patch else { return nil }
    do throws(APIError) {
      if request.method == .patch { return try repeatedApply(request) }
      let request = try entered(request)
      if let response = documents(request) { return response }
      guard let path = ResourcePath(request.path) else { return nil }
      if Self.virtualGroups.contains(path.group) { return nil }
      return try readNow(scope(request, path))
    } catch {
      return APIResponse(error)
    }
  }

  /// The answer to an apply that is known to change nothing.
  private func repeatedApply(_ request: APIRequest) throws(APIError) -> APIResponse? {
    guard RequestBody.mediaType(request.contentType) == PatchType.apply.rawValue,
      let path = ResourcePath(request.path), path.name != nil, webhooks.isIdle
    else { return nil }
    let scope = try scope(try entered(request), path)
    guard let object = store.object(try scope.key()), repeatedApplies.isRepeated(request, on: object) else {
      return nil
    }
    return try response(.stored(object), scope)
  }

  /// Discovery, health, versions and schemas.
  private func documents(_ request: APIRequest) -> APIResponse? {
    // Most reads are of resources, below a group's version.
    if ResourcePath.isBelowVersion(request.path) { return nil }
    let contents = registry.contents
    return issuerDocument(request.path)
      ?? Discovery.document(
        path: request.path, accept: request.accept, resources: contents.builtIn.map(\.type),
        customResources: contents.custom.map(\.type))
      ?? OpenAPI.document(
        path: request.path, accept: request.accept, resources: contents.builtIn.map(\.type),
        definitions: contents.definitions)
  }

  private func scope(_ request: APIRequest, _ path: ResourcePath) throws(APIError) -> RequestScope {
    guard let resource = registry.contents.resource(group: path.group, version: path.version, plural: path.plural)
    else {
      throw APIError.unknownPath
    }
    guard resource.type.isNamespaced || path.namespace.isEmpty else { throw APIError.unknownPath }
    if let subresource = path.subresource, !resource.type.subresources.contains(subresource) {
      throw APIError.unknownPath
    }
    return RequestScope(request: request, path: path, resource: resource, now: clock())
  }

  /// - Returns: nil for what others than the store answer.
  private func readNow(_ scope: RequestScope) throws(APIError) -> APIResponse? {
    switch (scope.path.subresource, scope.path.name) {
    case (nil, _) where scope.isWatch: try watch(scope)
    case (nil, nil): try list(scope)
    case (nil, _?), ("status", _?): try get(scope)
    case ("scale", _?): try getScale(scope)
    default: nil
    }
  }

  private func write(_ scope: RequestScope) async throws -> APIResponse {
    if let subresource = scope.path.subresource { return try await subresourceRequest(scope, subresource) }
    switch (scope.request.method, scope.path.name) {
    case (.post, nil): return try await create(scope)
    case (.put, _?): return try await replace(scope, subresource: nil)
    case (.patch, _?): return try await patch(scope, subresource: nil)
    case (.delete, _?): return try await delete(scope)
    case (.delete, nil): return try await deleteCollection(scope)
    default: throw APIError.methodNotAllowed(scope.request.method)
    }
  }

  private func subresourceRequest(_ scope: RequestScope, _ subresource: String) async throws -> APIResponse {
    switch (subresource, scope.request.method) {
    case ("status", .put): return try await replace(scope, subresource: "status")
    case ("status", .patch): return try await patch(scope, subresource: "status")
    case ("scale", .put), ("scale", .patch): return try await changeScale(scope)
    case ("binding", .post): return try await bind(scope)
    case ("eviction", .post): return try await evict(scope)
    case ("log", .get): return try await log(scope)
    case ("token", .post) where scope.resource.key == "serviceaccounts": return try await requestToken(scope)
    case ("exec", .get), ("exec", .post): return try await exec(scope)
    case ("attach", .get), ("attach", .post): return try await attach(scope)
    case ("portforward", .get), ("portforward", .post): return try await portForward(scope)
    case ("finalize", .put): return try await replace(scope, subresource: "finalize")
    default: throw APIError.methodNotAllowed(scope.request.method)
    }
  }

  /// The stored object that a request names.
  func existing(_ scope: RequestScope) throws(APIError) -> StoredObject {
    guard let object = store.object(try scope.key()) else { throw .notFound(scope.type, try scope.name()) }
    return object
  }

  func get(_ scope: RequestScope) throws(APIError) -> APIResponse {
    // The newest state is not older than any; one that is yet to come cannot be shown.
    let version = try ReadOptions.version(scope.request.query("resourceVersion") ?? "")
    if version > 0 { try checkNotFuture(version, newest: store.version) }
    return try response(.stored(existing(scope)), scope)
  }
}

extension RequestScope {
  var isWatch: Bool { request.isWatch }
}
