import Histogram
import Traffic

/// The runs of the demo as one page that needs no network.
enum DemoReport {
  static func html(_ runs: [DemoRun], services: [String]) -> String {
    var page = "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">"
    page +=
      "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><title>Sakigake: ahead of the push</title>"
    page += "<style>\(style)</style></head><body><main>"
    page += "<h1>Ahead of the push</h1><p class=\"lead\">\(lead(runs))</p>"
    page += "<section class=\"cards\">" + runs.map(card).joined() + "</section>"
    page += "<section class=\"runs\">" + runs.map { column($0, runs, services) }.joined() + "</section>"
    page += "<h2>In figures</h2>" + table(runs)
    page += "<p class=\"note\">\(note(runs))</p></main></body></html>\n"
    return page
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

  private static let style = """
    :root{--bg:#fff;--fg:#1c2330;--mute:#687285;--line:#e3e7ee;--card:#f6f8fb;--c0:#3b6fd4;--c1:#0f8a7e;--c2:#8a5cd0;\
    --c3:#c07a12;--c4:#2f8fb8;--c5:#7a8598;--bad:#d0383c;--good:#16834a;--spike:#f3c96b33}\
    @media(prefers-color-scheme:dark){:root{--bg:#12161d;--fg:#e6eaf1;--mute:#94a0b4;--line:#2a3240;--card:#1a202a;\
    --c0:#7aa5ff;--c1:#4cc9b8;--c2:#b695f5;--c3:#e5a84b;--c4:#6cc3e8;--c5:#97a3b8;--bad:#ff7a7d;--good:#5fd394;--spike:#f3c96b22}}\
    *{box-sizing:border-box}body{margin:0;background:var(--bg);color:var(--fg);font:15px/1.5 system-ui,sans-serif}\
    main{max-width:1240px;margin:0 auto;padding:32px 24px}h1{margin:0 0 4px;font-size:28px}h2{margin:0 0 8px;font-size:18px;text-transform:capitalize}\
    .lead{color:var(--mute);max-width:780px;margin:0 0 24px}.cards,.runs{display:grid;grid-template-columns:1fr 1fr;gap:20px;margin-bottom:28px}\
    @media(max-width:820px){.cards,.runs{grid-template-columns:1fr}}.card{background:var(--card);border-left:4px solid var(--good);border-radius:8px;padding:16px 20px}\
    .card.bad{border-color:var(--bad)}.card p{margin:0}.big{font-size:34px;font-weight:650;line-height:1.2}.big small{font-size:15px;font-weight:400;color:var(--mute)}\
    .bad .big{color:var(--bad)}.good .big{color:var(--good)}figure{margin:0 0 18px;border:1px solid var(--line);border-radius:8px;padding:10px 12px 8px}\
    figcaption{font-weight:600;font-size:14px}figcaption span{color:var(--mute);font-weight:400;margin-left:8px}svg{width:100%;height:auto;display:block}\
    .grid{stroke:var(--line)}.tick{fill:var(--mute);font-size:10.5px}.spike{fill:var(--spike)}.mark{stroke:var(--mute);stroke-dasharray:3 3}\
    .marktext{fill:var(--mute);font-size:10.5px}.line{fill:none;stroke-width:2}.area{opacity:.55;stroke:none}\
    .c0{--c:var(--c0)}.c1{--c:var(--c1)}.c2{--c:var(--c2)}.c3{--c:var(--c3)}.c4{--c:var(--c4)}.c5{--c:var(--c5)}.cbad{--c:var(--bad)}\
    .line{stroke:var(--c)}.area{fill:var(--c)}.cbad.area{opacity:.9}.legend{display:flex;flex-wrap:wrap;gap:4px 14px;font-size:12.5px;color:var(--mute)}\
    .legend i{display:inline-block;width:10px;height:10px;border-radius:3px;background:var(--c);margin-right:5px}\
    table{border-collapse:collapse;margin-bottom:20px}th,td{text-align:left;padding:6px 22px 6px 0;border-bottom:1px solid var(--line);font-weight:400}\
    tr:first-child th{font-weight:600}td{font-variant-numeric:tabular-nums}.note{color:var(--mute);font-size:13px;max-width:780px}
    """
}
