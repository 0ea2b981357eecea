import NIOCore

/// One kind of request, sent once for each pod.
struct Phase: Sendable {
  var name: String
  var count: Int
  /// How many events each request causes.
  var events = 0
  var keepsStamps = false
  var repeatsStamps = false
  /// Those to send again.
  var stamps: [UInt64] = []
  var request: @Sendable (_ index: Int, _ stamp: UInt64) -> String

  init(
    name: String, count: Int, events: Int = 0, keepsStamps: Bool = false, repeatsStamps: Bool = false,
    request: @escaping @Sendable (_ index: Int, _ stamp: UInt64) -> String
  ) {
    self.name = name
    self.count = count
    self.events = events
    self.keepsStamps = keepsStamps
    self.repeatsStamps = repeatsStamps
    self.request = request
  }
}

struct PhaseOutcome: Sendable {
  var result: PhaseResult
  var stamps: [UInt64]
  var lastStatus: Int
  var bodyBytes: Int
}

extension APIBenchmark {
  /// Sends a phase's requests, each connection one after the other.
  func run(
    _ phase: Phase, on connections: [NIOLoopBound<Connection>], _ loop: any EventLoop
  ) async throws -> PhaseOutcome {
    try await loop.flatSubmit {
      PhaseRun(phase, connections.map(\.value), loop).start()
    }.get()
  }
}

/// A phase under way, on its event loop.
private final class PhaseRun {
  private let phase: Phase
  private let connections: [Connection]
  private let promise: EventLoopPromise<PhaseOutcome>
  private var next = 0
  private var answered = 0
  private var failures = 0
  private var lastStatus = 0
  private var bodyBytes = 0
  private var latencies: [Int64] = []
  private var stamps: [UInt64]
  private var began = NIODeadline.now()

  init(_ phase: Phase, _ connections: [Connection], _ loop: any EventLoop) {
    self.phase = phase
    self.connections = connections
    promise = loop.makePromise()
    stamps = phase.stamps.isEmpty ? [UInt64](repeating: 0, count: phase.count) : phase.stamps
    latencies.reserveCapacity(phase.count)
  }

  func start() -> EventLoopFuture<PhaseOutcome> {
    began = .now()
    for connection in connections { send(on: connection) }
    return promise.futureResult
  }

  private func send(on connection: Connection) {
    guard next < phase.count else { return }
    let index = next
    next += 1
    let sent = NIODeadline.now()
    if !phase.repeatsStamps { stamps[index] = sent.uptimeNanoseconds }
    connection.onBody = { self.bodyBytes += $0.count }
    connection.onAnswer = { status in self.take(status, sent, connection) }
    connection.send(phase.request(index, stamps[index]))
  }

  private func take(_ status: Int?, _ sent: NIODeadline, _ connection: Connection) {
    guard let status else {
      return promise.fail(APIBenchmark.Failure(description: "a connection was lost during \"\(phase.name)\""))
    }
    latencies.append((.now() - sent).nanoseconds)
    lastStatus = status
    if !(200..<300).contains(status) { failures += 1 }
    answered += 1
    if answered < phase.count { return send(on: connection) }
    let seconds = Double((NIODeadline.now() - began).nanoseconds) / 1e9
    for connection in connections {
      connection.onBody = { _ in }
      connection.onAnswer = { _ in }
    }
    promise.succeed(
      PhaseOutcome(
        result: PhaseResult(
          name: phase.name, requests: phase.count, failures: failures, seconds: seconds, latencies: latencies),
        stamps: stamps, lastStatus: lastStatus, bodyBytes: bodyBytes))
  }
}

/// The watches of a run, on their event loop.
final class Watchers {
  private var recorders: [WatchRecorder]
  private var expected = 0

  init(_ connections: [Connection], _ pods: BenchmarkPods) {
    recorders = connections.map { _ in WatchRecorder() }
    for (index, connection) in connections.enumerated() {
      connection.onBody = { [unowned self] in recorders[index].read($0, now: NIODeadline.now().uptimeNanoseconds) }
      connection.send(pods.request("GET", pods.collection + "?watch=true&timeoutSeconds=3000"))
    }
  }

  var count: Int { recorders.reduce(0) { $0 + $1.events } }

  var isMeasuring = true {
    didSet { for index in recorders.indices { recorders[index].isMeasuring = isMeasuring } }
  }

  /// - Returns: how many all have seen once so many more have come to each.
  func expect(_ each: Int) -> Int {
    expected += each * recorders.count
    return expected
  }

  func takeLatencies() -> [Int64] { recorders.indices.flatMap { recorders[$0].takeLatencies() } }
}
