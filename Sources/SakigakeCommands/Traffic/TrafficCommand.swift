import ArgumentParser
import Kubernetes
import Traffic

struct TrafficCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "traffic", abstract: "Send requests along a rate curve and tell what became of them.",
    discussion: """
      The generator is open: a request is sent when it is due, however slow the answers are, and latency counts from \
      that moment. With -o json a record a second is printed as a line, and the sum as the last one.
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable { case table, json }

  @Option(help: "Where to: http://HOST:PORT/PATH.") var url: String
  @Option(help: "The curve: SECONDS:REQUESTS_PER_SECOND, with straight lines between, e.g. 0:20,10:20,12:400,60:400.")
  var rate: String
  @Option(help: "The Host header, where it is not the address.") var host: String?
  @Option(help: "Seconds until a request without an answer has failed.") var timeout = 10.0
  @Option(help: "Connections that may be open.") var connections = 4096
  @Option(name: [.short, .customLong("output")], help: "table or json.") var output = Format.table

  func validate() throws {
    guard (0.001...600).contains(timeout) else { throw ValidationError("--timeout must be 0.001 to 600 seconds") }
    guard (1...60_000).contains(connections) else { throw ValidationError("--connections must be 1 to 60000") }
    _ = try target()
    _ = try curve()
  }

  private func target() throws -> TrafficTarget {
    do { return try TrafficTarget(url: url, hostHeader: host) } catch { throw ValidationError("--url: \(error)") }
  }

  private func curve() throws -> RateCurve {
    do { return try RateCurve(parsing: rate) } catch { throw ValidationError("--rate: \(error)") }
  }

  func run() async throws {
    var limits = LoadGenerator.Limits()
    limits.timeoutSeconds = timeout
    limits.connectionsMax = connections
    let format = output
    if format == .table { Console.output("SECOND    SENT      OK  FAILED   p50 ms   p99 ms  FAILURES") }
    let report = try await LoadGenerator(target: try target(), limits: limits).run(try curve()) { record in
      Console.output(format == .json ? record.json.text : Self.line(record, label: String(record.second)))
    }
    let total = report.total()
    if format == .json {
      var json = total.json
      json["second"] = nil
      Console.output((["total": json] as JSONValue).text)
    } else {
      Console.output(Self.line(total, label: "total"))
    }
    if total.failed > 0 { throw CommandFailure(.foundProblems, "\(total.failed) of \(total.sent) requests failed") }
  }

  private static func line(_ record: TrafficRecord, label: String) -> String {
    func right(_ text: String, _ width: Int) -> String {
      String(repeating: " ", count: max(1, width - text.count)) + text
    }
    func number(_ value: JSONValue?) -> String { value?.doubleValue.map { String(($0 * 10).rounded() / 10) } ?? "-" }
    let json = record.json
    let kinds = record.failures.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
    return right(label, 6) + right(String(record.sent), 8) + right(String(record.succeeded), 8)
      + right(String(record.failed), 8)
      + right(number(json["p50_ms"]), 9) + right(number(json["p99_ms"]), 9) + "  " + kinds
  }
}
