import Kubernetes
import NIOCore
import NIOPosix
import NIOSSL

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Measures a Kubernetes API server, any one: pods written, read, patched, applied, listed and deleted by keep-alive
/// connections beside watchers that note how late each event comes.
///
/// Each connection sends its next request when its last one was answered. All of them live on one event loop, so that
/// the generator takes one core at most. The pods are in a namespace of their own, which is deleted at the end.
public struct APIBenchmark: Sendable {
  public struct Failure: Error, Sendable, CustomStringConvertible {
    public var description: String
  }

  public var target: BenchmarkTarget
  public var pods = 5_000
  public var connections = 16
  public var watchers = 4
  /// The server's process, whose memory is looked at; nil does not.
  public var serverProcess: Int32?

  static let lists = 5
  static let eventsWithin = Duration.seconds(30)

  public init(target: BenchmarkTarget) { self.target = target }

  /// - Throws: `Failure` where the server cannot be reached or does not let itself be prepared.
  public func run(progress: @escaping @Sendable (String) -> Void = { _ in }) async throws -> BenchmarkReport {
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let loop = group.next()
    do {
      let tls = try target.tls.map { try NIOSSLContext(configuration: $0) }
      var open: [NIOLoopBound<Connection>] = []
      for _ in 0..<connections + watchers { open.append(try await Connection.open(to: target, tls: tls, on: loop)) }
      let workers = Array(open.prefix(connections))
      let namespace = "bench-\(UInt32.random(in: 0...UInt32.max))"
      let pods = BenchmarkPods(namespace: namespace, headers: target.headers)
      try await prepare(pods, workers[0], loop)
      let watching = try await loop.submit { [watched = open.suffix(watchers)] in
        NIOLoopBound(Watchers(watched.map(\.value), pods), eventLoop: loop)
      }.get()
      var report = BenchmarkReport(pods: self.pods, connections: connections, watchers: watchers)
      try await measure(pods, workers, watching, loop, &report, progress)
      _ = try await answer(pods.request("DELETE", "/api/v1/namespaces/\(namespace)"), workers[0], loop)
      try await loop.submit { [open] in open.forEach { $0.value.close() } }.get()
      try await group.shutdownGracefully()
      return report
    } catch {
      try? await group.shutdownGracefully()
      throw error
    }
  }

  /// Whether the server answers `/readyz` with 200.
  /// - Throws: where it cannot be reached.
  public static func isReady(_ target: BenchmarkTarget) async throws -> Bool {
    let loop = MultiThreadedEventLoopGroup.singleton.next()
    let tls = try target.tls.map { try NIOSSLContext(configuration: $0) }
    let connection = try await Connection.open(to: target, tls: tls, on: loop)
    let request = BenchmarkPods(namespace: "", headers: target.headers).request("GET", "/readyz")
    let benchmark = APIBenchmark(target: target)
    let status = try await benchmark.answer(request, connection, loop).status
    try await loop.submit { connection.value.close() }.get()
    return status == 200
  }

  /// One request outside the measurement.
  private func answer(
    _ request: String, _ connection: NIOLoopBound<Connection>, _ loop: any EventLoop
  ) async throws -> (status: Int, bytes: Int) {
    let phase = Phase(name: "", count: 1) { _, _ in request }
    let result = try await run(phase, on: [connection], loop)
    return (result.lastStatus, result.bodyBytes)
  }

  private func prepare(
    _ pods: BenchmarkPods, _ connection: NIOLoopBound<Connection>, _ loop: any EventLoop
  ) async throws {
    let namespace = pods.request(
      "POST", "/api/v1/namespaces", "application/json",
      (["apiVersion": "v1", "kind": "Namespace", "metadata": ["name": .string(pods.namespace)]] as JSONValue).text)
    let made = try await answer(namespace, connection, loop).status
    guard made == 201 else { throw Failure(description: "the namespace \(pods.namespace) was answered with \(made)") }
    // Where no controller makes it, pods are not admitted without it.
    let account = pods.request(
      "POST", "/api/v1/namespaces/\(pods.namespace)/serviceaccounts", "application/json",
      (["apiVersion": "v1", "kind": "ServiceAccount", "metadata": ["name": "default"]] as JSONValue).text)
    let status = try await answer(account, connection, loop).status
    guard status == 201 || status == 409 else {
      throw Failure(description: "the service account of \(pods.namespace) was answered with \(status)")
    }
  }

