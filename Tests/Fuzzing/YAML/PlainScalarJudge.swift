import Kubernetes

/// What an unquoted scalar means, by the regular expressions and tables of go-yaml 2 as `kubectl` 1.32 was seen to use
/// them. Nil where JSON has no such value.
enum PlainScalarJudge {
  private static let words = "y Y yes Yes YES on On ON true True TRUE".split(separator: " ").map(String.init)
  private static let noes = "n N no No NO off Off OFF false False FALSE".split(separator: " ").map(String.init)

  static func value(of text: String) -> JSONValue? {
    if words.contains(text) { return true }
    if noes.contains(text) { return false }
    if ["", "~", "null", "Null", "NULL"].contains(text) { return .null }
    if text.wholeMatch(of: /[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)/) != nil { return nil }
    guard text.wholeMatch(of: /[-+.0-9].*/) != nil else { return .string(text) }
    let plain = text.replacing("_", with: "")
    if let integer = integer(plain) { return integer }
    if plain.wholeMatch(of: /[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?/) != nil,
      let number = Double(plain), number.isFinite
    {
      return .double(number)
    }
    return .string(text)
  }

  private static func integer(_ text: String) -> JSONValue? {
    guard let match = text.wholeMatch(of: /([-+]?)(0[xX]|0[oO]|0[bB]|0(?=[0-9]))?([0-9a-fA-F]+)/) else { return nil }
    let radix =
      switch match.2?.last.map({ $0.lowercased() }) {
      case "x": 16
      case "b": 2
      case nil: 10
      default: 8
      }
    guard let magnitude = UInt64(match.3, radix: radix) else { return nil }
    if match.1 == "-" { return Int64("-" + String(magnitude)).map(JSONValue.integer) }
    return Int64(exactly: magnitude).map(JSONValue.integer) ?? .double(Double(magnitude))
  }
}
