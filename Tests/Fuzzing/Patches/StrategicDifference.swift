import Kubernetes

/// The strategic merge patch that turns one pod into another, as clients such as `kubectl apply` make it.
enum StrategicDifference {
  static func patch(_ old: JSONObject, _ new: JSONObject, _ shape: PodShape) -> JSONObject {
    var patch = JSONObject()
    for (name, _) in old where new[name] == nil { patch[name] = JSONValue.null }
    for (name, value) in new {
      guard let former = old[name] else {
        patch[name] = value
        continue
      }
      if former.isSame(as: value) { continue }
      add(name, former, value, shape[name], to: &patch)
    }
    return patch
  }

  private static func add(
    _ name: String, _ old: JSONValue, _ new: JSONValue, _ shape: PodShape, to patch: inout JSONObject
  ) {
    switch (shape, old, new) {
    case (.object, .object(let before), .object(let after)): patch[name] = .object(Self.patch(before, after, shape))
    case (.keyed(let keys, _), .array(let before), .array(let after)):
      guard let key = keys.first else { return }
      patch["$setElementOrder/" + name] = .array(after.map { [key: $0[key] ?? .null] })
      let changes = elements(before, after, key, shape)
      if !changes.isEmpty { patch[name] = .array(changes) }
    case (.set, .array(let before), .array(let after)):
      patch["$setElementOrder/" + name] = new
      let gone = before.filter { !after.contains($0) }
      if !gone.isEmpty { patch["$deleteFromPrimitiveList/" + name] = .array(gone) }
      let added = after.filter { !before.contains($0) }
      if !added.isEmpty { patch[name] = .array(added) }
    default: patch[name] = new
    }
  }

  private static func elements(
    _ before: [JSONValue], _ after: [JSONValue], _ key: String, _ shape: PodShape
  ) -> [JSONValue] {
    var changes: [JSONValue] = []
    for element in after {
      let former = before.first { $0[key] == element[key] }
      guard let former else {
        changes.append(element)
        continue
      }
      guard !former.isSame(as: element) else { continue }
      var change = patch(former.objectValue ?? [:], element.objectValue ?? [:], shape)
      change[key] = element[key]
      changes.append(.object(change))
    }
    for element in before where !after.contains(where: { $0[key] == element[key] }) {
      changes.append(["$patch": "delete", key: element[key] ?? .null])
    }
    return changes
  }
}
