import ArgumentParser
import Autoscaling
import Kubernetes

/// For those who work on the autoscalers: not listed by `--help`.
struct BenchEstimatorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench-estimator", abstract: "Measure bin packing, placing pods, and node autoscaling.",
    discussion: """
      The estimator's case is cluster-autoscaler's own benchmark: 50,000 pods of 50m and 1,000 of 95m on nodes of one \
      core, which its estimator takes about 4 s for; and the same with other numbers of pods. Then a cluster of 5,000 \
      nodes is filled with 100,000 pods of 1,000 services, and a day of the node autoscaler's passes is made over it.
      """, shouldDisplay: false)

  enum Format: String, ExpressibleByArgument, CaseIterable { case table, json }

  @Option(name: [.short, .customLong("output")], help: "table or json.") var output = Format.table
  @Option(help: "How often each case is measured; the median counts.") var rounds = 5
  @Flag(help: "Measure the estimator alone.") var estimatorOnly = false

  func validate() throws {
    guard (1...1_000).contains(rounds) else { throw ValidationError("--rounds must be 1 to 1000") }
  }

  func run() throws {
    var lines: [BenchmarkLine] = []
    for pods in [1_000, 10_000, 51_000, 100_000] {
      lines.append(median { EstimatorBenchmark.measure(pods: pods) })
    }
    for pods in [1_000, 10_000, 51_000] {
      lines.append(median { EstimatorBenchmark.measure(pods: pods, isSpread: true) })
    }
    if !estimatorOnly { lines += FleetBenchmark.measure() }
    switch output {
    case .json: Console.output(JSONValue.array(lines.map(\.json)).text)
    case .table:
      var table = TextTable(header: ["WHAT", "COUNT", "NODES", "MS", "PER SECOND"])
      for line in lines { table.rows.append(line.columns) }
      Console.output(table.text)
    }
  }

  private func median(_ measure: () -> BenchmarkLine) -> BenchmarkLine {
    let lines = (0..<rounds).map { _ in measure() }.sorted { $0.seconds < $1.seconds }
    return lines[lines.count / 2]
  }
}

/// One figure: so many things were done in so many seconds.
struct BenchmarkLine {
  var name: String
  var count: Int
  var nodes: Int
  var seconds: Double

  var perSecond: Double { seconds > 0 ? Double(count) / seconds : 0 }

  var columns: [String] {
    let milliseconds = (seconds * 100_000).rounded() / 100
    return [name, String(count), String(nodes), String(milliseconds), String(Int(perSecond))]
  }

  var json: JSONValue {
    [
      "name": .string(name), "count": count.json, "nodes": nodes.json, "seconds": seconds.json,
      "perSecond": perSecond.json,
    ]
  }

  /// Measures what `body` takes.
  static func time(_ name: String, _ body: () -> (count: Int, nodes: Int)) -> BenchmarkLine {
    let clock = ContinuousClock()
    var result = (count: 0, nodes: 0)
    let elapsed = clock.measure { result = body() }
    let seconds = Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) / 1e18
    return BenchmarkLine(name: name, count: result.count, nodes: result.nodes, seconds: seconds)
  }
}
