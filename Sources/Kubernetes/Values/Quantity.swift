/// An amount of a resource: `250m`, `1.5`, `256Mi`, `1e3`, exact to 10⁻⁹.
///
/// Grammar and canonical form as in apimachinery's `resource.Quantity`
/// (https://github.com/kubernetes/apimachinery/blob/master/pkg/api/resource/quantity.go): suffixes n u m "" k M G T P E,
/// Ki Mi Gi Ti Pi Ei, and decimal exponents. What was parsed is written back as it was until it is calculated with.
public struct Quantity: Sendable {
  /// The suffix family that `description` uses.
  public enum Format: Sendable, Hashable { case decimalSI, binarySI, decimalExponent }

  /// In billionths of the unit, so that nothing is lost between `1n` and `9E`.
  public let nano: Int128
  public let format: Format
  /// What was read, kept so that an unknown hand's `1000m` does not turn into `1`.
  private let source: String?

  public init(nano: Int128, format: Format = .decimalSI) {
    self.nano = nano
    self.format = format
    source = nil
  }

  /// Whole units: cores, bytes, pods.
  public init(_ value: Int64, format: Format = .decimalSI) {
    self.init(nano: Int128(value) * 1_000_000_000, format: format)
  }

  /// Thousandths of a unit: millicores.
  public init(milli: Int64) { self.init(nano: Int128(milli) * 1_000_000, format: .decimalSI) }

  /// Bytes, written with binary suffixes.
  public init(bytes: Int64) { self.init(bytes, format: .binarySI) }

  public static let zero = Quantity(0)

  /// The value in thousandths, rounded up, as `MilliValue()` does. Clamped to 64 bits.
  public var milliValue: Int64 { Self.divideRoundingUp(nano, by: 1_000_000) }

  /// The value in whole units, rounded up, as `Value()` does. Clamped to 64 bits.
  public var value: Int64 { Self.divideRoundingUp(nano, by: 1_000_000_000) }

  public var doubleValue: Double { Double(nano) / 1e9 }

  private static func divideRoundingUp(_ amount: Int128, by divisor: Int128) -> Int64 {
    let (quotient, remainder) = amount.quotientAndRemainder(dividingBy: divisor)
    let rounded = remainder == 0 ? quotient : amount > 0 ? quotient + 1 : quotient - 1
    return Int64(clamping: rounded)
  }

  public static func + (left: Quantity, right: Quantity) -> Quantity {
    Quantity(nano: left.nano + right.nano, format: left.nano == 0 ? right.format : left.format)
  }
  public static func - (left: Quantity, right: Quantity) -> Quantity {
    Quantity(nano: left.nano - right.nano, format: left.nano == 0 ? right.format : left.format)
  }
}

extension Quantity: Hashable, Comparable {
  public static func == (left: Quantity, right: Quantity) -> Bool { left.nano == right.nano }
  public static func < (left: Quantity, right: Quantity) -> Bool { left.nano < right.nano }
  public func hash(into hasher: inout Hasher) { hasher.combine(nano) }
}

extension Quantity {
  private static let decimalSuffixes: [(suffix: String, exponent: Int)] = [
    ("n", -9), ("u", -6), ("m", -3), ("", 0), ("k", 3), ("M", 6), ("G", 9), ("T", 12), ("P", 15), ("E", 18),
  ]
  private static let binarySuffixes: [(suffix: String, shift: Int)] = [
    ("Ki", 10), ("Mi", 20), ("Gi", 30), ("Ti", 40), ("Pi", 50), ("Ei", 60),
  ]
  /// The largest magnitude that a quantity holds, in billionths: 10²⁸ units. Upstream has no limit.
  private static let limit = power(of: 37)

  /// Reads a quantity; nil where the text is none, or stands for more than 10²⁸ units. Fractions below 10⁻⁹ are rounded
  /// up, as upstream does; where more than 38 digits stand before a binary suffix, the last billionth may be lost.
  public init?(parsing text: String) {
    let bytes = Array(text.utf8)
    let isSigned = bytes.first == 0x2B || bytes.first == 0x2D
    var number = DecimalDigits()
    let end = number.read(bytes, from: isSigned ? 1 : 0)
    guard number.isThere, let unit = Self.unit(String(decoding: bytes[end...], as: UTF8.self)) else { return nil }
    guard let magnitude = Self.scale(number, shift: unit.shift, exponent: unit.exponent + 9) else { return nil }
    nano = bytes.first == 0x2D ? -Int128(magnitude) : Int128(magnitude)
    format = unit.format
    source = text
  }

