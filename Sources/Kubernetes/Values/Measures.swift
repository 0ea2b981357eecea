/// A length of time as people write it: `90s`, `2m`, `1h30m`, `500ms`.
public struct TimeSpan: JSONConvertible, Hashable, Comparable {
  public var seconds: Double

  public init(seconds: Double) { self.seconds = seconds }

  public init(json: JSONValue) throws(FieldError) {
    guard let text = json.stringValue, let seconds = Units.seconds(text) else {
      throw FieldError("expected a duration, such as 90s or 2m")
    }
    self.seconds = seconds
  }

  /// The largest unit that needs no fraction.
  public var text: String {
    let milliseconds = Int64((seconds * 1000).rounded())
    for (unit, length) in [("h", Int64(3_600_000)), ("m", 60_000), ("s", 1000)]
    where milliseconds != 0 && milliseconds % length == 0 { return "\(milliseconds / length)\(unit)" }
    return "\(milliseconds)ms"
  }

  public var json: JSONValue { .string(text) }

  /// For fields of Kubernetes that count whole seconds, of which there is at least one.
  public var wholeSeconds: Int64 { max(1, Int64(seconds.rounded(.up))) }

  public static func < (left: TimeSpan, right: TimeSpan) -> Bool { left.seconds < right.seconds }
}

/// A part of something as people write it: `60%`, `99.5%`.
public struct Share: JSONConvertible, Hashable, Comparable {
  /// 0.6 of `60%`.
  public var fraction: Double

  public init(_ fraction: Double) { self.fraction = fraction }

  public init(json: JSONValue) throws(FieldError) {
    guard let text = json.stringValue, let fraction = Units.share(text) else {
      throw FieldError("expected a percentage, such as 60%")
    }
    self.fraction = fraction
  }

  public var text: String {
    // To a millionth, so that 0.995 * 100 comes out as it was written.
    let percent = (fraction * 100 * 1e6).rounded() / 1e6
    return Int64(exactly: percent).map { "\($0)%" } ?? "\(percent)%"
  }

  public var json: JSONValue { .string(text) }

  public static func < (left: Share, right: Share) -> Bool { left.fraction < right.fraction }
}
