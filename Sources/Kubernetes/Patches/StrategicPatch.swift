/// Strategic merge patch: a merge patch that knows which lists are sets of named things
/// (https://github.com/kubernetes/community/blob/master/contributors/devel/sig-api-machinery/strategic-merge-patch.md).
///
/// What a patch adds where nothing was is merged into nothing, so that no directive and no null ends up in an object.
enum StrategicPatch {
  static func merge(
    _ original: JSONObject, _ patch: JSONObject, _ fields: MergeSchema.Fields
  ) throws(PatchError) -> JSONObject {
    switch try directive(of: patch) {
    case .replace: return try merge([:], without(patch, directivePatch), fields)
    case .delete: return [:]
    case .merge, nil: break
    }
    var result = original
    try retain(patch, in: &result)
    try deleteFromPrimitiveLists(patch, in: &result)
    for (key, change) in patch {
      if key.hasPrefix("$") {
        try reorder(key, change, patch, fields, in: &result)
        continue
      }
      if change.isNull {
        result[key] = nil
      } else {
        let merged = try merge(result[key], change, fields[key] ?? .plain, order: patch[orderPrefix + key])
        result[key] = merged
      }
    }
    return result
  }

  /// Merges one field's value, which is not null.
  private static func merge(
    _ original: JSONValue?, _ change: JSONValue, _ field: MergeSchema.Field, order: JSONValue?
  ) throws(PatchError) -> JSONValue {
    switch change {
    case .object(let changes):
      if case .replace = field.patch { return .object(try merge([:], changes, field.children)) }
      return .object(try merge(original?.objectValue ?? [:], changes, field.children))
    case .array(let changes):
      let elements = original?.arrayValue ?? []
      switch field.patch {
      case .mergeKeyed(let key):
        return .array(try merge(elements, changes, key, field.children, try orderList(order)))
      case .mergeSet: return .array(merge(elements, changes, try orderList(order)))
      case .byShape, .replace: return change
      }
    default: return change
    }
  }

  /// Merges lists of objects that `key` tells apart. An element `$patch: replace` replaces the list by the others.
  private static func merge(
    _ original: [JSONValue], _ patch: [JSONValue], _ key: String, _ fields: MergeSchema.Fields, _ order: [JSONValue]?
  ) throws(PatchError) -> [JSONValue] {
    var replacesAll = false
    var deleted: Set<JSONValue> = []
    var changes: [(id: JSONValue, change: JSONObject)] = []
    for (index, element) in patch.enumerated() {
      guard case .object(let object) = element else {
        throw PatchError(.malformed, "element \(index) of a list merged by \"\(key)\" is not an object")
      }
      let directive = try directive(of: object)
      if directive == .replace {
        replacesAll = true
        continue
      }
      guard let id = object[key], !id.isNull else {
        throw PatchError(.notApplicable, "element \(index) of a list does not contain its merge key \"\(key)\"")
      }
      if directive == .delete { deleted.insert(id) } else { changes.append((id, object)) }
    }
    let kept = replacesAll ? [] : original.filter { element in element[key].map { !deleted.contains($0) } ?? true }
    var merged = kept
    var positions: [JSONValue: Int] = [:]
    for (index, element) in kept.enumerated() {
      if let id = element[key], positions[id] == nil { positions[id] = index }
    }
    for (id, change) in changes {
      let position = positions[id] ?? merged.count
      let before = position < merged.count ? merged[position].objectValue ?? [:] : [:]
      let after = JSONValue.object(try merge(before, change, fields))
      if position < merged.count { merged[position] = after } else { merged.append(after) }
      positions[id] = position
    }
    let wanted = try order?.map { (element) throws(PatchError) -> JSONValue in
      guard let id = element[key] else {
        throw PatchError(.malformed, "an element of \(orderPrefix)… does not contain its merge key \"\(key)\"")
      }
      return id
    }
    return ListOrder.arrange(merged, id: { $0[key] ?? .null }, first: wanted ?? changes.map(\.id), then: original)
  }

  /// Merges lists of distinct scalars.
  private static func merge(_ original: [JSONValue], _ patch: [JSONValue], _ order: [JSONValue]?) -> [JSONValue] {
    var seen: Set<JSONValue> = []
    let merged = (original + patch).filter { seen.insert($0).inserted }
    return ListOrder.arrange(merged, id: { $0 }, first: order ?? patch, then: original)
  }
}

/// Directives: members whose names start with `$`.
extension StrategicPatch {
  private static let directivePatch = "$patch"
  private static let retainKeys = "$retainKeys"
  private static let orderPrefix = "$setElementOrder/"
  private static let deletePrefix = "$deleteFromPrimitiveList/"

  private enum Directive: String { case replace, delete, merge }

  private static func directive(of patch: JSONObject) throws(PatchError) -> Directive? {
    guard let value = patch[directivePatch] else { return nil }
    guard let text = value.stringValue, let directive = Directive(rawValue: text) else {
      throw PatchError(.malformed, "\(directivePatch) must be one of replace, delete, merge")
    }
    return directive
  }

  private static func without(_ patch: JSONObject, _ key: String) -> JSONObject {
    var patch = patch
    patch[key] = nil
    return patch
  }

  private static func retain(_ patch: JSONObject, in result: inout JSONObject) throws(PatchError) {
    guard let value = patch[retainKeys] else { return }
    guard case .array(let names) = value, names.allSatisfy({ $0.stringValue != nil }) else {
      throw PatchError(.malformed, "\(retainKeys) must be a list of member names")
    }
    let retained = Set(names.compactMap(\.stringValue))
    for member in patch where !member.key.hasPrefix("$") && !member.value.isNull && !retained.contains(member.key) {
      throw PatchError(.malformed, "\"\(member.key)\" is patched, but not in \(retainKeys)")
    }
    result.removeAll { key, _ in !retained.contains(key) }
  }

  private static func deleteFromPrimitiveLists(_ patch: JSONObject, in result: inout JSONObject) throws(PatchError) {
    for (key, value) in patch where key.hasPrefix(deletePrefix) {
      guard case .array(let unwanted) = value else { throw PatchError(.malformed, "\(key) must be a list") }
      let name = String(key.dropFirst(deletePrefix.count))
      guard case .array(let elements) = result[name] else { continue }
      let gone = Set(unwanted)
      result[name] = .array(elements.filter { !gone.contains($0) })
    }
  }

  private static func orderList(_ order: JSONValue?) throws(PatchError) -> [JSONValue]? {
    guard let order else { return nil }
    guard case .array(let elements) = order else {
      throw PatchError(.malformed, "\(orderPrefix)… must be a list")
    }
    return elements
  }

  /// Obeys `$setElementOrder/x` where the patch changes nothing else of `x`; refuses directives that do not exist.
  private static func reorder(
    _ key: String, _ order: JSONValue, _ patch: JSONObject, _ fields: MergeSchema.Fields, in result: inout JSONObject
  ) throws(PatchError) {
    if key == directivePatch || key == retainKeys || key.hasPrefix(deletePrefix) { return }
    guard key.hasPrefix(orderPrefix) else { throw PatchError(.malformed, "\"\(key)\" is not a directive") }
    let name = String(key.dropFirst(orderPrefix.count))
    let field = fields[name] ?? .plain
    switch field.patch {
    case .mergeKeyed, .mergeSet: break
    case .byShape, .replace: throw PatchError(.malformed, "\"\(key)\": \(name) is not a list that patches merge")
    }
    guard patch[name] == nil, case .array = result[name] else { return }
    result[name] = try merge(result[name], .array([]), field, order: order)
  }
}
