import NIOCore
import NIOHTTP1

/// Answers requests; all of it on one event loop.
final class Server {
  private let settings: Settings
  private let loop: any EventLoop
  private let slots: Slots
  private let upstreams: [Upstream]
  private var connections: [ObjectIdentifier: any Channel] = [:]
  private var active = 0
  private var drained: EventLoopPromise<Void>?
  private(set) var served = 0

  init(settings: Settings, loop: any EventLoop) {
    self.settings = settings
    self.loop = loop
    slots = Slots(count: settings.slots, queueMax: settings.queueMax, loop: loop)
    upstreams = settings.upstreams.map { Upstream($0, loop: loop) }
  }

  var isDraining: Bool { drained != nil }

  func configure(_ channel: any Channel) throws {
    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
    try channel.pipeline.syncOperations.addHandler(Conversation(server: self))
    connections[ObjectIdentifier(channel)] = channel
    channel.closeFuture.assumeIsolated().whenComplete { _ in self.connections[ObjectIdentifier(channel)] = nil }
  }

  /// Ends when every request that came has its answer, or when the time is up.
  func drain(within limit: TimeAmount) -> EventLoopFuture<Void> {
    let promise = loop.makePromise(of: Void.self)
    drained = promise
    if active == 0 { promise.succeed() }
    let deadline = loop.scheduleTask(in: limit) { promise.succeed() }
    return promise.futureResult.assumeIsolated().map {
      deadline.cancel()
      self.connections.values.forEach { $0.close(promise: nil) }
    }.nonisolated()
  }

  func answer(_ path: String) -> EventLoopFuture<(HTTPResponseStatus, String)> {
    if path == "/healthz" { return loop.makeSucceededFuture((.ok, "ok\n")) }
    guard let turn = slots.take() else {
      return loop.makeSucceededFuture((.serviceUnavailable, "no slot is free and the line is full\n"))
    }
    active += 1
    let name = settings.name
    return turn.assumeIsolated().flatMap {
      self.loop.scheduleTask(in: .milliseconds(self.settings.serviceMilliseconds)) {}.futureResult
    }.flatMap { () -> EventLoopFuture<[HTTPResponseStatus]> in
      self.slots.giveBack()
      let asked = self.upstreams.compactMap { $0.ask(path: path) }
      return EventLoopFuture.whenAllSucceed(asked, on: self.loop)
    }.map { statuses in
      if let failed = statuses.first(where: { $0.code >= 400 }) {
        return (.badGateway, "a service behind \(name) answered \(failed.code)\n")
      }
      return (.ok, "{\"service\":\"\(name)\",\"asked\":\(statuses.count)}\n")
    }.flatMapErrorThrowing { error in
      (.badGateway, "a service behind \(name) gave no answer: \(error)\n")
    }.always { _ in
      self.served += 1
      self.active -= 1
      if self.active == 0 { self.drained?.succeed() }
    }.nonisolated()
  }
}

/// One connection.
private final class Conversation: ChannelInboundHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundOut = HTTPServerResponsePart
  private let server: Server
  private var head: HTTPRequestHead?

  init(server: Server) { self.server = server }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head): self.head = head
    case .body: break
    case .end:
      guard let head else { return }
      self.head = nil
      let channel = context.channel
      server.answer(head.uri).assumeIsolated().whenSuccess { status, text in
        self.write(status, text, keepAlive: head.isKeepAlive, to: channel)
      }
    }
  }

  private func write(_ status: HTTPResponseStatus, _ text: String, keepAlive: Bool, to channel: any Channel) {
    let stays = keepAlive && !server.isDraining
    let body = ByteBuffer(string: text)
    var headers: HTTPHeaders = ["content-type": "application/json", "content-length": String(body.readableBytes)]
    if !stays { headers.add(name: "connection", value: "close") }
    channel.write(HTTPServerResponsePart.head(.init(version: .http1_1, status: status, headers: headers)), promise: nil)
    channel.write(HTTPServerResponsePart.body(.byteBuffer(body)), promise: nil)
    let done = channel.writeAndFlush(HTTPServerResponsePart.end(nil))
    if !stays { done.whenComplete { _ in channel.close(promise: nil) } }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
