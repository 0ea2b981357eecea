import Kubernetes

/// POST of `binding`: gives a pod to a node, once.
extension APIService {
  func bind(_ scope: RequestScope) async throws -> APIResponse {
    let options = try WriteOptions(scope.request)
    let body = try RequestBody.decode(scope.request)
    let name = try scope.name()
    let node = body["target"]?["name"]?.stringValue ?? ""
    guard !node.isEmpty else {
      throw APIError.invalid(
        ResourceType(plural: "bindings", kind: "Binding"), name,
        [.init(reason: "FieldValueRequired", message: "Required value", field: "target.name")])
    }
    _ = try await reviewSubresource(
      scope, "binding", kind: ResourceType(plural: "bindings", kind: "Binding"), body, options)
    let type = ResourceType(plural: "pods/binding", kind: "Binding")
    _ = try await change(scope, .whole("binding"), options) { old in
      if old["metadata"]?["deletionTimestamp"]?.stringValue != nil {
        throw APIError.conflict(type, name, "pod \(name) is being deleted, cannot be assigned to a host")
      }
      if let holder = old["spec"]?["nodeName"]?.stringValue, !holder.isEmpty {
        throw APIError.conflict(type, name, "pod \(name) is already assigned to node \"\(holder)\"")
      }
      if let uid = body["metadata"]?["uid"]?.stringValue, !uid.isEmpty, uid != old["metadata"]?["uid"]?.stringValue {
        throw APIError.conflict(type, name, "Precondition failed: UID in precondition: \(uid)")
      }
      var new = old
      new[path: ["spec", "nodeName"]] = .string(node)
      for member in body["metadata"]?["annotations"]?.objectValue ?? [:] {
        new[path: ["metadata", "annotations", member.key]] = member.value
      }
      var conditions = (old["status"]?["conditions"]?.arrayValue ?? []).compactMap { try? Condition(json: $0) }
      conditions.set(Condition("PodScheduled", true, at: scope.now))
      new[path: ["status", "conditions"]] = .array(conditions.map(\.json))
      return new
    } track: { _, new in
      new  // The server decides where a pod runs: nobody owns it.
    }
    return APIResponse(Self.success(), status: 201)
  }
}
