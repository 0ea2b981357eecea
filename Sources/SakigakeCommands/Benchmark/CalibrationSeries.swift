import Kubernetes
import Rehearsal
import Traffic

/// A run of the demo beside its rehearsal, second by second of real time: where the two part.
struct CalibrationSeries {
  var run: DemoRun
  var outcome: Outcome

  static let header = "strategy,second,what,lived,rehearsed"

  /// Comma-separated lines: of each service the ready pods and those wanted, of all nodes, and requests that failed.
  var lines: [String] {
    let step = outcome.series.stepSeconds
    func rehearsed(_ values: [Double], _ second: Int) -> Double? {
      let index = Int(Double(second) * run.speed / step)
      return values.indices.contains(index) ? values[index] : nil
    }
    let failed = Dictionary(run.traffic.records.map { ($0.second, Double($0.failed)) }, uniquingKeysWith: +)
    let nodes = zip(outcome.series.onDemandNodes, outcome.series.spotNodes).map { Double($0 + $1) }
    var lines: [String] = []
    for second in 0..<(run.traffic.records.map(\.second).max().map { $0 + 1 } ?? 0) {
      func add(_ what: String, _ lived: Double?, _ told: Double?) {
        let cells = [lived, told].map { $0.map { "\(($0 * 10).rounded() / 10)" } ?? "" }
        lines.append("\(run.strategy.rawValue),\(second),\(what),\(cells[0]),\(cells[1])")
      }
      let sample = run.samples.last { $0.second <= Double(second) }
      for service in outcome.series.services {
        let name = service.service.name
        add("\(name) ready", sample?.ready[name].map(Double.init), rehearsed(service.ready.map(Double.init), second))
        add(
          "\(name) wanted", sample?.desired[name].map(Double.init), rehearsed(service.wanted.map(Double.init), second))
      }
      add("nodes", sample.map { Double($0.nodesAsked) }, rehearsed(nodes, second))
      // A rehearsed rate is in requests per second of the cluster.
      add("failed", failed[second] ?? 0, rehearsed(outcome.series.failed, second).map { $0 * run.speed })
    }
    return lines
  }
}
