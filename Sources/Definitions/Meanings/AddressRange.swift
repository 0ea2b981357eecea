/// A range of IPv4 or IPv6 addresses in the notation of RFC 4632 and RFC 4291: `10.0.0.0/8`.
struct AddressRange: Sendable, Hashable {
  var text: String

  /// - Returns: nil where the text is no range, or has bits beyond its length (`10.0.0.1/8`), which policies refuse.
  init?(_ text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2, let length = Int(parts[1]), parts[1] == String(length) else { return nil }
    guard let bytes = parts[0].contains(":") ? Self.sixBytes(parts[0]) : Self.fourBytes(parts[0]),
      (0...bytes.count * 8).contains(length)
    else { return nil }
    for (index, byte) in bytes.enumerated() {
      let kept = min(8, max(0, length - index * 8))
      guard byte & UInt8(truncatingIfNeeded: 0xFF >> kept) == 0 else { return nil }
    }
    self.text = text
  }

  private static func fourBytes(_ text: String) -> [UInt8]? {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    let bytes = parts.compactMap { part in UInt8(part).flatMap { String($0) == part ? $0 : nil } }
    return parts.count == 4 && bytes.count == 4 ? bytes : nil
  }

  private static func sixBytes(_ text: String) -> [UInt8]? {
    let halves = text.split(separator: "::", omittingEmptySubsequences: false).map(String.init)
    guard (1...2).contains(halves.count) else { return nil }
    func groups(_ half: String) -> [UInt16]? {
      guard !half.isEmpty else { return [] }
      let parts = half.split(separator: ":", omittingEmptySubsequences: false)
      let numbers = parts.compactMap { $0.count <= 4 ? UInt16($0, radix: 16) : nil }
      return numbers.count == parts.count ? numbers : nil
    }
    guard let front = groups(halves[0]), let back = groups(halves.count == 2 ? halves[1] : "") else { return nil }
    let missing = 8 - front.count - back.count
    guard halves.count == 2 ? missing > 0 : missing == 0 else { return nil }
    return (front + Array(repeating: 0, count: missing) + back).flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
  }
}
