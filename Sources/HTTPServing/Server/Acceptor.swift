import NIOCore
import NIOHTTP1
import NIOHTTP2
import NIOSSL
import NIOTLS
import Synchronization

/// Makes of an accepted socket a connection that serves requests.
final class Acceptor: Sendable {
  private let service: any HTTPService
  private let tls: NIOSSLContext?
  private let limits: HTTPLimits
  private let fixedHeaders: FixedHeaders
  private let loops: [NIOLoopBound<ConnectionLoop>]
  private let open = Atomic(0)

  init(
    service: any HTTPService, tls: NIOSSLContext?, limits: HTTPLimits, fixedHeaders: FixedHeaders,
    loops: [NIOLoopBound<ConnectionLoop>]
  ) {
    self.service = service
    self.tls = tls
    self.limits = limits
    self.fixedHeaders = fixedHeaders
    self.loops = loops
  }

  /// Called on the channel's event loop.
  func accept(_ channel: any Channel) -> EventLoopFuture<Void> {
    let count = open.add(1, ordering: .relaxed).newValue
    channel.closeFuture.whenComplete { [self] _ in open.subtract(1, ordering: .relaxed) }
    guard count <= limits.connectionsMax, let connections = connections(of: channel.eventLoop) else {
      return channel.close()
    }
    return channel.eventLoop.makeCompletedFuture {
      let deadline = Deadline(in: limits.handshakeSecondsMax)
      deadline.onExpiry = { channel.close(promise: nil) }
      deadline.onShutdown = deadline.onExpiry
      connections.add(deadline)
      let bound = NIOLoopBound((connections, deadline), eventLoop: channel.eventLoop)
      channel.closeFuture.whenComplete { _ in
        let (connections, deadline) = bound.value
        connections.remove(deadline)
      }
      guard let tls else { return try addHTTP1(channel, HTTPPeer(), connections, deadline) }
      try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: tls))
      try channel.pipeline.syncOperations.addHandler(
        ApplicationProtocolNegotiationHandler { [self] result, channel in
          channel.eventLoop.makeCompletedFuture {
            let (connections, deadline) = bound.value
            let peer = try Self.peer(of: channel)
            if case .negotiated("h2") = result {
              try addHTTP2(channel, peer, connections, deadline)
            } else {
              try addHTTP1(channel, peer, connections, deadline)
            }
          }
        })
    }
  }

  private func connections(of loop: any EventLoop) -> ConnectionLoop? {
    for bound in loops {
      if let connections = bound.onlyOn(loop) { return connections }
    }
    return nil
  }

  private static func peer(of channel: any Channel) throws -> HTTPPeer {
    HTTPPeer(clientCertificate: try channel.pipeline.syncOperations.nioSSL_peerCertificate()?.toDERBytes())
  }

  private func addHTTP1(
    _ channel: any Channel, _ peer: HTTPPeer, _ connections: ConnectionLoop, _ deadline: Deadline
  ) throws {
    var parsing = NIOHTTPDecoderLimitConfiguration()
    parsing.maxHeaderFieldSize = limits.headerBytesMax
    parsing.maxHeaderListSize = limits.headerBytesMax
    parsing.maxHeaderFieldCount = limits.headerFieldsMax
    deadline.set(in: limits.headerSecondsMax)
    let decoder = ByteToMessageHandler(
      HTTPRequestDecoder(leftOverBytesStrategy: .forwardBytes, limitConfiguration: parsing))
    try channel.pipeline.syncOperations.addHandler(decoder)
    try channel.pipeline.syncOperations.addHandler(
      ExchangeHandler(service, peer, connections, .one, fixedHeaders, deadline: deadline))
  }

  private func addHTTP2(
    _ channel: any Channel, _ peer: HTTPPeer, _ connections: ConnectionLoop, _ deadline: Deadline
  ) throws {
    var connection = NIOHTTP2Handler.ConnectionConfiguration()
    connection.initialSettings = [
      HTTP2Setting(parameter: .maxConcurrentStreams, value: limits.streamsMax),
      HTTP2Setting(parameter: .maxHeaderListSize, value: limits.headerBytesMax),
      HTTP2Setting(parameter: .initialWindowSize, value: StreamSettings.windowBytes),
    ]
    connection.targetWindowSize = StreamSettings.connectionWindowBytes
    var stream = NIOHTTP2Handler.StreamConfiguration()
    stream.targetWindowSize = StreamSettings.windowBytes
    stream.outboundBufferSizeHighWatermark = StreamSettings.unsentBytesMax
    stream.outboundBufferSizeLowWatermark = StreamSettings.unsentBytesMax / 2
    let streams = OpenStreams(channel, deadline, idleSeconds: limits.idleSecondsMax)
    deadline.onShutdown = { streams.shutDown() }
    let bound = NIOLoopBound((connections, streams), eventLoop: channel.eventLoop)
    _ = try channel.pipeline.syncOperations.configureHTTP2Pipeline(
      mode: .server, connectionConfiguration: connection, streamConfiguration: stream
    ) { [self] stream in
      stream.eventLoop.makeCompletedFuture {
        let (connections, streams) = bound.value
        streams.opened()
        let deadline = Deadline(in: limits.headerSecondsMax)
        connections.add(deadline)
        let entry = NIOLoopBound(deadline, eventLoop: stream.eventLoop)
        stream.closeFuture.whenComplete { _ in
          let (connections, streams) = bound.value
          connections.remove(entry.value)
          streams.closed()
        }
        try stream.pipeline.syncOperations.addHandler(HTTP2FramePayloadToHTTP1ServerCodec())
        try stream.pipeline.syncOperations.addHandler(
          ExchangeHandler(service, peer, connections, .two, fixedHeaders, deadline: deadline))
      }
    }
  }

  /// Ends all connections: idle ones now, the others when they are through or their time is up.
  func shutDown() async {
    await withTaskGroup(of: Void.self) { group in
      for bound in loops {
        group.addTask {
          let left = try? await bound.eventLoop.flatSubmit { bound.value.shutDown() }.get()
          for task in left ?? [] { await task.value }
        }
      }
    }
  }
}

