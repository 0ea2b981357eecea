import Kubernetes

/// What is run in a container, and which of its streams are wanted (`PodExecOptions`).
public struct ExecOptions: Sendable, Hashable {
  /// Empty where the pod has only one.
  public var container = ""
  public var standardInput = false
  public var standardOutput = true
  /// Not with `terminal`, which mixes it into the output.
  public var standardError = true
  public var terminal = false

  public init() {}

  fileprivate var query: [(name: String, value: String)] {
    var query: [(name: String, value: String)] = []
    if !container.isEmpty { query.append(("container", container)) }
    if standardInput { query.append(("stdin", "true")) }
    if standardOutput { query.append(("stdout", "true")) }
    if standardError, !terminal { query.append(("stderr", "true")) }
    if terminal { query.append(("tty", "true")) }
    return query
  }
}

extension KubernetesClient {
  /// Runs a command in a container; the session tells what it writes and how it ends.
  /// - Throws: `APIError` where the server refuses.
  public func exec(_ command: [String], in pod: NamespacedName, _ options: ExecOptions = ExecOptions())
    async throws -> ExecSession
  {
    try await session(pod, "exec", command.map { (name: "command", value: $0) } + options.query)
  }

  /// Joins what the container itself reads and writes.
  public func attach(to pod: NamespacedName, _ options: ExecOptions = ExecOptions()) async throws -> ExecSession {
    try await session(pod, "attach", options.query)
  }

  /// Runs a command to its end, without input, and gathers what it writes.
  /// - Throws: `TransportError` with `.tooLarge` above `outputBytesMax`.
  public func run(
    _ command: [String], in pod: NamespacedName, container: String = "", outputBytesMax: Int = 16 << 20
  ) async throws -> ExecResult {
    var options = ExecOptions()
    options.container = container
    let session = try await exec(command, in: pod, options)
    var result = ExecResult()
    for try await event in session.events {
      switch event {
      case .standardOutput(let bytes): result.standardOutput += bytes
      case .standardError(let bytes): result.standardError += bytes
      case .exited(let code): result.exitCode = code
      }
      guard result.standardOutput.count + result.standardError.count <= outputBytesMax else {
        await session.close()
        throw TransportError(.tooLarge, "the command wrote more than \(outputBytesMax) bytes")
      }
    }
    return result
  }

  private func session(_ pod: NamespacedName, _ subresource: String, _ query: [(name: String, value: String)])
    async throws -> ExecSession
  {
    let path = try ResourceType.pods.checkedPath(namespace: pod.namespace, name: pod.name, subresource: subresource)
    var request = APIRequest(.get, path, query: query)
    request.headers = [("sec-websocket-protocol", "v5.channel.k8s.io, v4.channel.k8s.io")]
    return ExecSession(try await transport.connect(request))
  }
}

/// What came of a command that has ended.
public struct ExecResult: Sendable, Hashable {
  public var standardOutput: [UInt8] = []
  public var standardError: [UInt8] = []
  public var exitCode = 0
  public init() {}
}

/// A command that runs in a container, over `v5.channel.k8s.io` or `v4`: channels 0 to 2 are the standard streams, 3 how
/// it ended, 4 the size of the terminal. Dropping the session ends the connection.
public final class ExecSession: Sendable {
  public enum Event: Sendable, Equatable {
    case standardOutput([UInt8])
    case standardError([UInt8])
    /// The last one.
    case exited(code: Int)
  }

  private static let chunkBytesMax = 32 << 10
  private let stream: any ChannelStream

  init(_ stream: any ChannelStream) { self.stream = stream }

  /// What the command writes, and how it ended. One reader; a slow one slows the command down.
  ///
  /// It throws `APIError` where the command could not be run, and `TransportError` where the connection was lost before
  /// the command's end was known.
  public var events: AsyncThrowingStream<Event, any Error> {
    let reader = ExecReader(stream)
    return AsyncThrowingStream { try await reader.next() }
  }

  /// Input for the command; suspends while it does not read.
  public func write(_ bytes: [UInt8]) async throws {
    var rest = bytes[...]
    while !rest.isEmpty {
      try await stream.send(ChannelMessage(0, Array(rest.prefix(Self.chunkBytesMax))))
      rest = rest.dropFirst(Self.chunkBytesMax)
    }
  }

  /// Ends the command's input.
  /// - Throws: `TransportError` where the server speaks v4 only, which has no way to say so.
  public func closeInput() async throws {
    guard stream.subprotocol.hasPrefix("v5.") else {
      throw TransportError(.malformed, "the server cannot be told that the input has ended (\(stream.subprotocol))")
    }
    try await stream.send(ChannelMessage(255, [0]))
  }

  /// Tells the command the size of its terminal, in characters.
  public func resize(columns: Int, rows: Int) async throws {
    let size: JSONValue = ["Width": columns.json, "Height": rows.json]
    try await stream.send(ChannelMessage(4, size.bytes))
  }

  public func close() async { await stream.close() }
}

/// Turns messages into events, up to the one that tells the end.
private actor ExecReader {
  private let stream: any ChannelStream
  private var messages: AsyncThrowingStream<ChannelMessage, any Error>
  private var hasEnded = false

  init(_ stream: any ChannelStream) {
    self.stream = stream
    messages = stream.messages
  }

  func next() async throws -> ExecSession.Event? {
    if hasEnded { return nil }
    var iterator = messages.makeAsyncIterator()
    while let message = try await iterator.next(isolation: self) {
      switch message.channel {
      case 1 where !message.bytes.isEmpty: return .standardOutput(message.bytes)
      case 2 where !message.bytes.isEmpty: return .standardError(message.bytes)
      case 3:
        hasEnded = true
        await stream.close()
        return .exited(code: try Self.exitCode(of: message.bytes))
      default: continue
      }
    }
    try Task.checkCancellation()
    throw TransportError(.connection, "the connection was lost before the end of the command was known")
  }

  /// From the `Status` on channel 3: `NonZeroExitCode` has the code in its causes.
  private static func exitCode(of bytes: [UInt8]) throws -> Int {
    guard let status = try? JSONValue(parsing: bytes) else {
      throw TransportError(.malformed, "the end of the command is no Status")
    }
    if status["status"] == "Success" { return 0 }
    if status["reason"] == "NonZeroExitCode" {
      let causes = status[path: ["details", "causes"]]?.arrayValue ?? []
      if let text = causes.first(where: { $0["reason"] == "ExitCode" })?["message"]?.stringValue, let code = Int(text) {
        return code
      }
    }
    throw APIError(
      code: Int(status["code"]?.integerValue ?? 500), reason: status["reason"]?.stringValue ?? "InternalError",
      message: status["message"]?.stringValue ?? "the command could not be run", details: status["details"])
  }
}
