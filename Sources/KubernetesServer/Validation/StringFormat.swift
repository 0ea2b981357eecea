import Kubernetes

/// The formats of strings that a schema may ask for; others are not looked at.
enum StringFormat {
  static func fits(_ text: String, _ format: String) -> Bool {
    switch format {
    case "date-time", "datetime": Timestamp(parsing: text) != nil
    case "date": Timestamp(parsing: text + "T00:00:00Z") != nil
    case "ipv4": IPAddressText(text)?.isIPv4 == true
    case "ipv6": IPAddressText(text).map { !$0.isIPv4 } ?? false
    case "cidr": IPAddressText.Range(text) != nil
    case "byte": Base64.isValid(text)
    case "uuid", "uuid3", "uuid4", "uuid5": isUUID(text, version: format.last?.wholeNumberValue)
    case "mac": isMAC(text)
    case "hostname": Names.subdomain(text.lowercased()) == nil
    case "email": isEmail(text)
    case "uri": isURI(text)
    case "duration": isDuration(text)
    case "hexcolor": isHexColor(text)
    case "k8s-short-name": Names.label(text) == nil
    case "k8s-long-name": Names.subdomain(text) == nil
    default: true
    }
  }

  private static func isHexadecimal(_ text: some StringProtocol) -> Bool {
    !text.isEmpty && text.utf8.allSatisfy { Unicode.Scalar($0).properties.isASCIIHexDigit }
  }

  /// With or without its hyphens, as upstream's pattern has it.
  private static func isUUID(_ text: String, version: Int?) -> Bool {
    let digits = text.filter { $0 != "-" }
    guard digits.count == 32, isHexadecimal(digits) else { return false }
    let parts = text.split(separator: "-" as Character, omittingEmptySubsequences: false).map(\.count)
    guard parts.count == 1 || parts == [8, 4, 4, 4, 12] else { return false }
    guard let version else { return true }
    return digits[digits.index(digits.startIndex, offsetBy: 12)].wholeNumberValue == version
  }

  private static func isMAC(_ text: String) -> Bool {
    let separator: Character = text.contains("-") ? "-" : ":"
    let parts = text.split(separator: separator, omittingEmptySubsequences: false)
    return [6, 8, 20].contains(parts.count) && parts.allSatisfy { $0.count == 2 && isHexadecimal($0) }
  }

  private static func isEmail(_ text: String) -> Bool {
    guard let at = text.lastIndex(of: "@"), at != text.startIndex else { return false }
    let host = text[text.index(after: at)...]
    return !host.isEmpty && !text.contains(" ") && Names.subdomain(host.lowercased()) == nil
  }

  /// A scheme and something after it, or an absolute path.
  private static func isURI(_ text: String) -> Bool {
    if text.contains(where: { $0 == " " || $0.isNewline }) { return false }
    if text.hasPrefix("/") { return true }
    guard let colon = text.firstIndex(of: ":") else { return false }
    let scheme = text[..<colon]
    return scheme.first?.isLetter == true
      && scheme.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "+-.".contains($0)) }
      && text.index(after: colon) != text.endIndex
  }

  /// Go's durations, and words for the units: `1h30m`, `5 days`.
  private static func isDuration(_ text: String) -> Bool {
    var rest = text.filter { $0 != " " }[...]
    guard !rest.isEmpty else { return false }
    if rest == "0" { return true }
    if rest.hasPrefix("-") || rest.hasPrefix("+") { rest = rest.dropFirst() }
    let units: Set<String> = [
      "ns", "us", "µs", "μs", "ms", "s", "m", "h", "d", "w", "nano", "nanos", "micro", "micros", "milli", "millis",
      "sec", "secs", "second", "seconds", "min", "mins", "minute", "minutes", "hr", "hour", "hours", "day", "days",
      "week", "weeks", "wk",
    ]
    while !rest.isEmpty {
      let number = rest.prefix { $0.isNumber || $0 == "." }
      rest = rest.dropFirst(number.count)
      let unit = rest.prefix { $0.isLetter }
      rest = rest.dropFirst(unit.count)
      guard Double(number) != nil, units.contains(unit.lowercased()) else { return false }
    }
    return true
  }

  private static func isHexColor(_ text: String) -> Bool {
    let digits = text.hasPrefix("#") ? text.dropFirst() : text[...]
    return [3, 6].contains(digits.count) && isHexadecimal(digits)
  }
}
