import Kubernetes

/// One of two ends in one process: what is sent on one is read on the other.
final class PairedChannelStream: ChannelStream {
  let subprotocol: String
  private let incoming: MessageInbox
  private let outgoing: MessageInbox

  private init(_ subprotocol: String, incoming: MessageInbox, outgoing: MessageInbox) {
    self.subprotocol = subprotocol
    self.incoming = incoming
    self.outgoing = outgoing
  }

  static func pair(subprotocol: String) -> (PairedChannelStream, PairedChannelStream) {
    let (there, back) = (MessageInbox(), MessageInbox())
    return (
      PairedChannelStream(subprotocol, incoming: back, outgoing: there),
      PairedChannelStream(subprotocol, incoming: there, outgoing: back)
    )
  }

  deinit { finish() }

  var messages: AsyncThrowingStream<ChannelMessage, any Error> {
    AsyncThrowingStream { [incoming] in try await incoming.next() }
  }

  func send(_ message: ChannelMessage) async throws { try await outgoing.putWhenRoom(message) }

  func close() async { finish() }

  private func finish() {
    incoming.finish()
    outgoing.finish()
  }
}
