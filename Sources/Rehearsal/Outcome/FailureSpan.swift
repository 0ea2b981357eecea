import Autoscaling
public import Kubernetes

/// A time in which requests failed at the edge, and what was the matter then.
public struct FailureSpan: Sendable {
  /// A service that could not take what came.
  public struct Shortage: Sendable {
    public var service: NamespacedName
    /// Requests per second at the worst moment of the span, and what ready pods took then.
    public var offered: Double
    public var capacity: Double
    public var ready: Int
    /// What its autoscaler asked for at that moment.
    public var wanted: Int
  }

  public var start: Timestamp
  public var end: Timestamp
  /// Requests, counted from the series: its greatest rate of each step.
  public var failedAtMost: Double
  /// The greatest shortage first.
  public var shortages: [Shortage]
  /// Names of the pushes whose crowds were there.
  public var pushes: [String]
  public var troubles: [Trouble]

  /// How long a trouble is felt after its end: nodes and pods that it took have to come back.
  private static let aftermathSeconds = 600.0
  /// Spans that are nearer than this are one.
  private static let gapSeconds = 120.0

  /// - Returns: all of a rehearsal, in the order of time.
  public static func all(in outcome: Outcome, of scenario: Scenario) -> [FailureSpan] {
    let step = outcome.series.stepSeconds
    var steps: [Range<Int>] = []
    // Less than one request an hour is no failure but what rounding leaves.
    for (index, failed) in outcome.series.failed.enumerated() where failed * 3600 >= 1 {
      if let last = steps.last, Double(index - last.upperBound) * step < gapSeconds {
        steps[steps.count - 1] = last.lowerBound..<index + 1
      } else {
        steps.append(index..<index + 1)
      }
    }
    return steps.map { FailureSpan($0, outcome.series, scenario) }
  }

  private init(_ steps: Range<Int>, _ series: OutcomeSeries, _ scenario: Scenario) {
    let start = scenario.start + Double(steps.lowerBound) * series.stepSeconds
    let end = scenario.start + Double(steps.upperBound) * series.stepSeconds
    self.start = start
    self.end = end
    failedAtMost = series.failed[steps].reduce(0, +) * series.stepSeconds
    shortages = series.services.compactMap { Shortage($0, steps) }
      .sorted { left, right in
        let (first, second) = (left.offered - left.capacity, right.offered - right.capacity)
        return first == second ? left.service < right.service : first > second
      }
    pushes = scenario.pushes.filter { push in
      let seconds = push.answered(scenario.prescaling).shape.durationSeconds
      return push.sendAt < end && push.sendAt + seconds > start
    }.map(\.name)
    troubles = scenario.troubles.filter {
      $0.at < end && $0.at + $0.durationSeconds + Self.aftermathSeconds > start
    }
  }
}

extension FailureSpan.Shortage {
  fileprivate init?(_ series: ServiceSeries, _ steps: Range<Int>) {
    let inside = steps.clamped(to: 0..<min(series.offered.count, series.capacity.count))
    func lack(_ step: Int) -> Double { series.offered[step] - series.capacity[step] }
    guard let worst = inside.max(by: { lack($0) < lack($1) }), lack(worst) > 0 else { return nil }
    self.init(
      service: series.service, offered: series.offered[worst], capacity: series.capacity[worst],
      ready: worst < series.ready.count ? series.ready[worst] : 0,
      wanted: worst < series.wanted.count ? series.wanted[worst] : 0)
  }
}
