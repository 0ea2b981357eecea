import Kubernetes
import NIOCore
import NIOHTTP1
import NIOWebSocket

/// Asks for a WebSocket (RFC 6455) and makes the connection one of frames as soon as the answer is read.
///
/// NIO's own upgrade handlers rebuild the pipeline a turn of the event loop later. An API server whose command fails at
/// once sends its answer, the `Status` and the end of the connection in one piece: a turn later there is no pipeline.
final class UpgradeHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias InboundOut = ByteBuffer
  typealias OutboundOut = ByteBuffer

  enum Outcome: Sendable {
    case open(WebSocketStream)
    /// Anything but an upgrade.
    case refused(APIResponse)
  }

  static let headBytesMax = 64 << 10
  static let refusalBytesMax = 1 << 20

  private let request: HTTPRequestHead
  private let handshake: NIOWebSocketClientUpgrader
  private var promise: EventLoopPromise<Outcome>?
  private var received = ByteBuffer()
  private var refusal: HTTPResponseHead?
  private var isUpgraded = false

  init(_ request: HTTPRequestHead, outcome: EventLoopPromise<Outcome>) {
    // It makes the key and checks the answer to it; the pipeline is built here.
    handshake = NIOWebSocketClientUpgrader { channel, _ in channel.eventLoop.makeSucceededVoidFuture() }
    var request = request
    request.headers.replaceOrAdd(name: "Connection", value: "Upgrade")
    request.headers.replaceOrAdd(name: "Upgrade", value: "websocket")
    handshake.addCustom(upgradeRequestHeaders: &request.headers)
    self.request = request
    promise = outcome
  }

  /// Into a connection that is there already.
  func handlerAdded(context: ChannelHandlerContext) {
    var text = "\(request.method.rawValue) \(request.uri) HTTP/1.1\r\n"
    for (name, value) in request.headers {
      guard !value.utf8.contains(where: { $0 == 0x0D || $0 == 0x0A }) else {
        return finish(.failure(TransportError(.malformed, "the header \(name) holds a line break")), context)
      }
      text += "\(name): \(value)\r\n"
    }
    context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: text + "\r\n")), promise: nil)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    if isUpgraded { return context.fireChannelRead(data) }
    received.writeImmutableBuffer(unwrapInboundIn(data))
    do {
      if refusal == nil, let head = try AnswerParser.head(&received, bytesMax: Self.headBytesMax) {
        if head.status == .switchingProtocols, handshake.shouldAllowUpgrade(upgradeResponse: head) {
          return try upgrade(context, head)
        }
        refusal = head
      }
      if let refusal, let body = AnswerParser.body(received, of: refusal) { refuse(refusal, body, context) }
      if received.readableBytes > Self.refusalBytesMax {
        throw TransportError(.tooLarge, "the refusal is larger than \(Self.refusalBytesMax) bytes")
      }
    } catch { finish(.failure(error), context) }
  }

  private func upgrade(_ context: ChannelHandlerContext, _ head: HTTPResponseHead) throws {
    isUpgraded = true
    let pipeline = context.pipeline.syncOperations
    try pipeline.addHandler(WebSocketFrameEncoder())
    try pipeline.addHandler(
      ByteToMessageHandler(WebSocketFrameDecoder(maxFrameSize: WebSocketConnector.frameBytesMax)))
    try pipeline.addHandler(WebSocketProtocolErrorHandler(isServer: false))
    let stream = try WebSocketStream(
      on: context.channel, subprotocol: head.headers.first(name: "Sec-WebSocket-Protocol") ?? "")
    finish(.success(.open(stream)), context)
    // The first messages may have come with the answer.
    if received.readableBytes > 0 { context.fireChannelRead(wrapInboundOut(received)) }
    received = ByteBuffer()
  }

  private func refuse(_ head: HTTPResponseHead, _ body: [UInt8], _ context: ChannelHandlerContext) {
    let status = Int(head.status.code)
    // What says neither yes nor no (200, a redirect) is no upgrade either.
    let response = APIResponse(
      status: status < 400 ? 500 : status, contentType: head.headers.first(name: "Content-Type") ?? "",
      body: .bytes(body))
    finish(.success(.refused(response)), context)
  }

  func channelInactive(context: ChannelHandlerContext) {
    if let refusal {
      refuse(refusal, Array(received.readableBytesView), context)
    } else {
      finish(.failure(TransportError(.connection, "the connection was lost before an answer came")), context)
    }
    context.fireChannelInactive()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    if isUpgraded { context.fireErrorCaught(error) } else { finish(.failure(error), context) }
  }

  func handlerRemoved(context: ChannelHandlerContext) {
    finish(.failure(ChannelError.alreadyClosed), context)
  }

  private func finish(_ result: Result<Outcome, any Error>, _ context: ChannelHandlerContext) {
    guard let promise else { return }
    self.promise = nil
    promise.completeWith(result)
    if !isUpgraded { context.close(promise: nil) }
  }
}

