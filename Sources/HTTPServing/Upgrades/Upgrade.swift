import Kubernetes
import NIOCore
import NIOHTTP1
import NIOWebSocket

/// What a connection becomes after an exchange that makes it two-way.
struct Upgrade {
  /// Of the answer 101, beside `Connection`.
  var headers: [(name: String, value: String)]
  private let language: Language
  private let request: APIRequest

  private enum Language {
    case channels(subprotocol: String, @Sendable (any ChannelStream) async -> Void)
    /// SPDY frames in WebSocket messages (`tunneling_handler.go` in apiserver).
    case tunneledPorts(PortConnector)
    case spdyChannels(version: String, @Sendable (any ChannelStream) async -> Void)
    case spdyPorts(PortConnector)
  }

  private static let tunneledPorts = "SPDY/3.1+portforward.k8s.io"
  private static let versionField = "X-Stream-Protocol-Version"

  /// Agrees on what the client asks for and the answer allows.
  /// - Throws: `APIError` (400, 403) where they have nothing in common.
  init(_ head: RequestHead, _ body: APIResponse.Body, on channel: any Channel) throws(APIError) {
    request = head.request
    switch (head.upgrade, body) {
    case ("websocket", .channels(let serve)):
      let subprotocol = try Self.subprotocol(head) { WebSocketChannels.subprotocols.contains($0) }
      headers = try Self.handshake(head, subprotocol, on: channel)
      language = .channels(subprotocol: subprotocol, serve)
    case ("websocket", .ports(let connect)):
      let subprotocol = try Self.subprotocol(head) { $0 == Self.tunneledPorts }
      headers = try Self.handshake(head, subprotocol, on: channel)
      language = .tunneledPorts(connect)
    case ("spdy/3.1", .channels(let serve)):
      let version = try Self.version(head) { SPDYChannels.versions.contains($0) }
      headers = [("Upgrade", "SPDY/3.1"), (Self.versionField, version)]
      language = .spdyChannels(version: version, serve)
    case ("spdy/3.1", .ports(let connect)):
      let version = try Self.version(head) { $0 == SPDYPorts.version }
      headers = [("Upgrade", "SPDY/3.1"), (Self.versionField, version)]
      language = .spdyPorts(connect)
    default: throw .badRequest("Upgrade request required")
    }
  }

  private static func offered(_ head: RequestHead, _ name: String) -> [String] {
    head.request.headers.filter { $0.name == name }.flatMap { $0.value.split(separator: ",") }
      .map { String($0.drop { $0 == " " }.prefix { $0 != " " }) }
  }

  private static func subprotocol(_ head: RequestHead, _ isServed: (String) -> Bool) throws(APIError) -> String {
    let offered = offered(head, "sec-websocket-protocol")
    // A client that names none speaks the oldest form.
    if offered.isEmpty, isServed("channel.k8s.io") { return "" }
    guard let chosen = offered.first(where: isServed) else {
      throw .badRequest("requested protocol(s) are not supported: [\(offered.joined(separator: " "))]")
    }
    return chosen
  }

  private static func version(_ head: RequestHead, _ isServed: (String) -> Bool) throws(APIError) -> String {
    let offered = offered(head, "x-stream-protocol-version")
    guard let chosen = offered.first(where: isServed) else {
      throw APIError(
        code: 403, reason: "Forbidden",
        message: "unable to upgrade: unable to negotiate protocol: client supports \(offered)")
    }
    return chosen
  }

  /// The server's part of the opening handshake (RFC 6455, 4.2.2).
  private static func handshake(
    _ head: RequestHead, _ subprotocol: String, on channel: any Channel
  ) throws(APIError) -> [(name: String, value: String)] {
    var asked = HTTPRequestHead(version: .http1_1, method: .GET, uri: "/")
    if let key = head.websocketKey { asked.headers.add(name: "Sec-WebSocket-Key", value: key) }
    if let version = head.websocketVersion { asked.headers.add(name: "Sec-WebSocket-Version", value: version) }
    let upgrader = NIOWebSocketServerUpgrader(
      shouldUpgrade: { channel, _ in channel.eventLoop.makeSucceededFuture([:]) },
      upgradePipelineHandler: { channel, _ in channel.eventLoop.makeSucceededVoidFuture() })
    var fields: [(name: String, value: String)]?
    // Nothing in it waits: the future is there with its value.
    upgrader.buildUpgradeResponse(channel: channel, upgradeRequest: asked, initialResponseHeaders: [:])
      .assumeIsolated().whenSuccess { answer in
        fields = answer.filter { $0.name.lowercased() != "connection" }.map { ($0.name, $0.value) }
      }
    if !subprotocol.isEmpty { fields?.append(("Sec-WebSocket-Protocol", subprotocol)) }
    guard let fields else { throw .badRequest("the WebSocket handshake is not one of version 13") }
    return fields
  }

  /// The answer that comes before the first byte of the new protocol.
  func answer(dateLine: [UInt8]) -> ByteBuffer {
    var text = ByteBuffer(string: "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\n")
    for (name, value) in headers { text.writeString("\(name): \(value)\r\n") }
    text.writeBytes(dateLine)
    text.writeString("\r\n")
    return text
  }

  /// Puts the new protocol at the end of the pipeline and begins to serve it. On the channel's event loop.
  func install(on channel: any Channel, _ connections: ConnectionLoop) throws {
    switch language {
    case .channels(let subprotocol, let serve):
      let carrier = Carrier(channel, isWebSocket: true, isText: WebSocketChannels.isText(subprotocol))
      let channels = WebSocketChannels(carrier, subprotocol: subprotocol)
      try Self.addWebSocket(channels, channel)
      connections.run {
        await serve(channels)
        await channels.close()
      }
    case .spdyChannels(let version, let serve):
      let session = SPDYSession(Carrier(channel, isWebSocket: false))
      let channels = SPDYChannels(session, version: version)
      try channel.pipeline.syncOperations.addHandler(PlainCarrierHandler(session))
      connections.run { [request] in
        if await channels.opened(for: request) { await serve(channels) }
        await channels.close()
      }
    case .tunneledPorts(let connect):
      let session = SPDYSession(Carrier(channel, isWebSocket: true))
      _ = SPDYPorts(session, connect, connections)
      try Self.addWebSocket(session, channel)
    case .spdyPorts(let connect):
      let session = SPDYSession(Carrier(channel, isWebSocket: false))
      _ = SPDYPorts(session, connect, connections)
      try channel.pipeline.syncOperations.addHandler(PlainCarrierHandler(session))
    }
  }

  private static func addWebSocket(_ user: any CarriedProtocol, _ channel: any Channel) throws {
    try channel.pipeline.syncOperations.addHandlers([
      WebSocketFrameEncoder(),
      ByteToMessageHandler(WebSocketFrameDecoder(maxFrameSize: WebSocketCarrierHandler.messageBytesMax)),
      WebSocketProtocolErrorHandler(isServer: true),
      NIOWebSocketFrameAggregator(
        minNonFinalFragmentSize: 0, maxAccumulatedFrameCount: WebSocketCarrierHandler.framesPerMessageMax,
        maxAccumulatedFrameSize: WebSocketCarrierHandler.messageBytesMax),
      WebSocketCarrierHandler(user),
    ])
  }
}
