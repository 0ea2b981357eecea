import Kubernetes
import NIOCore
import NIOHTTP1

/// How a body's end is told in HTTP/1.1.
enum Framing: Equatable {
  case length(Int)
  case chunked
  /// To a client of HTTP/1.0: by the end of the connection.
  case untilClose
}

/// The text of a response's header in HTTP/1.1, written straight into the buffer that is sent.
enum ResponseText {
  /// Bytes that a header rarely exceeds.
  static let bytesTypical = 384

  static func write(
    _ response: APIResponse, _ framing: Framing, closes: Bool, encoding: String? = nil, dateLine: [UInt8],
    fixedLines: [UInt8], into buffer: inout ByteBuffer
  ) {
    buffer.writeStaticString("HTTP/1.1 ")
    switch response.status {
    case 200: buffer.writeStaticString("200 OK")
    case 201: buffer.writeStaticString("201 Created")
    case 409: buffer.writeStaticString("409 Conflict")
    default:
      buffer.writeString(String(response.status))
      buffer.writeStaticString(" ")
      buffer.writeString(HTTPResponseStatus(statusCode: response.status).reasonPhrase)
    }
    buffer.writeStaticString("\r\nContent-Type: ")
    writeValue(response.contentType, into: &buffer)
    buffer.writeStaticString("\r\n")
    buffer.writeBytes(fixedLines)
    buffer.writeBytes(dateLine)
    for (name, value) in response.headers {
      writeValue(name, into: &buffer)
      buffer.writeStaticString(": ")
      writeValue(value, into: &buffer)
      buffer.writeStaticString("\r\n")
    }
    if let encoding {
      buffer.writeStaticString("Content-Encoding: ")
      buffer.writeString(encoding)
      buffer.writeStaticString("\r\nVary: Accept-Encoding\r\n")
    }
    switch framing {
    case .length(let count):
      buffer.writeStaticString("Content-Length: ")
      writeNumber(count, into: &buffer)
      buffer.writeStaticString("\r\n")
    case .chunked: buffer.writeStaticString("Transfer-Encoding: chunked\r\n")
    case .untilClose: break
    }
    if closes { buffer.writeStaticString("Connection: close\r\n") }
    buffer.writeStaticString("\r\n")
  }

  /// Without line breaks, which would begin another field: what a value quotes may come from a client.
  private static func writeValue(_ text: String, into buffer: inout ByteBuffer) {
    if text.utf8.contains(where: { $0 == 0x0D || $0 == 0x0A || $0 == 0 }) {
      buffer.writeBytes(text.utf8.filter { $0 != 0x0D && $0 != 0x0A && $0 != 0 })
    } else {
      buffer.writeString(text)
    }
  }

  private static func writeNumber(_ number: Int, into buffer: inout ByteBuffer) {
    var digits: InlineArray<20, UInt8> = .init(repeating: 0)
    var start = 20
    var rest = number
    repeat {
      start -= 1
      digits[start] = 0x30 + UInt8(rest % 10)
      rest /= 10
    } while rest > 0
    for index in start..<20 { buffer.writeInteger(digits[index]) }
  }

  /// The size line of a chunk.
  static func writeChunkSize(_ count: Int, into buffer: inout ByteBuffer) {
    buffer.writeString(String(count, radix: 16))
    buffer.writeStaticString("\r\n")
  }

  /// The same header for HTTP/2.
  static func head(
    _ response: APIResponse, _ framing: Framing, encoding: String?, date: String, fixed: [(String, String)]
  ) -> HTTPResponseHead {
    var headers = HTTPHeaders()
    headers.reserveCapacity(4 + fixed.count + response.headers.count)
    headers.add(name: "content-type", value: response.contentType)
    for (name, value) in fixed { headers.add(name: name, value: value) }
    headers.add(name: "date", value: date)
    for (name, value) in response.headers {
      headers.add(name: name.lowercased(), value: value.filter { !$0.isNewline && $0 != "\0" })
    }
    if let encoding {
      headers.add(name: "content-encoding", value: encoding)
      headers.add(name: "vary", value: "Accept-Encoding")
    }
    if case .length(let count) = framing { headers.add(name: "content-length", value: String(count)) }
    return HTTPResponseHead(
      version: .http2, status: HTTPResponseStatus(statusCode: response.status), headers: headers)
  }
}
