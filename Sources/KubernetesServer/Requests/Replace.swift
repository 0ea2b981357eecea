import Kubernetes

/// PUT of an object or of its `status` or `finalize`; of some kinds it creates what is not there.
extension APIService {
  func replace(_ scope: RequestScope, subresource: String?) async throws -> APIResponse {
    var options = try WriteOptions(scope.request)
    var object = try RequestBody.decode(scope.request, duplicates: &options.duplicates)
    try checkHeader(&object, scope)
    let surface = WriteSurface(subresource: subresource)
    let key = try scope.key()
    if surface == .main, scope.resource.updatesCreate, store.object(key) == nil {
      let (result, warnings) = try await create(object, scope, options) { [options] prepared in
        scope.tracked(old: nil, new: prepared, options, nil)
      }
      return try response(result, scope, status: 201, warnings: warnings)
    }
    let hasVersion = object["metadata"]?["resourceVersion"]?.stringValue ?? "" != ""
    let (result, warnings) = try await change(scope, surface, options) { _ in
      if !hasVersion, scope.resource.updatesNeedVersion { throw APIError.versionMissing(scope.type, key.name) }
      return object
    } track: { old, new in
      scope.tracked(old: old, new: new, options, surface.subresource)
    }
    return try response(result, scope, warnings: warnings)
  }
}

extension APIError {
  /// Kinds that several write are not replaced by one who has not read them.
  fileprivate static func versionMissing(_ type: ResourceType, _ name: String) -> APIError {
    var error = invalid(
      type, name, "metadata.resourceVersion", "Invalid value: 0x0: must be specified for an update")
    error.message =
      "\(type.qualifiedPlural) \"\(name)\" is invalid: metadata.resourceVersion: "
      + "Invalid value: 0x0: must be specified for an update"
    return error
  }
}
