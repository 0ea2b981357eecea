import Kubernetes
import KubernetesClient
import KubernetesServer
import Testing

/// exec and port-forward over WebSockets, asked by the project's own client.
@Suite struct ConnectionTests {
  /// Runs no program: says what it was asked for, sends the input back, and ends with a code.
  private static func program(
    _ pod: NamespacedName, _ container: String, _ options: ProgramOptions, _ streams: any ContainerStreams
  ) async throws -> Int32 {
    if options.command == ["fail"] { throw APIError.badRequest("there is no such program") }
    try await streams.output(Array("\(pod) \(container) \(options.command)\n".utf8))
    var count = 0
    while let bytes = await streams.nextInput() {
      count += bytes.count
      try await streams.errorOutput(bytes)
    }
    return Int32(count)
  }

  private func serving(_ body: @Sendable (TestServer, KubernetesClient) async throws -> Void) async throws {
    var providers = EmbeddedAPIServer.Providers()
    providers.exec = Self.program
    let server = try await TestServer(providers: providers)
    let running = Task { try await server.server.run() }
    #expect(await server.server.boundPort > 0)
    let kubeconfig = try Kubeconfig.load(path: "\(server.directory)/kubeconfig", context: "sakigake")
    let client = KubernetesClient(transport: try kubeconfig.transport())
    try await server.send(.post, Path.pods, Sample.pod("web", node: "local"))
    try await server.patch(
      Path.pods + "/web/status", .merge,
      ["status": ["containerStatuses": [["name": "app", "state": ["running": [:]]]]]])
    try await body(server, client)
    running.cancel()
    _ = await running.result
  }

  /// Everything that comes until the server hangs up, by channel.
  private static func exchange(
    _ client: KubernetesClient, _ command: [String], input: [[UInt8]], subprotocol: String = "v5.channel.k8s.io"
  ) async throws -> [UInt8: String] {
    var request = APIRequest(.get, Path.pods + "/web/exec")
    request.query = command.map { ("command", $0) } + [("stdin", "true"), ("stdout", "true"), ("stderr", "true")]
    request.headers = [("sec-websocket-protocol", subprotocol)]
    let stream = try await client.transport.connect(request)
    for bytes in input { try await stream.send(ChannelMessage(0, bytes)) }
    // A program that could not start has hung up by now.
    try? await stream.send(ChannelMessage(255, [0]))
    var channels: [UInt8: [UInt8]] = [:]
    for try await message in stream.messages { channels[message.channel, default: []] += message.bytes }
    return channels.mapValues { String(decoding: $0, as: UTF8.self) }
  }

  @Test func aProgramGetsItsInputAndTellsItsCode() async throws {
    try await serving { _, client in
      let said = try await Self.exchange(client, ["cat", "-n"], input: [Array("ab".utf8), Array("c".utf8)])
      #expect(said[1] == "default/web app [\"cat\", \"-n\"]\n")
      #expect(said[2] == "abc")
      let status = try JSONValue(parsing: Array((said[3] ?? "").utf8))
      #expect(status["reason"]?.stringValue == "NonZeroExitCode")
      #expect(status["details"]?["causes"] == [["reason": "ExitCode", "message": "3"]])
      let success = try await Self.exchange(client, ["true"], input: [])
      #expect(success[3] == #"{"metadata":{},"status":"Success"}"#)
    }
  }

  @Test func whatCannotStartIsToldOnTheStatusChannel() async throws {
    try await serving { _, client in
      let said = try await Self.exchange(client, ["fail"], input: [])
      #expect(said[3]?.contains("there is no such program") == true)
      #expect(said[3]?.contains(#""reason":"InternalError""#) == true)
    }
  }

  @Test func badRequestsAreRefusedBeforeTheUpgrade() async throws {
    try await serving { server, client in
      await #expect { try await Self.exchange(client, [], input: []) } throws: {
        ($0 as? APIError)?.code == 400
      }
      try await server.send(.post, Path.pods, Sample.pod("unbound"))
      let answer = try await server.send(
        .get, Path.pods + "/unbound/exec", query: [("command", "ls"), ("stdout", "true")])
      #expect(answer.message == "pod unbound does not have a host assigned")
      try await server.send(.post, Path.pods, Sample.pod("starting", node: "local"))
      let early = try await server.send(
        .get, Path.pods + "/starting/exec", query: [("command", "ls"), ("stdout", "true")])
      #expect(early.message == "unable to upgrade connection: container not found (\"app\")")
    }
  }
}
