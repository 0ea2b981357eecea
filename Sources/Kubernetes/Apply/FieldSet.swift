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

  /// Takes FieldsV1 as it is; anything but an object with members is an empty set.
  init(json: JSONValue?) {
    if case .object(let object) = json, !object.isEmpty { node = object } else { node = nil }
  }

  var json: JSONValue { .object(node ?? [:]) }

  /// - Parameter children: the sets below, in any order; empty ones are left out.
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
      if members.count > 1 { members.sort { $0.key < $1.key } }
      node = JSONObject(distinct: members)
    }
  }

  var isEmpty: Bool { node == nil }
  var includesItself: Bool { node.map { $0.isEmpty || $0.index(of: Self.itself) != nil } ?? false }
  var hasChildren: Bool {
    guard let node, let first = node.members.first else { return false }
    return node.count > 1 || first.key != Self.itself
  }

  /// The sets below, by name.
  var children: [(name: String, set: FieldSet)] {
    (node?.members ?? []).compactMap { member in
      member.key == Self.itself ? nil : (member.key, FieldSet(node: member.value.objectValue))
    }
  }

  subscript(name: String) -> FieldSet {
    guard let node, let index = node.index(of: name) else { return .empty }
    return FieldSet(node: node.members[index].value.objectValue)
  }

  func contains(_ path: some Sequence<String>) -> Bool {
    var current = self
    for name in path { current = current[name] }
    return current.includesItself
  }
}

extension FieldSet {
  func union(_ other: FieldSet) -> FieldSet {
    if isEmpty { return other }
    if other.isEmpty || node == other.node { return self }
    var mine = children
    var positions: [String: Int] = [:]
    positions.reserveCapacity(mine.count)
    for (index, child) in mine.enumerated() { positions[child.name] = index }
    for child in other.children {
      if let index = positions[child.name] {
        mine[index].set = mine[index].set.union(child.set)
      } else {
        mine.append(child)
      }
    }
    return FieldSet(includesItself: includesItself || other.includesItself, children: mine)
  }

  func intersection(_ other: FieldSet) -> FieldSet {
    if isEmpty || other.isEmpty { return .empty }
    return FieldSet(
      includesItself: includesItself && other.includesItself,
      children: children.map { child in (child.name, child.set.intersection(other[child.name])) })
  }

  /// The places of this set that are not in the other: a place does not stand for those below it.
  func subtracting(_ other: FieldSet) -> FieldSet {
    var rest = self
    rest.subtract(other, withDescendants: false)
    return rest
  }

  /// Without the places of `places` and everything below them.
  func removingBelow(_ places: FieldSet) -> FieldSet {
    var rest = self
    rest.subtract(places, withDescendants: true)
    return rest
  }

  /// - Returns: whether anything was removed; otherwise nothing was copied either.
  @discardableResult
  mutating func subtract(_ other: FieldSet, withDescendants: Bool) -> Bool {
    guard let mine = node, let theirs = other.node else { return false }
    let takesItself = other.includesItself
    if takesItself && withDescendants {
      node = nil
      return true
    }
    var rest: [(name: String, set: FieldSet)]?
    for member in theirs where member.key != Self.itself {
      guard let index = mine.index(of: member.key) else { continue }
      var child = FieldSet(node: mine.members[index].value.objectValue)
      guard child.subtract(FieldSet(node: member.value.objectValue), withDescendants: withDescendants) else { continue }
      var changing = rest ?? children
      rest = nil
      if let place = changing.firstIndex(where: { $0.name == member.key }) { changing[place].set = child }
      rest = changing
    }
    let isItselfTaken = takesItself && includesItself
    guard rest != nil || isItselfTaken else { return false }
    self = FieldSet(includesItself: includesItself && !isItselfTaken, children: rest ?? children)
    return true
  }

  /// Each place of the set as messages write it: `.spec.containers[name="app"].image`.
  var paths: [(text: String, names: [String])] {
    var paths: [(text: String, names: [String])] = []
    collectPaths(prefix: "", names: [], into: &paths)
    return paths
  }

  /// The places of a level come before those below them, as in Kubernetes.
  private func collectPaths(prefix: String, names: [String], into paths: inout [(text: String, names: [String])]) {
    for child in children where child.set.includesItself {
      paths.append((prefix + ElementName.text(child.name), names + [child.name]))
    }
    for child in children where child.set.hasChildren {
      child.set.collectPaths(prefix: prefix + ElementName.text(child.name), names: names + [child.name], into: &paths)
    }
  }
}
