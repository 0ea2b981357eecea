import Foundation
import Kubernetes
import Testing

extension EndToEnd {
  /// The traffic generator against a server that everybody knows.
  @Suite(.serialized) struct TrafficCommandTests {}
}

extension EndToEnd.TrafficCommandTests {
  private static let server = """
    import http.server, socketserver
    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        def do_GET(self):
            body = (self.headers.get("Host") or "").encode()
            self.send_response(503 if self.path.startswith("/busy") else 200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        def log_message(self, *arguments): pass
    class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
        daemon_threads = True
        request_queue_size = 128
    server = Server(("127.0.0.1", 0), Handler)
    print(server.server_port, flush=True)
    server.serve_forever()
    """

  private func withServer(_ body: (Int) async throws -> Void) async throws {
    let server = try Program(["python3", "-c", Self.server])
    defer { server.killGroup() }
    let port = try await eventually("the server listens") {
      server.output.split(separator: "\n").first.flatMap { Int($0) }
    }
    try await body(port)
  }

  @Test func requestsAreSentAlongTheCurve() async throws {
    try await withServer { port in
      let outcome = try await Sakigake.run([
        "traffic", "--url", "http://127.0.0.1:\(port)/", "--rate", "0:50,1:50,2:100", "-o", "json",
      ])
      #expect(outcome.status == 0, "\(outcome)")
      let lines = try outcome.lines.map { try JSONValue(parsing: $0) }
      #expect(lines.dropLast().compactMap { $0["second"]?.integerValue } == [0, 1])
      let total = try #require(lines.last?["total"])
      #expect(total["sent"] == 125 && total["succeeded"] == 125 && total["failed"] == 0, "\(total.text)")
      #expect(total["p50_ms"]?.doubleValue ?? 0 > 0)
      let table = try await Sakigake.run(["traffic", "--url", "http://127.0.0.1:\(port)/", "--rate", "0:20,1:20"])
      #expect(
        table.status == 0 && table.output.hasPrefix("SECOND") && table.lines.last?.contains("total") == true, "\(table)"
      )
    }
  }

  @Test func failuresAreCountedByKind() async throws {
    try await withServer { port in
      let busy = try await Sakigake.run([
        "traffic", "--url", "http://127.0.0.1:\(port)/busy", "--rate", "0:20,1:20", "-o", "json",
      ])
      #expect(busy.status == 1 && busy.error.contains("20 of 20 requests failed"), "\(busy)")
      let total = try JSONValue(parsing: try #require(busy.lines.last))["total"]
      #expect(total?[path: ["failures", "http_503"]] == 20, "\(busy)")
    }
    let nobody = try await Sakigake.run([
      "traffic", "--url", "http://127.0.0.1:1/", "--rate", "0:20,1:20", "-o", "json",
    ])
    #expect(nobody.status == 1, "\(nobody)")
    let total = try JSONValue(parsing: try #require(nobody.lines.last))["total"]
    #expect(total?[path: ["failures", "connect"]] == 20, "\(nobody)")
  }

  @Test(arguments: [
    (["--url", "ftp://x", "--rate", "0:1,1:1"], "--url"),
    (["--url", "http://127.0.0.1:1/", "--rate", "fast"], "--rate"),
    (["--url", "http://127.0.0.1:1/", "--rate", "0:1"], "--rate"), (["--url", "http://127.0.0.1:1/"], "--rate"),
    (["--url", "http://127.0.0.1:1/", "--rate", "0:1,1:1", "--timeout", "0"], "--timeout"),
    (["--url", "http://127.0.0.1:1/", "--rate", "5:1,1:1"], "--rate"),
  ])
  func wrongOptionsAreRefused(_ options: [String], _ named: String) async throws {
    let outcome = try await Sakigake.run(["traffic"] + options, within: .seconds(10))
    #expect(outcome.status == 2 && outcome.error.contains(named) && outcome.output.isEmpty, "\(outcome)")
  }
}
