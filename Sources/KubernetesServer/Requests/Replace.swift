import Kubernetes

/// PUT of an object or of its `status` or `finalize`.
extension APIService {
  func replace(_ scope: RequestScope, subresource: String?) async throws -> APIResponse {
    var options = try WriteOptions(scope.request)
    var object = try RequestBody.decode(scope.request, duplicates: &options.duplicates)
    try checkHeader(&object, scope)
    let surface = WriteSurface(subresource: subresource)
    let (result, warnings) = try await change(scope, surface, options) { _ in
      object
    } track: { old, new in
      Apply.track(old: old, new: new, manager: options.manager, now: scope.now, subresource: surface.subresource)
    }
    return try response(result, scope, warnings: warnings)
  }
}