/// The little of HTTP/1.1 that an answer to an upgrade needs.
enum AnswerParser {
  /// Takes the head off the front of what was received; nil where it is not whole yet.
  static func head(_ received: inout ByteBuffer, bytesMax: Int) throws -> HTTPResponseHead? {
    let view = received.readableBytesView
    guard let end = end(of: view) else {
      if view.count > bytesMax { throw TransportError(.tooLarge, "the head of the answer is too large") }
      return nil
    }
    let lines = String(decoding: view[..<end], as: UTF8.self).split(separator: "\r\n", omittingEmptySubsequences: true)
    received.moveReaderIndex(to: end)
    let words = (lines.first ?? "").split(separator: " ", maxSplits: 2)
    guard words.count >= 2, words[0].hasPrefix("HTTP/1."), let code = Int(words[1]), (100...599).contains(code) else {
      throw TransportError(.malformed, "the answer to the request for a stream is not HTTP/1.1")
    }
    var headers = HTTPHeaders()
    for line in lines.dropFirst() {
      guard let colon = line.firstIndex(of: ":") else { continue }
      headers.add(name: String(line[..<colon]), value: String(line[line.index(after: colon)...]).trimmedOfSpace)
    }
    return HTTPResponseHead(version: .http1_1, status: HTTPResponseStatus(statusCode: code), headers: headers)
  }

  /// Behind the empty line.
  private static func end(of view: ByteBufferView) -> Int? {
    var index = view.startIndex
    while let line = view[index...].firstIndex(of: 0x0A) {
      if line >= view.startIndex + 3, view[(line - 3)...line].elementsEqual([0x0D, 0x0A, 0x0D, 0x0A]) {
        return line + 1
      }
      index = line + 1
    }
    return nil
  }

  /// The body, once it is whole; one without a length is whole when the connection ends.
  static func body(_ received: ByteBuffer, of head: HTTPResponseHead) -> [UInt8]? {
    let view = received.readableBytesView
    if head.headers[canonicalForm: "Transfer-Encoding"].contains(where: { $0.lowercased() == "chunked" }) {
      return chunked(view)
    }
    guard let length = head.headers.first(name: "Content-Length").flatMap({ Int($0) }), length >= 0 else { return nil }
    return view.count >= length ? Array(view.prefix(length)) : nil
  }

  private static func chunked(_ view: ByteBufferView) -> [UInt8]? {
    var rest = view[...]
    var body: [UInt8] = []
    while let lineEnd = rest.firstIndex(of: 0x0A) {
      let digits = rest[..<lineEnd].prefix { $0 != 0x0D && $0 != 0x3B }
      guard let size = Int(String(decoding: digits, as: UTF8.self), radix: 16), size >= 0 else { return body }
      if size == 0 { return body }
      rest = rest[(lineEnd + 1)...]
      guard rest.count >= size + 2 else { return nil }
      body += rest.prefix(size)
      rest = rest.dropFirst(size + 2)
    }
    return nil
  }
}
