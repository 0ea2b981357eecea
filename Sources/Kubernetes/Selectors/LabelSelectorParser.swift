/// Reads the text form of label selectors.
struct LabelSelectorParser {
  private enum Token: Equatable {
    case word(String)
    case comma, open, close, not, equals, notEquals, greater, less, end
  }
  private let text: String
  private var bytes: ArraySlice<UInt8>
  private var next = Token.end

  init(_ text: String) {
    self.text = text
    bytes = Array(text.utf8)[...]
    advance()
  }

  private func failure(_ message: String) -> SelectorSyntaxError { SelectorSyntaxError(text, message) }

  private mutating func advance() {
    while let byte = bytes.first, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D { bytes.removeFirst() }
    guard let byte = bytes.popFirst() else {
      next = .end
      return
    }
    switch byte {
    case 0x2C: next = .comma
    case 0x28: next = .open
    case 0x29: next = .close
    case 0x3E: next = .greater
    case 0x3C: next = .less
    case 0x3D:
      if bytes.first == 0x3D { bytes.removeFirst() }
      next = .equals
    case 0x21:
      if bytes.first == 0x3D {
        bytes.removeFirst()
        next = .notEquals
      } else {
        next = .not
      }
    default:
      var word = [byte]
      while let byte = bytes.first, !Array(" \t\n\r,()=!<>".utf8).contains(byte) {
        word.append(byte)
        bytes.removeFirst()
      }
      next = .word(String(decoding: word, as: UTF8.self))
    }
  }

  mutating func requirements() throws(SelectorSyntaxError) -> [LabelRequirement] {
    var requirements: [LabelRequirement] = []
    if next == .end { return [] }
    while true {
      requirements.append(try requirement())
      if next == .end { return requirements }
      guard next == .comma else { throw failure("expected \",\" or the end after \"\(requirements.text)\"") }
      advance()
      guard next != .end else { throw failure("a requirement is missing after the last \",\"") }
    }
  }

  private mutating func requirement() throws(SelectorSyntaxError) -> LabelRequirement {
    if next == .not {
      advance()
      return LabelRequirement(key: try key(), op: .doesNotExist)
    }
    let key = try key()
    switch next {
    case .equals:
      advance()
      return LabelRequirement(key: key, op: .in, values: [try value(of: key)])
    case .notEquals:
      advance()
      return LabelRequirement(key: key, op: .notIn, values: [try value(of: key)])
    case .greater, .less:
      let op = next == .greater ? LabelRequirement.Operator.greaterThan : .lessThan
      advance()
      let bound = try value(of: key)
      guard Int64(bound) != nil else { throw failure("\"\(bound)\" is not an integer to compare \(key) with") }
      return LabelRequirement(key: key, op: op, values: [bound])
    case .word("in"):
      advance()
      return LabelRequirement(key: key, op: .in, values: try valueList(of: key))
    case .word("notin"):
      advance()
      return LabelRequirement(key: key, op: .notIn, values: try valueList(of: key))
    case .comma, .end: return LabelRequirement(key: key, op: .exists)
    default: throw failure("after \"\(key)\", expected =, !=, in (…), notin (…), \",\" or the end")
    }
  }

  private mutating func key() throws(SelectorSyntaxError) -> String {
    guard case .word(let key) = next else { throw failure("a label's key is missing") }
    guard LabelSyntax.isKey(key) else {
      throw failure(
        "\"\(key)\" is not a label's key: an optional DNS prefix and \"/\", then up to 63 letters, digits, -, _ or .")
    }
    advance()
    return key
  }

  /// A value, which may be empty.
  private mutating func value(of key: String) throws(SelectorSyntaxError) -> String {
    guard case .word(let value) = next else {
      guard next == .comma || next == .end || next == .close else { throw failure("the value of \(key) is missing") }
      return ""
    }
    guard LabelSyntax.isValue(value) else {
      throw failure("\"\(value)\" is not a label's value: up to 63 letters, digits, -, _ or .")
    }
    advance()
    return value
  }

  private mutating func valueList(of key: String) throws(SelectorSyntaxError) -> [String] {
    guard next == .open else { throw failure("\"(\" is missing after \"\(key) in\" or \"\(key) notin\"") }
    advance()
    var values: [String] = []
    while true {
      let value = try value(of: key)
      if !values.contains(value) { values.append(value) }
      if next == .close {
        advance()
        return values.sorted()
      }
      guard next == .comma else { throw failure("\")\" is missing after the values of \(key)") }
      advance()
    }
  }
}

/// What may be a label's key and value
/// (https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set).
public enum LabelSyntax {
  public static func isKey(_ key: String) -> Bool {
    let parts = key.split(separator: "/", omittingEmptySubsequences: false)
    switch parts.count {
    case 1: return isName(parts[0])
    case 2: return isPrefix(parts[0]) && isName(parts[1])
    default: return false
    }
  }

  public static func isValue(_ value: String) -> Bool { value.isEmpty || isName(value[...]) }

  private static func isName(_ name: Substring) -> Bool {
    guard (1...63).contains(name.utf8.count), let first = name.utf8.first, let last = name.utf8.last else {
      return false
    }
    return isAlphanumeric(first) && isAlphanumeric(last)
      && name.utf8.allSatisfy { isAlphanumeric($0) || $0 == 0x2D || $0 == 0x5F || $0 == 0x2E }
  }

  /// A DNS subdomain: lower case.
  private static func isPrefix(_ prefix: Substring) -> Bool {
    guard (1...253).contains(prefix.utf8.count) else { return false }
    return prefix.utf8.split(separator: 0x2E, omittingEmptySubsequences: false).allSatisfy { part in
      guard let first = part.first, let last = part.last else { return false }
      return first != 0x2D && last != 0x2D
        && part.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D }
    }
  }

  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20)
  }
}
