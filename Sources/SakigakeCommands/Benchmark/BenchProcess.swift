#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What a program took, from its start to its end.
struct BenchProcess {
  var seconds: Double
  var peakMebibytes: Double

  var secondsText: String { String((seconds * 10_000).rounded() / 10_000) }
  var memoryText: String { String(Int(peakMebibytes.rounded())) }

  /// Runs a program several times.
  /// - Returns: the fastest run.
  static func best(of runs: Int, _ arguments: [String], output: String) throws -> BenchProcess {
    var best: BenchProcess?
    for _ in 0..<max(1, runs) {
      let run = try run(arguments, output: output)
      if run.seconds < best?.seconds ?? .infinity { best = run }
    }
    return best ?? BenchProcess(seconds: 0, peakMebibytes: 0)
  }

  private static func run(_ arguments: [String], output: String) throws -> BenchProcess {
    let target = open(output, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard target >= 0 else { throw CommandFailure(.worldFailed, "error: \(output) cannot be written") }
    defer { close(target) }
    #if canImport(Glibc)
      var actions = posix_spawn_file_actions_t()
    #else
      var actions: posix_spawn_file_actions_t?
    #endif
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, target, STDOUT_FILENO)
    var pointers: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
    defer { pointers.forEach { free($0) } }
    let clock = ContinuousClock()
    let start = clock.now
    var process = pid_t()
    let code = posix_spawnp(&process, arguments[0], &actions, nil, &pointers, environ)
    guard code == 0 else {
      throw CommandFailure(.worldFailed, "error: \(arguments[0]) does not start: \(String(cString: strerror(code)))")
    }
    var status: Int32 = 0
    var usage = rusage()
    while wait4(process, &status, 0, &usage) < 0, errno == EINTR {}
    let took = clock.now - start
    guard status == 0 else {
      throw CommandFailure(.worldFailed, "error: \(arguments.joined(separator: " ")) failed (\(status))")
    }
    #if canImport(Glibc)
      let mebibytes = Double(usage.ru_maxrss) / 1024
    #else
      let mebibytes = Double(usage.ru_maxrss) / 1_048_576
    #endif
    return BenchProcess(
      seconds: Double(took.components.seconds) + Double(took.components.attoseconds) / 1e18, peakMebibytes: mebibytes)
  }
}
