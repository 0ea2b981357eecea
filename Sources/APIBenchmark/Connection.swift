import NIOCore
import NIOPosix
import NIOSSL

/// Where the API is, and how to speak to it.
public struct BenchmarkTarget: Sendable {
  public var host: String
  public var port: Int
  /// nil speaks plain HTTP.
  public var tls: TLSConfiguration?
  /// The name in the server's certificate, where it is not an address.
  public var serverName: String?
  public var token: String?

  public init(host: String, port: Int, tls: TLSConfiguration?, serverName: String? = nil, token: String? = nil) {
    self.host = host
    self.port = port
    self.tls = tls
    self.serverName = serverName
    self.token = token
  }

  var headers: String {
    let authorization = token.map { "Authorization: Bearer \($0)\r\n" } ?? ""
    return "Host: \(host):\(port)\r\nUser-Agent: bench-api\r\n" + authorization
  }
}

/// One keep-alive connection, used from its event loop only.
final class Connection: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private var scanner = ResponseScanner()
  private var context: ChannelHandlerContext?
  var onBody: (ByteBufferView) -> Void = { _ in }
  /// Gets the status, or nil where the connection is lost.
  var onAnswer: (Int?) -> Void = { _ in }

  static func open(
    to target: BenchmarkTarget, tls: NIOSSLContext?, on loop: any EventLoop
  ) async throws -> NIOLoopBound<Connection> {
    let made = loop.makePromise(of: NIOLoopBound<Connection>.self)
    let channel = try await ClientBootstrap(group: loop)
      .channelOption(.socketOption(.tcp_nodelay), value: 1)
      // A list is megabytes: few large reads cost less than many small ones.
      .channelOption(.recvAllocator, value: AdaptiveRecvByteBufferAllocator(minimum: 4096, initial: 16_384, maximum: 262_144))
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          if let tls {
            try channel.pipeline.syncOperations.addHandler(
              NIOSSLClientHandler(context: tls, serverHostname: target.serverName))
          }
          let connection = Connection()
          try channel.pipeline.syncOperations.addHandler(connection)
          made.succeed(NIOLoopBound(connection, eventLoop: channel.eventLoop))
        }
      }
      .connect(host: target.host, port: target.port).get()
    _ = channel
    return try await made.futureResult.get()
  }

  func handlerAdded(context: ChannelHandlerContext) { self.context = context }

  func send(_ text: String) {
    guard let context else { return onAnswer(nil) }
    context.writeAndFlush(wrapOutboundOut(context.channel.allocator.buffer(string: text)), promise: nil)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    do { try scanner.scan(unwrapInboundIn(data), body: onBody, finished: { onAnswer($0) }) } catch {
      context.close(promise: nil)
    }
  }

  func channelInactive(context: ChannelHandlerContext) { lost() }

  func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

  private func lost() {
    guard context != nil else { return }
    context = nil
    onAnswer(nil)
  }

  func close() {
    let open = context
    context = nil
    open?.close(promise: nil)
  }
}
