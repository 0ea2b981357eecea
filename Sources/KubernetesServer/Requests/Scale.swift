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
    let (result, warnings) = try await change(scope, .whole("scale"), options) { old in
      let scale = Self.scale(of: old, paths)
      let wanted: JSONValue
      switch type {
      // An apply of a scale names its one field.
      case nil: wanted = body
      case .apply: wanted = scale.applying(mergePatch: ["spec": body["spec"] ?? [:]])
      case let type?: wanted = try Self.patched(scale, type, body, scope)
      }
      return try Self.scaled(old, by: wanted, paths, scope)
    } track: { old, new in
      Apply.track(old: old, new: new, manager: options.manager, now: scope.now, subresource: "scale")
    }
    return try response(.computed(Self.scale(of: try result.value(), paths)), scope, warnings: warnings)
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
    return [
      "kind": "Scale", "apiVersion": "autoscaling/v1", "metadata": .object(metadata),
      "spec": ["replicas": object[path: paths.specReplicas] ?? 0], "status": .object(status),
    ]
  }
}
