import Kubernetes

/// exec and attach over the channels of a client (`remotecommand/websocket.go` in the kubelet): 0 input, 1 output,
/// 2 errors, 3 how it ended, 4 the terminal's size, 255 closes the channel that its byte names.
final class ContainerExchange: ContainerStreams {
  private enum Channel {
    static let input: UInt8 = 0
    static let output: UInt8 = 1
    static let errors: UInt8 = 2
    static let status: UInt8 = 3
    static let size: UInt8 = 4
    static let close: UInt8 = 255
  }

  private let stream: any ChannelStream
  private let options: ProgramOptions
  private let input = Handover<[UInt8]>()
  let terminalSizes: AsyncStream<TerminalSize>
  private let sizes: AsyncStream<TerminalSize>.Continuation

  init(_ stream: any ChannelStream, _ options: ProgramOptions) {
    self.stream = stream
    self.options = options
    (terminalSizes, sizes) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    if !options.hasInput { input.finish() }
  }

  /// Runs until the program has ended and the client knows how, or the client is gone: then the program's task is
  /// cancelled.
  /// - Parameter program: gives back the exit code.
  func run(_ program: @escaping @Sendable (any ContainerStreams) async throws -> Int32) async {
    await withTaskGroup(of: Void.self) { group in
      group.addTask { [self] in
        await greet()
        do { await finish(Self.status(exitCode: try await program(self))) } catch { await finish(Self.failure(error)) }
      }
      group.addTask { [self] in await receive() }
      // Whichever comes first, the other one's reason is gone with it.
      await group.next()
      group.cancelAll()
      input.finish()
    }
  }

  /// Tells clients that know no better that the connection is there, by an empty message.
  private func greet() async {
    guard stream.subprotocol != "v5.channel.k8s.io" else { return }
    let channel = options.hasOutput ? Channel.output : options.hasErrorOutput ? Channel.errors : Channel.status
    try? await stream.send(ChannelMessage(channel, []))
  }

  private func receive() async {
    do {
      for try await message in stream.messages {
        switch message.channel {
        case Channel.input: if options.hasInput, !message.bytes.isEmpty { await input.give(message.bytes) }
        case Channel.close where message.bytes == [Channel.input]: input.finish()
        case Channel.size: if let size = Self.size(message.bytes) { sizes.yield(size) }
        default: break
        }
      }
    } catch {}
    input.finish()
    sizes.finish()
  }

  /// `{"Width":80,"Height":24}`
  private static func size(_ bytes: [UInt8]) -> TerminalSize? {
    guard let value = try? JSONValue(parsing: bytes), let columns = value["Width"]?.integerValue,
      let rows = value["Height"]?.integerValue
    else { return nil }
    return TerminalSize(columns: UInt16(clamping: columns), rows: UInt16(clamping: rows))
  }

  func nextInput() async -> [UInt8]? { await input.take() }

  func output(_ bytes: [UInt8]) async throws {
    if options.hasOutput { try await stream.send(ChannelMessage(Channel.output, bytes)) }
  }

  func errorOutput(_ bytes: [UInt8]) async throws {
    if options.hasErrorOutput { try await stream.send(ChannelMessage(Channel.errors, bytes)) }
  }

  // MARK: The end

  /// Clients before version 4 are told of failures only, as text.
  private func finish(_ status: JSONValue) async {
    if stream.subprotocol.hasPrefix("v4.") || stream.subprotocol.hasPrefix("v5.") {
      try? await stream.send(ChannelMessage(Channel.status, status.bytes))
    } else if status["status"]?.stringValue != "Success" {
      try? await stream.send(ChannelMessage(Channel.status, Array((status["message"]?.stringValue ?? "").utf8)))
    }
    await stream.close()
  }

  /// As `ServeExec` in the kubelet words it: clients look for the cause `ExitCode`.
  private static func status(exitCode: Int32) -> JSONValue {
    if exitCode == 0 { return ["metadata": [:], "status": "Success"] }
    return [
      "metadata": [:], "status": "Failure",
      "message": .string("command terminated with non-zero exit code: exit status \(exitCode)"),
      "reason": "NonZeroExitCode",
      "details": ["causes": [["reason": "ExitCode", "message": .string(String(exitCode))]]],
    ]
  }

  private static func failure(_ error: any Error) -> JSONValue {
    let message = "error executing command in container: \(error)"
    return [
      "metadata": [:], "status": "Failure", "message": .string("Internal error occurred: \(message)"),
      "reason": "InternalError", "details": ["causes": [["message": .string(message)]]], "code": 500,
    ]
  }
}
