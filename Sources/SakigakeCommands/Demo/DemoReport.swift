import Histogram
import Traffic

/// The runs of the demo as one page that needs no network.
enum DemoReport {
  static func html(_ runs: [DemoRun], services: [String]) -> String {
    var page = "<h1>Ahead of the push</h1><p class=\"lead\">\(lead(runs))</p>"
    page += "<section class=\"cards\">" + runs.map(card).joined() + "</section>"
    page += "<section class=\"runs\">" + runs.map { column($0, runs, services) }.joined() + "</section>"
    page += "<h2>In figures</h2>" + table(runs)
    page += "<p class=\"note\">\(note(runs))</p>"
    return HTMLPage.html(title: "Sakigake: ahead of the push", page)
  }

  private static func lead(_ runs: [DemoRun]) -> String {
    let peak = Int(runs.flatMap(\.traffic.records).map(\.sent).max() ?? 0)
    let base = runs.first?.traffic.records.dropFirst(2).prefix(8).map(\.sent).max() ?? 0
    return """
      The same traffic twice: about \(base) requests a second, then a push notification and \(peak) a second. Once with \
      the horizontal pod autoscaler and a node autoscaler alone, once with Sakigake told of the push in advance.
      """
  }

  private static func card(_ run: DemoRun) -> String {
    let total = run.spikeTotal
    let share = DemoTable.percent(total.failed, of: total.sent)
    return """
      <div class="card \(total.failed == 0 ? "good" : "bad")"><h2>\(run.strategy.rawValue)</h2>\
      <p class="big">\(total.failed) <small>of \(total.sent) requests failed (\(share))</small></p>\
      <p>\(run.readyAtPush) of \(run.neededTotal) pods were ready at the push; \(capacity(run)).</p></div>
      """
  }

  private static func capacity(_ run: DemoRun) -> String {
    switch run.fullCapacitySeconds {
    case nil: "full capacity was never reached"
    case 0?: "full capacity was there before it"
    case let seconds?:
      "full capacity came \(DemoTable.rounded(seconds)) s after it (\(DemoTable.rounded(seconds * run.speed)) s at the speed of life)"
    }
  }

  private static func column(_ run: DemoRun, _ runs: [DemoRun], _ services: [String]) -> String {
    let end = runs.map { Double($0.traffic.records.count) }.max() ?? 1
    let marks = run.announcedAt.map { [LineChart.Mark(second: $0, label: "announced")] } ?? []
    func chart(_ title: String, _ unit: String, _ series: [LineChart.Series], _ maximum: Double) -> String {
      LineChart(
        title: title, unit: unit, series: series, seconds: 0...end, maximum: maximum, shaded: run.spike, marks: marks
      ).svg
    }
    // The last second is rarely a whole one.
    let records = run.traffic.records.dropLast()
    let sent = records.map { (second: Double($0.second), value: Double($0.sent)) }
    let failed = records.map { (second: Double($0.second), value: Double($0.failed)) }
    let p99 = records.filter { $0.succeeded > 0 }.map {
      (second: Double($0.second), value: Double($0.latencies.valueAtPercentile(99)) / 1000)
    }
    let peak = Double(runs.flatMap(\.traffic.records).map(\.sent).max() ?? 1) * 1.1
    let replicas = Double(runs.flatMap(\.samples).flatMap(\.ready.values).max() ?? 1) * 1.15
    let nodes = Double(runs.flatMap(\.samples).map { max($0.nodesAsked, $0.nodesReady) }.max() ?? 1) + 1
    let slowest =
      runs.flatMap(\.traffic.records).filter { $0.succeeded > 0 }
      .map { Double($0.latencies.valueAtPercentile(99)) / 1000 }.max() ?? 1
    var out = "<div class=\"run\"><h2>\(run.strategy.rawValue)</h2>"
    out += chart(
      "Load and failures", "requests per second",
      [
        .init(name: "sent", style: "c0", points: sent, isArea: true),
        .init(name: "failed", style: "cbad", points: failed, isArea: true),
      ], peak)
    out += chart(
      "Ready pods", "by service",
      services.enumerated().map { index, service in
        .init(
          name: "\(service) (needs \(run.needed[service] ?? 0))", style: "c\(index % 5 + 1)",
          points: run.samples.map { (second: $0.second, value: Double($0.ready[service] ?? 0)) }, isStep: true)
      }, replicas)
    out += chart(
      "Nodes", "count",
      [
        .init(
          name: "asked for", style: "c5", points: run.samples.map { (second: $0.second, value: Double($0.nodesAsked)) },
          isStep: true),
        .init(
          name: "ready", style: "c0", points: run.samples.map { (second: $0.second, value: Double($0.nodesReady)) },
          isStep: true),
      ], nodes)
    out += chart(
      "Latency of what succeeded", "p99, milliseconds", [.init(name: "p99", style: "c2", points: p99)], slowest * 1.1)
    return out + "</div>"
  }

  private static func table(_ runs: [DemoRun]) -> String {
    let lines = DemoTable.text(runs).split(separator: "\n").map(String.init)
    let cells = lines.map { line in
      line.split(separator: "   ", omittingEmptySubsequences: true).map { $0.drop { $0 == " " } }
    }
    var out = "<table>"
    for (index, row) in cells.enumerated() {
      let header = index == 0 ? [""] + row.map(String.init) : row.map(String.init)
      out +=
        "<tr>"
        + header.enumerated().map { $0.offset == 0 || index == 0 ? "<th>\($0.element)</th>" : "<td>\($0.element)</td>" }
        .joined() + "</tr>"
    }
    return out + "</table>"
  }

  private static func note(_ runs: [DemoRun]) -> String {
    let speed = DemoTable.rounded(runs.first?.speed ?? 1)
    return """
      Real processes, a real Envoy beside each and real HTTP on one machine; nodes are simulated, and every period of \
      the cluster (boot, start, sync, stabilization) runs \(speed) times faster than in life. The shaded span is the spike.
      """
  }
}
