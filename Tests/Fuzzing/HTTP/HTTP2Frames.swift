/// Frames of HTTP/2 (RFC 9113), right and wrong ones.
enum HTTP2Frames {
  static let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)

  static func frame(_ type: UInt8, flags: UInt8 = 0, stream: UInt32 = 0, _ payload: [UInt8] = []) -> [UInt8] {
    let length = UInt32(payload.count)
    return [UInt8(length >> 16 & 0xFF), UInt8(length >> 8 & 0xFF), UInt8(length & 0xFF), type, flags] + big(stream)
      + payload
  }

  static func big(_ number: UInt32) -> [UInt8] { (0..<4).map { UInt8(number >> (24 - 8 * UInt32($0)) & 0xFF) } }

  static let settings = frame(4)

  /// The header of a request, each field a literal that is not indexed (RFC 7541, section 6.2.2).
  static func header(_ method: String, _ path: String, token: String, more: [(String, String)] = []) -> [UInt8] {
    let fields =
      [(":method", method), (":scheme", "https"), (":path", path), (":authority", "127.0.0.1")]
      + [("authorization", "Bearer \(token)")] + more
    return fields.flatMap { [0] + string($0.0) + string($0.1) }
  }

  /// Its length in seven bits and more (RFC 7541, section 5.1), without Huffman's code.
  private static func string(_ text: String) -> [UInt8] {
    var length = text.utf8.count
    if length < 127 { return [UInt8(length)] + Array(text.utf8) }
    var bytes: [UInt8] = [127]
    length -= 127
    while length >= 128 {
      bytes.append(UInt8(length % 128 + 128))
      length /= 128
    }
    return bytes + [UInt8(length)] + Array(text.utf8)
  }

  /// A frame that a hostile client might send.
  static func wild(token: String, _ random: inout SeededRandom) -> [UInt8] {
    let stream = UInt32(random.pick([0, 1, 1, 2, 3, 5, 101, 0x7FFF_FFFF]))
    func noise(_ count: Int, _ random: inout SeededRandom) -> [UInt8] {
      (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    }
    switch random.below(12) {
    case 0: return frame(0, flags: UInt8(random.below(2)), stream: stream, noise(random.below(200), &random))
    case 1:
      let path = random.pick(["/version", "/api/v1/pods", "*", "", "/%zz", "/api/v1/pods?watch=1&timeoutSeconds=1"])
      return frame(
        1, flags: random.pick([4, 5, 1, 0]), stream: stream,
        header(random.pick(["GET", "POST", "", "PRI"]), path, token: token))
    case 2: return frame(1, flags: 4, stream: stream, noise(random.below(60), &random))
    case 3: return frame(3, stream: stream, big(UInt32(random.below(20))))
    case 4: return frame(4, flags: UInt8(random.below(2)), noise(6 * random.below(4) + random.below(2), &random))
    case 5: return frame(6, noise(random.pick([8, 8, 7, 0]), &random))
    case 6: return frame(7, big(0) + big(UInt32(random.below(14))) + noise(random.below(20), &random))
    case 7: return frame(8, stream: stream, big(random.pick([0, 1, 0x7FFF_FFFF, 0xFFFF_FFFF])))
    case 8: return (0..<random.below(200)).flatMap { _ in frame(9, stream: stream, [0]) }
    case 9: return frame(UInt8(truncatingIfNeeded: random.next()), stream: stream, noise(random.below(40), &random))
    case 10:
      var bytes: [UInt8] = []
      for index in 0..<random.below(100) {
        let stream = UInt32(2 * index + 1)
        bytes += frame(1, flags: 5, stream: stream, header("GET", "/version", token: token))
        bytes += frame(3, stream: stream, big(8))
      }
      return bytes
    default:
      let head: [UInt8] = [0xFF, 0xFF, 0xFF, 0, 0]
      return head + big(stream) + noise(30, &random)
    }
  }
}
