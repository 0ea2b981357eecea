import ChildProcesses
import Kubernetes
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// How large the log of a container may grow.
public struct LogLimits: Sendable {
  /// A file that reaches this is set aside and a new one begun.
  public var fileBytesMax: Int
  /// Files set aside that are kept for each run of a container; older ones are removed.
  public var rotatedFilesMax: Int

  public init(fileBytesMax: Int = 10 << 20, rotatedFilesMax: Int = 2) {
    self.fileBytesMax = fileBytesMax
    self.rotatedFilesMax = rotatedFilesMax
  }
}

/// The log of one run of a container: `<directory>/<restart>.log`, and `<restart>.log.<time>` for what was set aside.
package final class ContainerLog: Sendable {
  let files: LogFiles
  private let limits: LogLimits
  private let now: @Sendable () -> Timestamp

  private struct State {
    var descriptor: Int32
    var bytes: Int
    var isClosed = false
    var nextFollower = 0
    var followers: [Int: AsyncStream<Void>.Continuation] = [:]
    /// Lines that could not be written; the container is not held up for them.
    var linesLost = 0
  }
  private let state: Mutex<State>

  /// - Throws: `FileError`.
  init(directory: String, restart: Int, limits: LogLimits, now: @escaping @Sendable () -> Timestamp) throws(FileError) {
    try PrivateDirectory.create(directory)
    files = LogFiles(directory: directory, restart: restart)
    self.limits = limits
    self.now = now
    let descriptor = try files.openForAppending()
    state = Mutex(State(descriptor: descriptor, bytes: max(0, Int(lseek(descriptor, 0, SEEK_END)))))
  }

  deinit { close() }

  var linesLost: Int { state.withLock { $0.linesLost } }

  package func append(_ lines: [LineSplitter.Line], _ stream: LogLine.Stream) {
    guard !lines.isEmpty else { return }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(lines.reduce(0) { $0 + $1.bytes.count + 48 })
    let moment = now()
    for line in lines { LogLine.encode(line.bytes, isPartial: line.isPartial, stream, at: moment, into: &bytes) }
    state.withLock { state in
      guard !state.isClosed else { return }
      if state.bytes > 0, state.bytes + bytes.count > limits.fileBytesMax { rotate(&state) }
      do {
        try PrivateDirectory.writeAll(bytes, to: state.descriptor, files.current)
        state.bytes += bytes.count
      } catch { state.linesLost += lines.count }
      for follower in state.followers.values { follower.yield() }
    }
  }

  private func rotate(_ state: inout State) {
    guard rename(files.current, files.rotatedName(at: now())) == 0, let fresh = try? files.openForAppending() else {
      return
    }
    closeDescriptor(state.descriptor)
    state.descriptor = fresh
    state.bytes = 0
    files.removeRotated(keeping: limits.rotatedFilesMax)
  }

  /// An element whenever the log has grown; ends when it is closed. Nil where it is closed already.
  func growth() -> AsyncStream<Void>? {
    state.withLock { state in
      if state.isClosed { return nil }
      let (stream, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
      let follower = state.nextFollower
      state.nextFollower += 1
      state.followers[follower] = continuation
      continuation.onTermination = { [weak self] _ in self?.leave(follower) }
      return stream
    }
  }

  private func leave(_ follower: Int) {
    // A stream that finishes under the lock ends up here too: taking the lock again must wait its turn.
    Task { [weak self] in self?.state.withLock { $0.followers[follower] = nil } }
  }

  package func close() {
    let followers = state.withLock { state -> [AsyncStream<Void>.Continuation] in
      guard !state.isClosed else { return [] }
      state.isClosed = true
      closeDescriptor(state.descriptor)
      defer { state.followers = [:] }
      return Array(state.followers.values)
    }
    for follower in followers { follower.finish() }
  }
}

private func closeDescriptor(_ descriptor: Int32) { close(descriptor) }
