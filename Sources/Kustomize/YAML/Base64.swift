/// Base64 with padding (RFC 4648).
enum Base64 {
  private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
  private static let values: [UInt8] = {
    var values = [UInt8](repeating: 0xFF, count: 256)
    for (index, byte) in alphabet.enumerated() { values[Int(byte)] = UInt8(index) }
    return values
  }()

  /// In lines of 70 characters, each with a line feed at its end, where there is more than one line: as kustomize
  /// writes the data of Secrets (`encodeBase64` of kyaml/yaml/datamap.go).
  static func encodeInLines(_ bytes: [UInt8]) -> String {
    let text = encode(bytes)
    let lineMax = 70
    guard text.count / lineMax + 1 > 1 else { return String(decoding: text, as: UTF8.self) }
    var lines: [UInt8] = []
    lines.reserveCapacity(text.count + text.count / lineMax + 1)
    for start in stride(from: 0, to: text.count, by: lineMax) {
      lines.append(contentsOf: text[start..<min(start + lineMax, text.count)])
      lines.append(0x0A)
    }
    return String(decoding: lines, as: UTF8.self)
  }

  private static func encode(_ bytes: [UInt8]) -> [UInt8] {
    var text: [UInt8] = []
    text.reserveCapacity((bytes.count + 2) / 3 * 4)
    var index = 0
    while index < bytes.count {
      let first = bytes[index]
      let second = index + 1 < bytes.count ? bytes[index + 1] : 0
      let third = index + 2 < bytes.count ? bytes[index + 2] : 0
      text.append(alphabet[Int(first >> 2)])
      text.append(alphabet[Int(first << 4 & 0x30 | second >> 4)])
      text.append(index + 1 < bytes.count ? alphabet[Int(second << 2 & 0x3C | third >> 6)] : UInt8(ascii: "="))
      text.append(index + 2 < bytes.count ? alphabet[Int(third & 0x3F)] : UInt8(ascii: "="))
      index += 3
    }
    return text
  }

  /// - Returns: nil where the text is not base64; line breaks and blanks are left out.
  static func decode(_ text: String) -> [UInt8]? {
    let symbols = text.utf8.filter { $0 > 0x20 }
    let digits = symbols.prefix { $0 != UInt8(ascii: "=") }
    guard symbols.count % 4 == 0, symbols.count - digits.count <= 2,
      symbols[digits.endIndex...].allSatisfy({ $0 == UInt8(ascii: "=") })
    else { return nil }
    var bytes: [UInt8] = []
    var word: UInt32 = 0
    var bits = 0
    for symbol in digits {
      let value = values[Int(symbol)]
      guard value != 0xFF else { return nil }
      word = word << 6 | UInt32(value)
      bits += 6
      if bits >= 8 {
        bits -= 8
        bytes.append(UInt8(truncatingIfNeeded: word >> UInt32(bits)))
      }
    }
    return bytes
  }
}
