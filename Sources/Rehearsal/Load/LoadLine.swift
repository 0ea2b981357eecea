/// Requests per second over time as straight lines, with what one asks of it: values, areas, peaks and sums.
public struct LoadLine: Sendable, Hashable {
  /// In the order of time; two of one moment are a jump. Level before the first and after the last; never empty.
  public let points: [LoadCurve.Point]
  /// The area from the first point to each.
  private let areas: [Double]
  /// The area from the first point to 0, below zero where that is before it.
  private var areaToZero = 0.0

  /// - Parameter points: in the order of time; none is no load at all.
  public init(_ points: [LoadCurve.Point]) {
    self.points = points.isEmpty ? [LoadCurve.Point(seconds: 0, requestsPerSecond: 0)] : points
    var areas = [0.0]
    for (left, right) in zip(self.points, self.points.dropFirst()) {
      let mean = (left.requestsPerSecond + right.requestsPerSecond) / 2
      areas.append((areas.last ?? 0) + mean * (right.seconds - left.seconds))
    }
    self.areas = areas
    areaToZero = area(until: 0, before: index(after: 0))
  }

  public init(_ curve: LoadCurve) { self.init(curve.points) }

  /// The weighted sum of lines. A sweep over all of their points: O(n log n).
  public init(sumOf lines: [(line: LoadLine, weight: Double)]) {
    struct Bend {
      var seconds: Double
      var jump: Double
      var slope: Double
    }
    var bends: [Bend] = []
    var value = 0.0
    for (line, weight) in lines where weight != 0 {
      value += (line.points.first?.requestsPerSecond ?? 0) * weight
      for (left, right) in zip(line.points, line.points.dropFirst()) {
        let rise = (right.requestsPerSecond - left.requestsPerSecond) * weight
        let span = right.seconds - left.seconds
        if span <= 0 {
          bends.append(Bend(seconds: left.seconds, jump: rise, slope: 0))
        } else if rise != 0 {
          bends.append(Bend(seconds: left.seconds, jump: 0, slope: rise / span))
          bends.append(Bend(seconds: right.seconds, jump: 0, slope: -rise / span))
        }
      }
    }
    bends.sort { ($0.seconds, $0.jump, $0.slope) < ($1.seconds, $1.jump, $1.slope) }
    var points: [LoadCurve.Point] = []
    var (slope, seconds, next) = (0.0, bends.first?.seconds ?? 0, 0)
    while next < bends.count {
      let moment = bends[next].seconds
      value += slope * (moment - seconds)
      seconds = moment
      points.append(LoadCurve.Point(seconds: moment, requestsPerSecond: max(value, 0)))
      var jump = 0.0
      while next < bends.count, bends[next].seconds == moment {
        jump += bends[next].jump
        slope += bends[next].slope
        next += 1
      }
      // What rounding leaves of slopes that cancel is no slope.
      if abs(slope) < 1e-12 { slope = 0 }
      value += jump
      if jump != 0 { points.append(LoadCurve.Point(seconds: moment, requestsPerSecond: max(value, 0))) }
    }
    if points.isEmpty { points = [LoadCurve.Point(seconds: 0, requestsPerSecond: max(value, 0))] }
    self.init(points)
  }

  /// The index of the first point after a moment; as many as there are where none is.
  private func index(after seconds: Double) -> Int {
    var (lower, upper) = (0, points.count)
    while lower < upper {
      let middle = (lower + upper) / 2
      if points[middle].seconds <= seconds { lower = middle + 1 } else { upper = middle }
    }
    return lower
  }

  /// Where it jumps, the value after the jump.
  public func value(at seconds: Double) -> Double { value(at: seconds, before: index(after: seconds)) }

  private func value(at seconds: Double, before next: Int) -> Double {
    guard next > 0 else { return points[0].requestsPerSecond }
    let left = points[next - 1]
    guard next < points.count, points[next].seconds > left.seconds else { return left.requestsPerSecond }
    let right = points[next]
    let share = (seconds - left.seconds) / (right.seconds - left.seconds)
    return left.requestsPerSecond + (right.requestsPerSecond - left.requestsPerSecond) * share
  }

  private func area(until seconds: Double, before next: Int) -> Double {
    guard next > 0 else { return points[0].requestsPerSecond * (seconds - points[0].seconds) }
    let left = points[next - 1]
    let mean = (left.requestsPerSecond + value(at: seconds, before: next)) / 2
    return areas[next - 1] + mean * (seconds - left.seconds)
  }

  /// Requests from 0 on to a moment.
  func area(to end: Double) -> Double { area(until: end, before: index(after: end)) - areaToZero }

  /// Requests between two moments.
  public func area(from start: Double, to end: Double) -> Double {
    area(until: end, before: index(after: end)) - area(until: start, before: index(after: start))
  }

  /// The greatest value between two moments, both included.
  public func peak(from start: Double, to end: Double) -> Double {
    var next = index(after: start)
    var peak = value(at: start, before: next)
    while next < points.count, points[next].seconds <= end {
      peak = max(peak, points[next].requestsPerSecond)
      next += 1
    }
    return max(peak, value(at: end, before: next))
  }

  /// The first moment of a span after which it lies above a level; nil where none is.
  public func firstAbove(_ level: Double, from start: Double, to end: Double) -> Double? {
    var next = index(after: start)
    var (seconds, value) = (start, value(at: start, before: next))
    while seconds < end {
      if value > level { return seconds }
      guard next < points.count else { return nil }
      let right = points[next]
      if right.requestsPerSecond > level, right.seconds > seconds {
        let rise = right.requestsPerSecond - value
        let moment = seconds + (right.seconds - seconds) * (level - value) / rise
        return moment < end ? moment : nil
      }
      (seconds, value) = (right.seconds, right.requestsPerSecond)
      next += 1
    }
    return nil
  }

  /// Requests in each of so many spans of one length, the first from 0 on: one pass over the points.
  public func areas(every span: Double, count: Int) -> [Double] {
    var areas: [Double] = []
    areas.reserveCapacity(count)
    var next = index(after: 0)
    var before = areaToZero
    for index in 1...max(count, 1) {
      let end = Double(index) * span
      while next < points.count, points[next].seconds <= end { next += 1 }
      let here = area(until: end, before: next)
      areas.append(max(here - before, 0))
      before = here
    }
    return areas
  }

  /// The greatest value in each of so many spans of one length, the first from 0 on.
  public func peaks(every span: Double, count: Int) -> [Double] {
    var next = index(after: 0)
    var last = value(at: 0, before: next)
    return (1...max(count, 1)).map { index in
      let end = Double(index) * span
      var peak = last
      while next < points.count, points[next].seconds <= end {
        peak = max(peak, points[next].requestsPerSecond)
        next += 1
      }
      last = value(at: end, before: next)
      return max(peak, last)
    }
  }
}
