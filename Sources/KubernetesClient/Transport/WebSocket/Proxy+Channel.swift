import NIOCore
import NIOExtras
import NIOHTTP1
import NIOSOCKS

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

extension Proxy {
  /// Makes a connection to the proxy one to the server behind it.
  func establish(_ channel: any Channel, to endpoint: Endpoint, secondsMax: Int) async throws {
    switch kind {
    case .http: try await connect(channel, to: endpoint, secondsMax: secondsMax)
    case .socks5: try await greet(channel, to: endpoint)
    }
  }

  /// HTTP `CONNECT` (RFC 9110, 9.3.6).
  private func connect(_ channel: any Channel, to endpoint: Endpoint, secondsMax: Int) async throws {
    var headers = HTTPHeaders()
    if let username {
      let pair = Data("\(username):\(password ?? "")".utf8).base64EncodedString()
      headers.add(name: "Proxy-Authorization", value: "Basic \(pair)")
    }
    let established = channel.eventLoop.makePromise(of: Void.self)
    let host = endpoint.host.contains(":") ? "[\(endpoint.host)]" : endpoint.host
    headers.add(name: "Host", value: "\(host):\(endpoint.port)")
    let all = headers
    let added = channel.eventLoop.submit {
      let pipeline = channel.pipeline.syncOperations
      try pipeline.addHandler(HTTPRequestEncoder(), name: Name.encoder)
      try pipeline.addHandler(ByteToMessageHandler(HTTPResponseDecoder()), name: Name.decoder)
      try pipeline.addHandler(
        NIOHTTP1ProxyConnectHandler(
          targetHost: host, targetPort: endpoint.port, headers: all, deadline: .now() + .seconds(Int64(secondsMax)),
          promise: established))
    }
    added.whenFailure { established.fail($0) }
    do { try await established.futureResult.get() } catch {
      throw TransportError(.unreachable, "the proxy \(self.host):\(port) does not let us through: \(error)")
    }
    try await channel.pipeline.removeHandler(name: Name.decoder).get()
    try await channel.pipeline.removeHandler(name: Name.encoder).get()
  }

  /// SOCKS 5 without authentication (RFC 1928).
  private func greet(_ channel: any Channel, to endpoint: Endpoint) async throws {
    let established = channel.eventLoop.makePromise(of: Void.self)
    let address: SOCKSAddress =
      (try? SocketAddress(ipAddress: endpoint.host, port: endpoint.port)).map { .address($0) }
      ?? .domain(endpoint.host, port: endpoint.port)
    let added = channel.eventLoop.submit {
      let pipeline = channel.pipeline.syncOperations
      try pipeline.addHandler(SOCKSClientHandler(targetAddress: address), name: Name.socks)
      try pipeline.addHandler(EstablishedReader(established), name: Name.established)
    }
    added.whenFailure { established.fail($0) }
    do { try await established.futureResult.get() } catch {
      throw TransportError(.unreachable, "the proxy \(host):\(port) does not let us through: \(error)")
    }
    try await channel.pipeline.removeHandler(name: Name.established).get()
    try await channel.pipeline.removeHandler(name: Name.socks).get()
  }

  private enum Name {
    static let encoder = "proxy.encoder"
    static let decoder = "proxy.decoder"
    static let socks = "proxy.socks"
    static let established = "proxy.established"
  }
}

/// Tells when a SOCKS proxy has let us through.
private final class EstablishedReader: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = ByteBuffer
  private var promise: EventLoopPromise<Void>?

  init(_ promise: EventLoopPromise<Void>) { self.promise = promise }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if event is SOCKSProxyEstablishedEvent { finish(nil) } else { context.fireUserInboundEventTriggered(event) }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) { finish(error) }
  func channelInactive(context: ChannelHandlerContext) {
    finish(ChannelError.eof)
    context.fireChannelInactive()
  }
  func handlerRemoved(context: ChannelHandlerContext) { finish(ChannelError.eof) }

  private func finish(_ error: (any Error)?) {
    if let error { promise?.fail(error) } else { promise?.succeed() }
    promise = nil
  }
}
