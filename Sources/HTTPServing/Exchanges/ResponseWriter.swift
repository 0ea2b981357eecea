import Kubernetes
import NIOCore
import NIOHTTP1

/// Puts one answer on its connection: text in HTTP/1.1, frames in HTTP/2. Used on the connection's event loop only.
struct ResponseWriter {
  enum Version { case one, two }

  let version: Version
  let connections: ConnectionLoop
  let fixedHeaders: FixedHeaders

  /// Header and body in one write.
  func whole(
    _ response: APIResponse, _ bytes: [UInt8], bodyIsOmitted: Bool, closes: Bool, _ context: ChannelHandlerContext,
    _ written: EventLoopPromise<Void>?
  ) {
    let framing = Framing.length(bytes.count)
    switch version {
    case .one:
      var buffer = context.channel.allocator.buffer(capacity: ResponseText.bytesTypical + bytes.count)
      writeHead(response, framing, closes: closes, encoding: nil, into: &buffer)
      if !bodyIsOmitted { buffer.writeBytes(bytes) }
      context.write(NIOAny(buffer), promise: written)
    case .two:
      writeHead(response, framing, encoding: nil, context)
      if !bodyIsOmitted, !bytes.isEmpty { piece(ByteBuffer(bytes: bytes), framing, context) }
      end(framing, context, written)
    }
  }

  /// The header of an answer whose body follows.
  func start(
    _ response: APIResponse, _ framing: Framing, closes: Bool, encoding: String?, _ context: ChannelHandlerContext
  ) {
    switch version {
    case .one:
      var buffer = context.channel.allocator.buffer(capacity: ResponseText.bytesTypical)
      writeHead(response, framing, closes: closes, encoding: encoding, into: &buffer)
      context.write(NIOAny(buffer), promise: nil)
    case .two: writeHead(response, framing, encoding: encoding, context)
    }
  }

  func piece(_ bytes: ByteBuffer, _ framing: Framing, _ context: ChannelHandlerContext) {
    guard version == .one else {
      return context.write(NIOAny(HTTPServerResponsePart.body(.byteBuffer(bytes))), promise: nil)
    }
    guard framing == .chunked else { return context.write(NIOAny(bytes), promise: nil) }
    var chunk = context.channel.allocator.buffer(capacity: bytes.readableBytes + 12)
    ResponseText.writeChunkSize(bytes.readableBytes, into: &chunk)
    chunk.writeImmutableBuffer(bytes)
    chunk.writeStaticString("\r\n")
    context.write(NIOAny(chunk), promise: nil)
  }

  func end(_ framing: Framing, _ context: ChannelHandlerContext, _ written: EventLoopPromise<Void>?) {
    switch version {
    case .two: context.write(NIOAny(HTTPServerResponsePart.end(nil)), promise: written)
    case .one where framing == .chunked:
      context.write(NIOAny(ByteBuffer(staticString: "0\r\n\r\n")), promise: written)
    case .one:
      // Nothing is left to say; an empty write tells when everything before it was written.
      if let written { context.write(NIOAny(ByteBuffer()), promise: written) }
    }
  }

  /// `100 Continue`: the client may send its body.
  func goOn(_ context: ChannelHandlerContext) {
    switch version {
    case .one: context.writeAndFlush(NIOAny(ByteBuffer(staticString: "HTTP/1.1 100 Continue\r\n\r\n")), promise: nil)
    case .two:
      let head = HTTPResponseHead(version: .http2, status: .continue)
      context.writeAndFlush(NIOAny(HTTPServerResponsePart.head(head)), promise: nil)
    }
  }

  private func writeHead(
    _ response: APIResponse, _ framing: Framing, closes: Bool, encoding: String?, into buffer: inout ByteBuffer
  ) {
    ResponseText.write(
      response, framing, closes: closes, encoding: encoding, dateLine: connections.dateLine,
      fixedLines: fixedHeaders.lines, into: &buffer)
  }

  private func writeHead(
    _ response: APIResponse, _ framing: Framing, encoding: String?, _ context: ChannelHandlerContext
  ) {
    let head = ResponseText.head(
      response, framing, encoding: encoding, date: connections.date, fixed: fixedHeaders.fields)
    context.write(NIOAny(HTTPServerResponsePart.head(head)), promise: nil)
  }
}

/// Fields that every answer of a server has.
struct FixedHeaders: Sendable {
  let fields: [(String, String)]
  /// The same as text.
  let lines: [UInt8]

  init(_ fields: [(name: String, value: String)]) {
    self.fields = fields.map { ($0.name.lowercased(), $0.value) }
    lines = Array(fields.map { "\($0.name): \($0.value)\r\n" }.joined().utf8)
  }
}
