/// A JSON value whose objects keep the order of their members.
///
/// Integers that fit 64 bits stay integers, so that `1`, `1.0` and `true` are three different values.
public enum JSONValue: Sendable, Hashable {
  case null
  case bool(Bool)
  case integer(Int64)
  case double(Double)
  case string(String)
  case array([JSONValue])
  case object(JSONObject)
}

extension JSONValue {
  /// Strings are equal when they have the same scalars: to Swift, "é" in one scalar and in two are equal, and a write that
  /// turns one into the other must not count as none.
  public static func == (left: JSONValue, right: JSONValue) -> Bool {
    switch (left, right) {
    case (.null, .null): true
    case (.bool(let left), .bool(let right)): left == right
    case (.integer(let left), .integer(let right)): left == right
    case (.double(let left), .double(let right)): left == right
    case (.string(let left), .string(let right)): left == right && left.hasSameBytes(as: right)
    case (.array(let left), .array(let right)): left == right
    case (.object(let left), .object(let right)): left == right
    default: false
    }
  }

  public var isNull: Bool { if case .null = self { true } else { false } }
  public var boolValue: Bool? { if case .bool(let value) = self { value } else { nil } }
  public var stringValue: String? { if case .string(let value) = self { value } else { nil } }
  public var arrayValue: [JSONValue]? { if case .array(let value) = self { value } else { nil } }
  public var objectValue: JSONObject? { if case .object(let value) = self { value } else { nil } }

  /// The value itself; nil for a null. `value.isNull ? nil : value` is not this: its nil is a null of JSON.
  public var nonNull: JSONValue? {
    if isNull { return .none }
    return .some(self)
  }

  /// The number as an integer, where it is one exactly.
  public var integerValue: Int64? {
    switch self {
    case .integer(let value): value
    case .double(let value): Int64(exactly: value)
    default: nil
    }
  }

  public var doubleValue: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .double(let value): value
    default: nil
    }
  }

  /// What the value is, in JSON's own words: for messages.
  public var typeName: String {
    switch self {
    case .null: "null"
    case .bool: "boolean"
    case .integer, .double: "number"
    case .string: "string"
    case .array: "array"
    case .object: "object"
    }
  }

  /// The member of an object; nil where this is no object or has no such member. Setting nil removes it.
  /// Setting a member of a value that is not an object makes it one.
  public subscript(key: String) -> JSONValue? {
    get { if case .object(let object) = self { object[key] } else { nil } }
    set {
      var object: JSONObject
      if case .object(let existing) = self { object = existing } else { object = JSONObject() }
      self = .null  // so that `object` is uniquely referenced while it changes
      object[key] = newValue
      self = .object(object)
    }
  }

  /// The member found by following `path` through nested objects.
  public subscript(path path: [String]) -> JSONValue? {
    get {
      var current = self
      for key in path {
        guard let next = current[key] else { return nil }
        current = next
      }
      return current
    }
    set { set(path[...], newValue) }
  }

  private mutating func set(_ path: ArraySlice<String>, _ newValue: JSONValue?) {
    guard let key = path.first else { return }
    if path.count == 1 {
      self[key] = newValue
    } else {
      var child = self[key] ?? .object([:])
      child.set(path.dropFirst(), newValue)
      self[key] = child
    }
  }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
  ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral, ExpressibleByNilLiteral
{
  public init(stringLiteral value: String) { self = .string(value) }
  public init(integerLiteral value: Int64) { self = .integer(value) }
  public init(floatLiteral value: Double) { self = .double(value) }
  public init(booleanLiteral value: Bool) { self = .bool(value) }
  public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
  public init(dictionaryLiteral elements: (String, JSONValue)...) { self = .object(JSONObject(elements)) }
  public init(nilLiteral: ()) { self = .null }
}

extension String {
  fileprivate func hasSameBytes(as other: String) -> Bool {
    let isSame = utf8.withContiguousStorageIfAvailable { mine in
      other.utf8.withContiguousStorageIfAvailable { its in
        mine.count == its.count && mine.elementsEqual(its)
      }
    }
    return (isSame ?? nil) ?? utf8.elementsEqual(other.utf8)
  }
}
