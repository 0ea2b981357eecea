/// The two halves of an apply: what is stated goes in, what is stated no longer goes out.
enum ApplyMerge {
  static func merge(_ live: JSONValue?, _ stated: JSONValue, _ field: MergeSchema.Field) -> JSONValue {
    switch (field.ownership, live, stated) {
    case (.parts, .object(var object), .object(let changes)):
      for (key, value) in changes { object[key] = merge(object[key], value, field.children[key] ?? .plain) }
      return .object(object)
    case (.keyed(let keys), .array(let elements), .array(let changes)):
      return .array(merge(elements, changes, keys, field))
    case (.set, .array(let elements), .array(let changes)):
      var seen: Set<JSONValue> = []
      return .array(ListOrder.weave(elements, changes.filter { seen.insert($0).inserted }))
    default: return stated
    }
  }

  private static func merge(
    _ live: [JSONValue], _ stated: [JSONValue], _ keys: [MergeSchema.Key], _ field: MergeSchema.Field
  ) -> [JSONValue] {
    // The names of what is stated were checked when its fields were taken; a live list without keys gives way.
    guard let statedNames = try? ListKey.names(of: stated, keys), let liveNames = try? ListKey.names(of: live, keys)
    else {
      return stated
    }
    var merged: [String: JSONValue] = [:]
    for (name, element) in zip(liveNames, live) { merged[name] = element }
    for (name, element) in zip(statedNames, stated) {
      merged[name] = field.elementsAreWhole ? element : merge(merged[name], element, .object(field.children))
    }
    return ListOrder.weave(liveNames, statedNames).compactMap { merged[$0] }
  }

  /// Removes what a manager applied formerly and does not state now, unless others have it.
  ///
  /// A place of which neither the manager states nor anybody else owns a part goes as a whole, with the defaults that
  /// the server filled in below it.
  static func prune(
    _ value: inout JSONValue, formerly: FieldSet, now: FieldSet, others: FieldSet, _ field: MergeSchema.Field
  ) {
    guard formerly.hasChildren else { return }
    switch value {
    case .object(var object):
      guard case .parts = field.ownership else { return }
      value = .null  // so that `object` is uniquely referenced while it changes
      prune(&object, formerly, now, others, field.children)
      value = .object(object)
    case .array(var elements):
      value = .null
      prune(&elements, formerly, now, others, field)
      value = .array(elements)
    default: return
    }
  }

  private static func prune(
    _ object: inout JSONObject, _ formerly: FieldSet, _ now: FieldSet, _ others: FieldSet, _ fields: MergeSchema.Fields
  ) {
    for (name, former) in formerly.children where name.hasPrefix("f:") {
      let key = String(name.dropFirst(2))
      guard let index = object.index(of: key) else { continue }
      if now[name].isEmpty, others[name].isEmpty {
        object[key] = nil
        continue
      }
      let emptied = object.update(at: index) { child in
        prune(&child, formerly: former, now: now[name], others: others[name], fields[key] ?? .plain)
        return child.isEmptyContainer
      }
      // An object or list that lost its last part goes with it, unless somebody wants it empty.
      if emptied, former.hasChildren, now[name].isEmpty, !others[name].includesItself { object[key] = nil }
    }
  }

  private static func prune(
    _ elements: inout [JSONValue], _ formerly: FieldSet, _ now: FieldSet, _ others: FieldSet, _ field: MergeSchema.Field
  ) {
    let names: [String]
    switch field.ownership {
    case .keyed(let keys):
      guard let keyed = try? ListKey.names(of: elements, keys) else { return }
      names = keyed
    case .set: names = elements.map(ListKey.name(ofValue:))
    case .parts, .whole: return
    }
    var kept: [JSONValue] = []
    kept.reserveCapacity(elements.count)
    for (name, element) in zip(names, elements) {
      let former = formerly[name]
      if !former.isEmpty, now[name].isEmpty, others[name].isEmpty { continue }
      var element = element
      if !former.isEmpty, !field.elementsAreWhole, case .keyed(let keys) = field.ownership {
        // The keys stay as long as the element does.
        let keyFields = FieldSet(includesItself: false, children: keys.map { ("f:" + $0.name, .leaf) })
        prune(
          &element, formerly: former.subtracting(keyFields), now: now[name], others: others[name],
          .object(field.children))
      }
      kept.append(element)
    }
    elements = kept
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
