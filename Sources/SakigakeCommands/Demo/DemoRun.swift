import Histogram
import Kubernetes
import Traffic

/// What happened in one run of the demo.
struct DemoRun: Sendable {
  enum Strategy: String, Sendable, CaseIterable {
    /// HPA and node autoscaler alone.
    case reactive
    /// Sakigake there before the push.
    case prescaled
  }

  /// The fleet at one moment.
  struct Sample: Sendable {
    /// From the first request, in seconds.
    var second: Double
    var ready: [String: Int]
    var desired: [String: Int]
    var nodesReady: Int
    var nodesAsked: Int
  }

  var strategy: Strategy
  var traffic: TrafficReport
  var samples: [Sample]
  /// When the push was announced, in seconds from the first request; nil where nobody was told.
  var announcedAt: Double?
  /// When the spike begins and ends.
  var spike: ClosedRange<Double>
  /// Pods that the spike's full load needs, by service.
  var needed: [String: Int]
  var nodeSeconds: Double
  /// What the nodes cost over the run, in the prices' currency.
  var cost: Double
  /// Real seconds pass this many times faster in the cluster.
  var speed: Double

  var spikeTotal: TrafficRecord { traffic.total(from: spike.lowerBound, to: spike.upperBound) }
  var neededTotal: Int { needed.values.reduce(0, +) }

  private func covered(_ sample: Sample) -> Int {
    needed.reduce(0) { $0 + min($1.value, sample.ready[$1.key] ?? 0) }
  }

  /// Of the pods that are needed, how many were ready when the push went out.
  var readyAtPush: Int {
    samples.last { $0.second <= spike.lowerBound }.map(covered) ?? 0
  }

  /// From the push to the moment when every needed pod was ready: 0 where they were before; nil where they never were.
  var fullCapacitySeconds: Double? {
    guard
      let index = samples.indices.first(where: { index in
        covered(samples[index]) >= neededTotal
      })
    else { return nil }
    return max(0, samples[index].second - spike.lowerBound)
  }

  var json: JSONValue {
    let total = spikeTotal
    return [
      "strategy": .string(strategy.rawValue),
      "spike": [
        "sent": .integer(Int64(total.sent)), "failed": .integer(Int64(total.failed)),
        "failures": .object(
          JSONObject(total.failures.sorted { $0.key < $1.key }.map { ($0.key, .integer(Int64($0.value))) })),
      ],
      "latency_ms": ["p50": latency(50), "p99": latency(99)],
      "readyAtPush": .integer(Int64(readyAtPush)), "needed": .integer(Int64(neededTotal)),
      "fullCapacitySeconds": fullCapacitySeconds.map { .double(($0 * 100).rounded() / 100) } ?? .null,
      "nodeSeconds": .double((nodeSeconds * 10).rounded() / 10), "cost": .double((cost * 1e6).rounded() / 1e6),
    ]
  }

  private func latency(_ percentile: Double) -> JSONValue {
    let total = spikeTotal
    guard total.succeeded > 0 else { return .null }
    return .double(Double(total.latencies.valueAtPercentile(percentile)) / 1000)
  }
}

/// The runs side by side, for a terminal.
enum DemoTable {
  static func text(_ runs: [DemoRun]) -> String {
    var table = TextTable(header: [""] + runs.map(\.strategy.rawValue))
    func row(_ label: String, _ value: (DemoRun) -> String) { table.rows.append([label] + runs.map(value)) }
    row("requests in the spike") { String($0.spikeTotal.sent) }
    row("failed") { run in
      let total = run.spikeTotal
      return "\(total.failed) (\(percent(total.failed, of: total.sent)))"
    }
    row("latency p50") { milliseconds($0, 50) }
    row("latency p99") { milliseconds($0, 99) }
    row("pods ready at the push") { "\($0.readyAtPush) of \($0.neededTotal)" }
    row("full capacity after") { run in
      guard let seconds = run.fullCapacitySeconds else { return "never" }
      return seconds == 0
        ? "0 s (before the push)" : "\(rounded(seconds)) s (\(rounded(seconds * run.speed)) s at speed 1)"
    }
    row("node-seconds, at speed 1") { rounded($0.nodeSeconds) }
    row("cost of nodes") { "$\(fourPlaces($0.cost))" }
    return table.text
  }

  static func rounded(_ value: Double) -> String {
    let tenths = (value * 10).rounded() / 10
    return tenths == tenths.rounded() ? String(Int(tenths)) : String(tenths)
  }

  private static func fourPlaces(_ value: Double) -> String {
    let units = Int((value * 10_000).rounded())
    let fraction = String(units % 10_000)
    return "\(units / 10_000)." + String(repeating: "0", count: 4 - fraction.count) + fraction
  }

  static func percent(_ part: Int, of whole: Int) -> String {
    whole == 0 ? "0 %" : "\(rounded(Double(part) * 100 / Double(whole))) %"
  }

  static func milliseconds(_ run: DemoRun, _ percentile: Double) -> String {
    let total = run.spikeTotal
    return total.succeeded == 0 ? "-" : "\(rounded(Double(total.latencies.valueAtPercentile(percentile)) / 1000)) ms"
  }
}
