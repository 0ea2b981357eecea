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
  public init(_ value: Int64, format: Format = .decimalSI) { self.init(nano: Int128(value) * 1_000_000_000, format: format) }

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
  /// The largest magnitude that a quantity holds (2⁶³−1, as upstream caps it).
  private static let limit = Int128(Int64.max) * 1_000_000_000

  /// Reads a quantity; nil where the text is none. Fractions below 10⁻⁹ are rounded up, as upstream does.
  public init?(parsing text: String) {
    let bytes = Array(text.utf8)
    var index = 0
    var negative = false
    if let sign = bytes.first, sign == 0x2B || sign == 0x2D {
      negative = sign == 0x2D
      index = 1
    }
    var mantissa: Int128 = 0
    var digits = 0
    var fractionDigits = 0
    var seenPoint = false
    while index < bytes.count {
      let byte = bytes[index]
      if byte >= 0x30, byte <= 0x39 {
        guard digits < 28 else { return nil }
        mantissa = mantissa * 10 + Int128(byte - 0x30)
        if mantissa != 0 { digits += 1 }
        if seenPoint { fractionDigits += 1 }
      } else if byte == 0x2E, !seenPoint {
        seenPoint = true
      } else {
        break
      }
      index += 1
    }
    let numberBytes = bytes[..<index].filter { $0 >= 0x30 && $0 <= 0x39 }
    guard !numberBytes.isEmpty else { return nil }
    let suffix = String(decoding: bytes[index...], as: UTF8.self)
    var exponent = 9 - fractionDigits
    let format: Format
    var shift = 0
    if let decimal = Self.decimalSuffixes.first(where: { $0.suffix == suffix }) {
      exponent += decimal.exponent
      format = .decimalSI
    } else if let binary = Self.binarySuffixes.first(where: { $0.suffix == suffix }) {
      shift = binary.shift
      format = .binarySI
    } else if let first = suffix.first, first == "e" || first == "E", suffix.utf8.count <= 4,
      let power = Int(suffix.dropFirst()), abs(power) <= 30
    {
      exponent += power
      format = .decimalExponent
    } else {
      return nil
    }
    guard let magnitude = Self.scale(mantissa, shift: shift, exponent: exponent), magnitude <= Self.limit else { return nil }
    nano = negative ? -magnitude : magnitude
    self.format = format
    source = text
  }

  private static func scale(_ mantissa: Int128, shift: Int, exponent: Int) -> Int128? {
    var value = mantissa
    var exponent = exponent
    if shift > 0 {
      let (shifted, overflow) = value.multipliedReportingOverflow(by: Int128(1) << shift)
      if overflow { return nil }
      value = shifted
    }
    while exponent > 0, value != 0 {
      let (next, overflow) = value.multipliedReportingOverflow(by: 10)
      if overflow { return nil }
      value = next
      exponent -= 1
    }
    var inexact = false
    while exponent < 0, value != 0 {
      if value % 10 != 0 { inexact = true }
      value /= 10
      exponent += 1
    }
    return inexact ? value + 1 : value
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
