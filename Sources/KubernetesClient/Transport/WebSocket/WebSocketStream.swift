import Kubernetes
import NIOCore
import NIOWebSocket

/// The numbered channels of `channel.k8s.io` over a WebSocket: the first byte of a message is its channel.
final class WebSocketStream: ChannelStream {
  let subprotocol: String
  private let channel: any Channel
  private let inbox: MessageInbox

  /// Takes over a channel that was just upgraded; on its event loop.
  init(on channel: any Channel, subprotocol: String) throws {
    self.channel = channel
    self.subprotocol = subprotocol
    inbox = MessageInbox(hasRoomAgain: { channel.read() })
    try channel.syncOptions?.setOption(.autoRead, value: false)
    try channel.pipeline.syncOperations.addHandlers(
      NIOWebSocketFrameAggregator(
        minNonFinalFragmentSize: 0, maxAccumulatedFrameCount: 4096,
        maxAccumulatedFrameSize: WebSocketConnector.frameBytesMax),
      FrameReader(inbox))
    channel.eventLoop.execute { channel.read() }
  }

  deinit { channel.close(promise: nil) }

  var messages: AsyncThrowingStream<ChannelMessage, any Error> {
    // Whoever reads keeps the connection.
    AsyncThrowingStream { try await self.inbox.next() }
  }

  func send(_ message: ChannelMessage) async throws {
    var data = channel.allocator.buffer(capacity: message.bytes.count + 1)
    data.writeInteger(message.channel)
    data.writeBytes(message.bytes)
    do {
      try await channel.writeAndFlush(WebSocketFrame(fin: true, opcode: .binary, maskKey: .random(), data: data))
    } catch { throw TransportError(.connection, "the stream has ended: \(error)") }
  }

  func close() async {
    var data = channel.allocator.buffer(capacity: 2)
    data.write(webSocketErrorCode: .normalClosure)
    let goodbye = WebSocketFrame(fin: true, opcode: .connectionClose, maskKey: .random(), data: data)
    try? await channel.writeAndFlush(goodbye)
    try? await channel.close()
    inbox.finish()
  }
}

/// Puts what comes into the inbox, and reads on only while there is room in it.
private final class FrameReader: ChannelInboundHandler {
  typealias InboundIn = WebSocketFrame
  typealias OutboundOut = WebSocketFrame

  private let inbox: MessageInbox

  init(_ inbox: MessageInbox) { self.inbox = inbox }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let frame = unwrapInboundIn(data)
    switch frame.opcode {
    case .binary, .text:
      var content = frame.unmaskedData
      // An empty message opens a channel and says nothing.
      guard let channel = content.readInteger(as: UInt8.self) else { return }
      inbox.put(ChannelMessage(channel, Array(buffer: content)))
    case .ping:
      let pong = WebSocketFrame(fin: true, opcode: .pong, maskKey: .random(), data: frame.unmaskedData)
      context.writeAndFlush(wrapOutboundOut(pong), promise: nil)
    case .connectionClose:
      inbox.finish()
      let answer = WebSocketFrame(fin: true, opcode: .connectionClose, maskKey: .random(), data: frame.unmaskedData)
      context.writeAndFlush(wrapOutboundOut(answer), promise: nil)
      context.close(promise: nil)
    default: break
    }
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    if !inbox.isFull { context.read() }
    context.fireChannelReadComplete()
  }

  func channelInactive(context: ChannelHandlerContext) {
    inbox.finish(TransportError(.connection, "the connection was lost"))
    context.fireChannelInactive()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    inbox.finish(TransportError(.connection, "the stream failed: \(error)"))
    context.close(promise: nil)
  }
}
