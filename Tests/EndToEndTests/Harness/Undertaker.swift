import Foundation

/// A process that waits for the end of the tests' process, or for `bury`, then ends the cluster of a directory, should
/// it still run, and removes the directory.
final class Undertaker: Sendable {
  private let process: Process
  private let life: FileHandle

  private static let script = """
    cat >/dev/null
    pid=$(sed -n 's/.*"pid":\\([0-9]*\\).*/\\1/p' "$1/local.json" 2>/dev/null)
    if [ -n "$pid" ] && tr '\\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null | grep -qF -- "$1"; then kill -9 "$pid"; fi
    [ -n "$SAKIGAKE_E2E_KEEP" ] || rm -rf -- "$1"
    """

  init(_ directory: String) throws {
    let pipe = Pipe()
    process = Process()
    process.executableURL = URL(filePath: "/bin/sh")
    process.arguments = ["-c", Self.script, "undertaker", directory]
    process.standardInput = pipe
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    life = pipe.fileHandleForWriting
    _ = fcntl(life.fileDescriptor, F_SETFD, FD_CLOEXEC)
  }

  func bury() async {
    try? life.close()
    let process = process
    await withCheckedContinuation { continuation in
      Thread.detachNewThread {
        process.waitUntilExit()
        continuation.resume()
      }
    }
  }
}
