/// What unquoted words of YAML mean to Kubernetes.
///
/// Its readers keep to YAML 1.1 as go-yaml 2 has it, so that `yes`, `on` and `y` are true, `012` is ten, `1_000` a
/// thousand, and `10:30` and `2001-01-01` are texts
/// (https://github.com/kubernetes-sigs/yaml/blob/master/goyaml.v2/resolve.go).
extension JSONValue {
  /// - Returns: nil for infinities and NaN, which JSON lacks.
  public init?(plainYAMLScalar text: String) {
    if let word = Self.yamlWords[text] {
      self = word
      return
    }
    guard !Self.yamlNonNumbers.contains(text) else { return nil }
    self = Self.yamlNumber(text) ?? .string(text)
  }

  private static let yamlWords: [String: JSONValue] = {
    var words: [String: JSONValue] = ["": .null, "~": .null, "null": .null, "Null": .null, "NULL": .null]
    for word in ["y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"] { words[word] = true }
    for word in ["n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"] { words[word] = false }
    return words
  }()

  private static let yamlNonNumbers: Set<String> = [
    ".nan", ".NaN", ".NAN", ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF", "-.inf", "-.Inf", "-.INF",
  ]

  private static func yamlNumber(_ text: String) -> JSONValue? {
    guard let first = text.utf8.first, isDigit(first) || [0x2B, 0x2D, 0x2E].contains(first) else { return nil }
    let bytes = text.utf8.filter { $0 != UInt8(ascii: "_") }
    let isSigned = first == 0x2B || first == 0x2D
    if let integer = yamlInteger(bytes[(isSigned ? 1 : 0)...], isNegative: first == 0x2D) { return integer }
    guard isYAMLFloat(bytes[(isSigned ? 1 : 0)...]) else { return nil }
    guard let number = Double(String(decoding: bytes, as: UTF8.self)), number.isFinite else { return nil }
    return .double(number)
  }

  /// Digits of base 16, 8 and 2 after `0x`, `0o` or `0`, and `0b`; of base 10 otherwise.
  private static func yamlInteger(_ digits: ArraySlice<UInt8>, isNegative: Bool) -> JSONValue? {
    var radix = 10
    var digits = digits
    if digits.count > 1, digits.first == 0x30 {
      let second = digits[digits.startIndex + 1]
      switch second | 0x20 {
      case UInt8(ascii: "x"): radix = 16
      case UInt8(ascii: "o"): radix = 8
      case UInt8(ascii: "b"): radix = 2
      default: radix = isDigit(second) ? 8 : 10
      }
      if radix != 10 { digits = digits.dropFirst(isDigit(second) ? 1 : 2) }
    }
    guard let first = digits.first, first != 0x2B, first != 0x2D,
      let magnitude = UInt64(String(decoding: digits, as: UTF8.self), radix: radix)
    else { return nil }
    if !isNegative { return Int64(exactly: magnitude).map(JSONValue.integer) ?? .double(Double(magnitude)) }
    guard magnitude <= 1 << 63 else { return nil }
    return .integer(Int64(truncatingIfNeeded: 0 &- magnitude))
  }

  /// `1`, `1.`, `1.5`, `.5`, each with an exponent or not.
  private static func isYAMLFloat(_ text: ArraySlice<UInt8>) -> Bool {
    var rest = text
    func digits() -> Int {
      let count = rest.prefix(while: isDigit).count
      rest.removeFirst(count)
      return count
    }
    let whole = digits()
    var fraction = 0
    if rest.first == 0x2E {
      rest.removeFirst()
      fraction = digits()
    }
    guard whole + fraction > 0 else { return false }
    guard let sign = rest.first else { return true }
    guard sign | 0x20 == UInt8(ascii: "e") else { return false }
    rest.removeFirst()
    if rest.first == 0x2B || rest.first == 0x2D { rest.removeFirst() }
    return digits() > 0 && rest.isEmpty
  }

  private static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }
}
