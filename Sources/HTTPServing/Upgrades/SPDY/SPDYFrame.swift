import NIOCore

/// One frame of SPDY/3.1 (draft-mbelshe-httpbis-spdy-00, 2.2 and 2.6), as far as Kubernetes' clients send them.
enum SPDYFrame {
  /// Of one frame; clients send pieces of 32 KiB.
  static let bytesMax = 1 << 20

  case data(stream: UInt32, ByteBuffer, isLast: Bool)
  case synStream(stream: UInt32, headers: ByteBuffer, isLast: Bool)
  case synReply(stream: UInt32, headers: ByteBuffer)
  case reset(stream: UInt32, status: UInt32)
  case ping(UInt32)
  case goAway(lastStream: UInt32)
  case headers(stream: UInt32, headers: ByteBuffer, isLast: Bool)
  /// SETTINGS and WINDOW_UPDATE: there is no flow control between Kubernetes' sides (moby/spdystream has none).
  case ignored

  private enum Kind {
    static let synStream: UInt16 = 1
    static let synReply: UInt16 = 2
    static let reset: UInt16 = 3
    static let ping: UInt16 = 6
    static let goAway: UInt16 = 7
    static let headers: UInt16 = 8
  }
  private static let version: UInt16 = 3
  private static let finFlag: UInt8 = 1

  /// The next whole frame, taken out of what has come.
  /// - Returns: nil where more must come first.
  static func read(from bytes: inout ByteBuffer) throws(SPDYViolation) -> SPDYFrame? {
    guard let first = bytes.getInteger(at: bytes.readerIndex, as: UInt32.self),
      let second = bytes.getInteger(at: bytes.readerIndex + 4, as: UInt32.self)
    else { return nil }
    let length = Int(second & 0xFF_FFFF)
    guard length <= bytesMax else { throw SPDYViolation(what: "a frame of \(length) bytes") }
    guard bytes.readableBytes >= 8 + length else { return nil }
    bytes.moveReaderIndex(forwardBy: 8)
    guard var content = bytes.readSlice(length: length) else { return nil }
    let isLast = UInt8(second >> 24) & finFlag != 0
    guard first & 0x8000_0000 != 0 else { return .data(stream: first, content, isLast: isLast) }
    guard UInt16(first >> 16) & 0x7FFF == version else { throw SPDYViolation(what: "another version") }
    switch UInt16(first & 0xFFFF) {
    case Kind.synStream:
      guard let stream = content.readInteger(as: UInt32.self), content.readBytes(length: 6) != nil else { break }
      return .synStream(stream: stream & 0x7FFF_FFFF, headers: content, isLast: isLast)
    case Kind.synReply:
      guard let stream = content.readInteger(as: UInt32.self) else { break }
      return .synReply(stream: stream & 0x7FFF_FFFF, headers: content)
    case Kind.headers:
      guard let stream = content.readInteger(as: UInt32.self) else { break }
      return .headers(stream: stream & 0x7FFF_FFFF, headers: content, isLast: isLast)
    case Kind.reset:
      guard let stream = content.readInteger(as: UInt32.self), let status = content.readInteger(as: UInt32.self)
      else { break }
      return .reset(stream: stream & 0x7FFF_FFFF, status: status)
    case Kind.ping:
      guard let number = content.readInteger(as: UInt32.self) else { break }
      return .ping(number)
    case Kind.goAway:
      guard let stream = content.readInteger(as: UInt32.self) else { break }
      return .goAway(lastStream: stream & 0x7FFF_FFFF)
    default: return .ignored
    }
    throw SPDYViolation(what: "a frame that is too short")
  }

  func write(into bytes: inout ByteBuffer) {
    switch self {
    case .data(let stream, let content, let isLast):
      bytes.writeInteger(stream)
      bytes.writeInteger(UInt32(isLast ? Self.finFlag : 0) << 24 | UInt32(content.readableBytes))
      bytes.writeImmutableBuffer(content)
    case .synStream(let stream, let headers, let isLast):
      Self.control(Kind.synStream, isLast, 10 + headers.readableBytes, into: &bytes)
      bytes.writeInteger(stream)
      bytes.writeBytes([0, 0, 0, 0, 0, 0])
      bytes.writeImmutableBuffer(headers)
    case .synReply(let stream, let headers):
      Self.control(Kind.synReply, false, 4 + headers.readableBytes, into: &bytes)
      bytes.writeInteger(stream)
      bytes.writeImmutableBuffer(headers)
    case .headers(let stream, let headers, let isLast):
      Self.control(Kind.headers, isLast, 4 + headers.readableBytes, into: &bytes)
      bytes.writeInteger(stream)
      bytes.writeImmutableBuffer(headers)
    case .reset(let stream, let status):
      Self.control(Kind.reset, false, 8, into: &bytes)
      bytes.writeInteger(stream)
      bytes.writeInteger(status)
    case .ping(let number):
      Self.control(Kind.ping, false, 4, into: &bytes)
      bytes.writeInteger(number)
    case .goAway(let lastStream):
      Self.control(Kind.goAway, false, 8, into: &bytes)
      bytes.writeInteger(lastStream)
      bytes.writeInteger(UInt32(0))
    case .ignored: break
    }
  }

  private static func control(_ kind: UInt16, _ isLast: Bool, _ length: Int, into bytes: inout ByteBuffer) {
    bytes.writeInteger(0x8000 | version)
    bytes.writeInteger(kind)
    bytes.writeInteger(UInt32(isLast ? finFlag : 0) << 24 | UInt32(length))
  }
}
