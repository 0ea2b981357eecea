import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// An HTTP server on a loopback port that answers as told and remembers what it was asked.
final class WireServer: Sendable {
  struct Request: Sendable {
    var method: String
    var target: String
    var headers: HTTPHeaders
    func header(_ name: String) -> String? { headers.first(name: name) }
  }
  struct Answer: Sendable {
    var status = 200
    var body = "{}"
  }

  private let answer: @Sendable (Request) -> Answer
  private let seen = Mutex<[Request]>([])
  private let channel = Mutex<(any Channel)?>(nil)

  var requests: [Request] { seen.withLock { $0 } }
  var url: String { "http://127.0.0.1:\(channel.withLock { $0?.localAddress?.port ?? 0 })" }

  init(_ answer: @escaping @Sendable (Request) -> Answer = { _ in Answer() }) async throws {
    self.answer = answer
    let bound = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .childChannelInitializer { [self] channel in
        channel.pipeline.configureHTTPServerPipeline().flatMapThrowing {
          try channel.pipeline.syncOperations.addHandler(Handler(self))
        }
      }
      .bind(host: "127.0.0.1", port: 0).get()
    channel.withLock { $0 = bound }
  }

  func stop() async { try? await channel.withLock { $0 }?.close() }

  private func handle(_ request: Request) -> Answer {
    seen.withLock { $0.append(request) }
    return answer(request)
  }

  private final class Handler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart
    private let server: WireServer
    private var head: HTTPRequestHead?

    init(_ server: WireServer) { self.server = server }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      switch unwrapInboundIn(data) {
      case .head(let head): self.head = head
      case .body: break
      case .end:
        guard let head else { return }
        let answer = server.handle(
          Request(method: head.method.rawValue, target: head.uri, headers: head.headers))
        var headers = HTTPHeaders()
        headers.add(name: "Content-Type", value: "application/json")
        headers.add(name: "Content-Length", value: String(answer.body.utf8.count))
        let status = HTTPResponseStatus(statusCode: answer.status)
        context.write(
          wrapOutboundOut(.head(HTTPResponseHead(version: .http1_1, status: status, headers: headers))), promise: nil)
        context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: answer.body)))), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
      }
    }
  }
}
