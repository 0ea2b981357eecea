/// A selector on fields, as in `kubectl get --field-selector`: `metadata.name=web,status.phase!=Running`.
///
/// Which fields may be selected by is the server's to say. `\`, `,` and `=` in a value are written with a backslash.
/// Grammar: https://github.com/kubernetes/apimachinery/blob/master/pkg/fields/selector.go
public struct FieldSelector: Sendable, Hashable {
  public struct Requirement: Sendable, Hashable {
    /// Dotted: `spec.nodeName`.
    public var field: String
    public var isEqual: Bool
    public var value: String

    public init(_ field: String, isEqual: Bool = true, _ value: String) {
      self.field = field
      self.isEqual = isEqual
      self.value = value
    }
  }
  public var requirements: [Requirement]

  public init(_ requirements: [Requirement] = []) { self.requirements = requirements }

  /// Reads a selector; an empty one matches everything.
  public init(parsing text: String) throws(SelectorSyntaxError) {
    requirements = []
    for part in Self.parts(text) where !part.isEmpty { requirements.append(try Self.requirement(part, in: text)) }
  }

  /// The text between commas that no backslash precedes.
  private static func parts(_ text: String) -> [[UInt8]] {
    var parts: [[UInt8]] = [[]]
    var isEscaped = false
    for byte in text.utf8 {
      if byte == 0x2C, !isEscaped {
        parts.append([])
        continue
      }
      isEscaped = byte == 0x5C && !isEscaped
      parts[parts.count - 1].append(byte)
    }
    return parts
  }

  private static func requirement(_ part: [UInt8], in text: String) throws(SelectorSyntaxError) -> Requirement {
    guard let sign = part.firstIndex(where: { $0 == 0x3D || $0 == 0x21 }) else {
      throw SelectorSyntaxError(text, "\"\(String(decoding: part, as: UTF8.self))\" has none of =, == and !=")
    }
    let isEqual = part[sign] == 0x3D
    var start = sign + 1
    if !isEqual {
      guard start < part.count, part[start] == 0x3D else {
        throw SelectorSyntaxError(text, "\"!\" is not followed by \"=\"")
      }
      start += 1
    } else if start < part.count, part[start] == 0x3D {
      start += 1
    }
    let field = trimmed(part[..<sign])
    guard !field.isEmpty else { throw SelectorSyntaxError(text, "a field's name is missing") }
    var value: [UInt8] = []
    var isEscaped = false
    for byte in part[start...] {
      if isEscaped {
        guard byte == 0x5C || byte == 0x2C || byte == 0x3D else {
          throw SelectorSyntaxError(text, "a backslash must be followed by \\, \",\" or =")
        }
        value.append(byte)
        isEscaped = false
      } else if byte == 0x5C {
        isEscaped = true
      } else if byte == 0x3D {
        throw SelectorSyntaxError(text, "= in a value is written \\=")
      } else {
        value.append(byte)
      }
    }
    guard !isEscaped else { throw SelectorSyntaxError(text, "a value ends with a backslash") }
    return Requirement(field, isEqual: isEqual, trimmed(value[...]))
  }

  private static func trimmed(_ bytes: ArraySlice<UInt8>) -> String {
    var bytes = bytes
    while bytes.first == 0x20 { bytes.removeFirst() }
    while bytes.last == 0x20 { bytes.removeLast() }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Whether an object whose fields `value` gives is selected; a field that is not there counts as empty.
  public func matches(_ value: (String) -> String?) -> Bool {
    requirements.allSatisfy { ((value($0.field) ?? "") == $0.value) == $0.isEqual }
  }

  /// Whether an object is selected, its fields found by their dotted paths.
  public func matches(_ object: JSONValue) -> Bool {
    matches { field in
      switch object[path: field.split(separator: ".").map(String.init)] {
      case .string(let text): text
      case nil, .null: nil
      case let value?: value.text
      }
    }
  }

  /// The value that a field must have, if the selector says so: for look-ups by name or node.
  public func value(of field: String) -> String? { requirements.first { $0.field == field && $0.isEqual }?.value }

  public var text: String {
    requirements.map { requirement in
      let value = requirement.value.unicodeScalars.reduce(into: "") { text, scalar in
        if scalar == "\\" || scalar == "," || scalar == "=" { text += "\\" }
        text.unicodeScalars.append(scalar)
      }
      return requirement.field + (requirement.isEqual ? "=" : "!=") + value
    }.joined(separator: ",")
  }
}
