import Kubernetes

/// The merge patch that turns one status into another, or nothing where they are equal.
enum StatusPatch {
  static func change<Object: KubernetesObject>(
    of object: Object, from old: JSONValue, to new: JSONValue, fieldManager: String? = nil
  ) -> Change? {
    guard old != new else { return nil }
    var members = JSONObject()
    for member in new.objectValue ?? [:] where old[member.key] != member.value { members[member.key] = member.value }
    // A member that is no longer there must be taken away by name.
    for member in old.objectValue ?? [:] where new[member.key] == nil { members[member.key] = .null }
    return .patch(
      Change.Target(object), .merge, ["status": .object(members)], subresource: "status", fieldManager: fieldManager)
  }
}
