import Foundation

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// `sakigake local up --api-only`, as a child of the test.
struct ServingProcess: Sendable {
  private let program: Program

  /// Returns once it serves.
  static func start(in directory: String) async throws -> ServingProcess {
    let process = try launch(directory)
    try await eventually("the server serves", within: .seconds(30), every: .milliseconds(5)) {
      if process.program.output.contains("serves https://") { return true }
      guard ProcessTable.isRunning(process.program.pid) else {
        throw Shell.Failed(description: "it ended: \(process.program.output)\(process.program.error)")
      }
      return false
    }
    return process
  }

  static func startAndKill(_ directory: String, afterMilliseconds milliseconds: Int) async throws {
    let process = try launch(directory)
    // The moment of the kill is what the test is about; nothing tells of the moments in a start.
    try await Task.sleep(for: .milliseconds(milliseconds))
    process.kill()
    _ = await process.ended
  }

  private static func launch(_ directory: String) throws -> ServingProcess {
    ServingProcess(
      program: try Program([
        try Sakigake.path(), "local", "up", "--api-only", "--data-dir", directory, "--listen", "127.0.0.1:0",
      ]))
  }

  var pid: Int32 { program.pid }
  func kill() { program.signal(SIGKILL) }
  var ended: Int32 { get async { await program.status } }
}
