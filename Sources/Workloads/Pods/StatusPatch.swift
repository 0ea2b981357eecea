import Kubernetes

extension Change {
  /// A merge patch that turns one status into another; nil where they are the same.
  static func status<Object: KubernetesObject>(
    of object: Object, from old: some JSONStruct, to new: some JSONStruct
  ) -> Change? {
    guard case .object(let patch) = difference(old.json, new.json), !patch.isEmpty else { return nil }
    return .patch(.init(object), .merge, ["status": .object(patch)], subresource: "status")
  }

  /// The merge patch from one value to another; members that are gone are null.
  private static func difference(_ old: JSONValue, _ new: JSONValue) -> JSONValue {
    guard case .object(let before) = old, case .object(let after) = new else { return new }
    var patch = JSONObject()
    for (key, value) in after {
      guard let former = before[key] else {
        patch[key] = value
        continue
      }
      if former != value { patch[key] = difference(former, value) }
    }
    for key in before.keys where after.index(of: key) == nil { patch[key] = .null }
    return .object(patch)
  }

  static func event(
    about object: some KubernetesObject, _ reason: String, _ message: String, isWarning: Bool = false,
    by component: String
  ) -> Change {
    .record(
      .init(
        about: ObjectReference(to: object), isWarning: isWarning, reason: reason, message: message, component: component
      ))
  }
}
