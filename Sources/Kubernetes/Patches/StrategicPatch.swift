/// Strategic merge patch: a merge patch that knows which lists are sets of named things
/// (https://github.com/kubernetes/community/blob/master/contributors/devel/sig-api-machinery/strategic-merge-patch.md).
///
/// The cases are those of
/// https://github.com/kubernetes/apimachinery/blob/master/pkg/util/strategicpatch/patch.go. What a patch adds where
/// nothing was is taken as it is, so that no directive and no null ends up in an object.
enum StrategicPatch {
  typealias Fields = [String: MergeField]

  static func merge(
    _ original: JSONObject, _ patch: JSONObject, _ fields: Fields
  ) throws(PatchError) -> JSONObject {
    if let directive = patch[PatchDirective.patch] {
      switch directive {
      case "replace":
        var replacement = patch
        replacement[PatchDirective.patch] = nil
        return PatchDirective.stripped(.object(replacement))?.objectValue ?? [:]
      case "delete": return [:]
      default: throw PatchDirective.unknown(directive, in: patch)
      }
    }
    var result = original
    try PatchDirective.retain(patch, in: &result)
    for (key, change) in patch where key.hasPrefix("$") {
      try obey(key, change, patch, fields, in: &result)
    }
    for (key, change) in patch where !key.hasPrefix("$") {
      if patch.index(of: PatchDirective.order + key) != nil, case .array = change { continue }
      result[key] = try merged(result[key], change, fields[key] ?? .unknown)
    }
    return result
  }

  /// - Returns: nil where the member goes.
  private static func merged(
    _ original: JSONValue?, _ change: JSONValue, _ field: MergeField
  ) throws(PatchError) -> JSONValue? {
    switch (original, change) {
    case (_, .null): return nil
    case (.object(let object), .object(let changes)):
      if case .replace = field.patch { return PatchDirective.stripped(change) }
      return .object(try merge(object, changes, field.type.fields))
    case (.array(let elements), .array(let changes)):
      switch field.patch {
      case .mergeKeyed(let key): return .array(try merge(elements, changes, key, field.type.fields))
      case .mergeSet: return .array(try merge(elements, changes))
      case .byShape, .replace: return change
      }
    default: return PatchDirective.stripped(change)
    }
  }

  /// Merges lists of objects that `key` tells apart. An element `$patch: replace` replaces the list by the others.
  private static func merge(
    _ original: [JSONValue], _ patch: [JSONValue], _ key: String, _ fields: Fields
  ) throws(PatchError) -> [JSONValue] {
    if original.isEmpty, patch.isEmpty { return original }
    try checkElements(original + patch)
    guard patch.first ?? original.first != nil, case .object? = patch.first ?? original.first else {
      return try merge(original, patch)
    }
    let changes = try ElementChanges(patch, key)
    var merged =
      changes.replacesAll
      ? []
      : original.filter { element in
        element[key].map { !changes.deleted.contains($0) } ?? true
      }
    let server = changes.replacesAll ? changes.elements.map { JSONValue.object($0.change) } : merged
    var positions: [JSONValue: Int] = [:]
    for (index, element) in merged.enumerated() {
      if let id = element[key], positions[id] == nil { positions[id] = index }
    }
    for (id, change) in changes.elements {
      if let position = positions[id], !changes.replacesAll {
        merged[position] = .object(try merge(merged[position].objectValue ?? [:], change, fields))
      } else if let element = PatchDirective.stripped(.object(change)) {
        positions[id] = merged.count
        merged.append(element)
      }
    }
    if let lacking = merged.first(where: { $0[key] == nil }) { throw PatchError.noMergeKey(lacking, key) }
    return ListOrder.arrange(merged, id: { $0[key] ?? .null }, first: patch.compactMap { $0[key] }, then: server)
  }

  /// What a patch says of a list's elements.
  private struct ElementChanges {
    var replacesAll = false
    var deleted: Set<JSONValue> = []
    var elements: [(id: JSONValue, change: JSONObject)] = []

    init(_ patch: [JSONValue], _ key: String) throws(PatchError) {
      for case .object(let object) in patch {
        switch object[PatchDirective.patch] {
        case nil:
          elements.append((object[key] ?? .null, object))
        case "delete":
          guard let id = object[key] else { throw PatchError.noMergeKey(.object(object), key) }
          deleted.insert(id)
        case "replace": replacesAll = true
        case "merge": throw PatchError(.untypable, "merging lists cannot yet be specified in the patch")
        case let directive?: throw PatchDirective.unknown(directive, in: object)
        }
      }
      guard !replacesAll else { return }
      for element in elements where element.change.index(of: key) == nil {
        throw PatchError.noMergeKey(.object(element.change), key)
      }
    }
  }

  /// Merges lists of distinct scalars.
  private static func merge(_ original: [JSONValue], _ patch: [JSONValue]) throws(PatchError) -> [JSONValue] {
    try checkElements(original + patch)
    var seen: Set<JSONValue> = []
    let merged = (original + patch).filter { seen.insert($0).inserted }
    return ListOrder.arrange(merged, id: { $0 }, first: patch, then: original)
  }

  /// The elements of a merged list are all of one type, and no lists.
  private static func checkElements(_ elements: [JSONValue]) throws(PatchError) {
    guard let first = elements.first else { return }
    if case .array = first { throw PatchError(.notApplicable, "lists of lists are not supported") }
    guard elements.allSatisfy({ $0.typeName == first.typeName }) else {
      throw PatchError(.untypable, "list element types are not identical: \(JSONValue.array(elements).text)")
    }
  }

