import Kubernetes
import NIOCore

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The numbered channels of exec, attach and port-forward over a WebSocket: the first byte of a message is its channel.
///
/// In the `base64` subprotocols that byte is the channel's digit, and the rest is encoded: for clients that can send
/// text only (`wsstream/conn.go` in apimachinery).
final class WebSocketChannels: ChannelStream, CarriedProtocol {
  /// As `Sec-WebSocket-Protocol` names them; without one, the oldest binary form is spoken.
  static let subprotocols: Set<String> = [
    "v5.channel.k8s.io", "v4.channel.k8s.io", "channel.k8s.io", "v4.base64.channel.k8s.io", "base64.channel.k8s.io",
  ]

  let subprotocol: String
  private let isBase64: Bool
  private let carrier: Carrier
  private let inbox: ReceiveQueue<ChannelMessage>

  init(_ carrier: Carrier, subprotocol: String) {
    self.carrier = carrier
    self.subprotocol = subprotocol
    isBase64 = Self.isText(subprotocol)
    inbox = ReceiveQueue { carrier.account($0) }
  }

  static func isText(_ subprotocol: String) -> Bool { subprotocol.contains("base64") }

  var messages: AsyncThrowingStream<ChannelMessage, any Error> { inbox.stream }

  func received(_ bytes: ByteBuffer) {
    var bytes = bytes
    guard var channel = bytes.readInteger(as: UInt8.self) else { return }
    var content = Array(bytes.readableBytesView)
    if isBase64 {
      guard let decoded = Data(base64Encoded: Data(content)) else { return }
      content = Array(decoded)
      channel = channel &- UInt8(ascii: "0")
    }
    inbox.put(ChannelMessage(channel, content), bytes: content.count + 1)
  }

  func ended() { inbox.finish() }

  func send(_ message: ChannelMessage) async throws {
    var buffer = ByteBuffer()
    if isBase64 {
      buffer.writeInteger(UInt8(ascii: "0") &+ message.channel)
      buffer.writeString(Data(message.bytes).base64EncodedString())
    } else {
      buffer.reserveCapacity(message.bytes.count + 1)
      buffer.writeInteger(message.channel)
      buffer.writeBytes(message.bytes)
    }
    try await carrier.send(buffer)
  }

  func close() async {
    inbox.discard()
    await carrier.close()
  }
}
