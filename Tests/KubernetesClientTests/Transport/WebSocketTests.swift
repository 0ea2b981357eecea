import Kubernetes
import KubernetesClient
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOWebSocket
import Testing

/// Two-way streams over a real socket.
@Suite struct WebSocketTests {
  /// Serves WebSockets on a loopback port: first `greeting`, then what `answer` makes of each message; a `Status` ends it.
  static func serving(
    _ greeting: [ChannelMessage], answer: @escaping @Sendable (ChannelMessage) -> [ChannelMessage] = { _ in [] },
    _ body: (KubernetesClient) async throws -> Void
  ) async throws {
    let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .childChannelInitializer { channel in
        let upgrader = NIOWebSocketServerUpgrader(
          maxFrameSize: 1 << 20,
          shouldUpgrade: { channel, _ in
            channel.eventLoop.makeSucceededFuture(["Sec-WebSocket-Protocol": "v5.channel.k8s.io"])
          },
          upgradePipelineHandler: { channel, _ in
            channel.eventLoop.makeCompletedFuture {
              try channel.pipeline.syncOperations.addHandler(FrameAnswerer(greeting, answer))
            }
          })
        return channel.pipeline.configureHTTPServerPipeline(
          withServerUpgrade: (upgraders: [upgrader], completionHandler: { _ in }))
      }
      .bind(host: "127.0.0.1", port: 0).get()
    let transport = try Kubeconfig(server: "http://127.0.0.1:\(listener.localAddress?.port ?? 0)").transport()
    try await body(KubernetesClient(transport: transport))
    await transport.shutdown()
    try await listener.close()
  }

  static let pod = NamespacedName("default", "a")

  @Test func whatComesWithTheAnswerAndEndsAtOnceIsAllThere() async throws {
    let greeting = [
      ChannelMessage(1, Array("out".utf8)), ChannelMessage(2, Array("err".utf8)),
      ChannelMessage(3, StreamTests.exitedWith3.bytes),
    ]
    try await Self.serving(greeting) { client in
      for _ in 0..<50 {
        let result = try await client.run(["x"], in: Self.pod)
        #expect(result.standardOutput == Array("out".utf8) && result.standardError == Array("err".utf8))
        #expect(result.exitCode == 3)
      }
    }
  }

  @Test func muchGoesBothWays() async throws {
    let echo: @Sendable (ChannelMessage) -> [ChannelMessage] = { message in
      switch message.channel {
      case 0: [ChannelMessage(1, message.bytes)]
      case 255: [ChannelMessage(3, (["status": "Success"] as JSONValue).bytes)]
      default: []
      }
    }
    try await Self.serving([], answer: echo) { client in
      var options = ExecOptions()
      options.standardInput = true
      let session = try await client.exec(["cat"], in: Self.pod, options)
      let sent = (0..<(1 << 20)).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
      async let writing: Void = {
        try await session.write(sent)
        try await session.closeInput()
      }()
      var received: [UInt8] = []
      for try await event in session.events {
        if case .standardOutput(let bytes) = event { received += bytes }
      }
      try await writing
      #expect(received == sent)
    }
  }

  @Test func aRefusalIsRead() async throws {
    let server = try await WireServer { _ in
      .init(
        status: 403,
        body: String(decoding: APIError(code: 403, reason: "Forbidden", message: "not you").status.bytes, as: UTF8.self)
      )
    }
    let transport = try Kubeconfig(server: server.url).transport()
    await #expect { try await KubernetesClient(transport: transport).run(["x"], in: Self.pod) } throws: { error in
      (error as? APIError)?.code == 403 && "\(error)" == "not you"
    }
    await transport.shutdown()
    await server.stop()
  }
}

private final class FrameAnswerer: ChannelInboundHandler {
  typealias InboundIn = WebSocketFrame
  typealias OutboundOut = WebSocketFrame
  private let greeting: [ChannelMessage]
  private let answer: (ChannelMessage) -> [ChannelMessage]

  init(_ greeting: [ChannelMessage], _ answer: @escaping (ChannelMessage) -> [ChannelMessage]) {
    self.greeting = greeting
    self.answer = answer
  }

  func handlerAdded(context: ChannelHandlerContext) { write(greeting, context) }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let frame = unwrapInboundIn(data)
    var content = frame.unmaskedData
    guard frame.opcode == .binary, let channel = content.readInteger(as: UInt8.self) else { return }
    write(answer(ChannelMessage(channel, Array(buffer: content))), context)
  }

  private func write(_ messages: [ChannelMessage], _ context: ChannelHandlerContext) {
    for message in messages {
      let data = ByteBuffer(bytes: [message.channel] + message.bytes)
      context.write(wrapOutboundOut(WebSocketFrame(fin: true, opcode: .binary, data: data)), promise: nil)
    }
    context.flush()
    guard messages.last?.channel == 3 else { return }
    context.writeAndFlush(
      wrapOutboundOut(WebSocketFrame(fin: true, opcode: .connectionClose, data: ByteBuffer(bytes: [3, 232]))),
      promise: nil)
    context.close(promise: nil)
  }
}
