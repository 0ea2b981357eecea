import Foundation

/// A program that runs beside the tests and does not outlive them, whatever happens: a guard in between kills it when
/// its standard input, held by the test process, closes.
final class ChildProgram: Sendable {
  private let keepAlive: FileHandle
  private let output: FileHandle

  private static let guardian = """
    import signal, subprocess, sys
    child = subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL)
    sys.stdin.buffer.read()
    child.kill()
    child.wait()
    """

  init(_ program: String, _ arguments: [String]) throws {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["python3", "-c", Self.guardian, program] + arguments
    let input = Pipe()
    let output = Pipe()
    process.standardInput = input
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    keepAlive = input.fileHandleForWriting
    self.output = output.fileHandleForReading
  }

  /// Waits for the first line that the program writes.
  func waitForLine() { _ = output.availableData }

  func stop() { try? keepAlive.close() }
  deinit { stop() }
}

/// HTTP servers that answer with their own name; `/slow` after half a second, `/fail` with 503. One whose name ends with
/// `busy` always answers with 503, with `broken` always with 500.
enum Backends {
  private static let program = """
    import http.server, sys, threading, time
    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        def do_GET(self):
            if self.path.startswith("/slow"): time.sleep(0.5)
            body = self.server.label.encode()
            label = self.server.label
            self.send_response(
                500 if label.endswith("broken")
                else 503 if label.endswith("busy") or self.path.startswith("/fail") else 200)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        def log_message(self, *args): pass
    class Server(http.server.ThreadingHTTPServer):
        daemon_threads = True
        request_queue_size = 128
    for argument in sys.argv[1:]:
        label, host, port = argument.split("=")[0], *argument.split("=")[1].split(":")
        server = Server((host, int(port)), Handler)
        server.label = label
        threading.Thread(target=server.serve_forever, daemon=True).start()
    print("ready", flush=True)
    threading.Event().wait()
    """

  /// - Parameter servers: name and address, `users-1` at `127.90.1.2:15006`.
  static func start(_ servers: [String: String]) throws -> ChildProgram {
    let child = try ChildProgram("python3", ["-c", program] + servers.map { "\($0.key)=\($0.value)" })
    child.waitForLine()
    return child
  }
}
