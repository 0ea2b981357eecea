/// Durations and shares as people write them.
public enum Units {
  /// `90s`, `2m`, `1h30m`, `500ms` in seconds; nil where the text is none. A bare number has no unit and is refused.
  public static func seconds(_ text: String) -> Double? {
    var total = 0.0
    var rest = Substring(text)
    guard !rest.isEmpty else { return nil }
    while !rest.isEmpty {
      let digits = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
      guard let number = Double(digits), number.isFinite else { return nil }
      rest = rest.dropFirst(digits.count)
      let unit = rest.prefix { $0.isLetter }
      rest = rest.dropFirst(unit.count)
      switch unit {
      case "ms": total += number / 1000
      case "s": total += number
      case "m": total += number * 60
      case "h": total += number * 3600
      default: return nil
      }
    }
    return total
  }

  /// `60%` as 0.6; nil where the text is no percentage of 0 to 1,000.
  public static func share(_ text: String) -> Double? {
    let digits = text.dropLast()
    guard text.hasSuffix("%"), digits.allSatisfy({ $0.isASCII && ($0.isNumber || $0 == ".") }),
      let number = Double(digits),
      (0...1000).contains(number)
    else { return nil }
    return number / 100
  }
}
