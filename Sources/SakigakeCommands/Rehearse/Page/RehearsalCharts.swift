import Autoscaling
import Kubernetes
import Rehearsal

/// The charts of a rehearsal's page: load and capacity, failures, and nodes by kind, over all of it and around pushes.
struct RehearsalCharts {
  let answer: RehearsalAnswer
  private let start: Timestamp
  private let clockAtZero: Double

  /// Services whose capacity is drawn, those with the greatest load first.
  private static let servicesMax = 6
  private static let pushesMax = 6
  /// What fits on a line that is not wider.
  private static let pointsMax = 360

  init(_ answer: RehearsalAnswer) {
    self.answer = answer
    start = answer.scenario.start
    let local = start.seconds + answer.zoneOffsetSeconds
    clockAtZero = local - (local / 86_400).rounded(.down) * 86_400
  }

  /// Two strategies beside each other, from ten minutes before each push to after its crowd.
  var pushes: String {
    let greatest = answer.scenario.pushes.sorted { ($1.audience, $0.name) < ($0.audience, $1.name) }
    return greatest.prefix(Self.pushesMax).enumerated().map { index, push in
      let sent = push.sendAt - start
      let end = min(
        sent + max(push.answered(answer.scenario.prescaling).shape.durationSeconds * 1.5, 600),
        answer.scenario.durationSeconds)
      let span = max(sent - 600, 0)...max(end, sent)
      return "<details\(index == 0 ? " open" : "")><summary>\(HTMLPage.escaped(push.name)), "
        + "\(answer.clock(push.sendAt))</summary><section class=\"runs\">"
        + answer.compared.map { "<div class=\"run\"><h2>\($0.strategy)</h2>\(charts($0, span))</div>" }.joined()
        + "</section></details>"
    }.joined()
  }

  /// Each strategy over the whole rehearsal.
  var wholeTime: String {
    answer.outcomes.enumerated().map { index, outcome in
      "<details\(index == 0 ? " open" : "")><summary>\(outcome.strategy)</summary><div class=\"small\">"
        + charts(outcome, 0...max(answer.scenario.durationSeconds, 1)) + "</div></details>"
    }.joined()
  }

  private func charts(_ outcome: Outcome, _ span: ClosedRange<Double>) -> String {
    let series = outcome.series
    var out = chart(
      "Load and failures at the edge", "requests per second", span,
      [
        .init(name: "load", style: "c0", points: greatest(series.offered, series, span), isArea: true),
        .init(name: "failed", style: "cbad", points: greatest(series.failed, series, span), isArea: true),
      ], top: top(\.offered, span))
    out += chart(
      "Nodes", "paid for, by kind", span,
      [
        .init(
          name: "on demand", style: "c0", points: greatest(series.onDemandNodes.map(Double.init), series, span),
          isStep: true),
        .init(
          name: "spot", style: "c3", points: greatest(series.spotNodes.map(Double.init), series, span), isStep: true,
          isDashed: true),
      ], top: max(top({ $0.onDemandNodes.map(Double.init) }, span), top({ $0.spotNodes.map(Double.init) }, span)))
    for service in shownServices {
      guard let own = series.services.first(where: { $0.service == service }) else { continue }
      let name = service.name
      func of(_ values: @escaping (ServiceSeries) -> [Double]) -> Double {
        top({ $0.services.first { $0.service == service }.map(values) ?? [] }, span)
      }
      out += chart(
        name, "requests per second", span,
        [
          .init(name: "load", style: "c0", points: greatest(own.offered, series, span), isArea: true),
          .init(name: "failed", style: "cbad", points: greatest(own.failed, series, span), isArea: true),
          .init(
            name: "capacity of ready pods", style: "c1", points: least(own.capacity, series, span), isStep: true),
        ], top: max(of(\.offered), of(\.capacity)))
    }
    return out
  }

  private var shownServices: [NamespacedName] {
    guard let first = answer.outcomes.first else { return [] }
    return first.series.services.sorted {
      let (left, right) = ($0.offered.max() ?? 0, $1.offered.max() ?? 0)
      return left == right ? $0.service < $1.service : left > right
    }.prefix(Self.servicesMax).map(\.service)
  }

  private func chart(
    _ title: String, _ unit: String, _ span: ClosedRange<Double>, _ lines: [LineChart.Series], top: Double
  ) -> String {
    let summary = lines.map { line in
      let values = line.points.map(\.value)
      return "\(line.name) from \(Figure.plain(values.min() ?? 0)) to \(Figure.plain(values.max() ?? 0))"
    }.joined(separator: ", ")
    return LineChart(
      title: title, unit: unit, series: lines, seconds: span, maximum: top * 1.1, marks: marks(span),
      clockAtZero: clockAtZero, summary: summary
    ).svg
  }

  private func marks(_ span: ClosedRange<Double>) -> [LineChart.Mark] {
    let marks =
      answer.scenario.pushes.map { LineChart.Mark(second: $0.sendAt - start, label: $0.name) }
      + answer.scenario.troubles.map { LineChart.Mark(second: $0.at - start, label: $0.words) }
    return marks.filter { span.contains($0.second) }.sorted { $0.second < $1.second }
  }

  /// The same scale for all strategies, so that charts beside each other compare.
  private func top(_ values: (OutcomeSeries) -> [Double], _ span: ClosedRange<Double>) -> Double {
    answer.outcomes.filter { $0.strategy != .static }.map { outcome in
      greatest(values(outcome.series), outcome.series, span).map(\.value).max() ?? 0
    }.max() ?? 1
  }

  private func greatest(
    _ values: [Double], _ series: OutcomeSeries, _ span: ClosedRange<Double>
  ) -> [(second: Double, value: Double)] {
    points(values, series.stepSeconds, span) { $0.max() ?? 0 }
  }

  private func least(
    _ values: [Double], _ series: OutcomeSeries, _ span: ClosedRange<Double>
  ) -> [(second: Double, value: Double)] {
    points(values, series.stepSeconds, span) { $0.min() ?? 0 }
  }

  /// Those of a span, several of them as one where there are more than can be seen.
  private func points(
    _ values: [Double], _ step: Double, _ span: ClosedRange<Double>, _ one: (ArraySlice<Double>) -> Double
  ) -> [(second: Double, value: Double)] {
    let first = min(max(Int(span.lowerBound / step), 0), values.count)
    let last = min(max(Int((span.upperBound / step).rounded(.up)), first), values.count)
    let stride = max((last - first + Self.pointsMax - 1) / Self.pointsMax, 1)
    return Swift.stride(from: first, to: last, by: stride).map { index in
      (second: Double(index) * step, value: one(values[index..<min(index + stride, last)]))
    }
  }
}

extension RehearsalAnswer {
  /// The two that one compares first: reactive and prescaled, else the first that were rehearsed.
  var compared: [Outcome] {
    let usual = outcomes.filter { $0.strategy == .reactive || $0.strategy == .prescaled }
    return usual.count == 2 ? usual : Array(outcomes.prefix(2))
  }
}
