/// A value of YAML as it was written: scalars keep their text, and every node remembers where it stood.
///
/// What a scalar means is decided where it is needed: `1.10` is a number in a spec, and the text "1.10" once it has
/// become the value of an annotation.
package struct YAMLNode: Sendable {
  package enum Content: Sendable {
    case scalar(YAMLScalar)
    case sequence([YAMLNode])
    case mapping(YAMLMapping)
  }
  package var content: Content
  /// Scalars of one object that have the same number, and it is not 0, are one: whatever changes one changes all. What
  /// puts a label into several places makes such scalars, since kustomize puts one and the same node there.
  var share: UInt16 = 0
  package var point: SourcePoint

  package init(_ content: Content, at point: SourcePoint = .unknown) {
    self.content = content
    self.point = point
  }

  package static func text(_ text: String) -> YAMLNode { YAMLNode(.scalar(YAMLScalar(text: text, tag: .string))) }
  package static func mapping(_ entries: [(String, YAMLNode)]) -> YAMLNode {
    YAMLNode(.mapping(YAMLMapping(entries.map { YAMLMapping.Entry(key: $0.0, value: $0.1) })))
  }
  package static let null = YAMLNode(.scalar(YAMLScalar(text: "", tag: .null)))
}

/// A line and a column, both from 1; the column at most 1023. In one word, since every node has one.
package struct SourcePoint: Sendable, Hashable {
  private var packed: UInt32

  package init(line: Int, column: Int) {
    packed = UInt32(clamping: min(line, 1 << 22 - 1)) << 10 | UInt32(clamping: min(column, 1023))
  }

  package static let unknown = SourcePoint(line: 0, column: 0)
  package var line: Int { Int(packed >> 10) }
  package var column: Int { Int(packed & 1023) }
}

package struct YAMLScalar: Sendable, Equatable {
  /// What a scalar is tagged as. Readers resolve plain scalars; `none` is resolved when it is written.
  package enum Tag: UInt8, Sendable {
    case none, string, integer, float, bool, null, timestamp, merge
  }
  package var text: String
  package var tag: Tag
  /// Whether it stood in quotes or in a block, so that its text is a text whatever it looks like.
  package var isQuoted: Bool
  /// Whether it stood in a folded block, in which kustomize writes it once more and reads it again in the end.
  var isFolded = false

  /// Whether it is read as a text, and not as a number, a date, true, false or nothing.
  var isText: Bool {
    switch tag {
    case .string: true
    case .none: isQuoted || [.string, .merge].contains(PlainScalar.tag(of: text, .version3))
    case .integer, .float, .bool, .null, .timestamp, .merge: false
    }
  }

  package init(text: String, tag: Tag, isQuoted: Bool = false) {
    self.text = text
    self.tag = tag
    self.isQuoted = isQuoted
  }
}

/// The members of a map in their order. Objects of Kubernetes have few members a level, so that looking at one after
/// the other beats hashing; the data of generators, which may be many, are never looked up by key.
package struct YAMLMapping: Sendable {
  package struct Entry: Sendable {
    package var key: String
    package var value: YAMLNode
    package var keyPoint: SourcePoint

    package init(key: String, value: YAMLNode, at point: SourcePoint = .unknown) {
      self.key = key
      self.value = value
      keyPoint = point
    }
  }
  package var entries: [Entry]

  package init(_ entries: [Entry] = []) { self.entries = entries }

  @inline(__always)
  package func index(of key: String) -> Int? {
    for index in entries.indices where entries[index].key == key { return index }
    return nil
  }

  package subscript(key: String) -> YAMLNode? {
    get { index(of: key).map { entries[$0].value } }
    set {
      switch (index(of: key), newValue) {
      case (let index?, let value?): entries[index].value = value
      case (let index?, nil): entries.remove(at: index)
      case (nil, let value?): entries.append(Entry(key: key, value: value))
      case (nil, nil): break
      }
    }
  }
}

