import Kubernetes
import NIOHTTP1
import Synchronization
import Testing
import Traffic

/// Real requests to a real server: what is sent, and what is counted of the answers.
@Suite(.serialized, .timeLimit(.minutes(1))) struct LoadGeneratorTests {
  private func run(
    _ curve: String, port: Int, timeoutSeconds: Double = 5, connectionsMax: Int = 1024,
    onSecond: @escaping @Sendable (TrafficRecord) -> Void = { _ in }
  ) async throws -> TrafficReport {
    var limits = LoadGenerator.Limits()
    limits.timeoutSeconds = timeoutSeconds
    limits.connectionsMax = connectionsMax
    let target = try TrafficTarget(url: "http://127.0.0.1:\(port)/x")
    return try await LoadGenerator(target: target, limits: limits).run(
      try RateCurve(parsing: curve), onSecond: onSecond)
  }

  @Test func allIsAnswered() async throws {
    let server = try await ScriptedServer { _ in .status(.ok) }
    let seconds = Mutex<[Int]>([])
    let report = try await run("0:0,1:400,2:400", port: server.port) { record in
      seconds.withLock { $0.append(record.second) }
    }
    try await server.close()
    let total = report.total()
    #expect(total.sent == 600 && total.succeeded == 600 && total.failed == 0)
    #expect(server.requests == 600)
    #expect(server.connections < 300, "connections are used again")
    #expect(report.records.map(\.sent) == [200, 400])
    #expect(report.total(from: 1, to: 2).sent == 400)
    #expect(seconds.withLock { $0 } == [0, 1])
    #expect(total.json["p99_ms"]?.doubleValue.map { $0 > 0 && $0 < 5000 } == true)
  }

  @Test func secondsWithoutRequestsHaveTheirRecord() async throws {
    let server = try await ScriptedServer { _ in .status(.ok) }
    let report = try await run("0:0,1:0,1:20,2:20,2:0,3:0", port: server.port)
    try await server.close()
    #expect(report.records.map(\.second) == [0, 1, 2])
    #expect(report.records.map(\.sent) == [0, 20, 0])
    #expect(report.records.first?.json["p50_ms"] == .null)
  }

  @Test func failuresAreCountedByKind() async throws {
    let server = try await ScriptedServer { number in
      switch number % 4 {
      case 1: .status(.serviceUnavailable)
      case 2: .reset
      case 3: .last(.notFound)
      default: .last(.ok)
      }
    }
    let total = try await run("0:40,1:40", port: server.port).total()
    try await server.close()
    #expect(total.sent == 40 && total.succeeded == 10)
    #expect(total.failures == ["http_503": 10, "reset": 10, "http_404": 10])
    #expect(total.json["failures"] == ["http_404": 10, "http_503": 10, "reset": 10])
  }

  @Test func nobodyListens() async throws {
    let server = try await ScriptedServer { _ in .status(.ok) }
    try await server.close()
    let total = try await run("0:20,1:20", port: server.port).total()
    #expect(total.failures == ["connect": 20])
  }

  /// What a closed loop of workers would hide: a stalled server is sent to as before.
  @Test func aStalledServerDoesNotStopTheSending() async throws {
    let server = try await ScriptedServer { _ in .nothing }
    let total = try await run("0:200,1:200", port: server.port, timeoutSeconds: 0.5).total()
    try await server.close()
    #expect(total.sent == 200 && server.requests == 200)
    #expect(total.failures == ["timeout": 200])
  }

  @Test func whatCannotBeSentIsCountedAsSuch() async throws {
    let server = try await ScriptedServer { _ in .nothing }
    let total = try await run("0:100,1:100", port: server.port, timeoutSeconds: 3, connectionsMax: 30).total()
    try await server.close()
    #expect(total.sent == 100 && server.requests == 30)
    #expect(total.failures == ["limit": 70, "timeout": 30])
  }

  /// Latency counts from the moment a request was due, so that a late answer to one is not forgotten by the next.
  @Test func aSlowAnswerIsSlow() async throws {
    let server = try await ScriptedServer { $0 == 1 ? .nothing : .status(.ok) }
    let total = try await run("0:50,1:50", port: server.port, timeoutSeconds: 1.5).total()
    try await server.close()
    #expect(total.failures == ["timeout": 1] && total.succeeded == 49)
  }

  @Test func aCancelledRunEndsAtOnce() async throws {
    let server = try await ScriptedServer { _ in .status(.ok) }
    let port = server.port
    let (seconds, continuation) = AsyncStream.makeStream(of: Int.self)
    let task = Task { try await run("0:50,600:50", port: port) { continuation.yield($0.second) } }
    for await second in seconds where second == 0 { break }
    task.cancel()
    let report = try await task.value
    try await server.close()
    #expect((1...5).contains(report.records.count))
    #expect(report.records.first?.sent == 50)
  }

  @Test func aRunThatWasCancelledBeforeItBegan() async throws {
    let server = try await ScriptedServer { _ in .status(.ok) }
    let port = server.port
    let task = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      return try await run("0:50,600:50", port: port)
    }
    await #expect(throws: CancellationError.self) { try await task.value }
    try await server.close()
    #expect(server.requests == 0)
  }
}
