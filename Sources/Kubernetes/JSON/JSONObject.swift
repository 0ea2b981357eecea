/// The members of a JSON object, in their order; a later member of the same name replaces the earlier one's value.
///
/// Kubernetes objects have few members a level, so a linear search over them beats hashing; larger objects (the data
/// of a ConfigMap, an OpenAPI document's definitions) carry an index.
public struct JSONObject: Sendable {
  public private(set) var members: [(key: String, value: JSONValue)]
  /// Where each member is; there only above `linearLimit` members, and not after a removal until the next addition.
  private var positions: [String: Int]?

  /// Up to how many members are searched one after another.
  static let linearLimit = 32

  public init() { members = [] }

  public init(_ members: some Sequence<(String, JSONValue)>) {
    self.members = []
    for (key, value) in members { self[key] = value }
  }

  /// Takes members whose keys are known to be distinct.
  public init(distinct members: [(key: String, value: JSONValue)]) {
    self.init(distinct: members, index: nil)
  }

  init(distinct members: [(key: String, value: JSONValue)], index: [String: Int]?) {
    self.members = members
    positions = index
    if index == nil { indexIfLarge() }
  }

  public var count: Int { members.count }
  public var isEmpty: Bool { members.isEmpty }
  public var keys: [String] { members.map(\.key) }

  public func index(of key: String) -> Int? {
    if let positions { return positions[key] }
    for index in members.indices where members[index].key == key { return index }
    return nil
  }

  public subscript(key: String) -> JSONValue? {
    get { index(of: key).map { members[$0].value } }
    set {
      switch (index(of: key), newValue) {
      case (let index?, let value?): members[index].value = value
      case (let index?, nil): remove(at: index)
      case (nil, let value?): append(key, value)
      case (nil, nil): break
      }
    }
  }

  private mutating func append(_ key: String, _ value: JSONValue) {
    members.append((key, value))
    if positions != nil {
      positions?[key] = members.count - 1
    } else {
      indexIfLarge()
    }
  }

  private mutating func remove(at index: Int) {
    let key = members.remove(at: index).key
    if index == members.count, members.count > Self.linearLimit {
      positions?[key] = nil
    } else {
      positions = nil
    }
  }

  private mutating func indexIfLarge() {
    guard members.count > Self.linearLimit else { return }
    var positions: [String: Int] = [:]
    positions.reserveCapacity(members.count)
    for (index, member) in members.enumerated() { positions[member.key] = index }
    self.positions = positions
  }

  /// Changes the member at a position that `index(of:)` gave, in place.
  public mutating func update<R, E: Error>(at index: Int, _ body: (inout JSONValue) throws(E) -> R) throws(E) -> R {
    try body(&members[index].value)
  }

  /// Removes members in one pass.
  public mutating func removeAll(where isUnwanted: (String, JSONValue) -> Bool) {
    let count = members.count
    members.removeAll { isUnwanted($0.key, $0.value) }
    guard members.count != count else { return }
    positions = nil
    indexIfLarge()
  }

  public mutating func reserveCapacity(_ count: Int) { members.reserveCapacity(count) }

  /// The same members, alphabetical by key at this level.
  public func sortedByKey() -> JSONObject {
    JSONObject(distinct: members.sorted { $0.key < $1.key })
  }
}

extension JSONObject {
  /// Whether two objects are copies of each other that nobody has changed: patches leave most of an object as it was.
  /// True is certain, false is not.
  func isSameStorage(as other: JSONObject) -> Bool {
    members.withUnsafeBufferPointer { mine in
      other.members.withUnsafeBufferPointer { $0.baseAddress == mine.baseAddress && $0.count == mine.count }
    }
  }
}

/// Two objects are equal when they have the same members, whatever their order.
extension JSONObject: Hashable {
  public static func == (left: JSONObject, right: JSONObject) -> Bool {
    guard left.count == right.count else { return false }
    if left.isSameStorage(as: right) { return true }
    for (index, member) in left.members.enumerated() {
      if right.members[index].key == member.key {
        if right.members[index].value != member.value { return false }
      } else if right[member.key] != member.value {
        return false
      }
    }
    return true
  }

  public func hash(into hasher: inout Hasher) {
    var combined = 0
    for member in members {
      var one = Hasher()
      one.combine(member.key)
      one.combine(member.value)
      combined ^= one.finalize()
    }
    hasher.combine(combined)
  }
}

extension JSONObject: Sequence {
  public func makeIterator() -> IndexingIterator<[(key: String, value: JSONValue)]> { members.makeIterator() }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
  public init(dictionaryLiteral elements: (String, JSONValue)...) { self.init(elements) }
}
