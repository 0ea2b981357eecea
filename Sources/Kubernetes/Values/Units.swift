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

  /// `18:05` or `18:05:30` as seconds since midnight, up to 24:00; nil where the text is no time of day.
  public static func timeOfDay(_ text: String) -> Double? {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard (2...3).contains(parts.count), parts.allSatisfy({ $0.count == 2 }) else { return nil }
    let numbers = parts.compactMap { UInt8($0) }
    guard numbers.count == parts.count, numbers.dropFirst().allSatisfy({ $0 < 60 }) else { return nil }
    let seconds = zip(numbers, [3600.0, 60, 1]).reduce(0) { $0 + Double($1.0) * $1.1 }
    return seconds <= 86_400 ? seconds : nil
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
