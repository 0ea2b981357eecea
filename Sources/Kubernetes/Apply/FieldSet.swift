/// A set of fields of an object, in the form in which `managedFields` states it (FieldsV1).
///
/// It is kept as that JSON: members `f:name` (a member of an object), `k:{…}` (an element of a keyed list) and `v:…`
/// (an element of a set), each with the set below it; `.` says that the place itself belongs to the set, and so does
/// an empty object. Thus the sets of managers that a change does not concern are never taken apart.
/// Format: https://github.com/kubernetes-sigs/structured-merge-diff/blob/master/fieldpath/serialize.go
struct FieldSet: Sendable, Hashable {
  /// Nil for the empty set.
  private var node: JSONObject?

  static let empty = FieldSet(node: nil)
  /// The set of one place, without anything below it.
  static let leaf = FieldSet(node: [:])

  private static let itself = "."

  private init(node: JSONObject?) { self.node = node }

  /// Reads FieldsV1; anything else is an empty set.
  init(json: JSONValue?) {
    if case .object(let object) = json, !object.isEmpty { node = object } else { node = nil }
  }

  var json: JSONValue { .object(node ?? [:]) }

  init(includesItself: Bool, children: [(name: String, set: FieldSet)]) {
    var members: [(key: String, value: JSONValue)] = []
    members.reserveCapacity(children.count + 1)
    if includesItself { members.append((Self.itself, .object([:]))) }
    for child in children {
      if let node = child.set.node { members.append((child.name, .object(node))) }
    }
    if members.isEmpty {
      node = nil
    } else if includesItself, members.count == 1 {
      node = [:]
    } else {
      members.sort { $0.key < $1.key }
      node = JSONObject(distinct: members)
    }
  }

  var isEmpty: Bool { node == nil }
  var includesItself: Bool { node.map { $0.isEmpty || $0.index(of: Self.itself) != nil } ?? false }
  var hasChildren: Bool { node.map { $0.count > ($0.index(of: Self.itself) == nil ? 0 : 1) } ?? false }

  /// The sets below, by name.
  var children: [(name: String, set: FieldSet)] {
    (node?.members ?? []).compactMap { member in
      member.key == Self.itself ? nil : (member.key, FieldSet(node: member.value.objectValue))
    }
  }

  subscript(name: String) -> FieldSet { FieldSet(node: node?[name]?.objectValue) }
}

extension FieldSet {
  func union(_ other: FieldSet) -> FieldSet {
    if isEmpty { return other }
    if other.isEmpty || node == other.node { return self }
    let mine = children
    var result = mine.map { child in (child.name, child.set.union(other[child.name])) }
    for child in other.children where self[child.name].isEmpty { result.append(child) }
    return FieldSet(includesItself: includesItself || other.includesItself, children: result)
  }

  func intersection(_ other: FieldSet) -> FieldSet {
    if isEmpty || other.isEmpty { return .empty }
    return FieldSet(
      includesItself: includesItself && other.includesItself,
      children: children.map { child in (child.name, child.set.intersection(other[child.name])) })
  }

  func subtracting(_ other: FieldSet) -> FieldSet {
    if isEmpty || other.isEmpty { return self }
    var changed = includesItself && other.includesItself
    let rest = children.map { child in
      let set = child.set.subtracting(other[child.name])
      changed = changed || set.node != child.set.node
      return (child.name, set)
    }
    return changed ? FieldSet(includesItself: includesItself && !other.includesItself, children: rest) : self
  }

  /// Without the places of `places` and everything below them.
  func removingBelow(_ places: FieldSet) -> FieldSet {
    if isEmpty || places.isEmpty { return self }
    if places.includesItself { return .empty }
    var changed = false
    let rest = children.map { child in
      let set = child.set.removingBelow(places[child.name])
      changed = changed || set.node != child.set.node
      return (child.name, set)
    }
    return changed ? FieldSet(includesItself: includesItself, children: rest) : self
  }

  /// Each place of the set as messages write it: `.spec.containers[name="app"].image`.
  var paths: [String] {
    var paths: [String] = []
    collectPaths(prefix: "", into: &paths)
    return paths
  }

  private func collectPaths(prefix: String, into paths: inout [String]) {
    if includesItself { paths.append(prefix) }
    for child in children { child.set.collectPaths(prefix: prefix + Self.written(child.name), into: &paths) }
  }

  private static func written(_ name: String) -> String {
    let content = name.dropFirst(2)
    switch name.prefix(2) {
    case "f:": return ".\(content)"
    case "v:": return "[=\(content)]"
    case "k:":
      guard let keys = (try? JSONValue(parsing: String(content)))?.objectValue else { return "[\(content)]" }
      return "[\(keys.map { "\($0.key)=\($0.value.text)" }.joined(separator: ","))]"
    default: return "[\(content)]"
    }
  }
}
