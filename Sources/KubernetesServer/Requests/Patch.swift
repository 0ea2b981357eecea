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
      scope.tracked(old: old, new: new, options, surface.subresource)
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
      case .merge: return try old.applying(objectPatch: patch)
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
          + "is required for apply patch",
        details: [
          "group": "meta.k8s.io", "kind": "PatchOptions",
          "causes": [
            [
              "reason": "FieldValueRequired", "message": "Required value: is required for apply patch",
              "field": "fieldManager",
            ]
          ],
        ])
    }
    let configuration = try Self.configuration(scope)
    let applied: @Sendable (JSONValue?) throws(APIError) -> JSONValue = { live throws(APIError) in
      do throws(PatchError) {
        return try Apply.apply(
          configuration, onto: live, by: options.author(surface.subresource, scope.now), force: options.isForced,
          schema: scope.resource.mergeSchema, versions: scope.resource.versions)
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
      var named = configuration
      try checkHeader(&named, scope)
      let (result, warnings) = try await create(named, scope, options) { prepared in
        var prepared = prepared
        prepared[path: ["metadata", "managedFields"]] = try applied(nil)["metadata"]?["managedFields"]
        return prepared
      }
      return try response(result, scope, status: 201, warnings: warnings)
    }
  }
}

extension APIService {
  /// What a body applies: an object of the kind that the path names.
  private static func configuration(_ scope: RequestScope) throws(APIError) -> JSONValue {
    let body = try RequestBody.yaml(scope.request.body)
    let configuration = body.isNull ? [:] : body
    guard case .object = configuration else {
      throw .badRequest(
        "error decoding YAML: error unmarshaling JSON: while decoding JSON: \(GoSyntax.unmarshalMistake(body))")
    }
    let apiVersion = configuration["apiVersion"]?.stringValue ?? ""
    let kind = configuration["kind"]?.stringValue ?? ""
    guard apiVersion == scope.type.apiVersion, kind == scope.type.kind else {
      throw .badRequest("invalid object type: \(apiVersion.contains("/") ? "" : "/")\(apiVersion), Kind=\(kind)")
    }
    return configuration
  }
}

extension APIError {
  init(patch error: PatchError, _ resource: ResourceType, _ name: String) {
    switch error.code {
    case .malformed: self = .badRequest(error.message)
    case .tooLarge: self.init(code: 413, reason: "RequestEntityTooLarge", message: error.message)
    case .testFailed, .notApplicable:
      // What is wrong in particular is not said: clients see these words from every API server.
      self.init(
        code: 422, reason: "Invalid", message: "the server rejected our request due to an error in our request",
        details: [:])
    case .conflict:
      self.init(
        code: 409, reason: "Conflict", message: error.message,
        details: ["causes": .array(error.conflicts.map(\.cause))])
    case .untypable: self.init(code: 500, reason: "", message: error.message)
    }
  }
}
