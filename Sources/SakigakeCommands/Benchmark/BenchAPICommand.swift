import APIBenchmark
import ArgumentParser
import ChildProcesses
import FoundationEssentials
import Kubernetes
import KubernetesClient

/// For those who work on the API server: not listed by `--help`.
struct BenchAPICommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench-api", abstract: "Measure a Kubernetes API server.",
    discussion: """
      Without --kubeconfig a server of our own is started in a directory of its own, and its start is measured too. \
      The pods go into a new namespace, which is deleted afterwards; no node may run them meanwhile.
      """, shouldDisplay: false)

  enum Format: String, ExpressibleByArgument, CaseIterable { case table, json }

  @Option(help: "The kubeconfig of the server to measure.") var kubeconfig: String?
  @Option(help: "Its context.") var context: String?
  @Option(help: "https://HOST:PORT, where it is not the kubeconfig's.") var url: String?
  @Option(help: "The server's process, whose memory is measured.") var pid: Int32?
  @Option(help: "How many pods.") var pods = 5_000
  @Option(help: "How many connections send requests.") var connections = 16
  @Option(help: "How many watches look on.") var watchers = 4
  @Option(name: [.short, .customLong("output")], help: "table or json.") var output = Format.table

  func validate() throws {
    guard (1...200_000).contains(pods) else { throw ValidationError("--pods must be 1 to 200000") }
    guard (1...1_000).contains(connections) else { throw ValidationError("--connections must be 1 to 1000") }
    guard (0...1_000).contains(watchers) else { throw ValidationError("--watchers must be 0 to 1000") }
  }

  func run() async throws {
    var report: BenchmarkReport
    if kubeconfig != nil || url != nil {
      report = try await measure(kubeconfig: kubeconfig, pid: pid)
    } else {
      let server = try await BenchmarkServer.start()
      do { report = try await measure(kubeconfig: server.kubeconfig, pid: server.process.pid) } catch {
        await server.stop()
        throw error
      }
      report.startSeconds = server.startSeconds
      await server.stop()
    }
    Console.output(output == .json ? report.json.text : Self.text(report))
    if report.failedRequests > 0 {
      throw CommandFailure(.foundProblems, "\(report.failedRequests) requests failed")
    }
    if report.missingEvents > 0 {
      throw CommandFailure(
        .foundProblems, "\(report.missingEvents) events did not come: the server was too slow, or ended watches")
    }
  }

  private func measure(kubeconfig: String?, pid: Int32?) async throws -> BenchmarkReport {
    var config = try Kubeconfig.load(path: kubeconfig, context: context)
    if let url { config.server = url }
    var benchmark = APIBenchmark(target: try config.benchmarkTarget())
    benchmark.pods = pods
    benchmark.connections = connections
    benchmark.watchers = watchers
    benchmark.serverProcess = pid
    do {
      return try await benchmark.run { Console.progress("  \($0)") }
    } catch let failure as APIBenchmark.Failure {
      throw CommandFailure(.worldFailed, "error: \(failure)")
    }
  }

  private static func text(_ report: BenchmarkReport) -> String {
    func number(_ value: Double, _ digits: Int) -> String {
      let scale = digits == 0 ? 1.0 : digits == 1 ? 10.0 : 1_000.0
      let rounded = (value * scale).rounded() / scale
      return digits == 0 ? String(Int(rounded)) : String(rounded)
    }
    func megabytes(_ bytes: Int64?) -> String { bytes.map { number(Double($0) / 1e6, 1) + " MB" } ?? "-" }
    var table = TextTable(header: ["PHASE", "PER SECOND", "P50 MS", "P99 MS", "FAILED"])
    for phase in report.phases {
      table.rows.append([
        phase.name, number(phase.perSecond, 0), number(phase.milliseconds(atPercentile: 50), 3),
        number(phase.milliseconds(atPercentile: 99), 3), String(phase.failures),
      ])
    }
    return table.text + """


      \(report.pods) pods, \(report.connections) connections, \(report.watchers) watchers
      start to ready       \(report.startSeconds.map { number($0, 3) + " s" } ?? "-")
      list of all pods     \(number(report.listSeconds, 3)) s, \(number(Double(report.listBytes) / 1e6, 1)) MB
      watch delivery       p50 \(number(report.watchMilliseconds(atPercentile: 50), 1)) ms, \
      p99 \(number(report.watchMilliseconds(atPercentile: 99), 1)) ms of \(report.watchEvents) events
      resident with pods   \(megabytes(report.residentBytes))
      resident at the end  \(megabytes(report.residentBytesAtEnd))
      """
  }
}

/// An API server of our own, alone in a process and a directory of its own.
private struct BenchmarkServer {
  var process: ChildProcess
  var directory: String
  var startSeconds: Double

  var kubeconfig: String { directory + "/kubeconfig" }

  static let readyWithin = Duration.seconds(30)

  static func start() async throws -> BenchmarkServer {
    let directory = FileManager.default.temporaryDirectory.path + "/sakigake-bench-\(UInt32.random(in: 0...UInt32.max))"
    let began = ContinuousClock.now
    let process = try await ChildProcess.spawn(
      Command(
        ThisProgram.path, ["local", "up", "--api-only", "--data-dir", directory],
        environment: ProcessInfo.processInfo.environment.map { ($0.key, $0.value) }))
    while ContinuousClock.now - began < readyWithin, process.exitStatus == nil {
      if Files.exists(directory + "/kubeconfig"),
        let config = try? Kubeconfig.load(path: directory + "/kubeconfig", context: nil),
        let target = try? config.benchmarkTarget(), (try? await APIBenchmark.isReady(target)) == true
      {
        let seconds = (ContinuousClock.now - began) / .seconds(1)
        return BenchmarkServer(process: process, directory: directory, startSeconds: seconds)
      }
      try await Task.sleep(for: .milliseconds(2))
    }
    await process.stop(graceSeconds: 0)
    throw CommandFailure(.worldFailed, "error: the server did not start in \(directory)")
  }

  func stop() async {
    await process.stop(graceSeconds: 10)
    try? FileManager.default.removeItem(atPath: directory)
  }
}

extension Kubeconfig {
  fileprivate func benchmarkTarget() throws -> BenchmarkTarget {
    guard let address = URL(string: server), let host = address.host else {
      throw CommandFailure(.wrongInput, "error: the server \"\(server)\" is not an address")
    }
    let isSecure = address.scheme == "https"
    let isNumeric = host.allSatisfy { $0.isHexDigit || $0 == "." || $0 == ":" }
    return BenchmarkTarget(
      host: host, port: address.port ?? (isSecure ? 443 : 80), tls: isSecure ? try tlsConfiguration() : nil,
      serverName: serverName ?? (isNumeric ? nil : host), token: user.token)
  }
}
