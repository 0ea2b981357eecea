/// A moment, in nanoseconds since 1970-01-01T00:00:00Z. The years 1678 to 2262 fit.
///
/// Decisions get the moment from their caller; nothing in the pure targets reads a clock.
public struct Timestamp: Sendable, Hashable, Comparable {
  public var nanoseconds: Int64

  public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }
  public init(seconds: Double) { nanoseconds = Self.saturated(seconds * 1e9) }

  /// Seconds since 1970.
  public var seconds: Double { Double(nanoseconds) / 1e9 }

  public static func < (left: Timestamp, right: Timestamp) -> Bool { left.nanoseconds < right.nanoseconds }

  /// `moment + seconds`
  public static func + (moment: Timestamp, seconds: Double) -> Timestamp {
    let delta = saturated(seconds * 1e9)
    let (sum, overflows) = moment.nanoseconds.addingReportingOverflow(delta)
    return Timestamp(nanoseconds: overflows ? (delta < 0 ? .min : .max) : sum)
  }
  public static func - (moment: Timestamp, seconds: Double) -> Timestamp { moment + (-seconds) }

  /// The nearest number of nanoseconds that fits: what a person asks for may be later than time itself.
  private static func saturated(_ nanoseconds: Double) -> Int64 {
    let wanted = nanoseconds.rounded()
    return wanted.isNaN ? 0 : wanted >= 0x1p63 ? .max : wanted <= -0x1p63 ? .min : Int64(wanted)
  }

  /// Seconds from `earlier` to `later`.
  public static func - (later: Timestamp, earlier: Timestamp) -> Double {
    Double(later.nanoseconds &- earlier.nanoseconds) / 1e9
  }
}

extension Timestamp {
  /// Reads RFC 3339: `2026-11-24T22:38:00Z`, with up to nine fractional digits and any offset.
  public init?(parsing text: String) {
    var bytes = Array(text.utf8)[...]
    func digits(_ count: Int) -> Int? {
      guard bytes.count >= count else { return nil }
      var value = 0
      for byte in bytes.prefix(count) {
        guard byte >= 0x30, byte <= 0x39 else { return nil }
        value = value * 10 + Int(byte - 0x30)
      }
      bytes = bytes.dropFirst(count)
      return value
    }
    func literal(_ accepted: UInt8...) -> UInt8? {
      guard let byte = bytes.first, accepted.contains(byte) else { return nil }
      bytes = bytes.dropFirst()
      return byte
    }
    guard let year = digits(4), literal(0x2D) != nil, let month = digits(2), literal(0x2D) != nil, let day = digits(2),
      literal(0x54, 0x74, 0x20) != nil, let hour = digits(2), literal(0x3A) != nil, let minute = digits(2),
      literal(0x3A) != nil, let second = digits(2), (1...12).contains(month), (1...31).contains(day), hour < 24,
      minute < 60, second < 61, (1700...2200).contains(year), day <= Self.days(in: month, of: year)
    else { return nil }
    var fraction: Int64 = 0
    if literal(0x2E) != nil {
      var places = 0
      while let byte = bytes.first, byte >= 0x30, byte <= 0x39 {
        if places < 9 {
          fraction = fraction * 10 + Int64(byte - 0x30)
          places += 1
        }
        bytes = bytes.dropFirst()
      }
      guard places > 0 else { return nil }
      while places < 9 {
        fraction *= 10
        places += 1
      }
    }
    var offset = 0
    switch literal(0x5A, 0x7A, 0x2B, 0x2D) {
    case 0x5A, 0x7A: break
    case let sign?:
      guard let hours = digits(2), literal(0x3A) != nil, let minutes = digits(2) else { return nil }
      offset = (hours * 60 + minutes) * (sign == 0x2B ? 60 : -60)
    case nil: return nil
    }
    guard bytes.isEmpty else { return nil }
    let days = Self.daysSinceEpoch(year: year, month: month, day: day)
    let total = Int64(days) * 86400 + Int64(hour * 3600 + minute * 60 + second) - Int64(offset)
    nanoseconds = total * 1_000_000_000 + fraction
  }

