import Kubernetes

/// PATCH of an object or of its `status`, in the four forms; an apply of what is not there creates it.
extension APIService {
  func patch(_ scope: RequestScope, subresource: String?) async throws -> APIResponse {
    var options = try WriteOptions(scope.request)
    let type = try patchType(scope)
    let surface = WriteSurface(subresource: subresource)
    if type == .apply { return try await apply(scope, surface, options) }
    let patch = try RequestBody.json(scope.request.body, duplicates: &options.duplicates)
    let (result, warnings) = try await change(scope, surface, options) { old in
      try Self.patched(old, type, patch, scope)
    } track: { old, new in
      Apply.track(old: old, new: new, manager: options.manager, now: scope.now, subresource: surface.subresource)
    }
    return try response(result, scope, warnings: warnings)
  }

  func patchType(_ scope: RequestScope) throws(APIError) -> PatchType {
    guard let type = PatchType(rawValue: RequestBody.mediaType(scope.request.contentType)),
      type != .strategic || scope.resource.custom == nil
    else {
      throw APIError(
        code: 415, reason: "UnsupportedMediaType",
        message: "the body of the request was in an unknown format - accepted media types include: "
          + "application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml")
    }
    return type
  }

  static func patched(_ old: JSONValue, _ type: PatchType, _ patch: JSONValue, _ scope: RequestScope) throws(APIError)
    -> JSONValue
  {
    do throws(PatchError) {
      switch type {
      case .json: return try old.applying(jsonPatch: patch)
      case .merge: return old.applying(mergePatch: patch)
      case .strategic:
        return try old.applying(strategicPatch: patch, apiVersion: scope.type.apiVersion, kind: scope.type.kind)
      case .apply: throw PatchError(.malformed, "an apply is not a patch of this kind")
      }
    } catch {
      throw APIError(patch: error, scope.type, scope.path.name ?? "")
    }
  }

  private func apply(_ scope: RequestScope, _ surface: WriteSurface, _ options: WriteOptions) async throws
    -> APIResponse
  {
    guard !options.fieldManager.isEmpty else {
      throw APIError(
        code: 422, reason: "Invalid",
        message: "PatchOptions.meta.k8s.io \"\" is invalid: fieldManager: Required value: "
          + "is required for apply patch")
    }
    var configuration = try RequestBody.yaml(scope.request.body)
    try checkHeader(&configuration, scope)
    guard configuration["metadata"]?["managedFields"]?.arrayValue?.isEmpty ?? true else {
      throw APIError.badRequest("metadata.managedFields must be nil")
    }
    let applied: @Sendable (JSONValue?) throws(APIError) -> JSONValue = { [configuration] live throws(APIError) in
      do throws(PatchError) {
        return try Apply.apply(
          configuration, onto: live, manager: options.fieldManager, force: options.isForced, now: scope.now,
          subresource: surface.subresource)
      } catch {
        throw APIError(patch: error, scope.type, scope.path.name ?? "")
      }
    }
    let key = try scope.key()
    do {
      let (result, warnings) = try await change(scope, surface, options) { old in
        try applied(old)
      } track: { _, new in
        new
      }
      // An apply that names a version is refused the second time; warnings are given every time.
      if case .stored(let object) = result, warnings.isEmpty, scope.resource.custom == nil, !options.isDryRun,
        configuration["metadata"]?["resourceVersion"] == nil
      {
        repeatedApplies.note(scope.request, on: object)
      }
      return try response(result, scope, warnings: warnings)
    } catch let error as APIError where error.isNotFound && surface == .main && store.object(key) == nil {
      try access.authorizer.require(
        scope.request.user, AccessRequest("create", scope.accessResource(name: key.name)))
      let (result, warnings) = try await create(configuration, scope, options) { prepared in
        var prepared = prepared
        prepared[path: ["metadata", "managedFields"]] = try applied(nil)["metadata"]?["managedFields"]
        return prepared
      }
      return try response(result, scope, status: 201, warnings: warnings)
    }
  }
}

extension APIError {
  init(patch error: PatchError, _ resource: ResourceType, _ name: String) {
    switch error.code {
    case .malformed: self = .badRequest(error.message)
    case .testFailed, .notApplicable:
      self.init(
        code: 422, reason: "Invalid",
        message: "the server rejected our request due to an error in our request: \(error.message)")
    case .conflict:
      self.init(
        code: 409, reason: "Conflict", message: error.message,
        details: ["name": .string(name), "group": .string(resource.group), "kind": .string(resource.plural)])
    }
  }
}