  private func measure(
    _ pods: BenchmarkPods, _ workers: [NIOLoopBound<Connection>], _ watching: NIOLoopBound<Watchers>,
    _ loop: any EventLoop, _ report: inout BenchmarkReport, _ progress: @Sendable (String) -> Void
  ) async throws {
    let count = self.pods
    // What is applied once is applied again without a change.
    let phases = [
      Phase(name: "create", count: count, events: 1) { pods.create($0, stamp: $1) },
      Phase(name: "get", count: count) { index, _ in pods.get(index) },
      Phase(name: "merge-patch", count: count, events: 1) { pods.mergePatch($0, stamp: $1) },
      Phase(name: "strategic-patch", count: count, events: 1) { pods.strategicPatch($0, stamp: $1) },
      Phase(name: "apply", count: count, events: 1, keepsStamps: true) { pods.apply($0, stamp: $1) },
      Phase(name: "apply-again", count: count, repeatsStamps: true) { pods.apply($0, stamp: $1) },
    ]
    var stamps = [UInt64](repeating: 0, count: count)
    for var phase in phases {
      progress(phase.name)
      if phase.repeatsStamps { phase.stamps = stamps }
      let outcome = try await run(phase, on: workers, loop)
      if phase.keepsStamps { stamps = outcome.stamps }
      report.phases.append(outcome.result)
      report.missingEvents = try await awaitEvents(phase.events * count, watching, loop)
    }
    try await list(pods, workers[0], loop, &report)
    report.watchEvents = try await loop.submit { watching.value.count }.get()
    report.watchLatencies = try await loop.submit { watching.value.takeLatencies() }.get()
    report.residentBytes = residentBytes
    progress("delete")
    try await loop.submit { watching.value.isMeasuring = false }.get()
    let deletion = try await run(
      Phase(name: "delete", count: count, events: 1) { index, _ in pods.delete(index) }, on: workers, loop)
    report.phases.append(deletion.result)
    report.missingEvents = try await awaitEvents(count, watching, loop)
    report.residentBytesAtEnd = residentBytes
  }

  private func list(
    _ pods: BenchmarkPods, _ worker: NIOLoopBound<Connection>, _ loop: any EventLoop, _ report: inout BenchmarkReport
  ) async throws {
    var latencies: [Int64] = []
    for _ in 0..<Self.lists {
      let phase = Phase(name: "list", count: 1) { _, _ in pods.request("GET", pods.collection) }
      let outcome = try await run(phase, on: [worker], loop)
      guard outcome.lastStatus == 200 else {
        throw Failure(description: "the list was answered with \(outcome.lastStatus)")
      }
      report.listBytes = outcome.bodyBytes
      latencies += outcome.result.latencies
    }
    report.listSeconds = Percentile.of(latencies, 50) / 1e9
  }

  /// - Returns: how many did not come, of all phases so far.
  private func awaitEvents(_ each: Int, _ watching: NIOLoopBound<Watchers>, _ loop: any EventLoop) async throws -> Int {
    let deadline = ContinuousClock.now + Self.eventsWithin
    let wanted = try await loop.submit { watching.value.expect(each) }.get()
    while true {
      let missing = wanted - (try await loop.submit { watching.value.count }.get())
      if missing <= 0 || ContinuousClock.now > deadline { return max(0, missing) }
      try await Task.sleep(for: .milliseconds(5))
    }
  }

  /// `VmRSS` of proc(5).
  private var residentBytes: Int64? {
    guard let serverProcess, let text = try? String(contentsOfFile: "/proc/\(serverProcess)/status", encoding: .utf8),
      let line = text.split(separator: "\n").first(where: { $0.hasPrefix("VmRSS:") })
    else { return nil }
    return line.split(separator: " ").compactMap { Int64($0) }.first.map { $0 * 1024 }
  }
}
