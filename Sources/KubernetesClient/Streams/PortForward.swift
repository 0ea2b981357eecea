import Kubernetes

extension KubernetesClient {
  /// A connection to a port of a pod, over `v4.channel.k8s.io` with `?ports=`: channel 0 is the data, 1 what went wrong,
  /// and each begins with the port's number.
  /// - Throws: `APIError` where the server refuses; `TransportError`.
  public func connect(to pod: NamespacedName, port: Int) async throws -> PodConnection {
    let path = try ResourceType.pods.checkedPath(namespace: pod.namespace, name: pod.name, subresource: "portforward")
    var request = APIRequest(.get, path, query: [("ports", String(port))])
    request.headers = [("sec-websocket-protocol", "v4.channel.k8s.io")]
    return PodConnection(try await transport.connect(request), port: port)
  }
}

/// A connection to a port of a pod. Dropping it ends it.
public final class PodConnection: Sendable {
  private static let chunkBytesMax = 32 << 10
  private let stream: any ChannelStream
  private let port: Int

  init(_ stream: any ChannelStream, port: Int) {
    self.stream = stream
    self.port = port
  }

  /// What the pod sends. One reader; a slow one slows the pod down. Throws `TransportError` where the pod could not be
  /// reached.
  public var incoming: AsyncThrowingStream<[UInt8], any Error> {
    let reader = PodConnectionReader(stream, port: port)
    return AsyncThrowingStream { try await reader.next() }
  }

  /// Suspends while the pod does not read.
  public func send(_ bytes: [UInt8]) async throws {
    var rest = bytes[...]
    while !rest.isEmpty {
      try await stream.send(ChannelMessage(0, Array(rest.prefix(Self.chunkBytesMax))))
      rest = rest.dropFirst(Self.chunkBytesMax)
    }
  }

  public func close() async { await stream.close() }
}

private actor PodConnectionReader {
  private let stream: any ChannelStream
  private let port: Int
  private var messages: AsyncThrowingStream<ChannelMessage, any Error>
  /// The port's number is still to come, on each channel: it may come in pieces.
  private var headerBytes: [UInt8: Int] = [0: 2, 1: 2]

  init(_ stream: any ChannelStream, port: Int) {
    self.stream = stream
    self.port = port
    messages = stream.messages
  }

  func next() async throws -> [UInt8]? {
    var iterator = messages.makeAsyncIterator()
    while let message = try await iterator.next(isolation: self) {
      let header = min(headerBytes[message.channel] ?? 0, message.bytes.count)
      headerBytes[message.channel]? -= header
      let content = Array(message.bytes.dropFirst(header))
      if content.isEmpty { continue }
      if message.channel == 0 { return content }
      await stream.close()
      throw TransportError(.connection, "port \(port): \(String(decoding: content, as: UTF8.self).trimmedOfSpace)")
    }
    return nil
  }
}
