import NIOCore
import NIOWebSocket
import Synchronization

/// A connection after its upgrade, which carries messages (WebSocket) or plain bytes for the protocol on top of it.
///
/// Sending is for any thread; what comes is handed on on the event loop.
final class Carrier: Sendable {
  /// Bytes that may wait for their readers; beyond that nothing is read from the connection.
  static let unreadBytesMax = 1 << 20

  private let channel: any Channel
  private let isWebSocket: Bool
  private let isText: Bool
  private let unread = Atomic(0)
  private let isPaused = Atomic(false)

  init(_ channel: any Channel, isWebSocket: Bool, isText: Bool = false) {
    self.channel = channel
    self.isWebSocket = isWebSocket
    self.isText = isText
  }

  var eventLoop: any EventLoop { channel.eventLoop }

  /// Suspends until the bytes are with the kernel.
  /// - Throws: once the connection is gone.
  func send(_ bytes: ByteBuffer) async throws { try await write(bytes).get() }

  /// On the event loop, or anywhere.
  @discardableResult
  func write(_ bytes: ByteBuffer) -> EventLoopFuture<Void> {
    guard isWebSocket else { return channel.writeAndFlush(bytes) }
    return channel.writeAndFlush(WebSocketFrame(fin: true, opcode: isText ? .text : .binary, data: bytes))
  }

  /// Ends the connection in order: what was sent arrives.
  func close() async {
    if isWebSocket {
      var code = channel.allocator.buffer(capacity: 2)
      code.write(webSocketErrorCode: .normalClosure)
      try? await channel.writeAndFlush(WebSocketFrame(fin: true, opcode: .connectionClose, data: code)).get()
    }
    try? await channel.close().get()
  }

  func cut() { channel.close(promise: nil) }

  /// Keeps count of what waits for its readers, and pauses the connection where that is too much.
  func account(_ bytes: Int) {
    let (before, after) = unread.add(bytes, ordering: .sequentiallyConsistent)
    guard (before < Self.unreadBytesMax) != (after < Self.unreadBytesMax) else { return }
    channel.eventLoop.execute { [self] in
      let pauses = unread.load(ordering: .sequentiallyConsistent) >= Self.unreadBytesMax
      guard isPaused.exchange(pauses, ordering: .relaxed) != pauses else { return }
      channel.setOption(.autoRead, value: !pauses).whenSuccess { [channel] in if !pauses { channel.read() } }
    }
  }
}

/// What is spoken over a carrier. Called on its event loop.
protocol CarriedProtocol: AnyObject {
  func received(_ bytes: ByteBuffer)
  func ended()
}

/// Hands plain bytes on.
final class PlainCarrierHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  private let user: any CarriedProtocol

  init(_ user: any CarriedProtocol) { self.user = user }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) { user.received(unwrapInboundIn(data)) }
  func channelInactive(context: ChannelHandlerContext) {
    user.ended()
    context.fireChannelInactive()
  }
  func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}

/// Hands whole messages on, and answers what is about the connection itself (RFC 6455, 5.5).
final class WebSocketCarrierHandler: ChannelInboundHandler {
  typealias InboundIn = WebSocketFrame
  typealias OutboundOut = WebSocketFrame

  /// Of one message, in frames or whole.
  static let messageBytesMax = 4 << 20
  static let framesPerMessageMax = 4096

  private let user: any CarriedProtocol

  init(_ user: any CarriedProtocol) { self.user = user }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let frame = unwrapInboundIn(data)
    switch frame.opcode {
    case .binary, .text: user.received(frame.unmaskedData)
    case .ping:
      context.writeAndFlush(
        wrapOutboundOut(WebSocketFrame(fin: true, opcode: .pong, data: frame.unmaskedData)), promise: nil)
    case .connectionClose:
      var answer = frame.unmaskedData
      let code = answer.readSlice(length: 2) ?? ByteBuffer()
      context.writeAndFlush(wrapOutboundOut(WebSocketFrame(fin: true, opcode: .connectionClose, data: code)))
        .assumeIsolated().whenComplete { _ in context.close(promise: nil) }
    default: break
    }
  }

  func channelInactive(context: ChannelHandlerContext) {
    user.ended()
    context.fireChannelInactive()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
