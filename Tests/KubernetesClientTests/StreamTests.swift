import Kubernetes
import KubernetesClient
import Synchronization
import Testing

/// Logs, exec and port-forward over the transport within one process.
@Suite struct StreamTests {
  static let pod = NamespacedName("default", "a")

  /// A client whose two-way exchanges are served by `serve`.
  static func client(
    _ protocols: String = "v5.channel.k8s.io", seeing: @escaping @Sendable (APIRequest) -> Void = { _ in },
    _ serve: @escaping @Sendable (any ChannelStream) async -> Void
  ) -> KubernetesClient {
    KubernetesClient(
      transport: InProcessTransport { request in
        seeing(request)
        return APIResponse(
          status: 101, headers: [("Sec-WebSocket-Protocol", protocols)], body: .channels(serve))
      })
  }

  static func status(_ json: JSONValue) -> ChannelMessage { ChannelMessage(3, json.bytes) }

  static let exitedWith3: JSONValue = [
    "status": "Failure", "reason": "NonZeroExitCode", "message": "command terminated with exit code 3",
    "details": ["causes": [["reason": "ExitCode", "message": "3"]]],
  ]

  @Test func aCommandsOutputAndEndAreTold() async throws {
    let asked = Mutex<APIRequest?>(nil)
    let client = Self.client(seeing: { request in asked.withLock { $0 = request } }) { stream in
      try? await stream.send(ChannelMessage(1, []))
      try? await stream.send(ChannelMessage(1, Array("out".utf8)))
      try? await stream.send(ChannelMessage(2, Array("err".utf8)))
      try? await stream.send(Self.status(Self.exitedWith3))
    }
    let result = try await client.run(["sh", "-c", "x y"], in: Self.pod, container: "main")
    #expect(result.standardOutput == Array("out".utf8) && result.standardError == Array("err".utf8))
    #expect(result.exitCode == 3)
    let request = try #require(asked.withLock { $0 })
    #expect(request.path == "/api/v1/namespaces/default/pods/a/exec" && request.method == .get)
    #expect(request.query.filter { $0.name == "command" }.map(\.value) == ["sh", "-c", "x y"])
    #expect(request.query("stdin") == nil && request.query("container") == "main")
    #expect(request.header("sec-websocket-protocol") == "v5.channel.k8s.io, v4.channel.k8s.io")
  }

  /// Gives back what it reads, until the input ends.
  static func echo(_ stream: any ChannelStream) async {
    do {
      for try await message in stream.messages {
        switch message.channel {
        case 0: try await stream.send(ChannelMessage(1, message.bytes))
        case 4: try await stream.send(ChannelMessage(2, message.bytes))
        case 255: try await stream.send(status(["status": "Success"]))
        default: break
        }
      }
    } catch {}
  }

  @Test func inputIsWrittenAndEnded() async throws {
    let client = Self.client { await Self.echo($0) }
    var options = ExecOptions()
    options.standardInput = true
    let session = try await client.exec(["cat"], in: Self.pod, options)
    // More than both inboxes hold: the writer has to wait for the reader.
    let sent = [UInt8](repeating: 0x61, count: 3 << 20)
    async let writing: Void = {
      try await session.resize(columns: 80, rows: 24)
      try await session.write(sent)
      try await session.closeInput()
    }()
    var received = 0
    var size = ""
    for try await event in session.events {
      switch event {
      case .standardOutput(let bytes): received += bytes.count
      case .standardError(let bytes): size = String(decoding: bytes, as: UTF8.self)
      case .exited(let code): #expect(code == 0)
      }
    }
    try await writing
    #expect(received == sent.count && size == #"{"Width":80,"Height":24}"#)
  }

  @Test func withoutV5InputCannotBeEnded() async throws {
    let session = try await Self.client("v4.channel.k8s.io", { await Self.echo($0) }).exec(["cat"], in: Self.pod)
    await #expect(throws: TransportError.self) { try await session.closeInput() }
    await session.close()
  }

  @Test func aLostConnectionIsNoSuccess() async throws {
    let client = Self.client { stream in try? await stream.send(ChannelMessage(1, Array("half".utf8))) }
    await #expect(throws: TransportError.self) { try await client.run(["x"], in: Self.pod) }
    let failing = Self.client { stream in
      try? await stream.send(
        Self.status(["status": "Failure", "reason": "InternalError", "message": "no such file", "code": 500]))
    }
    await #expect { try await failing.run(["x"], in: Self.pod) } throws: { "\($0)" == "no such file" }
    let refusing = KubernetesClient(
      transport: InProcessTransport { _ in
        APIResponse(status: 404, body: .bytes(APIError.notFound(.pods, "a").status.bytes))
      })
    await #expect { try await refusing.run(["x"], in: Self.pod) } throws: { ($0 as? APIError)?.code == 404 }
  }

  /// What a kubelet does with port 80; any other is refused.
  static func forward(_ port: UInt16, _ stream: any ChannelStream) async {
    let number = [UInt8(port & 255), UInt8(port >> 8)]
    do {
      try await stream.send(ChannelMessage(0, number))
      try await stream.send(ChannelMessage(1, number))
      guard port == 80 else {
        try await stream.send(ChannelMessage(1, Array("connection refused\n".utf8)))
        return
      }
      for try await message in stream.messages where message.channel == 0 {
        try await stream.send(
          ChannelMessage(0, Array(String(decoding: message.bytes, as: UTF8.self).uppercased().utf8)))
        if message.bytes.last == 0x0A { return }
      }
    } catch {}
  }

  @Test func aPortOfAPodIsReached() async throws {
    let connection = try await Self.client("v4.channel.k8s.io", { await Self.forward(80, $0) })
      .connect(to: Self.pod, port: 80)
    try await connection.send(Array("hello\n".utf8))
    var answer: [UInt8] = []
    for try await chunk in connection.incoming { answer += chunk }
    #expect(String(decoding: answer, as: UTF8.self) == "HELLO\n")
    let refused = try await Self.client("v4.channel.k8s.io", { await Self.forward(81, $0) })
      .connect(to: Self.pod, port: 81)
    await #expect { for try await _ in refused.incoming {} } throws: { "\($0)" == "port 81: connection refused" }
  }

  @Test func aLogIsCutIntoLines() async throws {
    let chunks = ["one\ntw", "o\n", "\nthree"]
    let asked = Mutex<APIRequest?>(nil)
    let client = KubernetesClient(
      transport: InProcessTransport { request in
        asked.withLock { $0 = request }
        return APIResponse(
          status: 200, contentType: "text/plain",
          body: .stream(
            AsyncThrowingStream { continuation in
              for chunk in chunks { continuation.yield(Array(chunk.utf8)) }
              continuation.finish()
            }))
      })
    var options = PodLogOptions()
    options.follow = true
    options.tailLines = 5
    options.sinceTime = Timestamp(seconds: 1_800_000_000)
    var lines: [String] = []
    for try await line in try await client.logLines(of: Self.pod, options) { lines.append(line) }
    #expect(lines == ["one", "two", "", "three"])
    let request = try #require(asked.withLock { $0 })
    #expect(request.query("follow") == "true" && request.query("tailLines") == "5")
    #expect(request.query("sinceTime") == "2027-01-15T08:00:00Z")
  }
}
