import Kubernetes

/// Port-forward over the channels of a client (`portforward/websocket.go` in the kubelet): 2i carries the data of the
/// i-th port, 2i + 1 what went wrong with it, and each begins with the port's number, little-endian.
struct PortChannels: Sendable {
  /// Of one request.
  static let portsMax = 64

  var ports: [UInt16]
  var connect: PortConnector

  /// Runs until no port has a connection any more, or the client is gone.
  func run(_ stream: any ChannelStream) async {
    let inputs = ports.map { _ in Handover<[UInt8]>() }
    await withTaskGroup(of: Bool.self) { group in
      group.addTask {
        await Self.receive(stream, inputs)
        return true
      }
      for (index, port) in ports.enumerated() {
        group.addTask {
          await forward(port, PortStream(stream, data: UInt8(2 * index), input: inputs[index]), stream)
          return false
        }
      }
      var open = ports.count
      for await clientIsGone in group {
        if !clientIsGone { open -= 1 }
        if clientIsGone || open == 0 { break }
      }
      group.cancelAll()
      for input in inputs { input.finish() }
    }
    await stream.close()
  }

  private static func receive(_ stream: any ChannelStream, _ inputs: [Handover<[UInt8]>]) async {
    do {
      for try await message in stream.messages {
        let port = Int(message.channel) / 2
        if message.channel % 2 == 0, port < inputs.count, !message.bytes.isEmpty {
          await inputs[port].give(message.bytes)
        }
      }
    } catch {}
  }

  private func forward(_ port: UInt16, _ side: PortStream, _ stream: any ChannelStream) async {
    let number = [UInt8(truncatingIfNeeded: port), UInt8(port >> 8)]
    do {
      try await stream.send(ChannelMessage(side.data, number))
      try await stream.send(ChannelMessage(side.data + 1, number))
    } catch { return }
    do { await side.forwarded(to: try await connect(port)) } catch {
      try? await stream.send(ChannelMessage(side.data + 1, Array("\(error)".utf8)))
    }
  }
}

/// One port's part of the channels. There is no message for the end of a direction: only the connection's tells it.
private struct PortStream: ByteStream {
  let stream: any ChannelStream
  let data: UInt8
  let input: Handover<[UInt8]>

  init(_ stream: any ChannelStream, data: UInt8, input: Handover<[UInt8]>) {
    self.stream = stream
    self.data = data
    self.input = input
  }

  var incoming: AsyncThrowingStream<[UInt8], any Error> { AsyncThrowingStream { await input.take() } }
  func send(_ bytes: [UInt8]) async throws { try await stream.send(ChannelMessage(data, bytes)) }
  func finishSending() async {}
  func close() async { input.finish() }
}
