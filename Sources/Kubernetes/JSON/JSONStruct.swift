/// A value that has one form in JSON.
public protocol JSONConvertible: Sendable, Equatable {
  /// - Throws: `FieldError` naming the field and what was wrong with it.
  init(json: JSONValue) throws(FieldError)
  var json: JSONValue { get }
}

/// What is wrong with one field of an object, and where: `spec.containers[0].image`.
public struct FieldError: Error, Equatable, CustomStringConvertible {
  public var path: String
  public var message: String

  public init(path: String = "", _ message: String) {
    self.path = path
    self.message = message
  }

  public var description: String { path.isEmpty ? message : "\(path): \(message)" }

  func under(_ parent: String) -> FieldError {
    FieldError(path: path.isEmpty ? parent : path.hasPrefix("[") ? parent + path : "\(parent).\(path)", message)
  }
}

/// A JSON object with typed fields that keeps what it does not know.
///
/// One `fields` function states each field once and serves both directions:
/// ```swift
/// public mutating func fields(_ f: inout FieldCoder) {
///   f.code("name", &name)
///   f.code("image", &image)
/// }
/// ```
/// Empty values (`""`, `[]`, `[:]`, nil, false, 0 where the property is not optional) are left out when written,
/// as `omitempty` does in Kubernetes' own types; an optional that is set is always written.
public protocol JSONStruct: JSONConvertible {
  init()
  /// Members that no field of this struct claims, in their order.
  var unknown: JSONObject { get set }
  mutating func fields(_ f: inout FieldCoder)
}

extension JSONStruct {
  public init(json: JSONValue) throws(FieldError) {
    self.init()
    if json.isNull { return }
    guard case .object(let object) = json else { throw FieldError("expected an object, found \(json.typeName)") }
    var coder = FieldCoder(reading: object)
    fields(&coder)
    if let error = coder.error { throw error }
    unknown = coder.remaining
  }

  public var json: JSONValue {
    var coder = FieldCoder(writing: unknown.count)
    var copy = self
    copy.fields(&coder)
    var object = coder.written
    for member in unknown where object[member.key] == nil { object[member.key] = member.value }
    return .object(object)
  }
}

/// Reads or writes the fields of a `JSONStruct`, whichever it was made for.
public struct FieldCoder {
  var remaining: JSONObject
  var written: JSONObject
  var error: FieldError?
  let isReading: Bool

  init(reading object: JSONObject) {
    remaining = object
    written = JSONObject()
    isReading = true
  }

  init(writing capacity: Int) {
    remaining = JSONObject()
    written = JSONObject()
    written.reserveCapacity(capacity + 8)
    isReading = false
  }

  private mutating func take(_ key: String) -> JSONValue? {
    guard let value = remaining[key] else { return nil }
    remaining[key] = nil
    // `nil` alone would be read as the JSON value null here, which has a literal of its own.
    return value.isNull ? Optional.none : value
  }

  /// Reports what is wrong with a field that could be read; the first report counts.
  mutating func refuse(_ key: String, _ message: String) {
    if error == nil { error = FieldError(path: key, message) }
  }

  private mutating func read<T: JSONConvertible>(_ key: String, _ value: JSONValue) -> T? {
    do throws(FieldError) { return try T(json: value) } catch {
      if self.error == nil { self.error = error.under(key) }
      return nil
    }
  }

  /// An optional field: left out when nil.
  public mutating func code<T: JSONConvertible>(_ key: String, _ field: inout T?) {
    if isReading {
      guard let value = take(key) else { return }
      field = read(key, value)
    } else if let field {
      written[key] = field.json
    }
  }

  /// A required or defaulted field: left out when it is empty, unless `always`.
  public mutating func code<T: JSONConvertible>(_ key: String, _ field: inout T, always: Bool = false) {
    if isReading {
      guard let value = take(key), let decoded: T = read(key, value) else { return }
      field = decoded
    } else {
      let json = field.json
      if always || !json.isEmptyValue { written[key] = json }
    }
  }

  public mutating func code<T: JSONConvertible>(_ key: String, _ field: inout [T]) {
    if isReading {
      guard let value = take(key) else { return }
      guard case .array(let elements) = value else {
        if error == nil { error = FieldError(path: key, "expected an array, found \(value.typeName)") }
        return
      }
      field.reserveCapacity(elements.count)
      for (index, element) in elements.enumerated() {
        guard let decoded: T = read("\(key)[\(index)]", element) else { return }
        field.append(decoded)
      }
    } else if !field.isEmpty {
      written[key] = .array(field.map(\.json))
    }
  }

  public mutating func code<T: JSONConvertible>(_ key: String, _ field: inout [T]?) {
    if isReading {
      guard remaining[key]?.isNull == false else {
        remaining[key] = nil
        return
      }
      var elements: [T] = []
      code(key, &elements)
      field = elements
    } else if let field {
      written[key] = .array(field.map(\.json))
    }
  }

  /// A map, written in alphabetical order of its keys.
  public mutating func code<T: JSONConvertible>(_ key: String, _ field: inout [String: T]) {
    if isReading {
      guard let value = take(key) else { return }
      guard case .object(let members) = value else {
        if error == nil { error = FieldError(path: key, "expected an object, found \(value.typeName)") }
        return
      }
      for member in members {
        guard let decoded: T = read("\(key).\(member.key)", member.value) else { return }
        field[member.key] = decoded
      }
    } else if !field.isEmpty {
      written[key] = .object(JSONObject(distinct: field.sorted { $0.key < $1.key }.map { ($0.key, $0.value.json) }))
    }
  }
}

extension JSONValue {
  /// Whether `omitempty` would leave this value out.
  var isEmptyValue: Bool {
    switch self {
    case .null: true
    case .bool(let value): !value
    case .integer(let value): value == 0
    case .double(let value): value == 0
    case .string(let value): value.isEmpty
    case .array(let value): value.isEmpty
    case .object(let value): value.isEmpty
    }
  }
}

extension JSONValue: JSONConvertible {
  public init(json: JSONValue) throws(FieldError) { self = json }
  public var json: JSONValue { self }
}

extension JSONObject: JSONConvertible {
  public init(json: JSONValue) throws(FieldError) {
    guard case .object(let object) = json else { throw FieldError("expected an object, found \(json.typeName)") }
    self = object
  }
  public var json: JSONValue { .object(self) }
}

extension String: JSONConvertible {
  public init(json: JSONValue) throws(FieldError) {
    guard case .string(let value) = json else { throw FieldError("expected a string, found \(json.typeName)") }
    self = value
  }
  public var json: JSONValue { .string(self) }
}

extension Bool: JSONConvertible {
  public init(json: JSONValue) throws(FieldError) {
    guard case .bool(let value) = json else { throw FieldError("expected a boolean, found \(json.typeName)") }
    self = value
  }
  public var json: JSONValue { .bool(self) }
}

extension Int: JSONConvertible {
  public init(json: JSONValue) throws(FieldError) {
    guard let value = json.integerValue else { throw FieldError("expected an integer, found \(json.typeName)") }
    self = Int(value)
  }
  public var json: JSONValue { .integer(Int64(self)) }
}

extension Double: JSONConvertible {
  public init(json: JSONValue) throws(FieldError) {
    guard let value = json.doubleValue else { throw FieldError("expected a number, found \(json.typeName)") }
    self = value
  }
  public var json: JSONValue { Int64(exactly: self).map(JSONValue.integer) ?? .double(self) }
}
