import Kubernetes
import NIOCore
import NIOHTTP1
import Synchronization

/// One connection of HTTP/1.1, or one stream of HTTP/2: reads requests, has them answered, and answers in order.
///
/// What the service answers at once is written in the same turn of the event loop; only what has to wait costs a task.
final class ExchangeHandler: ChannelDuplexHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundIn = Never

  private enum Phase {
    /// Waits for a request.
    case idle
    /// The body of an admitted request arrives.
    case receiving
    /// The service has the request.
    case answering
    /// The answer's body is sent piece by piece.
    case sending(Sending)
    /// The answer is out before the request was in: what still comes is thrown away until the connection ends.
    case discarding
    /// The connection speaks another protocol now.
    case handedOver
    case gone
  }

  private struct Sending {
    var body: any PulledBody
    var framing: Framing
    var gzip: GzipEncoder?
  }

  /// Answers up to this size are written at once; larger ones as the client takes them.
  static let wholeBytesMax = 128 << 10
  /// Bodies from this size on are not read on the event loop, where others would wait for it.
  static let heavyBytesMin = 256 << 10
  /// Pieces that are sent before other connections have their turn.
  private static let piecesPerTurn = 8

  private let service: any HTTPService
  private let peer: HTTPPeer
  private let connections: ConnectionLoop
  private let writer: ResponseWriter
  private let deadline: Deadline
  private var context: ChannelHandlerContext?

  private var phase = Phase.idle
  private var head: RequestHead?
  private var body: [UInt8] = []
  private var bodyBytes = 0
  private var refusal: APIResponse?
  private var closesAfterAnswer = false
  /// Of a client that cannot be told a body's end but by the connection's.
  private var isOld = false
  private var isHead = false
  private var requestIsComplete = false
  private var answerIsWritten = false
  /// Parts of requests that the client sent before it had the answer to an earlier one.
  private var waiting = CircularBuffer<HTTPServerRequestPart>()
  private var hasHeldRead = false
  private var isDraining = false
  private var isReading = false

  /// - Parameter deadline: of the connection (HTTP/1.1) or the stream, registered by whoever made it.
  init(
    _ service: any HTTPService, _ peer: HTTPPeer, _ connections: ConnectionLoop, _ version: ResponseWriter.Version,
    _ fixedHeaders: FixedHeaders, deadline: Deadline
  ) {
    self.service = service
    self.peer = peer
    self.connections = connections
    self.deadline = deadline
    writer = ResponseWriter(version: version, connections: connections, fixedHeaders: fixedHeaders)
  }

  private var limits: HTTPLimits { connections.limits }

  // MARK: The channel

  func handlerAdded(context: ChannelHandlerContext) {
    self.context = context
    deadline.onExpiry = { [weak self] in self?.expire() }
    deadline.onShutdown = { [weak self] in self?.shutDown() }
  }

  func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    if case .handedOver = phase { return context.fireChannelRead(data) }
    isReading = true
    let part = unwrapInboundIn(data)
    if waiting.isEmpty, takesParts { take(part, context) } else { waiting.append(part) }
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    isReading = false
    context.flush()
    context.fireChannelReadComplete()
  }

  /// Nothing more is read while earlier requests wait: a client that sends without reading fills its own buffers.
  func read(context: ChannelHandlerContext) {
    if waiting.isEmpty { context.read() } else { hasHeldRead = true }
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    if case .sending = phase {
      if context.channel.isWritable { pump() } else { deadline.set(in: limits.stalledSecondsMax) }
    } else if context.channel.isWritable {
      drain()
    }
    context.fireChannelWritabilityChanged()
  }

  func channelInactive(context: ChannelHandlerContext) {
    if case .sending(let sending) = phase { sending.body.cancel() }
    phase = .gone
    waiting.removeAll()
    context.fireChannelInactive()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    if case .handedOver = phase { return context.fireErrorCaught(error) }
    guard let malformed = error as? HTTPParserError, case .idle = phase else { return context.close(promise: nil) }
    let isTooLong = malformed == .headerOverflow
    closesAfterAnswer = true
    // Of a long header, the rest may still be on its way.
    requestIsComplete = !isTooLong
    answer(.plain(isTooLong ? 431 : 400, isTooLong ? "Request Header Fields Too Large" : "Bad Request"))
    flushUnlessReading()
  }

  private func expire() {
    guard let context else { return }
    if case .receiving = phase, writer.version == .one {
      // The request has begun, so that somebody may read why it ends.
      closesAfterAnswer = true
      refusal = nil
      answer(.plain(408, "Request Timeout"))
      return context.flush()
    }
    context.close(promise: nil)
  }

  private func shutDown() {
    switch phase {
    case .idle: context?.close(promise: nil)
    case .sending(let sending):
      // A watch ends in order; what has an end of its own may reach it.
      guard let head, service.isLongRunning(head.request) else { return }
      sending.body.cancel()
      closesAfterAnswer = true
      endSending(sending)
      context?.flush()
    default: break
    }
  }

  // MARK: The request

  private var takesParts: Bool {
    switch phase {
    // An answer that the client does not read is not followed by another.
    case .idle: context?.channel.isWritable ?? false
    case .receiving, .discarding: true
    default: false
    }
  }

  private func take(_ part: HTTPServerRequestPart, _ context: ChannelHandlerContext) {
    switch (part, phase) {
    case (.head(let head), .idle): begin(head, context)
    case (.body(let bytes), .receiving): receive(bytes)
    case (.end, .receiving): complete()
    case (.end, .discarding):
      requestIsComplete = true
      closeIfDone()
    default: break
    }
  }

  private func drain() {
    guard !isDraining, let context else { return }
    isDraining = true
    while takesParts, let part = waiting.popFirst() { take(part, context) }
    isDraining = false
    flushUnlessReading()
    if waiting.isEmpty, hasHeldRead {
      hasHeldRead = false
      context.read()
    }
  }

  private func begin(_ raw: HTTPRequestHead, _ context: ChannelHandlerContext) {
    body = []
    bodyBytes = 0
    refusal = nil
    head = nil
    requestIsComplete = false
    isHead = raw.method == .HEAD
    isOld = raw.version == .http1_0 || raw.version.major == 0
    closesAfterAnswer = writer.version == .one && !raw.isKeepAlive
    phase = .receiving
    deadline.set(in: limits.bodySecondsMax)
    do throws(RequestHead.Failure) {
      var head = try RequestHead(raw, service: service)
      refusal = service.admit(&head.request, authorization: head.authorization, from: peer)
      self.head = head
    } catch {
      switch error {
      case .malformed: return answerEarly(.plain(400, "Bad Request"))
      case .badQuery: refusal = APIResponse(.badRequest("the query is not encoded correctly"))
      case .methodNotAllowed: refusal = APIResponse(.methodNotAllowed)
      }
    }
    guard let head, head.hasBody else { return }
    if let length = head.contentLength, length > limits.bodyBytesMax {
      return answerEarly(APIResponse(.bodyTooLarge(bytesMax: limits.bodyBytesMax)))
    }
    if head.expectsContinue {
      // Who waits for leave to send its body gets the refusal instead, and will not send it.
      if let refusal { return answerEarly(refusal) }
      writer.goOn(context)
    }
  }

  private func receive(_ bytes: ByteBuffer) {
    bodyBytes += bytes.readableBytes
    guard bodyBytes <= limits.bodyBytesMax else {
      return answerEarly(APIResponse(.bodyTooLarge(bytesMax: limits.bodyBytesMax)))
    }
    guard refusal == nil else { return }
    if body.isEmpty { body = Array(bytes.readableBytesView) } else { body.append(contentsOf: bytes.readableBytesView) }
  }

  private func complete() {
    requestIsComplete = true
    deadline.clear()
    if let refusal { return answer(refusal) }
    guard var head else { return }
    head.request.body = body
    self.head = head
    body = []
    if let response = service.answerNow(head.request) { return answer(response) }
    phase = .answering
    let request = head.request
    let isHeavy = bodyBytes >= Self.heavyBytesMin
    let bound = NIOLoopBound(self, eventLoop: connections.loop)
    connections.run { [service] in
      // A task of no executor's preference is read elsewhere, while this loop serves others.
      let response = isHeavy ? await Task { await service.answer(request) }.value : await service.answer(request)
      bound.value.answered(response)
    }
  }

  private func answered(_ response: APIResponse) {
    guard case .answering = phase else {
      // The client is gone; so must be what would have been sent to it.
      if case .pulled(let body) = response.body { body.cancel() }
      return
    }
    answer(response)
    flushUnlessReading()
  }

  // MARK: The answer

  /// Answers a request whose body is not all there, and reads nothing more from this client.
  private func answerEarly(_ response: APIResponse) {
    closesAfterAnswer = true
    answer(response)
  }

  private func answer(_ response: APIResponse) {
    if connections.isShuttingDown, writer.version == .one { closesAfterAnswer = true }
    // The parser has stopped at a request for an upgrade; without one there is nothing more to read.
    if head?.upgrade != nil { closesAfterAnswer = true }
    switch response.body {
    case .bytes(let bytes):
      let compresses = bytes.count > GzipEncoder.bodyBytesMin && head?.acceptsGzip == true
      if compresses || bytes.count > Self.wholeBytesMax {
        return send(SlicedBody(bytes), of: response, length: bytes.count, compresses: compresses)
      }
      sendWhole(response, bytes)
    case .pulled(let body): send(body, of: response)
    case .stream(let stream): send(StreamedBody(stream), of: response)
    case .channels, .ports: upgrade(response.body)
    }
  }

  /// The connection becomes two-way: what comes from now on is for the new protocol.
  private func upgrade(_ body: APIResponse.Body) {
    guard let context, let head else { return }
    let upgrade: Upgrade
    do throws(APIError) {
      guard writer.version == .one else { throw .badRequest("Upgrade request required") }
      upgrade = try Upgrade(head, body, on: context.channel)
    } catch { return answer(APIResponse(error)) }
    phase = .handedOver
    let channel = context.channel
    deadline.clear()
    deadline.onExpiry = { channel.close(promise: nil) }
    deadline.onShutdown = deadline.onExpiry
    context.writeAndFlush(NIOAny(upgrade.answer(dateLine: connections.dateLine)), promise: nil)
    do {
      try upgrade.install(on: channel, connections)
      let pipeline = channel.pipeline.syncOperations
      let decoder = try pipeline.context(handlerType: ByteToMessageHandler<HTTPRequestDecoder>.self)
      // What the decoder has left over goes through this handler before it leaves, too.
      let bound = NIOLoopBound(context, eventLoop: connections.loop)
      pipeline.removeHandler(context: decoder).whenComplete { _ in
        let context = bound.value
        context.pipeline.syncOperations.removeHandler(context: context, promise: nil)
      }
    } catch { context.close(promise: nil) }
  }

  private func sendWhole(_ response: APIResponse, _ bytes: [UInt8]) {
    guard let context else { return }
    let written = closesAfterAnswer ? context.eventLoop.makePromise(of: Void.self) : nil
    writer.whole(
      response, bytes, bodyIsOmitted: isHead, closes: closesAfterAnswer, context, written)
    ended(written)
  }

  private func send(_ body: any PulledBody, of response: APIResponse, length: Int? = nil, compresses: Bool? = nil) {
    guard let context, let head else { return body.cancel() }
    let gzip = compresses ?? (head.acceptsGzip && !service.isLongRunning(head.request)) ? GzipEncoder() : nil
    var framing = Framing.chunked
    if let length, gzip == nil { framing = .length(length) } else if closesAfterAnswer, isOld { framing = .untilClose }
    writer.start(response, framing, closes: closesAfterAnswer, encoding: gzip == nil ? nil : "gzip", context)
    let sending = Sending(body: body, framing: framing, gzip: gzip)
    if isHead {
      body.cancel()
      return endSending(Sending(body: body, framing: .length(0), gzip: nil))
    }
    phase = .sending(sending)
    body.onReady(waker())
    pump()
  }

  /// Calls `pump` from any thread, once for all that came together.
  private func waker() -> @Sendable () -> Void {
    let bound = NIOLoopBound(WeakHandler(self), eventLoop: connections.loop)
    let loop = connections.loop
    let signal = Signal()
    return {
      guard !signal.isSet.exchange(true, ordering: .acquiringAndReleasing) else { return }
      loop.execute {
        signal.isSet.store(false, ordering: .releasing)
        bound.value.handler?.pump()
      }
    }
  }

  /// Sends what there is while the client takes it.
  private func pump() {
    guard case .sending(let sending) = phase, let context else { return }
    var pieces = 0
    while context.channel.isWritable {
      guard pieces < Self.piecesPerTurn else {
        let bound = NIOLoopBound(self, eventLoop: connections.loop)
        connections.loop.execute { bound.value.pump() }
        break
      }
      switch sending.body.pull() {
      case .bytes(let bytes):
        pieces += 1
        guard write(bytes[...], isLast: false, sending, context) else { return context.close(promise: nil) }
      case .later:
        deadline.clear()
        return flushUnlessReading()
      case .end:
        if (sending.body as? StreamedBody)?.failure != nil { return context.close(promise: nil) }
        guard write([], isLast: true, sending, context) else { return context.close(promise: nil) }
        return endSending(sending)
      }
    }
    if context.channel.isWritable { deadline.clear() } else { deadline.set(in: limits.stalledSecondsMax) }
    flushUnlessReading()
  }

  /// - Returns: false where it cannot be compressed.
  private func write(
    _ bytes: ArraySlice<UInt8>, isLast: Bool, _ sending: Sending, _ context: ChannelHandlerContext
  ) -> Bool {
    guard let gzip = sending.gzip else {
      if !bytes.isEmpty { writer.piece(ByteBuffer(bytes: bytes), sending.framing, context) }
      return true
    }
    var compressed = context.channel.allocator.buffer(capacity: bytes.count / 4 + 64)
    guard gzip.encode(bytes, isLast: isLast, into: &compressed) else { return false }
    if compressed.readableBytes > 0 { writer.piece(compressed, sending.framing, context) }
    return true
  }

  private func endSending(_ sending: Sending) {
    guard let context else { return }
    let written = closesAfterAnswer ? context.eventLoop.makePromise(of: Void.self) : nil
    writer.end(sending.framing, context, written)
    ended(written)
  }

  /// The answer is written. With a promise, the connection ends once the client has been sent all of it.
  private func ended(_ written: EventLoopPromise<Void>?) {
    head = nil
    refusal = nil
    body = []
    guard let written else {
      phase = .idle
      deadline.set(in: limits.idleSecondsMax)
      return drain()
    }
    phase = .discarding
    deadline.set(in: limits.lingerSecondsMax)
    let bound = NIOLoopBound(self, eventLoop: connections.loop)
    written.futureResult.whenComplete { _ in
      bound.value.answerIsWritten = true
      bound.value.closeIfDone()
    }
    flushUnlessReading()
  }

  /// To close while a request still comes in would reset the connection, and its client might never read the answer.
  private func closeIfDone() {
    if answerIsWritten, requestIsComplete { context?.close(promise: nil) }
  }

  private func flushUnlessReading() { if !isReading { context?.flush() } }
}

private final class Signal: Sendable { let isSet = Atomic(false) }

/// For closures that outlive a connection and must not keep it.
private struct WeakHandler {
  weak var handler: ExchangeHandler?
  init(_ handler: ExchangeHandler) { self.handler = handler }
}

extension APIError {
  static let methodNotAllowed = APIError(
    code: 405, reason: "MethodNotAllowed", message: "the server does not allow this method on the requested resource",
    details: [:])
}

extension APIResponse {
  /// An answer below the level of the API, as Go's `net/http` gives it: `400 Bad Request`.
  static func plain(_ status: Int, _ text: String) -> APIResponse {
    APIResponse(
      status: status, contentType: "text/plain; charset=utf-8", body: .bytes(Array("\(status) \(text)".utf8)))
  }
}
