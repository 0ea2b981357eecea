import Foundation

#if canImport(Glibc)
  @preconcurrency import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A program that runs beside the test, its output in files, so that nobody who inherits a pipe keeps the test waiting.
final class Program: Sendable {
  let pid: Int32
  let words: [String]
  private let folder: String
  private let ended: Task<Int32, Never>

  struct CannotStart: Error, CustomStringConvertible {
    var description: String
  }

  /// - Parameters:
  ///   - words: the program, looked up in the PATH, and its arguments.
  ///   - environment: laid over the test's own.
  ///   - input: what it reads from standard input.
  init(_ words: [String], environment: [String: String] = [:], input: String = "") throws {
    self.words = words
    folder = FileManager.default.temporaryDirectory.path + "/sakigake-program-\(UUID().uuidString)"
    try FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
    try Data(input.utf8).write(to: URL(filePath: folder + "/in"))
    let pid = try Self.spawn(words, environment, folder)
    self.pid = pid
    ended = Task {
      await withCheckedContinuation { continuation in
        Thread.detachNewThread { continuation.resume(returning: Self.wait(for: pid)) }
      }
    }
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  var output: String { text("out") }
  var error: String { text("err") }

  /// The exit code; 128 plus the signal's number where a signal ended it.
  var status: Int32 { get async { await ended.value } }

  func signal(_ number: Int32) { _ = kill(pid, number) }
  /// The program and those that it started in its group.
  func killGroup() { _ = kill(-pid, SIGKILL) }

  private func text(_ name: String) -> String {
    String(decoding: FileManager.default.contents(atPath: "\(folder)/\(name)") ?? Data(), as: UTF8.self)
  }

  private static func spawn(_ words: [String], _ environment: [String: String], _ folder: String) throws -> Int32 {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, folder + "/in", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, folder + "/out", O_WRONLY | O_CREAT | O_APPEND, 0o600)
    posix_spawn_file_actions_addopen(&actions, 2, folder + "/err", O_WRONLY | O_CREAT | O_APPEND, 0o600)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP))
    let all = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    let arguments = words.map { strdup($0) } + [nil]
    let variables = all.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { (arguments + variables).forEach { free($0) } }
    var pid: pid_t = 0
    let result = posix_spawnp(&pid, words[0], &actions, &attributes, arguments, variables)
    guard result == 0 else { throw CannotStart(description: "\(words[0]): \(String(cString: strerror(result)))") }
    return pid
  }

  private static func wait(for pid: Int32) -> Int32 {
    var status: Int32 = 0
    while waitpid(pid, &status, 0) < 0, errno == EINTR {}
    let signal = status & 0x7F
    return signal == 0 ? status >> 8 & 0xFF : 128 + signal
  }
}
