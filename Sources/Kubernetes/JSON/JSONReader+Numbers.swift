/// Numbers: integers that fit 64 bits stay integers, everything else becomes the nearest double.
extension JSONReader {
  private static let powersOfTen: [Double] = [
    1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20,
    1e21, 1e22,
  ]

  mutating func number() throws(JSONSyntaxError) -> JSONValue {
    let start = position
    let isNegative = bytes[position] == 0x2D
    if isNegative { position += 1 }
    var digits: UInt64 = 0
    var overflows = false
    let integerStart = position
    let length = digitRun(into: &digits, &overflows)
    guard length > 0 else { throw unexpected("a digit") }
    if length > 1, bytes[integerStart] == 0x30 { throw failure("a number must not start with 0", at: integerStart) }
    var fractionLength = 0
    var exponent = 0
    var isInteger = true
    if position < bytes.count, bytes[position] == 0x2E {
      isInteger = false
      position += 1
      fractionLength = digitRun(into: &digits, &overflows)
      guard fractionLength > 0 else { throw unexpected("a digit") }
    }
    if position < bytes.count, bytes[position] | 0x20 == 0x65 {
      isInteger = false
      exponent = try exponentPart()
    }
    if isInteger, !overflows, let value = Self.integer(digits, isNegative) { return .integer(value) }
    let power = exponent - fractionLength
    // Both factors are exact, so that their product or quotient is rounded once (Clinger 1990).
    if !overflows, digits <= 1 << 53, abs(power) <= 22 {
      let magnitude = power < 0 ? Double(digits) / Self.powersOfTen[-power] : Double(digits) * Self.powersOfTen[power]
      return .double(isNegative ? -magnitude : magnitude)
    }
    let text = String(decoding: UnsafeBufferPointer(rebasing: bytes[start..<position]), as: UTF8.self)
    guard let value = Double(text), value.isFinite else {
      throw failure("the number \(text.prefix(40)) is out of range", at: start)
    }
    return .double(value)
  }

  private static func integer(_ magnitude: UInt64, _ isNegative: Bool) -> Int64? {
    if !isNegative { return Int64(exactly: magnitude) }
    return magnitude <= 1 << 63 ? Int64(truncatingIfNeeded: 0 &- magnitude) : nil
  }

  /// Reads digits onto the end of `value`.
  @inline(__always)
  private mutating func digitRun(into value: inout UInt64, _ overflows: inout Bool) -> Int {
    let start = position
    while position < bytes.count, case let digit = bytes[position] &- 0x30, digit < 10 {
      // 19 digits always fit.
      if value < 1_000_000_000_000_000_000 {
        value = value * 10 + UInt64(digit)
      } else {
        let (shifted, first) = value.multipliedReportingOverflow(by: 10)
        let (sum, second) = shifted.addingReportingOverflow(UInt64(digit))
        overflows = overflows || first || second
        value = sum
      }
      position += 1
    }
    return position - start
  }

  /// Reads `e+12`; an exponent beyond any double's is held at ±100,000.
  private mutating func exponentPart() throws(JSONSyntaxError) -> Int {
    position += 1
    var isNegative = false
    if position < bytes.count, bytes[position] == 0x2B || bytes[position] == 0x2D {
      isNegative = bytes[position] == 0x2D
      position += 1
    }
    let start = position
    var value = 0
    while position < bytes.count, case let digit = bytes[position] &- 0x30, digit < 10 {
      value = min(value * 10 + Int(digit), 100_000)
      position += 1
    }
    guard position > start else { throw unexpected("a digit") }
    return isNegative ? -value : value
  }
}
