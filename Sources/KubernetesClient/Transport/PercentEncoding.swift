/// RFC 3986 percent-encoding of a path, of a query parameter, or of what stands in the name of a header.
enum PercentEncoding {
  static func path(_ text: String) -> String { encode(text, also: "/:@!$&'()*+,;=") }
  /// Without `;`, at which Go's reader of queries gives a parameter up.
  static func query(_ text: String) -> String { encode(text, also: "/:@!$'()*,") }

  static func userInfo(_ text: String) -> String { encode(text, also: "!$&'()*+,;=") }
  /// Lower case, as client-go writes the keys of `Impersonate-Extra-`.
  static func headerKey(_ text: String) -> String { encode(text.lowercased(), also: "!#$&'*+^`|") }

  private static func encode(_ text: String, also: StaticString) -> String {
    let hex = Array("0123456789ABCDEF".utf8)
    var encoded: [UInt8] = []
    encoded.reserveCapacity(text.utf8.count)
    for byte in text.utf8 {
      if isUnreserved(byte) || also.withUTF8Buffer({ $0.contains(byte) }) {
        encoded.append(byte)
      } else {
        encoded += [0x25, hex[Int(byte >> 4)], hex[Int(byte & 15)]]
      }
    }
    return String(decoding: encoded, as: UTF8.self)
  }

  private static func isUnreserved(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E: true
    default: false
    }
  }
}
