/// Floating-point numbers as Go reads and writes them.
enum FloatText {
  /// `^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$`, within the range of a double.
  static func isYAMLFloat(_ text: String) -> Bool {
    var rest = text.utf8[...]
    func digits() -> Int {
      let run = rest.prefix(while: PlainScalar.isDigit).count
      rest = rest.dropFirst(run)
      return run
    }
    if let first = rest.first, first == 0x2B || first == 0x2D { rest = rest.dropFirst() }
    let whole = digits()
    if rest.first == 0x2E {
      rest = rest.dropFirst()
      if digits() == 0, whole == 0 { return false }
    } else if whole == 0 {
      return false
    }
    if let sign = rest.first, sign | 0x20 == UInt8(ascii: "e") {
      rest = rest.dropFirst()
      if let first = rest.first, first == 0x2B || first == 0x2D { rest = rest.dropFirst() }
      guard digits() > 0 else { return false }
    }
    return rest.isEmpty && value(text)?.isFinite == true
  }

  /// What begins with a dot and `ParseFloat` takes.
  static func isGoFloat(_ text: String) -> Bool { isYAMLFloat(text) }

  static func value(_ text: String) -> Double? {
    var text = text[...]
    if text.hasPrefix("+") { text = text.dropFirst() }
    // Swift wants a digit on each side of the dot.
    guard let dot = text.firstIndex(of: ".") else { return Double(text) }
    let after = text.index(after: dot)
    let whole = text[..<dot]
    let fraction = text[after...]
    let needsZero = !(fraction.utf8.first.map(PlainScalar.isDigit) ?? false)
    let head = whole.isEmpty || whole == "-" ? "\(whole)0" : String(whole)
    return Double("\(head).\(needsZero ? "0" : "")\(fraction)")
  }

  /// The digits of the shortest decimal that reads back as the number, without dot, and the decimal exponent of the
  /// first.
  static func shortest(_ magnitude: Double) -> (digits: [UInt8], exponent: Int) {
    var digits: [UInt8] = []
    var exponent = 0
    var point: Int?
    var bytes = Array(magnitude.description.utf8)
    if let mark = bytes.firstIndex(of: UInt8(ascii: "e")) {
      exponent = Int(String(decoding: bytes[(mark + 1)...], as: UTF8.self)) ?? 0
      bytes = Array(bytes[..<mark])
    }
    for byte in bytes {
      if byte == 0x2E { point = digits.count } else { digits.append(byte) }
    }
    exponent += (point ?? digits.count) - 1
    while digits.count > 1, digits.first == 0x30 {
      digits.removeFirst()
      exponent -= 1
    }
    while digits.count > 1, digits.last == 0x30 { digits.removeLast() }
    return digits == [0x30] ? (digits, 0) : (digits, exponent)
  }

  /// A number that has gone through JSON and is written by version 2: a whole one that fits an integer is one
  /// then, and others are `strconv.FormatFloat(value, 'g', -1, 64)`: with an exponent below -4 and from 6.
  static func throughJSON(_ value: Double) -> String {
    if value == 0 { return "0" }
    let (digits, exponent) = shortest(value.magnitude)
    let sign = value.sign == .minus ? "-" : ""
    func text(_ bytes: some Sequence<UInt8>) -> String { String(decoding: Array(bytes), as: UTF8.self) }
    if exponent >= 0, exponent < 21, digits.count <= exponent + 1 {
      let whole = sign + text(digits) + String(repeating: "0", count: exponent + 1 - digits.count)
      if Int64(whole) != nil || UInt64(whole) != nil { return whole }
    }
    if exponent < -4 || exponent >= 6 {
      let mantissa = text(digits.prefix(1)) + (digits.count > 1 ? "." + text(digits.dropFirst()) : "")
      let magnitude = exponent.magnitude
      return "\(sign)\(mantissa)e\(exponent < 0 ? "-" : "+")\(magnitude < 10 ? "0" : "")\(magnitude)"
    }
    if exponent < 0 { return sign + "0." + String(repeating: "0", count: -exponent - 1) + text(digits) }
    let missing = exponent + 1 - digits.count
    if missing >= 0 { return sign + text(digits) + String(repeating: "0", count: missing) }
    return sign + text(digits.prefix(exponent + 1)) + "." + text(digits.dropFirst(exponent + 1))
  }
}
