extension JSONValue {
  /// Applies a JSON patch (RFC 6902), all of it or none.
  /// - Throws: `.malformed`, `.testFailed`, or `.notApplicable` where a path is not there.
  public func applying(jsonPatch patch: JSONValue) throws(PatchError) -> JSONValue {
    try JSONPatch.apply(patch, to: self)
  }

  /// Applies a merge patch (RFC 7386): objects are merged, null removes, everything else replaces.
  public func applying(mergePatch patch: JSONValue) -> JSONValue {
    guard case .object(let changes) = patch else { return patch }
    var result: JSONObject
    if case .object(let object) = self { result = object } else { result = JSONObject() }
    for (key, change) in changes {
      if change.isNull {
        result[key] = nil
      } else if let index = result.index(of: key) {
        result.update(at: index) { $0 = $0.applying(mergePatch: change) }
      } else {
        result[key] = JSONValue.null.applying(mergePatch: change)
      }
    }
    return .object(result)
  }

  /// Applies a merge patch that is to leave an object an object, as the API server does.
  /// - Throws: `.malformed` for a patch that is no object.
  public func applying(objectPatch patch: JSONValue) throws(PatchError) -> JSONValue {
    guard case .object = patch else {
      throw PatchError(.malformed, "error decoding patch: \(GoSyntax.unmarshalMistake(patch))")
    }
    return applying(mergePatch: patch)
  }

  /// Applies Kubernetes' strategic merge patch, with the merge keys that `MergeSchema` has for a kind.
  /// - Throws: `.notApplicable` for a kind without a schema (custom resources have none) and for list elements without
  ///   their merge key; `.malformed` for directives that do not exist or contradict each other.
  public func applying(
    strategicPatch patch: JSONValue, apiVersion: String, kind: String
  ) throws(PatchError) -> JSONValue {
    guard let schema = MergeSchema.builtIn(apiVersion: apiVersion, kind: kind) else {
      throw PatchError(
        .notApplicable, "\(apiVersion) \(kind) has no strategic merge patch; use a JSON or a merge patch")
    }
    guard case .object(let changes) = patch else {
      throw PatchError(.malformed, GoSyntax.unmarshalMistake(patch))
    }
    return .object(try StrategicPatch.merge(objectValue ?? [:], changes, schema.root.fields))
  }
}
