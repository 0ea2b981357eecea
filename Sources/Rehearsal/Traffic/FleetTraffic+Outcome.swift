import Autoscaling
import Kubernetes

extension FleetTraffic {
  /// What became of all requests: their numbers, minutes outside the objective, pushes, and the series of loads and
  /// failures. Nothing may be left to be brought forward.
  package func result(into outcome: inout Outcome, of scenario: Scenario) {
    let seconds = scenario.durationSeconds
    let minuteCount = max(Int((seconds / 60).rounded(.up)), 1)
    let steps = max(Int((seconds / outcome.series.stepSeconds).rounded(.up)), 1)
    var isOutside = [Bool](repeating: false, count: minuteCount)
    outcome.services = []
    outcome.series.services = []
    for (index, service) in scenario.services.enumerated() {
      var result = ServiceOutcome(service.key)
      result.requests = load.services[index].area(from: 0, to: seconds)
      if let tally = minutes[index] {
        result.requests += tally.beside.reduce(0, +)
        result.failed = tally.failed.reduce(0, +)
        let offered = load.services[index].areas(every: 60, count: minuteCount)
        for minute in 0..<minuteCount where tally.failed[minute] > 0 {
          let requests = max(offered[minute] + tally.beside[minute], tally.failed[minute])
          guard tally.failed[minute] > (1 - scenario.objective.successRateMin) * requests else { continue }
          result.minutesOutside += 1
          isOutside[minute] = true
        }
      }
      outcome.services.append(result)
      var lines = ServiceSeries(service.key)
      lines.offered = load.services[index].peaks(every: outcome.series.stepSeconds, count: steps)
      lines.failed = series[index]?.failedRate ?? [Double](repeating: 0, count: steps)
      outcome.series.services.append(lines)
    }
    outcome.minutesOutside = isOutside.count { $0 }
    outcome.requests = load.edge.area(from: 0, to: seconds)
    outcome.failed = edgeSteps.reduce(0) { $0 + $1.failed }
    outcome.series.offered = load.edge.peaks(every: outcome.series.stepSeconds, count: steps)
    outcome.series.failed = edgeFailures(every: outcome.series.stepSeconds, count: steps)
    for index in outcome.pushes.indices {
      guard let span = load.pushSeconds[outcome.pushes[index].name] else { continue }
      complete(&outcome.pushes[index], span, scenario)
    }
  }

  /// The greatest rate in each span: entries that fail at the same moment add up.
  private func edgeFailures(every span: Double, count: Int) -> [Double] {
    var rates = [Double](repeating: 0, count: count)
    var sums: [Int: Double] = [:]
    for step in edgeSteps { sums[Int(step.seconds), default: 0] += step.failed }
    for (second, failed) in sums {
      let bin = min(Int(Double(second) / span), count - 1)
      rates[bin] = max(rates[bin], failed)
    }
    return rates
  }

  /// At the edge, from the send to the end of the response.
  private func complete(_ result: inout PushOutcome, _ span: ClosedRange<Double>, _ scenario: Scenario) {
    let (start, end) = (span.lowerBound, span.upperBound)
    result.requests = load.edge.area(from: start, to: min(end, scenario.durationSeconds))
    var lost: [Int: (failed: Double, since: Double)] = [:]
    for step in edgeSteps where step.seconds >= start - 1 && step.seconds < end {
      result.failed += step.failed
      let loss = lost[Int(step.seconds / 60)] ?? (0, step.seconds)
      lost[Int(step.seconds / 60)] = (loss.failed + step.failed, min(loss.since, step.seconds))
    }
    let outside = lost.filter { minute, loss in
      let requests = load.edge.area(from: Double(minute) * 60, to: Double(minute + 1) * 60)
      return loss.failed > (1 - scenario.objective.successRateMin) * max(requests, loss.failed)
    }
    result.minutesOutside = outside.count
    result.outsideSince = outside.values.map(\.since).min().map { scenario.start + $0 }
  }
}
