import SpawnShim

/// The call into C: arguments and environment as NULL-terminated arrays that live as long as the call.
enum Spawning {
  /// Blocks until the program runs or has failed to; call it on the spawning thread.
  static func start(
    _ command: Command, standardInput: Int32 = -1, standardOutput: Int32, standardError: Int32,
    hasTerminal: Bool = false, watchdog: Watchdog?, diesWithParent: Bool
  ) -> Result<Int32, SpawnError> {
    var environment = command.environment.map { "\($0.name)=\($0.value)" }
    if let watchdog { environment.append("\(Watchdog.markerName)=\(watchdog.marker)") }
    let arguments = [command.calledAs ?? command.executable] + command.arguments
    var pid: Int32 = 0
    var code: Int32 = 0
    // With the registry open, the child registers itself before it execs: there is no moment at which it could
    // have children of its own and not be known.
    let launch = { (registry: Int32) in
      withCStrings(arguments) { argv in
        withCStrings(environment) { envp in
          command.executable.withCString { path in
            withOptionalCString(command.workingDirectory) { directory in
              var request = sakigake_spawn_request(
                path: path, argv: argv, envp: envp, cwd: directory, stdin_fd: standardInput, stdout_fd: standardOutput,
                stderr_fd: standardError, register_fd: registry, has_terminal: hasTerminal ? 1 : 0,
                dies_with_parent: diesWithParent ? 1 : 0)
              return sakigake_spawn(&request, &pid, &code)
            }
          }
        }
      }
    }
    let step = watchdog?.withRegistry(launch) ?? launch(-1)
    switch Int(step) {
    case Int(SAKIGAKE_SPAWN_OK):
      watchdog?.remember(pid)
      return .success(pid)
    case Int(SAKIGAKE_SPAWN_EXEC): return failure(.execution)
    case Int(SAKIGAKE_SPAWN_DIRECTORY): return failure(.workingDirectory)
    default: return failure(.resources)
    }
    func failure(_ step: SpawnError.Step) -> Result<Int32, SpawnError> {
      if pid > 0 { watchdog?.forget(pid) }
      return .failure(SpawnError(step, command.executable, code: code))
    }
  }

  private static func withOptionalCString<R>(_ text: String?, _ body: (UnsafePointer<CChar>?) -> R) -> R {
    if let text { text.withCString(body) } else { body(nil) }
  }

  /// One buffer for all the strings, and an array of pointers into it.
  private static func withCStrings<R>(_ strings: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> R)
    -> R
  {
    var bytes: [CChar] = []
    var offsets: [Int] = []
    for string in strings {
      offsets.append(bytes.count)
      bytes.append(contentsOf: string.utf8.lazy.filter { $0 != 0 }.map { CChar(bitPattern: $0) })
      bytes.append(0)
    }
    return bytes.withUnsafeMutableBufferPointer { buffer in
      var pointers: [UnsafeMutablePointer<CChar>?] = offsets.map { offset in buffer.baseAddress.map { $0 + offset } }
      pointers.append(nil)
      return pointers.withUnsafeBufferPointer { array in
        guard let base = array.baseAddress else { preconditionFailure("an array with a NULL at its end is not empty") }
        return body(base)
      }
    }
  }
}
