/// The text of an IP address or of a range of them.
struct IPAddressText {
  /// 4 or 16 bytes.
  let bytes: [UInt8]

  var isIPv4: Bool { bytes.count == 4 }

  /// `10.0.0.1`, `fd00::1`; nil where it is neither.
  init?(_ text: some StringProtocol) {
    guard let bytes = text.contains(":") ? Self.version6(text) : Self.version4(text) else { return nil }
    self.bytes = bytes
  }

  private static func version4(_ text: some StringProtocol) -> [UInt8]? {
    let parts = text.split(separator: "." as Character, omittingEmptySubsequences: false)
    guard parts.count == 4 else { return nil }
    let bytes = parts.compactMap { part -> UInt8? in
      guard part.utf8.allSatisfy({ (0x30...0x39).contains($0) }), part == "0" || !part.hasPrefix("0") else {
        return nil
      }
      return UInt8(part)
    }
    return bytes.count == 4 ? bytes : nil
  }

  private static func version6(_ text: some StringProtocol) -> [UInt8]? {
    // `::` stands once for as many zeros as are missing.
    var halves = [""]
    var rest = String(text)[...]
    while let character = rest.popFirst() {
      if character == ":", rest.first == ":" {
        rest = rest.dropFirst()
        halves.append("")
      } else {
        halves[halves.count - 1].append(character)
      }
    }
    guard halves.count <= 2, let head = groups(halves[0]) else { return nil }
    if halves.count == 1 { return head.count == 16 ? head : nil }
    guard let tail = groups(halves[1]), head.count + tail.count < 16 else { return nil }
    return head + Array(repeating: 0, count: 16 - head.count - tail.count) + tail
  }

  /// The bytes of `fd00:1:2`, whose last part may be an IPv4 address.
  private static func groups(_ text: String) -> [UInt8]? {
    if text.isEmpty { return [] }
    var bytes: [UInt8] = []
    let parts = text.split(separator: ":" as Character, omittingEmptySubsequences: false)
    for (index, part) in parts.enumerated() {
      if index == parts.count - 1, let four = version4(part) {
        bytes += four
      } else {
        guard (1...4).contains(part.utf8.count), let number = UInt16(part, radix: 16) else { return nil }
        bytes += [UInt8(number >> 8), UInt8(number & 0xFF)]
      }
    }
    return bytes
  }

  /// A range such as `10.0.0.0/8`.
  struct Range {
    let address: IPAddressText
    let bits: Int

    init?(_ text: String) {
      let parts = text.split(separator: "/", omittingEmptySubsequences: false)
      guard parts.count == 2, let address = IPAddressText(parts[0]), let bits = Int(parts[1]), bits >= 0,
        bits <= address.bytes.count * 8, String(bits) == parts[1]
      else { return nil }
      self.address = address
      self.bits = bits
    }

    func contains(_ other: IPAddressText) -> Bool {
      guard other.bytes.count == address.bytes.count else { return false }
      return (0..<bits).allSatisfy { bit in
        let mask = UInt8(0x80) >> UInt8(bit % 8)
        return address.bytes[bit / 8] & mask == other.bytes[bit / 8] & mask
      }
    }
  }
}
