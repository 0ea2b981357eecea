import Kubernetes
import NIOCore
import NIOPosix

/// A connection that says exactly what a test wants, and shows exactly what comes back.
final class RawClient: Sendable {
  private let channel: any Channel
  private let queue: ReceiveQueue<[UInt8]>

  private init(_ channel: any Channel, _ queue: ReceiveQueue<[UInt8]>) {
    self.channel = channel
    self.queue = queue
  }

  /// - Parameter reads: false never takes anything out of the socket.
  static func connect(_ port: Int, reads: Bool = true) async throws -> RawClient {
    let queue = ReceiveQueue<[UInt8]> { _ in }
    let channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
      .channelOption(.autoRead, value: reads)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(Taker(queue)) }
      }.connect(host: "127.0.0.1", port: port).get()
    return RawClient(channel, queue)
  }

  func send(_ text: String) async throws { try await send(Array(text.utf8)) }
  func send(_ bytes: [UInt8]) async throws { try await channel.writeAndFlush(ByteBuffer(bytes: bytes)).get() }

  /// Everything up to and with the first `end`, which must come.
  func read(through end: String) async throws -> String {
    var text = ""
    while !text.contains(end) {
      guard let bytes = try await queue.next() else { throw Ended(text: text) }
      text += String(decoding: bytes, as: UTF8.self)
    }
    return text
  }

  /// A header, and the bytes of what came with it.
  func readHeader() async throws -> (text: String, rest: [UInt8]) {
    let end = Array("\r\n\r\n".utf8)
    var bytes: [UInt8] = []
    while true {
      bytes += try await readBytes()
      if let range = bytes.firstRange(of: end) {
        return (String(decoding: bytes[..<range.upperBound], as: UTF8.self), Array(bytes[range.upperBound...]))
      }
    }
  }

  func readBytes() async throws -> [UInt8] {
    guard let bytes = try await queue.next() else { throw Ended(text: "") }
    return bytes
  }

  /// Everything until the server hangs up.
  func readToEnd() async throws -> [UInt8] {
    var all: [UInt8] = []
    while let bytes = try await queue.next() { all += bytes }
    return all
  }

  func textToEnd() async throws -> String { String(decoding: try await readToEnd(), as: UTF8.self) }

  func close() { channel.close(promise: nil) }

  struct Ended: Error { var text: String }
}

private final class Taker: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  private let queue: ReceiveQueue<[UInt8]>

  init(_ queue: ReceiveQueue<[UInt8]>) { self.queue = queue }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let bytes = unwrapInboundIn(data)
    queue.put(Array(bytes.readableBytesView), bytes: bytes.readableBytes)
  }

  func channelInactive(context: ChannelHandlerContext) { queue.finish() }
  func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
