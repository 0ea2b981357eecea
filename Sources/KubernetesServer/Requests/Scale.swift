import Kubernetes

/// The `scale` subresource: autoscaling/v1 Scale over a kind's own fields.
extension APIService {
  static let scaleType = ResourceType(group: "autoscaling", plural: "scales", kind: "Scale")

  func getScale(_ scope: RequestScope) throws(APIError) -> APIResponse {
    let object = try RequestBody.json(scope.resource.presentation(of: try existing(scope)))
    return try response(.computed(Self.scale(of: object, scalePaths(scope))), scope)
  }

  func changeScale(_ scope: RequestScope) async throws -> APIResponse {
    let options = try WriteOptions(scope.request)
    let paths = scalePaths(scope)
    let isPatch = scope.request.method == .patch
    let type = isPatch ? try patchType(scope) : nil
    let body = type == .apply ? try RequestBody.yaml(scope.request.body) : try RequestBody.decode(scope.request)
    let author = options.author("scale", scope.now)
    let (result, warnings) = try await change(scope, .whole("scale"), options) { old in
      if type == .apply { return try Self.applied(old, body, paths, scope, by: author, force: options.isForced) }
      let scale = Self.scale(of: old, paths)
      let wanted = try type.map { type throws(APIError) in try Self.patched(scale, type, body, scope) } ?? body
      return try Self.scaled(old, by: wanted, paths, scope)
    } track: { old, new in
      type == .apply ? new : Apply.trackScale(old: old, new: new, path: paths.specReplicas, by: author)
    }
    return try response(.computed(Self.scale(of: try result.value(), paths)), scope, warnings: warnings)
  }

  private static func applied(
    _ old: JSONValue, _ scale: JSONValue, _ paths: ScalePaths, _ scope: RequestScope, by author: Apply.Author,
    force: Bool
  ) throws(APIError) -> JSONValue {
    let wanted = try scaled(old, by: scale, paths, scope)
    do throws(PatchError) {
      return try Apply.applyScale(
        wanted[path: paths.specReplicas]?.integerValue ?? 0, onto: old, path: paths.specReplicas, by: author,
        force: force)
    } catch {
      throw APIError(patch: error, scope.type, try scope.name())
    }
  }

  func scalePaths(_ scope: RequestScope) -> ScalePaths { scope.resource.custom?.scale ?? .workload }

  private static func scaled(
    _ old: JSONValue, by scale: JSONValue, _ paths: ScalePaths, _ scope: RequestScope
  ) throws(APIError) -> JSONValue {
    let name = try scope.name()
    let given = scale["metadata"]?["name"]?.stringValue ?? name
    guard given == name else {
      throw .badRequest("the name of the object (\(given)) does not match the name on the URL (\(name))")
    }
    // A PUT without replicas asks for none, as in Go's zero value.
    let value = scale["spec"]?["replicas"] ?? 0
    guard let replicas = value.integerValue else {
      throw .badRequest(
        "Scale in version \"v1\" cannot be handled as a Scale: spec.replicas: expected an integer, "
          + "found \(value.typeName)"
      )
    }
    guard replicas >= 0 else {
      throw .invalid(
        scaleType, name, "spec.replicas", "Invalid value: \(replicas): must be greater than or equal to 0")
    }
    var new = old
    new[path: paths.specReplicas] = .integer(replicas)
    if let version = scale["metadata"]?["resourceVersion"] { new[path: ["metadata", "resourceVersion"]] = version }
    if let uid = scale["metadata"]?["uid"] { new[path: ["metadata", "uid"]] = uid }
    return new
  }

  static func scale(of object: JSONValue, _ paths: ScalePaths) -> JSONValue {
    var metadata = JSONObject()
    for field in ["name", "namespace", "uid", "resourceVersion", "creationTimestamp"] {
      metadata[field] = object["metadata"]?[field]
    }
    var status: JSONObject = ["replicas": object[path: paths.statusReplicas] ?? 0]
    if let path = paths.selector, let selector = object[path: path] {
      let text = selector.stringValue ?? (try? LabelSelector(json: selector))?.text
      if let text { status["selector"] = .string(text) }
    }
    // As Go writes it: no replicas wanted is nothing said.
    let wanted = object[path: paths.specReplicas]?.integerValue ?? 0
    return [
      "kind": "Scale", "apiVersion": "autoscaling/v1", "metadata": .object(metadata),
      "spec": wanted == 0 ? [:] : ["replicas": .integer(wanted)], "status": .object(status),
    ]
  }
}
