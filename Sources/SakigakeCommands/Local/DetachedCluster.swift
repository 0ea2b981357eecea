import FoundationEssentials

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A cluster in a process of its own, which goes on when the command returns.
struct DetachedCluster {
  var directory: String
  #if os(Linux)
    /// POSIX_SPAWN_SETSID of glibc's spawn.h, which the importer hides behind _GNU_SOURCE.
    private static let newSession: Int16 = 0x80
  #else
    private static let newSession = Int16(POSIX_SPAWN_SETSID)
  #endif
  private static let servesWithin = Duration.seconds(60)

  init(directory: String) { self.directory = directory }

  /// Starts the same command without `--detach`, in a session of its own, and waits until it serves.
  func start() async throws {
    do {
      try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true,
        attributes: [.posixPermissions: 0o700])
    } catch {
      throw CommandFailure(.wrongInput, "error: \(directory) cannot be made: \(error)")
    }
    let log = directory + "/local.log"
    // What a cluster that crashed had to say stays readable.
    rename(log, log + ".1")
    let pid = try spawn(log: log)
    let deadline = ContinuousClock.now + Self.servesWithin
    while ContinuousClock.now < deadline {
      if let state = ClusterState.running(in: directory), state.pid == pid {
        Console.output("The cluster serves https://127.0.0.1:\(state.port), as process \(pid)")
        Console.output("  export KUBECONFIG=\(directory)/kubeconfig")
        return
      }
      var status: Int32 = 0
      if waitpid(pid, &status, WNOHANG) == pid {
        let text = (try? Files.text(of: log)) ?? ""
        throw CommandFailure(.worldFailed, "error: the cluster did not start:\n" + text.suffix(2000))
      }
      try await Task.sleep(for: .milliseconds(50))
    }
    kill(pid, SIGTERM)
    throw CommandFailure(.worldFailed, "error: the cluster does not serve after \(Self.servesWithin); see \(log)")
  }

  private func spawn(log: String) throws -> pid_t {
    let arguments = [ThisProgram.path] + CommandLine.arguments.dropFirst().filter { $0 != "--detach" }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, log, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    posix_spawn_file_actions_adddup2(&actions, 1, 2)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    posix_spawnattr_setflags(&attributes, Self.newSession)
    let strings = arguments.map { strdup($0) } + [nil]
    defer { strings.forEach { free($0) } }
    var pid: pid_t = 0
    let result = posix_spawn(&pid, ThisProgram.path, &actions, &attributes, strings, environ)
    guard result == 0 else {
      throw CommandFailure(
        .worldFailed, "error: the cluster's process cannot be started: \(String(cString: strerror(result)))")
    }
    return pid
  }
}
