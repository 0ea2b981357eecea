/// One message on one of the numbered channels of exec, attach and port-forward (`channel.k8s.io`).
///
/// exec and attach: 0 stdin, 1 stdout, 2 stderr, 3 the final `Status`, 4 terminal size, 255 closes the channel that its
/// one byte names (v5). Port-forward (v4): 2i carries the data of the i-th port, 2i+1 its errors; the first message on
/// each is the port's number in two bytes, little-endian.
public struct ChannelMessage: Sendable, Equatable {
  public var channel: UInt8
  public var bytes: [UInt8]

  public init(_ channel: UInt8, _ bytes: [UInt8]) {
    self.channel = channel
    self.bytes = bytes
  }
}

/// A two-way connection of numbered channels, whatever carries it: a WebSocket, or a pair of queues in one process.
public protocol ChannelStream: Sendable {
  /// The subprotocol agreed on: `v5.channel.k8s.io`, `v4.channel.k8s.io` …
  var subprotocol: String { get }
  /// What the other side sends; ends when it hangs up. One reader.
  var messages: AsyncThrowingStream<ChannelMessage, any Error> { get }
  /// Suspends while the other side is slow.
  /// - Throws: once the connection is gone.
  func send(_ message: ChannelMessage) async throws
  /// Ends the connection in order. Repeating it changes nothing.
  func close() async
}
