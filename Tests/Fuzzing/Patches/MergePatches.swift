import Kubernetes

/// RFC 7386 as its text has it, and its inverse.
enum MergePatches {
  /// The RFC's pseudocode (section 2).
  static func judged(_ target: JSONValue?, _ patch: JSONValue) -> JSONValue {
    guard case .object(let changes) = patch else { return patch }
    var result = target?.objectValue ?? [:]
    for (name, value) in changes {
      if value.isNull { result.removeAll { key, _ in key == name } } else { result[name] = judged(result[name], value) }
    }
    return .object(result)
  }

  /// The patch that turns one value without nulls into another.
  static func difference(_ old: JSONValue, _ new: JSONValue) -> JSONValue {
    guard case .object(let before) = old, case .object(let after) = new else { return new }
    var patch = JSONObject()
    for (name, _) in before where after[name] == nil { patch[name] = JSONValue.null }
    for (name, value) in after {
      guard let former = before[name] else {
        patch[name] = value
        continue
      }
      if !former.isSame(as: value) { patch[name] = difference(former, value) }
    }
    return .object(patch)
  }
}
