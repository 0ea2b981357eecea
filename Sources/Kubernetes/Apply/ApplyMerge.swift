/// The two halves of an apply: what is stated goes in, what is stated no longer goes out.
enum ApplyMerge {
  /// Where nothing changes, the result shares its storage with `live`.
  static func merge(_ live: JSONValue, _ stated: JSONValue, _ type: MergeType) -> JSONValue {
    switch (type.form(for: stated), live, stated) {
    case (.map(let map), .object(let object), .object(let changes)) where !map.isAtomic:
      return merge(live, object, changes, map)
    // Null states nothing about the parts of a value that has some.
    case (.map(let map), .object(let object), .null) where !map.isAtomic && !object.isEmpty: return live
    case (.list(let list), .array(let elements), .array(let changes)) where !list.isWhole:
      if elements.isEmpty { return stated }
      return changes.isEmpty ? live : merge(live, elements, changes, list)
    case (.list(let list), .array(let elements), .null) where !list.isWhole && !elements.isEmpty: return live
    default: return live == stated ? live : stated
    }
  }

  private static func merge(
    _ live: JSONValue, _ object: JSONObject, _ changes: JSONObject, _ map: MergeMap
  ) -> JSONValue {
    var result = object
    var isChanged = false
    for (key, value) in changes {
      guard let index = object.index(of: key) else {
        result[key] = value
        isChanged = true
        continue
      }
      let before = object.members[index].value
      let after = merge(before, value, map.member(key).type)
      if after.isSameStorage(as: before) || after == before { continue }
      result[key] = after
      isChanged = true
    }
    return isChanged ? .object(result) : live
  }

  private static func merge(
    _ live: JSONValue, _ elements: [JSONValue], _ changes: [JSONValue], _ list: MergeList
  ) -> JSONValue {
    // The configuration's names were checked; a live list whose elements have none gives way.
    guard let liveNames = try? ElementName.names(of: elements, list),
      let statedNames = try? ElementName.names(of: changes, list)
    else { return .array(changes) }
    if liveNames.count == 1, statedNames == liveNames {
      let merged = merge(elements[0], changes[0], list.element)
      return merged == elements[0] ? live : .array([merged])
    }
    // Elements that the live list has twice are replaced by what is stated, not merged with it.
    var places: [String: Int?] = [:]
    for (index, name) in liveNames.enumerated() { places[name] = places[name] == nil ? index : .some(nil) }
    var stated: [String: JSONValue] = [:]
    for (name, element) in zip(statedNames, changes) {
      if let place = places[name], let index = place {
        stated[name] = merge(elements[index], element, list.element)
      } else {
        stated[name] = element
      }
    }
    var merged: [JSONValue] = []
    merged.reserveCapacity(elements.count + changes.count)
    for item in ListOrder.weave(liveNames, statedNames) {
      switch item {
      case .live(let index): merged.append(elements[index])
      case .stated(let index): if let element = stated[statedNames[index]] { merged.append(element) }
      }
    }
    return merged == elements ? live : .array(merged)
  }

  /// Removes what a manager applied formerly, unless somebody owns it now.
  ///
  /// A field that nobody owns a part of goes as a whole, with the defaults that the server filled in below it; so does
  /// an element of a list that nobody owns itself, even if somebody owns a part of it.
  /// - Parameter owned: what each manager owns now, the applying one among them.
  static func prune(_ value: inout JSONValue, formerly: FieldSet, owned: [FieldSet], _ type: MergeType) {
    guard formerly.hasChildren else { return }
    switch (type.form(for: value), value) {
    case (.map(let map), .object(var object)) where !map.isAtomic:
      value = .null  // so that `object` is uniquely referenced while it changes
      prune(&object, formerly, owned, map)
      value = .object(object)
    case (.list(let list), .array(var elements)) where !list.isWhole:
      value = .null
      prune(&elements, formerly, owned, list)
      value = .array(elements)
    default: return
    }
  }

  private static func prune(
    _ object: inout JSONObject, _ formerly: FieldSet, _ owned: [FieldSet], _ map: MergeMap
  ) {
    for (name, former) in formerly.children where name.hasPrefix("f:") {
      let key = String(name.dropFirst(2))
      guard let index = object.index(of: key) else { continue }
      let field = map.fields[key]
      let held = below(owned, name)
      // A field that the schema names is there as long as a part of it is; a member of a map has to be owned itself.
      let wasHeld = former.includesItself || field != nil
      let isHeld = held.contains { $0.includesItself || (field != nil && $0.hasChildren) }
      if wasHeld, !isHeld {
        object[key] = nil
        continue
      }
      let type = field?.type ?? map.element ?? .deduced
      let isEmptied = object.update(at: index) { child in
        if child.isEmptyContainer { return false }
        prune(&child, formerly: former, owned: held, type)
        return child.isEmptyContainer
      }
      if isEmptied, field?.zero == nil { object[key] = nil }
    }
  }

  private static func prune(
    _ elements: inout [JSONValue], _ formerly: FieldSet, _ owned: [FieldSet], _ list: MergeList
  ) {
    guard let names = try? ElementName.names(of: elements, list) else { return }
    var kept: [JSONValue] = []
    kept.reserveCapacity(elements.count)
    for (name, element) in zip(names, elements) {
      let former = formerly[name]
      let held = below(owned, name)
      if former.includesItself, !held.contains(where: \.includesItself) { continue }
      var element = element
      prune(&element, formerly: former, owned: held, list.element)
      kept.append(element)
    }
    elements = kept
  }

  private static func below(_ sets: [FieldSet], _ name: String) -> [FieldSet] {
    sets.map { $0[name] }.filter { !$0.isEmpty }
  }
}

extension JSONValue {
  fileprivate var isEmptyContainer: Bool {
    switch self {
    case .object(let object): object.isEmpty
    case .array(let elements): elements.isEmpty
    default: false
    }
  }
}
