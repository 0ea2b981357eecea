public import Definitions

/// Numbers that were measured one after another, such as requests per second: one column of a CSV, or one series of
/// what Prometheus answers to a range query.
///
/// Samples are in the order of time, none is below zero, and where they come at equal distances none is missing.
public struct Series: Sendable, Hashable {
  public struct Sample: Sendable, Hashable {
    /// By the series' clock.
    public var seconds: Double
    public var value: Double

    public init(seconds: Double, value: Double) {
      self.seconds = seconds
      self.value = value
    }
  }

  /// What its seconds are counted from.
  public enum Clock: Sendable, Hashable {
    /// Nobody says: from the beginning of whatever was measured.
    case unstated
    /// From midnight.
    case timeOfDay
    /// From 1970-01-01T00:00:00Z.
    case unix
  }

  /// The column's heading, or the labels as PromQL writes them: `{job="gateway"}`.
  public var name: String
  public var clock: Clock
  public var samples: [Sample]

  public init(name: String, clock: Clock, samples: [Sample]) {
    self.name = name
    self.clock = clock
    self.samples = samples
  }

  /// Reads every series of a text: JSON where it begins with `{` or `[`, else CSV.
  /// - Parameter events: each sample is of an event of its own, such as the time that one node took to boot: several may
  ///   come at once, in any order, and none can be missing.
  /// - Throws: `InvalidDefinition` with what is wrong, each with its line and column: no more than `errorsMax`.
  public static func read(_ text: String, file: String, events: Bool = false) throws(InvalidDefinition)
    -> [Series]
  {
    let isJSON = text.utf8.first { !" \n\r\t".utf8.contains($0) }.map { "{[".utf8.contains($0) } ?? false
    return isJSON
      ? try PrometheusRange.read(text, file: file, events: events)
      : try CommaSeparated.read(text, file: file, events: events)
  }

  static let errorsMax = 20

  /// The usual distance of two samples: the (lower) median; nil with fewer than two.
  public var stepSeconds: Double? {
    guard samples.count > 1 else { return nil }
    let steps = zip(samples.dropFirst(), samples).map { $0.seconds - $1.seconds }.sorted()
    return steps[(steps.count - 1) / 2]
  }

  /// The value at a moment: a straight line between samples; nil before the first and after the last.
  public func value(at seconds: Double) -> Double? {
    var lower = 0
    var upper = samples.count
    while lower < upper {
      let middle = (lower + upper) / 2
      if samples[middle].seconds < seconds { lower = middle + 1 } else { upper = middle }
    }
    guard lower < samples.count else { return nil }
    let after = samples[lower]
    if after.seconds == seconds { return after.value }
    guard lower > 0 else { return nil }
    let before = samples[lower - 1]
    return before.value + (after.value - before.value) * (seconds - before.seconds) / (after.seconds - before.seconds)
  }

  /// As the load of a rehearsal that begins at `origin` by the series' clock: what was before it is left out.
  public func loadCurve(from origin: Double) -> LoadCurve {
    var points: [LoadCurve.Point] = []
    if let first = samples.first, first.seconds < origin, let value = value(at: origin) {
      points.append(LoadCurve.Point(seconds: 0, requestsPerSecond: value))
    }
    for sample in samples where sample.seconds > origin || (sample.seconds == origin && points.isEmpty) {
      points.append(LoadCurve.Point(seconds: sample.seconds - origin, requestsPerSecond: sample.value))
    }
    return LoadCurve(points)
  }
}

/// Where the samples of a series are missing.
enum SeriesGaps {
  /// The indices of samples before which one or more are missing. Only where most samples come at equal distances can
  /// one be missed; what was noted down at any moment has none.
  static func find(_ seconds: [Double]) -> [Int] {
    guard seconds.count > 2 else { return [] }
    let steps = zip(seconds.dropFirst(), seconds).map { $0 - $1 }
    let usual = steps.sorted()[(steps.count - 1) / 2]
    let regular = steps.count { $0 >= 0.5 * usual && $0 <= 1.5 * usual }
    guard 2 * regular >= steps.count else { return [] }
    return steps.indices.filter { steps[$0] > 1.5 * usual }.map { $0 + 1 }
  }
}
