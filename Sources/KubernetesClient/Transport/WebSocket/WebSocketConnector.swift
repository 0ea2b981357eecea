import Kubernetes
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import NIOWebSocket

/// Opens a WebSocket to an API server (RFC 6455), with the same names, certificates and proxies as other requests.
struct WebSocketConnector: Sendable {
  /// Of one message.
  static let frameBytesMax = 16 << 20

  let endpoint: Endpoint
  let tls: TLSConfiguration
  let head: HTTPRequestHead
  /// For the connection and the answer to the request, each.
  let secondsMax: Int

  private enum Upgrade: Sendable {
    case open(WebSocketStream)
    case refused(EventLoopFuture<APIResponse>)
  }

  /// - Throws: `APIError` where the server answers with anything but an upgrade; NIO's errors.
  func open() async throws -> WebSocketStream {
    let target = endpoint.proxy.map { (host: $0.host, port: $0.port) } ?? (host: endpoint.host, port: endpoint.port)
    let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .connectTimeout(.seconds(Int64(secondsMax)))
      .channelOption(.socketOption(.so_keepalive), value: 1)
      .channelOption(.tcpOption(.tcp_nodelay), value: 1)
      .connect(host: target.host, port: target.port).get()
    let limit = channel.eventLoop.scheduleTask(in: .seconds(Int64(secondsMax))) { channel.close(promise: nil) }
    defer { limit.cancel() }
    return try await withTaskCancellationHandler {
      do {
        if let proxy = endpoint.proxy { try await proxy.establish(channel, to: endpoint, secondsMax: secondsMax) }
        switch try await upgrade(channel) {
        case .open(let stream): return stream
        case .refused(let response): throw try await APIError(refusal: response.get())
        }
      } catch {
        channel.close(promise: nil)
        try Task.checkCancellation()
        throw error
      }
    } onCancel: {
      channel.close(promise: nil)
    }
  }

  private func upgrade(_ channel: any Channel) async throws -> Upgrade {
    try await channel.eventLoop.flatSubmit {
      do {
        if endpoint.isSecure {
          try channel.pipeline.syncOperations.addHandler(try tlsHandler())
        }
        var configuration = NIOUpgradableHTTPClientPipelineConfiguration(
          upgradeConfiguration: NIOTypedHTTPClientUpgradeConfiguration(
            upgradeRequestHead: head, upgraders: [upgrader],
            notUpgradingCompletionHandler: { channel in Self.refusal(on: channel) }))
        // The server's first message may come with the answer to the request.
        configuration.leftOverBytesStrategy = .forwardBytes
        return try channel.pipeline.syncOperations.configureUpgradableHTTPClientPipeline(configuration: configuration)
      } catch { return channel.eventLoop.makeFailedFuture(error) }
    }.get()
  }

  private func tlsHandler() throws -> NIOSSLClientHandler {
    var tls = tls
    tls.applicationProtocols = ["http/1.1"]
    let name = endpoint.serverName ?? endpoint.host
    let isAddress = (try? SocketAddress(ipAddress: name, port: 0)) != nil
    return try NIOSSLClientHandler(context: NIOSSLContext(configuration: tls), serverHostname: isAddress ? nil : name)
  }

  private var upgrader: NIOTypedWebSocketClientUpgrader<Upgrade> {
    NIOTypedWebSocketClientUpgrader(maxFrameSize: Self.frameBytesMax) { channel, head in
      channel.eventLoop.makeCompletedFuture {
        .open(try WebSocketStream(on: channel, subprotocol: head.headers.first(name: "Sec-WebSocket-Protocol") ?? ""))
      }
    }
  }

  private static func refusal(on channel: any Channel) -> EventLoopFuture<Upgrade> {
    let whole = channel.eventLoop.makePromise(of: APIResponse.self)
    return channel.eventLoop.makeCompletedFuture {
      try channel.pipeline.syncOperations.addHandler(RefusalReader(whole))
      return .refused(whole.futureResult)
    }
  }
}

/// Gathers an answer that is no upgrade.
private final class RefusalReader: ChannelInboundHandler {
  typealias InboundIn = HTTPClientResponsePart
  static let bytesMax = 1 << 20

  private var promise: EventLoopPromise<APIResponse>?
  private var status = 0
  private var contentType = ""
  private var bytes: [UInt8] = []

  init(_ promise: EventLoopPromise<APIResponse>) { self.promise = promise }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head):
      status = Int(head.status.code)
      contentType = head.headers.first(name: "Content-Type") ?? ""
    case .body(let chunk): bytes += chunk.readableBytesView.prefix(Self.bytesMax - bytes.count)
    case .end: finish()
    }
  }

  func channelInactive(context: ChannelHandlerContext) {
    finish()
    context.fireChannelInactive()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    promise?.fail(error)
    promise = nil
  }

  func handlerRemoved(context: ChannelHandlerContext) { finish() }

  private func finish() {
    if status == 0 {
      promise?.fail(TransportError(.connection, "the connection was lost before an answer came"))
    } else {
      // What says neither yes nor no (200, a redirect) is no upgrade either.
      promise?.succeed(
        APIResponse(status: status < 400 ? 500 : status, contentType: contentType, body: .bytes(bytes)))
    }
    promise = nil
  }
}

extension HTTPTransport {
  public func connect(_ request: APIRequest) async throws -> any ChannelStream {
    let credential = try await credentials.credential()
    do { return try await connect(request, as: credential) } catch let error as APIError where error.code == 401 {
      guard let renewed = try await credentials.renewed(after: credential) else { throw error }
      return try await connect(request, as: renewed)
    }
  }

  private func connect(_ request: APIRequest, as credential: Credential) async throws -> any ChannelStream {
    var headers = headers(of: request, as: credential)
    headers.replaceOrAdd(name: "Host", value: endpoint.authority)
    headers.remove(name: "Accept")
    let head = HTTPRequestHead(
      version: .http1_1, method: .GET, uri: endpoint.basePath + Self.target(of: request), headers: headers)
    do {
      let connector = WebSocketConnector(
        endpoint: endpoint, tls: try endpoint.tls(with: credential.certificate), head: head,
        secondsMax: limits.headSecondsMax)
      return try await connector.open()
    } catch { throw explained(error) }
  }
}