  /// The powers of two and of ten that a suffix stands for.
  private static func unit(_ suffix: String) -> (shift: Int, exponent: Int, format: Format)? {
    if let decimal = decimalSuffixes.first(where: { $0.suffix == suffix }) { return (0, decimal.exponent, .decimalSI) }
    if let binary = binarySuffixes.first(where: { $0.suffix == suffix }) { return (binary.shift, 0, .binarySI) }
    guard let first = suffix.first, first == "e" || first == "E", let power = Int32(suffix.dropFirst()) else {
      return nil
    }
    // Beyond a few hundred, nothing changes any more.
    return (0, min(max(Int(power), -1000), 1000), .decimalExponent)
  }

  private static func scale(_ number: DecimalDigits, shift: Int, exponent: Int) -> UInt128? {
    guard number.mantissa != 0 else { return 0 }
    var product = number.mantissa.multipliedFullWidth(by: 1 << UInt128(shift))
    var exponent = exponent + number.exponent
    while exponent > 0 {
      guard product.high == 0, product.low <= limit else { return nil }
      product.low *= 10
      exponent -= 1
    }
    // Two steps, because 10³⁸ is the largest power of ten that there is room for.
    let first = power(of: min(-exponent, 38))
    guard product.high < first else { return nil }
    let (quotient, rest) = first.dividingFullWidth(product)
    let second = power(of: min(max(0, -exponent - 38), 38))
    let whole = quotient / second
    let isInexact = rest != 0 || quotient % second != 0 || number.isInexact
    return whole < limit ? (isInexact ? whole + 1 : whole) : nil
  }

  private static func power(of exponent: Int) -> UInt128 { (0..<exponent).reduce(1) { power, _ in power * 10 } }

  /// The digits of a number: `mantissa` × 10^`exponent`.
  private struct DecimalDigits {
    var mantissa: UInt128 = 0
    var exponent = 0
    /// Digits that there was no room for were not all zero.
    var isInexact = false
    var isThere = false

    /// Digits that fit `mantissa`, whatever they are.
    private static let digitsMax = 38

    /// Reads digits with a point among them or none.
    /// - Returns: where they end.
    mutating func read(_ bytes: [UInt8], from start: Int) -> Int {
      var index = start
      var count = 0
      var isFraction = false
      while index < bytes.count {
        if bytes[index] == 0x2E, !isFraction {
          isFraction = true
        } else if case let digit = bytes[index] &- 0x30, digit < 10 {
          isThere = true
          if count == Self.digitsMax {
            isInexact = isInexact || digit != 0
            if !isFraction { exponent += 1 }
          } else {
            mantissa = mantissa * 10 + UInt128(digit)
            if mantissa != 0 { count += 1 }
            if isFraction { exponent -= 1 }
          }
        } else {
          break
        }
        index += 1
      }
      return index
    }
  }

  /// The canonical form: no fraction, the largest suffix that needs none.
  private var canonical: String {
    if nano == 0 { return "0" }
    let magnitude = nano < 0 ? -nano : nano
    let sign = nano < 0 ? "-" : ""
    if format == .binarySI, magnitude % 1_000_000_000 == 0, magnitude >= 1024 * 1_000_000_000 {
      let whole = magnitude / 1_000_000_000
      let best = Self.binarySuffixes.last { whole % (Int128(1) << $0.shift) == 0 }
      guard let best else { return sign + String(whole) }
      return sign + String(whole >> best.shift) + best.suffix
    }
    var power = -9
    var scaled = magnitude
    while power < 18, scaled % 1000 == 0 {
      scaled /= 1000
      power += 3
    }
    if format == .decimalExponent { return sign + String(scaled) + (power == 0 ? "" : "e\(power)") }
    let suffix = Self.decimalSuffixes.first { $0.exponent == power }?.suffix ?? ""
    return sign + String(scaled) + suffix
  }
}

extension Quantity: CustomStringConvertible {
  public var description: String { source ?? canonical }
  /// The same amount in canonical form, as the API server stores it.
  public var canonicalized: Quantity { Quantity(nano: nano, format: format) }
}

extension Quantity: JSONConvertible {
  public init(json: JSONValue) throws(FieldError) {
    let text: String
    switch json {
    case .string(let value): text = value
    case .integer(let value): text = String(value)
    case .double(let value): text = "\(value)"
    default: throw FieldError("expected a quantity, found \(json.typeName)")
    }
    guard let quantity = Quantity(parsing: text) else {
      throw FieldError("\"\(text)\" is not a quantity; write it as 250m, 1.5 or 256Mi")
    }
    self = quantity
  }
  public var json: JSONValue { .string(description) }
}
