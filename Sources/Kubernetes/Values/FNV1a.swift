/// A hash that is the same for the same bytes on every machine and in every process, as Swift's own are not: FNV-1a with
/// 64 bits (Fowler, Noll, Vo; RFC 9923). It tells things apart that nobody makes alike on purpose.
package struct FNV1a: Sendable, Hashable {
  @usableFromInline var hash: UInt64

  /// Where the standard has it start.
  @inlinable package static var start: UInt64 { 0xCBF2_9CE4_8422_2325 }

  /// Of no bytes.
  @inlinable package init(from start: UInt64 = Self.start) { hash = start }

  /// Of some bytes.
  @inlinable package init(_ bytes: some Sequence<UInt8>) {
    self.init()
    add(bytes)
  }

  @inlinable package var value: UInt64 { hash }

  @inlinable package mutating func add(_ byte: UInt8) { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }

  @inlinable package mutating func add(_ bytes: some Sequence<UInt8>) {
    for byte in bytes { add(byte) }
  }

  /// All 16 hexadecimal digits, lower case.
  package var digits: String {
    let digits = String(hash, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}

extension UInt64 {
  /// A number as so many letters of an alphabet, the last digit first: for names that follow from a content.
  package func letters(_ count: Int, of alphabet: String) -> String {
    let alphabet = Array(alphabet.unicodeScalars)
    var (text, rest) = ("", self)
    for _ in 0..<count {
      text.unicodeScalars.append(alphabet[Int(rest % UInt64(alphabet.count))])
      rest /= UInt64(alphabet.count)
    }
    return text
  }
}
