/// From values to the fields that they state, and to the fields in which two of them differ.
extension FieldSet {
  /// Every field that `value` states: scalars, whole values, empty objects, and the elements of keyed lists and sets.
  /// - Throws: where an element of a keyed list lacks its key, or two have the same.
  static func stated(
    by value: JSONValue, _ field: MergeSchema.Field, at path: String = ""
  ) throws(PatchError) -> FieldSet {
    switch (field.ownership, value) {
    case (.parts, .object(let object)):
      if object.isEmpty { return .leaf }
      return FieldSet(includesItself: false, children: try members(of: object, field.children, path))
    case (.keyed(let keys), .array(let elements)):
      let names = try ListKey.names(of: elements, keys, at: path)
      var children: [(name: String, set: FieldSet)] = []
      children.reserveCapacity(names.count)
      for (name, element) in zip(names, elements) {
        children.append((name, try self.element(element, field, path)))
      }
      return FieldSet(includesItself: false, children: children)
    case (.set, .array(let elements)):
      var seen: Set<JSONValue> = []
      return FieldSet(
        includesItself: false,
        children: elements.filter { seen.insert($0).inserted }.map { (ListKey.name(ofValue: $0), .leaf) })
    default: return .leaf
    }
  }

  private static func members(
    of object: JSONObject, _ fields: MergeSchema.Fields, _ path: String
  ) throws(PatchError) -> [(name: String, set: FieldSet)] {
    var children: [(name: String, set: FieldSet)] = []
    children.reserveCapacity(object.count)
    for (key, value) in object {
      children.append(("f:" + key, try stated(by: value, fields[key] ?? .plain, at: "\(path).\(key)")))
    }
    return children
  }

  /// An element of a keyed list is a field itself, besides what it states.
  private static func element(
    _ value: JSONValue, _ field: MergeSchema.Field, _ path: String
  ) throws(PatchError) -> FieldSet {
    guard !field.elementsAreWhole, case .object(let object) = value else { return .leaf }
    return FieldSet(includesItself: true, children: try members(of: object, field.children, path))
  }
}

/// In which fields two values differ.
struct FieldChanges {
  /// Fields that are new or have another value.
  var set = FieldSet.empty
  /// Places that are gone, with everything below them.
  var removed = FieldSet.empty

  var isEmpty: Bool { self.set.isEmpty && removed.isEmpty }

  static func between(_ old: JSONValue?, _ new: JSONValue, _ field: MergeSchema.Field) -> FieldChanges {
    guard let old else { return FieldChanges(set: statedLeniently(by: new, field)) }
    switch (field.ownership, old, new) {
    case (.parts, .object(let before), .object(let after)): return members(before, after, field.children)
    case (.keyed(let keys), .array(let before), .array(let after)):
      if before == after { return FieldChanges() }
      guard let oldNames = try? ListKey.names(of: before, keys), let newNames = try? ListKey.names(of: after, keys)
      else {
        return FieldChanges(set: .leaf, removed: .leaf)
      }
      return elements(before, oldNames, after, newNames, field)
    case (.set, .array(let before), .array(let after)):
      let gone = Set(before).subtracting(after)
      let added = Set(after).subtracting(before)
      return FieldChanges(
        set: FieldSet(includesItself: false, children: added.map { (ListKey.name(ofValue: $0), .leaf) }),
        removed: FieldSet(includesItself: false, children: gone.map { (ListKey.name(ofValue: $0), .leaf) }))
    case (.whole, _, _), (_, .array, .array):
      return old.isEquivalent(to: new) ? FieldChanges() : FieldChanges(set: .leaf)
    case (_, .object, _), (_, .array, _), (_, _, .object), (_, _, .array):
      // Another shape: nothing of what was there is left.
      return old == new ? FieldChanges() : FieldChanges(set: statedLeniently(by: new, field), removed: .leaf)
    default: return old.isEquivalent(to: new) ? FieldChanges() : FieldChanges(set: .leaf)
    }
  }

  /// An update may store a list that its keys do not tell apart; it is then owned as a whole.
  private static func statedLeniently(by value: JSONValue, _ field: MergeSchema.Field) -> FieldSet {
    if let stated = try? FieldSet.stated(by: value, field) { return stated }
    guard case .parts = field.ownership, case .object(let object) = value else { return .leaf }
    return FieldSet(
      includesItself: false,
      children: object.map { ("f:" + $0.key, statedLeniently(by: $0.value, field.children[$0.key] ?? .plain)) })
  }

  private static func members(
    _ before: JSONObject, _ after: JSONObject, _ fields: MergeSchema.Fields
  ) -> FieldChanges {
    var parts = Parts()
    for (position, member) in after.enumerated() {
      // Members mostly keep their places.
      let isInPlace = position < before.count && before.members[position].key == member.key
      let old = isInPlace ? before.members[position].value : before[member.key]
      parts.add("f:", member.key, between(old, member.value, fields[member.key] ?? .plain))
    }
    for member in before where after.index(of: member.key) == nil {
      parts.add("f:", member.key, FieldChanges(removed: .leaf))
    }
    // Where an object was empty, the place itself was the field.
    if before.isEmpty, !after.isEmpty { parts.setsItself = false }
    if after.isEmpty, !before.isEmpty { parts.setsItself = true }
    return parts.changes
  }

  private static func elements(
    _ before: [JSONValue], _ oldNames: [String], _ after: [JSONValue], _ newNames: [String], _ field: MergeSchema.Field
  ) -> FieldChanges {
    var positions: [String: Int] = [:]
    for (index, name) in oldNames.enumerated() { positions[name] = index }
    var parts = Parts()
    for (name, element) in zip(newNames, after) {
      guard let position = positions.removeValue(forKey: name) else {
        let inner = field.elementsAreWhole ? .leaf : statedLeniently(by: element, .object(field.children))
        parts.add("", name, FieldChanges(set: inner.union(.leaf)))
        continue
      }
      let old = before[position]
      if field.elementsAreWhole {
        if !old.isEquivalent(to: element) { parts.add("", name, FieldChanges(set: .leaf)) }
      } else {
        parts.add("", name, between(old, element, .object(field.children)))
      }
    }
    for name in positions.keys { parts.add("", name, FieldChanges(removed: .leaf)) }
    return parts.changes
  }

  /// Collects what changed below a place; costs nothing where nothing did.
  private struct Parts {
    var set: [(name: String, set: FieldSet)] = []
    var removed: [(name: String, set: FieldSet)] = []
    var setsItself = false

    mutating func add(_ prefix: String, _ name: String, _ changes: FieldChanges) {
      if changes.isEmpty { return }
      if !changes.set.isEmpty { set.append((prefix + name, changes.set)) }
      if !changes.removed.isEmpty { removed.append((prefix + name, changes.removed)) }
    }

    var changes: FieldChanges {
      if set.isEmpty, removed.isEmpty, !setsItself { return FieldChanges() }
      return FieldChanges(
        set: FieldSet(includesItself: setsItself, children: set),
        removed: FieldSet(includesItself: false, children: removed))
    }
  }
}
