/// In which fields two values differ
/// (https://github.com/kubernetes-sigs/structured-merge-diff/blob/master/typed/compare.go tells the cases).
struct FieldChanges {
  /// Fields that are new or have another value.
  var set = FieldSet.empty
  /// Fields that are gone.
  var removed = FieldSet.empty

  var isEmpty: Bool { self.set.isEmpty && removed.isEmpty }

  /// Without what is in `places` and below.
  func removingBelow(_ places: FieldSet) -> FieldChanges {
    FieldChanges(set: self.set.removingBelow(places), removed: removed.removingBelow(places))
  }

  private static let none = FieldChanges()

  static func between(_ old: JSONValue, _ new: JSONValue, _ type: MergeType) -> FieldChanges {
    if old.isSameStorage(as: new) { return none }
    let before = type.form(for: old)
    let after = type.form(for: new)
    switch (before, after) {
    case (.map(let map), .map): return maps(old, new, map)
    case (.list(let list), .list): return lists(old, new, list)
    case (.scalar, .scalar), (.any, _): return leaf(old, new)
    default:
      // The value has become another kind of thing: it counts as both.
      let asBefore = one(old, new, before)
      let asAfter = one(old, new, after)
      return FieldChanges(
        set: asBefore.set.union(asAfter.set), removed: asBefore.removed.union(asAfter.removed))
    }
  }

  private static func one(_ old: JSONValue, _ new: JSONValue, _ form: MergeType.Form) -> FieldChanges {
    switch form {
    case .map(let map): maps(old, new, map)
    case .list(let list): lists(old, new, list)
    case .scalar, .any: leaf(old, new)
    }
  }

  private static func leaf(_ old: JSONValue, _ new: JSONValue) -> FieldChanges {
    old.isEquivalent(to: new) ? none : FieldChanges(set: .leaf)
  }

  private static func maps(_ old: JSONValue, _ new: JSONValue, _ map: MergeMap) -> FieldChanges {
    let before = old.objectValue ?? [:]
    let after = new.objectValue ?? [:]
    if map.isAtomic || (before.isEmpty && after.isEmpty) { return leaf(old, new) }
    var parts = Parts()
    for (position, member) in after.enumerated() {
      // Members mostly keep their places.
      let isInPlace = position < before.count && before.members[position].key == member.key
      let old = isInPlace ? before.members[position].value : before[member.key]
      if let old, old.isSameStorage(as: member.value) { continue }
      add(member.key, old, member.value, map, to: &parts)
    }
    for member in before where after.index(of: member.key) == nil {
      add(member.key, member.value, nil, map, to: &parts)
    }
    return parts.changes
  }

  private static func add(
    _ key: String, _ old: JSONValue?, _ new: JSONValue?, _ map: MergeMap, to parts: inout Parts
  ) {
    let field = map.fields[key]
    let type = field?.type ?? map.element ?? .deduced
    let changes: FieldChanges
    switch (old ?? field?.zero, new ?? field?.zero) {
    case (let before?, let after?): changes = between(before, after, type)
    case (nil, let after?): changes = FieldChanges(set: .whole(after, type))
    case (let before?, nil): changes = FieldChanges(removed: .whole(before, type))
    case (nil, nil): return
    }
    if changes.isEmpty { return }
    parts.add(field?.name ?? "f:" + key, changes)
  }

  private static func lists(_ old: JSONValue, _ new: JSONValue, _ list: MergeList) -> FieldChanges {
    let before = old.arrayValue ?? []
    let after = new.arrayValue ?? []
    if list.isWhole || (before.isEmpty && after.isEmpty) { return leaf(old, new) }
    if before == after { return none }
    guard let oldNames = try? ElementName.names(of: before, list),
      let newNames = try? ElementName.names(of: after, list)
    else { return leaf(old, new) }
    var parts = Parts()
    if ElementName.duplicate(in: oldNames) == nil, ElementName.duplicate(in: newNames) == nil {
      var positions: [String: Int] = [:]
      positions.reserveCapacity(oldNames.count)
      for (index, name) in oldNames.enumerated() { positions[name] = index }
      for (name, element) in zip(newNames, after) {
        if let position = positions.removeValue(forKey: name) {
          parts.add(name, between(before[position], element, list.element))
        } else {
          parts.add(name, FieldChanges(set: .whole(element, list.element)))
        }
      }
      for (name, position) in positions {
        parts.add(name, FieldChanges(removed: .whole(before[position], list.element)))
      }
    } else {
      addAmbiguous(&parts, grouped(oldNames, before), grouped(newNames, after), list)
    }
    return parts.changes
  }

  private static func grouped(_ names: [String], _ elements: [JSONValue]) -> [String: [JSONValue]] {
    var groups: [String: [JSONValue]] = [:]
    for (name, element) in zip(names, elements) { groups[name, default: []].append(element) }
    return groups
  }

  /// Elements of the same name are one field together; where there is one of a name, it has its own parts.
  private static func addAmbiguous(
    _ parts: inout Parts, _ before: [String: [JSONValue]], _ after: [String: [JSONValue]], _ list: MergeList
  ) {
    for name in Set(before.keys).union(after.keys) {
      let old = before[name] ?? []
      let new = after[name] ?? []
      switch (old.count, new.count) {
      case (1, 1): parts.add(name, between(old[0], new[0], list.element))
      case (0...1, 0...1):
        var changes = FieldChanges()
        if let added = new.first { changes.set = .whole(added, list.element) }
        if let gone = old.first { changes.removed = .whole(gone, list.element) }
        parts.add(name, changes)
      case (2..., 2...):
        if old != new { parts.add(name, FieldChanges(set: .leaf)) }
      case (2..., _):
        parts.add(name, FieldChanges(set: new.first.map { .whole($0, list.element) } ?? .empty, removed: .leaf))
      default:
        parts.add(name, FieldChanges(set: .leaf, removed: old.first.map { .whole($0, list.element) } ?? .empty))
      }
    }
  }

  /// Collects what changed below a place; costs nothing where nothing did.
  private struct Parts {
    var set: [(name: String, set: FieldSet)] = []
    var removed: [(name: String, set: FieldSet)] = []

    mutating func add(_ name: String, _ changes: FieldChanges) {
      if !changes.set.isEmpty { set.append((name, changes.set)) }
      if !changes.removed.isEmpty { removed.append((name, changes.removed)) }
    }

    var changes: FieldChanges {
      if set.isEmpty, removed.isEmpty { return none }
      return FieldChanges(
        set: FieldSet(includesItself: false, children: set),
        removed: FieldSet(includesItself: false, children: removed))
    }
  }
}

extension JSONValue {
  /// Whether two values are copies of each other that nobody has changed: true is certain, false is not.
  func isSameStorage(as other: JSONValue) -> Bool {
    switch (self, other) {
    case (.object(let left), .object(let right)): left.isSameStorage(as: right)
    case (.array(let left), .array(let right)):
      left.withUnsafeBufferPointer { mine in
        right.withUnsafeBufferPointer { $0.baseAddress == mine.baseAddress && $0.count == mine.count }
      }
    default: false
    }
  }
}
