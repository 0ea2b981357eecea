/// What unquoted words mean, as go-yaml has it
/// (https://github.com/go-yaml/yaml/blob/v3/resolve.go and its version 2).
package enum PlainScalar {
  /// Version 3 reads objects, version 2 kustomization files and configurations; the output is quoted so that version 2
  /// reads it back. They differ in the words for true and false.
  package enum Rules: Sendable { case version2, version3 }

  private enum Hint: UInt8 { case text, word, number, dot }

  private static let hints: [Hint] = {
    var hints = [Hint](repeating: .text, count: 256)
    for byte in "+-0123456789".utf8 { hints[Int(byte)] = .number }
    for byte in "yYnNtTfFoO~".utf8 { hints[Int(byte)] = .word }
    hints[Int(UInt8(ascii: "."))] = .dot
    return hints
  }()

  /// The type of an unquoted word.
  package static func tag(of text: String, _ rules: Rules) -> YAMLScalar.Tag {
    guard let first = text.utf8.first else { return .null }
    switch hints[Int(first)] {
    case .text: return text == "<<" ? .merge : .string
    case .word: return word(text, rules)
    case .dot:
      if isInfinityOrNaN(text) { return .float }
      return FloatText.isGoFloat(text) ? .float : .string
    case .number:
      if isInfinityOrNaN(text) { return .float }
      if Timestamp(text) != nil { return .timestamp }
      let plain = text.utf8.contains(UInt8(ascii: "_")) ? text.filter { $0 != "_" } : text
      if IntegerText(plain, rules) != nil { return .integer }
      return FloatText.isYAMLFloat(plain) ? .float : .string
    }
  }

  private static func word(_ text: String, _ rules: Rules) -> YAMLScalar.Tag {
    guard text.utf8.count <= 5 else { return .string }
    switch text {
    case "~", "null", "Null", "NULL": return .null
    case "true", "True", "TRUE", "false", "False", "FALSE": return .bool
    case "y", "Y", "yes", "Yes", "YES", "on", "On", "ON", "n", "N", "no", "No", "NO", "off", "Off", "OFF":
      return rules == .version2 ? .bool : .string
    default: return .string
    }
  }

  static func isInfinityOrNaN(_ text: String) -> Bool {
    guard text.utf8.count <= 5 else { return false }
    let bare = text.hasPrefix("+") || text.hasPrefix("-") ? text.dropFirst() : text[...]
    if bare.count == text.count, [".nan", ".NaN", ".NAN"].contains(bare) { return true }
    return [".inf", ".Inf", ".INF"].contains(bare)
  }

  /// What a word for true or false says.
  static func bool(_ text: String) -> Bool {
    ["true", "True", "TRUE", "y", "Y", "yes", "Yes", "YES", "on", "On", "ON"].contains(text)
  }

  /// `190:20:30`, which readers of YAML 1.1 take for a number of base 60.
  static func isBase60(_ text: String) -> Bool {
    var bytes = text.utf8[...]
    guard bytes.contains(UInt8(ascii: ":")) else { return false }
    if let first = bytes.first, first == 0x2B || first == 0x2D { bytes = bytes.dropFirst() }
    guard let first = bytes.first, isDigit(first) else { return false }
    bytes = bytes.drop { isDigit($0) || $0 == 0x5F }
    var groups = 0
    while bytes.first == 0x3A {
      let digits = bytes.dropFirst().prefix(while: isDigit)
      guard let high = digits.first, digits.count <= 2, digits.count == 1 || high < 0x36 else { return false }
      bytes = bytes.dropFirst(1 + digits.count)
      groups += 1
    }
    guard groups > 0 else { return false }
    if bytes.first == 0x2E { bytes = bytes.dropFirst().drop { isDigit($0) || $0 == 0x5F } }
    return bytes.isEmpty
  }

  static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }
}

/// An integer as Go's `ParseInt` with base 0 reads it, then as YAML 1.2's octals.
struct IntegerText {
  /// In decimal, with its sign.
  let decimal: String

  init?(_ text: String, _ rules: PlainScalar.Rules) {
    var digits = text.utf8[...]
    guard let first = digits.first else { return nil }
    let isNegative = first == UInt8(ascii: "-")
    let isSigned = isNegative || first == UInt8(ascii: "+")
    if isSigned { digits = digits.dropFirst() }
    guard let head = digits.first, PlainScalar.isDigit(head) else { return nil }
    var radix: UInt64 = 10
    if digits.count > 1, head == 0x30 {
      let second = digits[digits.index(after: digits.startIndex)]
      switch second | 0x20 {
      case UInt8(ascii: "x"): radix = 16
      case UInt8(ascii: "b"): radix = 2
      case UInt8(ascii: "o"): radix = 8
      default:
        guard PlainScalar.isDigit(second) else { return nil }
        radix = 8
      }
      digits = digits.dropFirst(PlainScalar.isDigit(second) ? 1 : 2)
    }
    guard !digits.isEmpty else { return nil }
    var magnitude: UInt64 = 0
    for byte in digits {
      let value: UInt64
      switch byte {
      case 0x30...0x39: value = UInt64(byte - 0x30)
      case 0x61...0x66: value = UInt64(byte - 0x61 + 10)
      case 0x41...0x46: value = UInt64(byte - 0x41 + 10)
      default: return nil
      }
      guard value < radix else { return nil }
      let (product, overflow) = magnitude.multipliedReportingOverflow(by: radix)
      let (sum, carry) = product.addingReportingOverflow(value)
      guard !overflow, !carry else { return nil }
      magnitude = sum
    }
    // Beyond 63 bits only unsigned integers fit, and `ParseUint` takes no sign.
    guard magnitude <= UInt64(Int64.max) || (isNegative && magnitude == 1 << 63) || !isSigned else { return nil }
    decimal = isNegative && magnitude != 0 ? "-\(magnitude)" : "\(magnitude)"
  }
}
