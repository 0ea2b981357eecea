import NIOCore
import ZlibShim

/// The text that both sides of a connection know before its first header block (SPDY protocol, draft 3.1, 2.6.10.1).
package enum SPDYDictionary {
  /// Each stands there after its length in four bytes.
  private static let words = [
    "options", "head", "post", "put", "delete", "trace", "accept", "accept-charset", "accept-encoding",
    "accept-language", "accept-ranges", "age", "allow", "authorization", "cache-control", "connection", "content-base",
    "content-encoding", "content-language", "content-length", "content-location", "content-md5", "content-range",
    "content-type", "date", "etag", "expect", "expires", "from", "host", "if-match", "if-modified-since",
    "if-none-match", "if-range", "if-unmodified-since", "last-modified", "location", "max-forwards", "pragma",
    "proxy-authenticate", "proxy-authorization", "range", "referer", "retry-after", "server", "te", "trailer",
    "transfer-encoding", "upgrade", "user-agent", "vary", "via", "warning", "www-authenticate", "method", "get",
    "status", "200 OK", "version", "HTTP/1.1", "url", "public", "set-cookie", "keep-alive", "origin",
  ]
  private static let rest =
    "100101201202205206300302303304305306307402405406407408409410411412413414415416417502504505203 "
    + "Non-Authoritative Information204 No Content301 Moved Permanently400 Bad Request401 Unauthorized403 Forbidden"
    + "404 Not Found500 Internal Server Error501 Not Implemented503 Service UnavailableJan Feb Mar Apr May Jun Jul Aug "
    + "Sept Oct Nov Dec 00:00:00 Mon, Tue, Wed, Thu, Fri, Sat, Sun, GMTchunked,text/html,image/png,image/jpg,image/gif,"
    + "application/xml,application/xhtml+xml,text/plain,text/javascript,publicprivatemax-age=gzip,deflate,"
    + "sdchcharset=utf-8charset=iso-8859-1,utf-,*,enq=0."

  package static let bytes: [UInt8] =
    words.flatMap { [0, 0, 0, UInt8($0.utf8.count)] + Array($0.utf8) } + Array(rest.utf8)
}

/// A failure of the other side to speak the protocol; the connection ends with it.
struct SPDYViolation: Error { var what: String }

/// Reads the header blocks of one direction: they are one compressed stream, piece by piece.
final class SPDYHeaderReader {
  /// Of one block, once it is decompressed.
  static let blockBytesMax = 64 << 10

  /// On the heap: zlib's state points back at it.
  private let stream: UnsafeMutablePointer<z_stream>
  private let isReady: Bool

  init() {
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    isReady = sakigake_inflate_start(stream) == Z_OK
  }

  deinit {
    if isReady { inflateEnd(stream) }
    stream.deinitialize(count: 1)
    stream.deallocate()
  }

  func read(_ block: ByteBuffer) throws(SPDYViolation) -> [(name: String, value: String)] {
    var text = try inflated(block)
    guard let count = text.readInteger(as: UInt32.self), count <= 256 else { throw SPDYViolation(what: "header count") }
    var headers: [(name: String, value: String)] = []
    for _ in 0..<count {
      guard let name = Self.string(&text), let value = Self.string(&text) else {
        throw SPDYViolation(what: "header block")
      }
      headers.append((name.lowercased(), value))
    }
    return headers
  }

  private static func string(_ text: inout ByteBuffer) -> String? {
    guard let length = text.readInteger(as: UInt32.self), length <= text.readableBytes else { return nil }
    return text.readString(length: Int(length))
  }

  private func inflated(_ block: ByteBuffer) throws(SPDYViolation) -> ByteBuffer {
    guard isReady else { throw SPDYViolation(what: "no memory to decompress headers") }
    var output = ByteBuffer()
    var isWhole = false
    var input = block
    input.withUnsafeMutableReadableBytes { bytes in
      stream.pointee.next_in = bytes.bindMemory(to: UInt8.self).baseAddress
      stream.pointee.avail_in = UInt32(bytes.count)
      while output.readableBytes <= Self.blockBytesMax {
        var result = Z_OK
        output.writeWithUnsafeMutableBytes(minimumWritableBytes: 4096) { room in
          stream.pointee.next_out = room.bindMemory(to: UInt8.self).baseAddress
          stream.pointee.avail_out = UInt32(room.count)
          result = inflate(stream, Z_SYNC_FLUSH)
          return room.count - Int(stream.pointee.avail_out)
        }
        if result == Z_NEED_DICT {
          let dictionary = SPDYDictionary.bytes
          guard inflateSetDictionary(stream, dictionary, UInt32(dictionary.count)) == Z_OK else { return }
          continue
        }
        guard result == Z_OK || result == Z_BUF_ERROR else { return }
        if stream.pointee.avail_in == 0, stream.pointee.avail_out > 0 {
          isWhole = true
          return
        }
        if result == Z_BUF_ERROR { return }
      }
    }
    stream.pointee.next_in = nil
    guard isWhole else { throw SPDYViolation(what: "compressed header block") }
    return output
  }
}

/// Writes the header blocks of the other direction.
final class SPDYHeaderWriter {
  private let stream: UnsafeMutablePointer<z_stream>
  private let isReady: Bool

  init() {
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    let dictionary = SPDYDictionary.bytes
    isReady =
      sakigake_deflate_start(stream, Z_BEST_SPEED) == Z_OK
      && deflateSetDictionary(stream, dictionary, UInt32(dictionary.count)) == Z_OK
  }

  deinit {
    deflateEnd(stream)
    stream.deinitialize(count: 1)
    stream.deallocate()
  }

  func write(_ headers: [(name: String, value: String)]) throws(SPDYViolation) -> ByteBuffer {
    guard isReady else { throw SPDYViolation(what: "no memory to compress headers") }
    var text = ByteBuffer()
    text.writeInteger(UInt32(headers.count))
    for (name, value) in headers {
      text.writeInteger(UInt32(name.utf8.count))
      text.writeString(name)
      text.writeInteger(UInt32(value.utf8.count))
      text.writeString(value)
    }
    var output = ByteBuffer()
    text.withUnsafeMutableReadableBytes { bytes in
      stream.pointee.next_in = bytes.bindMemory(to: UInt8.self).baseAddress
      stream.pointee.avail_in = UInt32(bytes.count)
      repeat {
        output.writeWithUnsafeMutableBytes(minimumWritableBytes: 512) { room in
          stream.pointee.next_out = room.bindMemory(to: UInt8.self).baseAddress
          stream.pointee.avail_out = UInt32(room.count)
          deflate(stream, Z_SYNC_FLUSH)
          return room.count - Int(stream.pointee.avail_out)
        }
      } while stream.pointee.avail_out == 0
    }
    return output
  }
}
