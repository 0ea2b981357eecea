import Kubernetes
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

/// Opens a WebSocket to an API server (RFC 6455), with the same names, certificates and proxies as other requests.
struct WebSocketConnector: Sendable {
  /// Of one message.
  static let frameBytesMax = 16 << 20

  let endpoint: Endpoint
  let tls: TLSConfiguration
  let head: HTTPRequestHead
  /// For the connection and the answer to the request, each.
  let secondsMax: Int

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
        case .refused(let response): throw try await APIError(refusal: response)
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

  private func upgrade(_ channel: any Channel) async throws -> UpgradeHandler.Outcome {
    let outcome = channel.eventLoop.makePromise(of: UpgradeHandler.Outcome.self)
    let added = channel.eventLoop.submit {
      if endpoint.isSecure { try channel.pipeline.syncOperations.addHandler(try tlsHandler()) }
      try channel.pipeline.syncOperations.addHandler(UpgradeHandler(head, outcome: outcome))
    }
    added.whenFailure { outcome.fail($0) }
    return try await outcome.futureResult.get()
  }

  private func tlsHandler() throws -> NIOSSLClientHandler {
    var tls = tls
    tls.applicationProtocols = ["http/1.1"]
    let name = endpoint.serverName ?? endpoint.host
    let isAddress = (try? SocketAddress(ipAddress: name, port: 0)) != nil
    return try NIOSSLClientHandler(context: NIOSSLContext(configuration: tls), serverHostname: isAddress ? nil : name)
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