extension YAMLNode {
  package var scalar: YAMLScalar? { if case .scalar(let scalar) = content { scalar } else { nil } }
  package var elements: [YAMLNode]? { if case .sequence(let elements) = content { elements } else { nil } }
  package var map: YAMLMapping? { if case .mapping(let map) = content { map } else { nil } }

  /// The text of a scalar, whatever its type; empty for lists and maps.
  package var text: String { if case .scalar(let scalar) = content { scalar.text } else { "" } }

  package var isNull: Bool { if case .scalar(let scalar) = content { scalar.tag == .null } else { false } }
  package var isEmptyMap: Bool { if case .mapping(let map) = content { map.entries.isEmpty } else { false } }

  /// Null, an empty list or an empty map.
  var isNullOrEmpty: Bool {
    switch content {
    case .scalar(let scalar): scalar.tag == .null
    case .sequence(let elements): elements.isEmpty
    case .mapping(let map): map.entries.isEmpty
    }
  }

  /// A member of a map; nil where this is no map or has no such member.
  package subscript(key: String) -> YAMLNode? {
    if case .mapping(let map) = content { map[key] } else { nil }
  }

  package subscript(path path: String...) -> YAMLNode? {
    var node = self
    for key in path {
      guard let next = node[key] else { return nil }
      node = next
    }
    return node
  }

  /// What it is, for messages.
  var kindName: String {
    switch content {
    case .scalar(let scalar): scalar.tag == .null ? "nothing" : "a single value"
    case .sequence: "a list"
    case .mapping: "a map"
    }
  }

  /// The same with no folded blocks: kustomize takes lists apart as JSON.
  func unfolded() -> YAMLNode {
    var node = self
    switch content {
    case .scalar(var scalar):
      scalar.isFolded = false
      node.content = .scalar(scalar)
    case .sequence(let elements): node.content = .sequence(elements.map { $0.unfolded() })
    case .mapping(var map):
      for index in map.entries.indices { map.entries[index].value = map.entries[index].value.unfolded() }
      node.content = .mapping(map)
    }
    return node
  }

  /// The same, as if all of it had stood at one place.
  func moved(to point: SourcePoint) -> YAMLNode {
    var node = self
    node.point = point
    switch content {
    case .scalar: break
    case .sequence(let elements): node.content = .sequence(elements.map { $0.moved(to: point) })
    case .mapping(let map):
      let entries = map.entries.map { entry in
        YAMLMapping.Entry(key: entry.key, value: entry.value.moved(to: point), at: point)
      }
      node.content = .mapping(YAMLMapping(entries))
    }
    return node
  }

  /// Changes the map in place; does nothing to what is no map.
  mutating func updateMap<R, E: Error>(_ body: (inout YAMLMapping) throws(E) -> R) throws(E) -> R? {
    guard case .mapping(var map) = content else { return nil }
    content = Self.placeholder  // so that `map` is uniquely referenced while it changes
    defer { content = .mapping(map) }
    return try body(&map)
  }

  /// Changes each element of a list in place.
  mutating func updateElements<E: Error>(_ body: (inout YAMLNode) throws(E) -> Void) throws(E) {
    guard case .sequence(var elements) = content else { return }
    content = Self.placeholder
    defer { content = .sequence(elements) }
    for index in elements.indices { try body(&elements[index]) }
  }

  static let placeholder = Content.scalar(YAMLScalar(text: "", tag: .null))
}

extension YAMLMapping {
  /// Changes a member in place; where there is none, and something to start with is given, it is added first.
  /// - Returns: nil where there is no such member.
  mutating func update<R, E: Error>(
    _ key: String, orStartingWith start: YAMLNode? = nil, _ body: (inout YAMLNode) throws(E) -> R
  ) throws(E) -> R? {
    if let index = index(of: key) { return try body(&entries[index].value) }
    guard let start else { return nil }
    entries.append(Entry(key: key, value: start))
    return try body(&entries[entries.count - 1].value)
  }
}
