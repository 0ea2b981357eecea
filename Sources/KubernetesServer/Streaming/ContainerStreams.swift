/// What a client wants to run in a container: `corev1.PodExecOptions`.
public struct ProgramOptions: Sendable, Hashable {
  /// Program and arguments; empty where the container's own process is attached to.
  public var command: [String]
  public var hasInput = false
  public var hasOutput = false
  public var hasErrorOutput = false
  /// On a terminal: output and errors come as one.
  public var isTerminal = false

  public init(command: [String] = []) { self.command = command }
}

public struct TerminalSize: Sendable, Hashable {
  public var columns: UInt16
  public var rows: UInt16

  public init(columns: UInt16, rows: UInt16) {
    self.columns = columns
    self.rows = rows
  }
}

/// The client's side of a program that runs in a container. The streams that it did not ask for are there and silent.
public protocol ContainerStreams: Sendable {
  /// The next bytes for the program; nil when there will be no more. One reader.
  func nextInput() async -> [UInt8]?
  /// Suspends while the client is slow.
  /// - Throws: once the client is gone.
  func output(_ bytes: [UInt8]) async throws
  /// The same, of what the program writes to its standard error.
  func errorOutput(_ bytes: [UInt8]) async throws
  /// The sizes that the client's terminal takes on; the newest counts.
  var terminalSizes: AsyncStream<TerminalSize> { get }
}
