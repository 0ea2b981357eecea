import Kubernetes
import NIOCore
import NIOPosix

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A connection to a port of a pod, read only as fast as its reader takes what comes.
final class PodConnection: ByteStream {
  private static let connectSecondsMax: Int64 = 10

  private let channel: any Channel
  private let queue: ReceiveQueue<[UInt8]>

  private init(_ channel: any Channel, _ queue: ReceiveQueue<[UInt8]>) {
    self.channel = channel
    self.queue = queue
  }

  /// Connects to a pod's own address, or, where nothing listens there, to the host's loopback address: that is what a
  /// container that serves `localhost` only listens on, since all share the host's network.
  /// - Throws: `APIError` where nothing listens on either.
  static func open(_ address: String, port: UInt16) async throws -> PodConnection {
    do { return try await connect(address, port) } catch {
      if isRefusal(error), let connection = try? await connect("127.0.0.1", port) { return connection }
      throw APIError(
        code: 500, reason: "InternalError",
        message: "dial tcp4 \(address):\(port): connect: \(isRefusal(error) ? "connection refused" : "\(error)")")
    }
  }

  private static func isRefusal(_ error: any Error) -> Bool {
    let cause = (error as? NIOConnectionError)?.connectionErrors.first?.error ?? error
    return (cause as? IOError)?.errnoCode == ECONNREFUSED
  }

  private static func connect(_ address: String, _ port: UInt16) async throws -> PodConnection {
    let queue = ReceiveQueue<[UInt8]> { _ in }
    let channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
      .connectTimeout(.seconds(connectSecondsMax))
      .channelOption(.autoRead, value: false)
      .channelOption(.allowRemoteHalfClosure, value: true)
      .channelOption(.tcpOption(.tcp_nodelay), value: 1)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(BytesReader(queue))
        }
      }
      .connect(host: address, port: Int(port)).get()
    return PodConnection(channel, queue)
  }

  deinit { channel.close(promise: nil) }

  var incoming: AsyncThrowingStream<[UInt8], any Error> {
    AsyncThrowingStream {
      self.channel.read()
      return try await self.queue.next()
    }
  }

  func send(_ bytes: [UInt8]) async throws { try await channel.writeAndFlush(ByteBuffer(bytes: bytes)).get() }
  func finishSending() async { try? await channel.close(mode: .output).get() }
  func close() async { try? await channel.close().get() }
}

private final class BytesReader: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  private let queue: ReceiveQueue<[UInt8]>

  init(_ queue: ReceiveQueue<[UInt8]>) { self.queue = queue }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let bytes = unwrapInboundIn(data)
    queue.put(Array(bytes.readableBytesView), bytes: bytes.readableBytes)
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if event as? ChannelEvent == .inputClosed { queue.finish() }
    context.fireUserInboundEventTriggered(event)
  }

  func channelInactive(context: ChannelHandlerContext) {
    queue.finish()
    context.fireChannelInactive()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    queue.finish(error)
    context.close(promise: nil)
  }
}