  /// RFC 3339 in UTC with whole seconds, as Kubernetes writes `metav1.Time`.
  public var rfc3339: String { formatted(fractionDigits: 0) }

  /// RFC 3339 in UTC with microseconds, as Kubernetes writes `metav1.MicroTime`.
  public var rfc3339Micro: String { formatted(fractionDigits: 6) }

  /// RFC 3339 in UTC; the fraction is cut, not rounded.
  public func formatted(fractionDigits: Int) -> String {
    var seconds = nanoseconds / 1_000_000_000
    var fraction = nanoseconds % 1_000_000_000
    if fraction < 0 {
      fraction += 1_000_000_000
      seconds -= 1
    }
    var days = seconds / 86400
    var rest = seconds % 86400
    if rest < 0 {
      rest += 86400
      days -= 1
    }
    let (year, month, day) = Self.civil(days: Int(days))
    let clock = Int(rest)
    let places = min(max(fractionDigits, 0), 9)
    for _ in places..<9 { fraction /= 10 }
    // Byte by byte: every object written carries several, and joining strings takes ten times as long.
    return String(unsafeUninitializedCapacity: places > 0 ? 21 + places : 20) { buffer in
      var end = 0
      func put(_ value: Int, width: Int, then mark: UInt8) {
        var value = value
        for place in (end..<end + width).reversed() {
          buffer[place] = 0x30 + UInt8(value % 10)
          value /= 10
        }
        buffer[end + width] = mark
        end += width + 1
      }
      put(year, width: 4, then: 0x2D)
      put(month, width: 2, then: 0x2D)
      put(day, width: 2, then: 0x54)
      put(clock / 3600, width: 2, then: 0x3A)
      put(clock / 60 % 60, width: 2, then: 0x3A)
      put(clock % 60, width: 2, then: places > 0 ? 0x2E : 0x5A)
      if places > 0 { put(Int(fraction), width: places, then: 0x5A) }
      return end
    }
  }

  private static func days(in month: Int, of year: Int) -> Int {
    switch month {
    case 2: (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  /// Howard Hinnant's `days_from_civil` (chrono-compatible low-level date algorithms).
  private static func daysSinceEpoch(year: Int, month: Int, day: Int) -> Int {
    let y = month <= 2 ? year - 1 : year
    let era = (y >= 0 ? y : y - 399) / 400
    let yearOfEra = y - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146097 + dayOfEra - 719468
  }

  /// The inverse, `civil_from_days`.
  private static func civil(days: Int) -> (year: Int, month: Int, day: Int) {
    let z = days + 719468
    let era = (z >= 0 ? z : z - 146096) / 146097
    let dayOfEra = z - era * 146097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shifted = (5 * dayOfYear + 2) / 153
    let month = shifted < 10 ? shifted + 3 : shifted - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shifted + 2) / 5 + 1)
  }
}

extension Timestamp: CustomStringConvertible {
  public var description: String { nanoseconds % 1_000_000_000 == 0 ? rfc3339 : formatted(fractionDigits: 9) }
}

/// As `metav1.Time`: whole seconds when written.
extension Timestamp: JSONConvertible {
  public init(json: JSONValue) throws(FieldError) {
    guard case .string(let text) = json else { throw FieldError("expected a time, found \(json.typeName)") }
    guard let value = Timestamp(parsing: text) else {
      throw FieldError("\"\(text)\" is not a time in RFC 3339 form, such as 2026-11-24T22:38:00Z")
    }
    self = value
  }
  public var json: JSONValue { .string(rfc3339) }
}

/// A moment written with microseconds, as `metav1.MicroTime` (leases, events).
public struct MicroTime: Sendable, Hashable, JSONConvertible {
  public var timestamp: Timestamp
  public init(_ timestamp: Timestamp) { self.timestamp = timestamp }
  public init(json: JSONValue) throws(FieldError) { timestamp = try Timestamp(json: json) }
  public var json: JSONValue { .string(timestamp.rfc3339Micro) }
}
