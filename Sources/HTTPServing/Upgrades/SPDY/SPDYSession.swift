import Kubernetes
import NIOCore
import Synchronization

/// The server's side of SPDY/3.1 as Kubernetes uses it: the client opens streams, either side sends on them. Used on
/// its carrier's event loop only.
final class SPDYSession: CarriedProtocol {
  /// Open at one time.
  static let streamsMax = 1024

  let carrier: Carrier
  /// Takes a stream that the client opened, or refuses it.
  var onStream: (SPDYStream) -> Bool = { _ in false }
  var onEnd: () -> Void = {}

  private var buffer = ByteBuffer()
  private let reader = SPDYHeaderReader()
  private let writer = SPDYHeaderWriter()
  private var streams: [UInt32: SPDYStream] = [:]
  private var lastStream: UInt32 = 0

  private enum Status {
    static let protocolError: UInt32 = 1
    static let refused: UInt32 = 3
    static let cancel: UInt32 = 5
  }

  init(_ carrier: Carrier) { self.carrier = carrier }

  func received(_ bytes: ByteBuffer) {
    if buffer.readableBytes == 0 { buffer = bytes } else { buffer.writeImmutableBuffer(bytes) }
    do throws(SPDYViolation) {
      while let frame = try SPDYFrame.read(from: &buffer) { try take(frame) }
    } catch { return carrier.cut() }
    buffer.discardReadBytes()
  }

  func ended() {
    for stream in streams.values { stream.inbox.finish(SPDYStream.Gone()) }
    streams = [:]
    onEnd()
    onEnd = {}
    onStream = { _ in false }
  }

  private func take(_ frame: SPDYFrame) throws(SPDYViolation) {
    switch frame {
    case .synStream(let identifier, let block, let isLast): try open(identifier, try reader.read(block), isLast)
    case .data(let identifier, let content, let isLast):
      guard let stream = streams[identifier] else { return }
      if content.readableBytes > 0 {
        stream.inbox.put(Array(content.readableBytesView), bytes: content.readableBytes)
      }
      if isLast { finishedByClient(stream) }
    case .headers(let identifier, let block, let isLast):
      // Blocks are one compressed stream: each must be read, whether anybody wants it or not.
      _ = try reader.read(block)
      if isLast, let stream = streams[identifier] { finishedByClient(stream) }
    case .synReply(_, let block): _ = try reader.read(block)
    case .reset(let identifier, _):
      guard let stream = streams.removeValue(forKey: identifier) else { return }
      stream.inbox.finish(SPDYStream.Gone())
      stream.inbox.discard()
    case .ping(let number):
      // The client's numbers are odd; an even one answers a ping that was never sent.
      if number % 2 == 1 { write(.ping(number)) }
    case .goAway: if streams.isEmpty { carrier.cut() }
    case .ignored: break
    }
  }

  private func open(_ identifier: UInt32, _ headers: [(name: String, value: String)], _ isLast: Bool)
    throws(SPDYViolation)
  {
    guard identifier % 2 == 1, identifier > lastStream else {
      return write(.reset(stream: identifier, status: Status.protocolError))
    }
    lastStream = identifier
    let stream = SPDYStream(identifier, headers, self)
    guard streams.count < Self.streamsMax, onStream(stream) else {
      return write(.reset(stream: identifier, status: Status.refused))
    }
    streams[identifier] = stream
    write(.synReply(stream: identifier, headers: try writer.write([])))
    if isLast { finishedByClient(stream) }
  }

  private func finishedByClient(_ stream: SPDYStream) {
    stream.inbox.finish()
    if stream.isFinishedHere { streams[stream.identifier] = nil } else { stream.isFinishedThere = true }
  }

  // MARK: What streams send

  func send(_ bytes: ByteBuffer, isLast: Bool, on stream: SPDYStream) -> EventLoopFuture<Void> {
    guard streams[stream.identifier] != nil, !stream.isFinishedHere else {
      return carrier.eventLoop.makeFailedFuture(SPDYStream.Gone())
    }
    if isLast {
      stream.isFinishedHere = true
      if stream.isFinishedThere { streams[stream.identifier] = nil }
    }
    var frame = ByteBuffer()
    SPDYFrame.data(stream: stream.identifier, bytes, isLast: isLast).write(into: &frame)
    return carrier.write(frame)
  }

  func reset(_ stream: SPDYStream) {
    guard streams.removeValue(forKey: stream.identifier) != nil else { return }
    stream.inbox.finish(SPDYStream.Gone())
    stream.inbox.discard()
    write(.reset(stream: stream.identifier, status: Status.cancel))
  }

  private func write(_ frame: SPDYFrame) {
    var bytes = ByteBuffer()
    frame.write(into: &bytes)
    carrier.write(bytes)
  }
}

/// One stream of a session, usable from any thread.
final class SPDYStream: ByteStream {
  struct Gone: Error, CustomStringConvertible { var description: String { "the stream was reset by the client" } }

  let identifier: UInt32
  /// Lower-case names.
  let headers: [(name: String, value: String)]
  let inbox: ReceiveQueue<[UInt8]>
  private let session: NIOLoopBound<SPDYSession>
  /// Which side has said everything; changed on the event loop only.
  private let finishedHere = Atomic(false)
  private let finishedThere = Atomic(false)

  init(_ identifier: UInt32, _ headers: [(name: String, value: String)], _ session: SPDYSession) {
    self.identifier = identifier
    self.headers = headers
    let carrier = session.carrier
    inbox = ReceiveQueue { carrier.account($0) }
    self.session = NIOLoopBound(session, eventLoop: carrier.eventLoop)
  }

  func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }

  var isFinishedHere: Bool {
    get { finishedHere.load(ordering: .relaxed) }
    set { finishedHere.store(newValue, ordering: .relaxed) }
  }
  var isFinishedThere: Bool {
    get { finishedThere.load(ordering: .relaxed) }
    set { finishedThere.store(newValue, ordering: .relaxed) }
  }

  var incoming: AsyncThrowingStream<[UInt8], any Error> { inbox.stream }

  func send(_ bytes: [UInt8]) async throws {
    guard !bytes.isEmpty else { return }
    try await session.eventLoop.flatSubmit { [self] in
      session.value.send(ByteBuffer(bytes: bytes), isLast: false, on: self)
    }.get()
  }

  func finishSending() async {
    try? await session.eventLoop.flatSubmit { [self] in
      session.value.send(ByteBuffer(), isLast: true, on: self)
    }.get()
  }

  /// Ends both directions in order: what the client still sends is thrown away.
  func close() async {
    await finishSending()
    inbox.discard()
  }

  /// Tells the client that something went wrong with the stream.
  func reset() async {
    try? await session.eventLoop.submit { [self] in session.value.reset(self) }.get()
  }
}
