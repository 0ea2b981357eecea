/// Random version 4 UUIDs, as objects have them for `uid`.
enum UniqueID {
  static func make() -> String {
    var generator = SystemRandomNumberGenerator()
    var high = generator.next()
    var low = generator.next()
    high = (high & ~0xF000) | 0x4000  // version 4
    low = (low & 0x3FFF_FFFF_FFFF_FFFF) | 0x8000_0000_0000_0000  // RFC 9562's variant
    let digits = hexadecimal(high) + hexadecimal(low)
    var text = ""
    for (index, digit) in digits.enumerated() {
      if [8, 12, 16, 20].contains(index) { text.append("-") }
      text.append(digit)
    }
    return text
  }

  static func hexadecimal(_ value: UInt64) -> String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}

/// Names made from `generateName`: five characters of an alphabet without vowels, so that no words come about.
enum GeneratedName {
  private static let alphabet = Array("bcdfghjklmnpqrstvwxz2456789")
  /// Longer prefixes are cut, as Kubernetes does it.
  static let prefixLengthMax = 58

  static func make(_ prefix: String) -> String {
    String(prefix.prefix(prefixLengthMax)) + String((0..<5).compactMap { _ in alphabet.randomElement() })
  }
}
