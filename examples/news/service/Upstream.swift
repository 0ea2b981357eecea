import NIOCore
import NIOHTTP1
import NIOPosix

/// A service behind this one, reached over kept connections. Lives on one event loop.
final class Upstream {
  struct Address: Sendable {
    var host: String
    var port: Int
    /// The share of requests that asks this service, 0 to 100.
    var percent: Int

    init?(url: String, percent: Int) {
      guard url.hasPrefix("http://"), (0...100).contains(percent) else { return nil }
      let authority = url.dropFirst(7).prefix { $0 != "/" }.split(separator: ":")
      guard authority.count == 2, let port = Int(authority[1]) else { return nil }
      host = String(authority[0])
      self.port = port
      self.percent = percent
    }
  }

  struct Failed: Error {
    var reason: String
  }

  static let timeout = TimeAmount.seconds(10)
  static let idleMax = 128
  private let address: Address
  private let loop: any EventLoop
  private var idle: [any Channel] = []
  private var asked = 0

  init(_ address: Address, loop: any EventLoop) {
    self.address = address
    self.loop = loop
  }

  /// The status of the answer; nil where this request is not among the share that asks.
  func ask(path: String) -> EventLoopFuture<HTTPResponseStatus>? {
    asked += 1
    // Evenly spread: the n-th request asks when n × percent passes another hundred.
    guard asked * address.percent / 100 > (asked - 1) * address.percent / 100 else { return nil }
    return connection().assumeIsolated().flatMap { channel in
      let promise = self.loop.makePromise(of: HTTPResponseStatus.self)
      do {
        let handler = try channel.pipeline.syncOperations.handler(type: Exchange.self)
        handler.start(path: path, host: self.address.host, promise: promise, on: channel)
      } catch {
        promise.fail(error)
      }
      let deadline = self.loop.scheduleTask(in: Self.timeout) {
        promise.fail(Failed(reason: "no answer in time"))
        channel.close(promise: nil)
      }
      promise.futureResult.assumeIsolated().whenComplete { result in
        deadline.cancel()
        if case .success = result, channel.isActive, self.idle.count < Self.idleMax {
          self.idle.append(channel)
        } else {
          channel.close(promise: nil)
        }
      }
      return promise.futureResult
    }.nonisolated()
  }

  private func connection() -> EventLoopFuture<any Channel> {
    while let channel = idle.popLast() {
      if channel.isActive { return loop.makeSucceededFuture(channel) }
    }
    return ClientBootstrap(group: loop)
      .connectTimeout(.seconds(2))
      .channelOption(.socketOption(.tcp_nodelay), value: 1)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHTTPClientHandlers()
          try channel.pipeline.syncOperations.addHandler(Exchange())
        }
      }
      .connect(host: address.host, port: address.port)
  }
}

/// One request and its answer at a time.
private final class Exchange: ChannelInboundHandler {
  typealias InboundIn = HTTPClientResponsePart
  typealias OutboundOut = HTTPClientRequestPart
  private var promise: EventLoopPromise<HTTPResponseStatus>?
  private var status = HTTPResponseStatus.ok
  private var closes = false

  func start(path: String, host: String, promise: EventLoopPromise<HTTPResponseStatus>, on channel: any Channel) {
    self.promise = promise
    closes = false
    let head = HTTPRequestHead(version: .http1_1, method: .GET, uri: path, headers: ["host": host])
    channel.write(HTTPClientRequestPart.head(head), promise: nil)
    channel.writeAndFlush(HTTPClientRequestPart.end(nil), promise: nil)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head):
      status = head.status
      closes = !head.isKeepAlive
    case .body: break
    case .end:
      if closes { context.close(promise: nil) }
      promise?.succeed(status)
      promise = nil
    }
  }

  func channelInactive(context: ChannelHandlerContext) {
    promise?.fail(Upstream.Failed(reason: "the connection ended"))
    promise = nil
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    promise?.fail(error)
    promise = nil
    context.close(promise: nil)
  }
}