  /// Obeys a directive about one member: an order of its elements, or elements to be taken out of it.
  private static func obey(
    _ key: String, _ value: JSONValue, _ patch: JSONObject, _ fields: Fields, in result: inout JSONObject
  ) throws(PatchError) {
    if key.hasPrefix(PatchDirective.order) {
      let name = String(key.dropFirst(PatchDirective.order.count))
      try reorder(name, try PatchDirective.orderList(value), patch[name], fields[name] ?? .unknown, in: &result)
    } else if key.hasPrefix(PatchDirective.deletion) {
      guard case .array(let unwanted) = value else {
        throw PatchError(.malformed, "invalid patch format of primitive list")
      }
      let name = String(key.dropFirst(PatchDirective.deletion.count))
      guard case .array(let elements) = result[name] else { return }
      let gone = Set(unwanted)
      result[name] = .array(elements.filter { !gone.contains($0) })
    }
  }

  /// Merges a list that comes with the order its elements are to have.
  private static func reorder(
    _ name: String, _ order: [JSONValue], _ change: JSONValue?, _ field: MergeField, in result: inout JSONObject
  ) throws(PatchError) {
    if let change, change.arrayValue == nil {
      guard change.isNull else {
        throw PatchError(.untypable, "expected a []interface {}, but received a \(change.typeName)")
      }
      return
    }
    let changes = change?.arrayValue
    let original = result[name]?.arrayValue
    if original == nil, changes == nil { return }
    var key: String?
    if case .mergeKeyed(let name) = field.patch { key = name }
    try PatchDirective.check(changes ?? [], isIn: order, key)
    let merged: [JSONValue]
    if let changes {
      merged = try self.merged(result[name], .array(changes), field)?.arrayValue ?? []
    } else {
      merged = original ?? []
    }
    let id: (JSONValue) -> JSONValue = { element in key.map { element[$0] ?? .null } ?? element }
    result[name] = .array(ListOrder.arrange(merged, id: id, first: order.map(id), then: original ?? []))
  }
}

/// Members of a strategic merge patch that are no members of the object, but say what to do with it.
enum PatchDirective {
  static let patch = "$patch"
  static let retainKeys = "$retainKeys"
  static let order = "$setElementOrder/"
  static let deletion = "$deleteFromPrimitiveList/"

  static func unknown(_ directive: JSONValue, in patch: JSONObject) -> PatchError {
    PatchError(
      .untypable,
      "unknown patch type: \(directive.stringValue ?? directive.text) in map: \(GoSyntax.plain(.object(patch)))")
  }

  /// What a patch says where nothing was: without directives and nulls; nil where all of it is a directive.
  static func stripped(_ value: JSONValue) -> JSONValue? {
    switch value {
    case .object(let object):
      if object.index(of: patch) != nil { return .none }
      var members: [(key: String, value: JSONValue)] = []
      members.reserveCapacity(object.count)
      for (key, member) in object where !member.isNull && !key.hasPrefix("$") {
        if let member = stripped(member) { members.append((key, member)) }
      }
      return .object(JSONObject(distinct: members))
    case .array(let elements): return .array(elements.compactMap(stripped))
    default: return value
    }
  }

  /// Removes what `$retainKeys` does not name.
  static func retain(_ patch: JSONObject, in result: inout JSONObject) throws(PatchError) {
    guard let value = patch[retainKeys] else { return }
    guard case .array(let names) = value else {
      throw PatchError(.malformed, "invalid patch format of retainKeys")
    }
    let retained = Set(names.compactMap(\.stringValue))
    for member in patch where !member.key.hasPrefix("$") && !member.value.isNull && !retained.contains(member.key) {
      throw PatchError(.malformed, "invalid patch format of retainKeys")
    }
    result.removeAll { key, _ in !retained.contains(key) }
  }

  static func orderList(_ order: JSONValue) throws(PatchError) -> [JSONValue] {
    guard case .array(let elements) = order else {
      throw PatchError(.malformed, "invalid patch format of setElementOrder list")
    }
    return elements
  }

  /// Whether the elements that a patch changes stand in the order that it wants.
  static func check(_ changes: [JSONValue], isIn order: [JSONValue], _ key: String?) throws(PatchError) {
    guard !changes.isEmpty, !order.isEmpty else { return }
    let changed = changes.filter { $0[patch] == nil }
    var next = 0
    for wanted in order where next < changed.count {
      guard let key else {
        if changed[next] == wanted { next += 1 }
        continue
      }
      guard let id = changed[next][key] else { throw PatchError.noMergeKey(changed[next], key) }
      guard let wantedID = wanted[key] else { throw PatchError.noMergeKey(wanted, key) }
      if id == wantedID { next += 1 }
    }
    guard next == changed.count else {
      throw PatchError(
        .untypable,
        "The order in patch list:\n\(GoSyntax.plain(.array(changes)))\n doesn't match $setElementOrder list:\n"
          + "\(GoSyntax.plain(.array(order)))\n")
    }
  }
}

extension PatchError {
  static func noMergeKey(_ element: JSONValue, _ key: String) -> PatchError {
    PatchError(.untypable, "map: \(GoSyntax.plain(element)) does not contain declared merge key: \(key)")
  }
}
