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
    do {
      let request = try entered(request)
      if let response = await providers.routes(request) { return response }
      guard request.body.count <= RequestBody.bytesMax else {
        throw APIError.bodyTooLarge(bytesMax: RequestBody.bytesMax)
      }
      if let response = documents(request) { return response }
      return try await route(request)
    } catch let error as APIError {
      return APIResponse(error)
    } catch {
      return APIResponse(APIError(code: 500, reason: "InternalError", message: "\(error)"))
    }
  }

  /// Discovery, health, versions and schemas.
  private func documents(_ request: APIRequest) -> APIResponse? {
    guard request.method == .get else { return nil }
    let contents = registry.contents
    return issuerDocument(request.path)
      ?? Discovery.document(
        path: request.path, accept: request.accept, resources: contents.builtIn.map(\.type),
        customResources: contents.custom.map(\.type))
      ?? OpenAPI.document(
        path: request.path, accept: request.accept, resources: contents.builtIn.map(\.type),
        definitions: contents.definitions)
  }

  private func route(_ request: APIRequest) async throws -> APIResponse {
    guard let path = ResourcePath(request.path) else { throw APIError.unknownPath }
    if let response = try await virtualResource(request, path) { return response }
    guard let resource = registry.contents.resource(group: path.group, version: path.version, plural: path.plural)
    else {
      throw APIError.unknownPath
    }
    guard resource.type.isNamespaced || path.namespace.isEmpty else { throw APIError.unknownPath }
    let scope = RequestScope(request: request, path: path, resource: resource, now: clock())
    guard let subresource = path.subresource else { return try await resourceRequest(scope) }
    guard resource.type.subresources.contains(subresource) else { throw APIError.unknownPath }
    return try await subresourceRequest(scope, subresource)
  }

  private func resourceRequest(_ scope: RequestScope) async throws -> APIResponse {
    switch (scope.request.method, scope.path.name) {
    case (.get, _) where scope.isWatch: return try watch(scope)
    case (.get, nil): return try list(scope)
    case (.get, _): return try get(scope)
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
    case ("status", .get): return try get(scope)
    case ("status", .put): return try await replace(scope, subresource: "status")
    case ("status", .patch): return try await patch(scope, subresource: "status")
    case ("scale", .get): return try getScale(scope)
    case ("scale", .put), ("scale", .patch): return try await changeScale(scope)
    case ("binding", .post): return try await bind(scope)
    case ("eviction", .post): return try await evict(scope)
    case ("log", .get): return try await log(scope)
    case ("token", .post) where scope.resource.key == "serviceaccounts": return try await requestToken(scope)
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
    try response(.stored(existing(scope)), scope)
  }
}

extension RequestScope {
  var isWatch: Bool { request.isWatch }
}
