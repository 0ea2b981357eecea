import Kubernetes
import KubernetesServer
import Synchronization

/// The logs of all containers on this host: `DIR/pods/<namespace>_<pod>_<uid>/<container>/<restart>.log`.
package final class LogStore: Sendable {
  let directory: String
  private let limits: LogLimits
  private let now: @Sendable () -> Timestamp
  private let writing = Mutex<[String: ContainerLog]>([:])

  package init(dataDirectory: String, limits: LogLimits, now: @escaping @Sendable () -> Timestamp) {
    directory = dataDirectory + "/pods"
    self.limits = limits
    self.now = now
  }

  package func directory(of pod: Pod) -> String {
    "\(directory)/\(pod.metadata.namespace)_\(pod.metadata.name)_\(pod.metadata.uid)"
  }

  /// Begins the log of a run.
  /// - Throws: `FileError`.
  package func begin(_ pod: Pod, _ container: String, restart: Int) throws(FileError) -> ContainerLog {
    let path = directory(of: pod) + "/" + container
    let log = try ContainerLog(directory: path, restart: restart, limits: limits, now: now)
    LogFiles.removeRuns(before: restart, in: path)
    writing.withLock { $0[path] = log }
    return log
  }

  /// Removes what is left of pods that are gone: those that ended while nobody looked.
  func removeAll(except uids: Set<String>) {
    for name in PrivateDirectory.entries(directory) {
      guard let uid = name.split(separator: "_").last, !uids.contains(String(uid)) else { continue }
      PrivateDirectory.remove(directory + "/" + name)
    }
  }

  package func remove(_ pod: Pod) {
    let path = directory(of: pod)
    writing.withLock { $0 = $0.filter { !$0.key.hasPrefix(path + "/") } }
    PrivateDirectory.remove(path)
  }

  /// A container's log as the API serves it.
  /// - Throws: `APIError` (400) where the container has not started, or had no run before this one.
  package func read(_ pod: NamespacedName, _ container: String, _ options: LogOptions) throws -> APIResponse.Body {
    let prefix = "\(pod.namespace)_\(pod.name)_"
    let path = PrivateDirectory.entries(directory).filter { $0.hasPrefix(prefix) }
      .map { "\(directory)/\($0)/\(container)" }.last { !LogFiles.restarts(in: $0).isEmpty }
    guard let path, let last = LogFiles.restarts(in: path).last else {
      throw APIError.badRequest(
        "container \"\(container)\" in pod \"\(pod.name)\" is waiting to start: ContainerCreating")
    }
    var run = last
    if options.previous {
      guard let previous = LogFiles.restarts(in: path).last(where: { $0 < last }) else {
        throw APIError.badRequest("previous terminated container \"\(container)\" in pod \"\(pod.name)\" not found")
      }
      run = previous
    }
    let log = writing.withLock { $0[path] }
    let cursor = LogCursor(
      files: LogFiles(directory: path, restart: run), log: log?.files.restart == run ? log : nil, options: options)
    return .stream(AsyncThrowingStream(unfolding: { try await cursor.next() }))
  }

  /// Hands on what a container's present run writes from now on, until it ends or the client is gone.
  /// - Throws: `APIError` (400) where the container does not run.
  func follow(_ pod: NamespacedName, _ container: String, _ streams: any ContainerStreams) async throws {
    let prefix = "\(pod.namespace)_\(pod.name)_"
    let log = writing.withLock { writing in
      writing.first { path, _ in
        let parts = path.dropFirst(directory.utf8.count + 1)
        return parts.hasPrefix(prefix) && parts.hasSuffix("/" + container)
      }?.value
    }
    guard let log else { throw APIError.badRequest("container \"\(container)\" in pod \"\(pod.name)\" does not run") }
    var options = LogOptions()
    options.follow = true
    options.tailLines = 0
    let output = LogCursor(files: log.files, log: log, options: options, only: .stdout)
    let errors = LogCursor(files: log.files, log: log, options: options, only: .stderr)
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { while let bytes = try await output.next() { try await streams.output(bytes) } }
      group.addTask { while let bytes = try await errors.next() { try await streams.errorOutput(bytes) } }
      try await group.waitForAll()
    }
  }
}