/// What one HTTP/2 stream may hold.
private enum StreamSettings {
  /// Of a request that its stream has not read yet, a chunk's worth of a large object.
  static let windowBytes = 256 << 10
  static let connectionWindowBytes = 1 << 20
  static let unsentBytesMax = 64 << 10
}

/// Counts the streams of one HTTP/2 connection: without any, it is idle.
private final class OpenStreams {
  private let channel: any Channel
  private let deadline: Deadline
  private let idleSeconds: Double
  private var count = 0
  private var isShuttingDown = false

  init(_ channel: any Channel, _ deadline: Deadline, idleSeconds: Double) {
    self.channel = channel
    self.deadline = deadline
    self.idleSeconds = idleSeconds
    deadline.set(in: idleSeconds)
  }

  func opened() {
    count += 1
    deadline.clear()
  }

  func closed() {
    count -= 1
    guard count == 0 else { return }
    if isShuttingDown { channel.close(promise: nil) } else { deadline.set(in: idleSeconds) }
  }

  /// Tells the client to open no further stream, and closes with the last one.
  func shutDown() {
    isShuttingDown = true
    let goAway = HTTP2Frame(
      streamID: .rootStream, payload: .goAway(lastStreamID: .maxID, errorCode: .noError, opaqueData: nil))
    channel.writeAndFlush(goAway, promise: nil)
    if count == 0 { channel.close(promise: nil) }
  }
}

extension NIOLoopBound where Value == ConnectionLoop {
  fileprivate func onlyOn(_ loop: any EventLoop) -> ConnectionLoop? { eventLoop === loop ? value : nil }
}
