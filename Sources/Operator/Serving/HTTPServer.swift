import Kubernetes
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

/// A small HTTP/1.1 server for the push API and the metrics: plain or over TLS, bounded in everything.
///
/// It is no API server: no upgrade, no HTTP/2, no compression. A connection that says nothing useful in time is closed.
struct HTTPServer: Sendable {
  struct Limits: Sendable {
    var connectionsMax = 1024
    /// Of one request, head and body as they come from the wire.
    var requestBytesMax = 128 << 10
    var bodyBytesMax = 64 << 10
    /// Until a head is whole, from the connection's or the last answer's end on.
    var headSecondsMax: Int64 = 30
    /// Until a body is whole, from its head on.
    var bodySecondsMax: Int64 = 10
    /// For answers under way when the server stops.
    var drainSecondsMax = 5.0
  }

  typealias Handler = @Sendable (APIRequest) async -> APIResponse

  let address: ListenAddress
  let tls: TLSFiles?
  var limits = Limits()
  let handler: Handler

  /// Serves until cancelled; then takes no more requests, and lets answers under way finish.
  /// - Parameter bound: told the port, once it is served.
  /// - Throws: `ServingError` where the address cannot be had.
  func run(bound: @Sendable (Int) -> Void) async throws {
    let listener: NIOAsyncChannel<Connection, Never>
    do {
      listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
        .serverChannelOption(.backlog, value: 256)
        .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
        .childChannelOption(.socketOption(.tcp_nodelay), value: 1)
        .bind(host: address.host, port: address.port) { channel in
          channel.eventLoop.makeCompletedFuture { try configure(channel) }
        }
    } catch {
      throw ServingError(message: "\(address) cannot be served: \(error)")
    }
    let port = listener.channel.localAddress?.port ?? address.port
    let open = OpenConnections(max: limits.connectionsMax)
    try await withThrowingDiscardingTaskGroup { group in
      try await listener.executeThenClose { connections in
        bound(port)
        for try await connection in connections {
          guard open.enter() else {
            connection.channel.channel.close(promise: nil)
            continue
          }
          // Cancelling the listener must not cut answers off: connections are told to end instead.
          group.addTask {
            await Task { await ConnectionLoop(connection, limits, open, handler).run() }.value
            open.leave()
          }
        }
      }
      await open.drain(atMost: .seconds(limits.drainSecondsMax))
    }
  }

  private func configure(_ channel: any Channel) throws -> Connection {
    let handlers = channel.pipeline.syncOperations
    if let tls { try handlers.addHandler(NIOSSLServerHandler(context: tls.context)) }
    let meter = RequestMeter(bytesMax: limits.requestBytesMax)
    try handlers.addHandler(meter)
    try handlers.configureHTTPServerPipeline(withErrorHandling: true)
    try handlers.addHandler(RequestMeter.Reset(meter: meter))
    let async = try NIOAsyncChannel<HTTPServerRequestPart, HTTPPart<HTTPResponseHead, ByteBuffer>>(
      wrappingChannelSynchronously: channel,
      configuration: .init(backPressureStrategy: .init(lowWatermark: 2, highWatermark: 8)))
    return Connection(channel: async)
  }

  struct Connection: Sendable {
    let channel: NIOAsyncChannel<HTTPServerRequestPart, HTTPPart<HTTPResponseHead, ByteBuffer>>
  }
}

/// Where a server listens.
public struct ListenAddress: Sendable, Hashable, CustomStringConvertible {
  public var host: String
  public var port: Int

  public init(host: String, port: Int) {
    self.host = host
    self.port = port
  }

  /// `127.0.0.1:8443`, `[::1]:8443`; port 0 takes any free one.
  public init?(parsing text: String) {
    guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]),
      (0...65_535).contains(port)
    else { return nil }
    var host = String(text[..<colon])
    if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
    guard !host.isEmpty, !host.contains("/") else { return nil }
    self.init(host: host, port: port)
  }

  public var isLoopback: Bool { host == "localhost" || host == "::1" || host.hasPrefix("127.") }
  public var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}

/// Why nothing is served.
public struct ServingError: Error, Sendable, CustomStringConvertible {
  public var message: String
  public init(message: String) { self.message = message }
  public var description: String { message }
}

/// Closes a connection whose request is larger than any that is answered, before it is held in memory.
private final class RequestMeter: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias InboundOut = ByteBuffer
  private let bytesMax: Int
  private var bytes = 0

  init(bytesMax: Int) { self.bytesMax = bytesMax }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    bytes += unwrapInboundIn(data).readableBytes
    if bytes > bytesMax { return context.close(promise: nil) }
    context.fireChannelRead(data)
  }

  /// Behind the decoder: each request's end starts the count anew. Answers are put into the encoder's words.
  final class Reset: ChannelDuplexHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPPart<HTTPResponseHead, ByteBuffer>
    typealias OutboundOut = HTTPServerResponsePart
    private let meter: RequestMeter
    init(meter: RequestMeter) { self.meter = meter }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      if case .end = unwrapInboundIn(data) { meter.bytes = 0 }
      context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
      let part: OutboundOut =
        switch unwrapOutboundIn(data) {
        case .head(let head): .head(head)
        case .body(let body): .body(.byteBuffer(body))
        case .end(let trailers): .end(trailers)
        }
      context.write(wrapOutboundOut(part), promise: promise)
    }
  }
}
