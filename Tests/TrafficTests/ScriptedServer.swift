import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// A server on loopback that answers every request as its script says, and counts them.
final class ScriptedServer: Sendable {
  enum Reply: Sendable {
    case status(HTTPResponseStatus)
    /// An answer after which the connection is closed.
    case last(HTTPResponseStatus)
    case nothing
    /// The connection is closed without an answer.
    case reset
  }

  let port: Int
  private let channel: any Channel
  private let received: Counter

  final class Counter: Sendable {
    private let value = Mutex((requests: 0, connections: 0))
    func countRequest() -> Int {
      value.withLock {
        $0.requests += 1
        return $0.requests
      }
    }
    func countConnection() { value.withLock { $0.connections += 1 } }
    var requests: Int { value.withLock { $0.requests } }
    var connections: Int { value.withLock { $0.connections } }
  }

  /// - Parameter script: told the number of the request, from 1.
  init(_ script: @escaping @Sendable (Int) -> Reply) async throws {
    let counter = Counter()
    received = counter
    channel = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
      .serverChannelOption(.backlog, value: 4096)
      .childChannelInitializer { channel in
        counter.countConnection()
        return channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.configureHTTPServerPipeline()
          try channel.pipeline.syncOperations.addHandler(Handler(script: script, counter: counter))
        }
      }
      .bind(host: "127.0.0.1", port: 0).get()
    port = channel.localAddress?.port ?? 0
  }

  var requests: Int { received.requests }
  var connections: Int { received.connections }
  func close() async throws { try await channel.close() }

  private final class Handler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart
    let script: @Sendable (Int) -> Reply
    let counter: Counter

    init(script: @escaping @Sendable (Int) -> Reply, counter: Counter) {
      self.script = script
      self.counter = counter
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      guard case .end = unwrapInboundIn(data) else { return }
      switch script(counter.countRequest()) {
      case .status(let status): answer(status, [:], context)
      case .last(let status): answer(status, ["connection": "close"], context)
      case .nothing: break
      case .reset: context.close(promise: nil)
      }
    }

    private func answer(_ status: HTTPResponseStatus, _ headers: HTTPHeaders, _ context: ChannelHandlerContext) {
      var headers = headers
      headers.add(name: "content-length", value: "2")
      context.write(
        wrapOutboundOut(.head(HTTPResponseHead(version: .http1_1, status: status, headers: headers))), promise: nil)
      context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: "ok")))), promise: nil)
      context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }
  }
}
