/// From values to the fields that they state.
extension FieldSet {
  /// The fields that an applied configuration states: scalars, whole values, nulls and empty objects, the elements of
  /// lists and the members of maps.
  /// - Precondition: `ApplyCheck` found nothing wrong with the value.
  static func stated(by value: JSONValue, _ type: MergeType) -> FieldSet {
    switch (type.form(for: value), value) {
    case (.map(let map), .object(let object)) where !map.isAtomic:
      return FieldSet(includesItself: false, children: members(of: object, map))
    case (.map(let map), _): return map.isAtomic ? .leaf : .empty
    case (.list(let list), .array(let elements)) where !list.isWhole:
      guard let names = try? ElementName.names(of: elements, list) else { return .leaf }
      var children: [(name: String, set: FieldSet)] = []
      children.reserveCapacity(names.count)
      for (name, element) in zip(names, elements) {
        children.append((name, stated(by: element, list.element).includingItself))
      }
      return FieldSet(includesItself: false, children: children)
    case (.list(let list), _): return list.isWhole ? .leaf : .empty
    case (.scalar, _), (.any, _): return .leaf
    }
  }

  private static func members(of object: JSONObject, _ map: MergeMap) -> [(name: String, set: FieldSet)] {
    var children: [(name: String, set: FieldSet)] = []
    children.reserveCapacity(object.count)
    for (key, value) in object {
      let (name, type) = map.member(key)
      let set = stated(by: value, type)
      let isPlaceItself = map.fields[key] == nil || value.isNull || value.objectValue?.isEmpty == true
      children.append((name, isPlaceItself ? set.includingItself : set))
    }
    return children
  }

  /// A value with everything in it, as it is when it comes or goes as a whole: each of its places is a field.
  static func whole(_ value: JSONValue, _ type: MergeType) -> FieldSet {
    switch (type.form(for: value), value) {
    case (.map(let map), .object(let object)) where !map.isAtomic:
      var children: [(name: String, set: FieldSet)] = []
      children.reserveCapacity(object.count)
      for (key, value) in object {
        let (name, type) = map.member(key)
        children.append((name, whole(value, type)))
      }
      for field in map.always where object.index(of: field.key) == nil {
        children.append((field.name, whole(field.zero ?? .null, field.type)))
      }
      return FieldSet(includesItself: true, children: children)
    case (.list(let list), .array(let elements)) where !list.isWhole:
      guard let names = try? ElementName.names(of: elements, list) else { return .leaf }
      let isDistinct = ElementName.duplicate(in: names) == nil
      var children: [(name: String, set: FieldSet)] = []
      children.reserveCapacity(names.count)
      for (name, element) in zip(names, elements) {
        if isDistinct || names.count(where: { $0 == name }) == 1 {
          children.append((name, whole(element, list.element)))
        } else if !children.contains(where: { $0.name == name }) {
          // Elements that nobody can tell apart are owned together.
          children.append((name, .leaf))
        }
      }
      return FieldSet(includesItself: true, children: children)
    default: return .leaf
    }
  }

  private var includingItself: FieldSet {
    if isEmpty { return .leaf }
    return includesItself ? self : FieldSet(includesItself: true, children: children)
  }
}
