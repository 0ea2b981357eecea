/// What one pod of a service serves within the objective, from what it was given and what failed.
///
/// Moments at which the objective was held are told from those at which it was not; the capacity is the load per pod
/// that separates the two with the fewest on the wrong side. Where nothing was ever overloaded, the greatest load that
/// was served is all that one can say.
public struct CapacityFit: Sendable {
  /// Requests per second that a pod serves.
  public private(set) var requestsPerSecond: Double
  public private(set) var samples = 0
  /// At which more failed than the objective allows.
  public private(set) var overloaded = 0
  /// The share of samples on the wrong side.
  public private(set) var misplaced = 0.0
  /// What a pod answered well while overloaded, the median; nil without such samples. Far from the capacity where
  /// overload wastes work.
  public private(set) var servedWhenOverloaded: Double?
  public private(set) var confidence = Confidence()

  /// - Parameter successRateMin: 0 to 1.
  public init(_ recording: CapacityRecording, successRateMin: Double = 0.999) throws(ResponseFit.Unfit) {
    var points: [(load: Double, isOver: Bool, served: Double)] = []
    for sample in recording.requests.samples where sample.value > 0 {
      guard let failed = recording.failed.value(at: sample.seconds),
        let pods = recording.readyPods.held(at: sample.seconds), pods >= 1
      else { continue }
      let isOver = failed > (1 - successRateMin) * sample.value
      points.append((sample.value / pods, isOver, max(sample.value - failed, 0) / pods))
    }
    guard points.count >= Self.samplesMin else {
      throw ResponseFit.Unfit(
        description:
          "only \(points.count) moments at which requests, failures and ready pods are known; \(Self.samplesMin) are needed"
      )
    }
    samples = points.count
    overloaded = points.count { $0.isOver }
    points.sort { ($0.load, $0.isOver ? 1 : 0) < ($1.load, $1.isOver ? 1 : 0) }
    guard overloaded > 0 else {
      requestsPerSecond = Quantiles(points.map(\.load)).quantile(0.99)
      confidence.lower(to: .low, "nothing was overloaded: a pod serves at least this much")
      return
    }
    let border = Self.border(points.map(\.isOver))
    misplaced = Double(border.misplaced) / Double(points.count)
    let below = border.index > 0 ? points[border.index - 1].load : 0
    let above = border.index < points.count ? points[border.index].load : below
    let served = Quantiles(points.filter(\.isOver).map(\.served)).median
    servedWhenOverloaded = served
    // Between the two lies the border; what overloaded pods serve tells where, unless overload wastes work.
    let middle = border.index > 0 ? (below + above) / 2 : above
    requestsPerSecond = below <= served && served <= above ? served : middle
    judge(gap: above - below, held: samples - overloaded)
  }

  static let samplesMin = 8

  private mutating func judge(gap: Double, held: Int) {
    if overloaded < 5 { confidence.lower(to: .medium, "overloaded at \(overloaded) moments only") }
    if held < 5 { confidence.lower(to: .low, "within the objective at \(held) moments only") }
    if misplaced > 0.05 {
      confidence.lower(
        to: misplaced > 0.2 ? .low : .medium,
        "\((misplaced * 100).rounded()) % of the moments failed below it or held above it: something else failed too")
    }
    if gap > 0.1 * requestsPerSecond {
      confidence.lower(to: .medium, "no moment was near it: it is known to \((gap / 2 * 10).rounded() / 10) only")
    }
  }

  /// How many of the samples, from the least load on, are to count as held so that the fewest are misplaced. Of several
  /// such borders the middle one.
  private static func border(_ isOver: [Bool]) -> (index: Int, misplaced: Int) {
    var misplaced = isOver.count { !$0 }
    var best = (first: 0, last: 0, misplaced: misplaced)
    for (index, over) in isOver.enumerated() {
      misplaced += over ? 1 : -1
      if misplaced < best.misplaced {
        best = (index + 1, index + 1, misplaced)
      } else if misplaced == best.misplaced {
        best.last = index + 1
      }
    }
    return ((best.first + best.last) / 2, best.misplaced)
  }
}

extension Series {
  /// The last value up to a moment: of what is counted, such as pods, there is nothing between two values.
  func held(at seconds: Double) -> Double? {
    var lower = 0
    var upper = samples.count
    while lower < upper {
      let middle = (lower + upper) / 2
      if samples[middle].seconds <= seconds { lower = middle + 1 } else { upper = middle }
    }
    return lower > 0 ? samples[lower - 1].value : nil
  }
}
