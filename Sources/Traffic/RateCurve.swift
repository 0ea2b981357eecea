/// How many requests per second are sent at each moment: straight lines between stated points.
public struct RateCurve: Sendable, Equatable {
  public struct Point: Sendable, Equatable {
    /// From the start.
    public var seconds: Double
    public var requestsPerSecond: Double

    public init(seconds: Double, requestsPerSecond: Double) {
      self.seconds = seconds
      self.requestsPerSecond = requestsPerSecond
    }
  }
  public let points: [Point]

  public struct Invalid: Error, Sendable, CustomStringConvertible {
    public var description: String
  }

  /// A run's length, in seconds: a week.
  public static let secondsMax = 604_800.0

  /// - Throws: `Invalid` unless there are at least two points, later ones later, rates from 0 to 1,000,000.
  public init(_ points: [Point]) throws(Invalid) {
    guard points.count >= 2 else { throw Invalid(description: "a rate curve needs at least two points") }
    for (left, right) in zip(points, points.dropFirst()) where right.seconds < left.seconds {
      throw Invalid(description: "the point at \(right.seconds) s stands after one at \(left.seconds) s")
    }
    guard
      points.allSatisfy({ (0...1_000_000).contains($0.requestsPerSecond) && (0...Self.secondsMax).contains($0.seconds) }
      )
    else {
      throw Invalid(description: "a rate must be 0 to 1,000,000 requests per second, a time 0 to 604,800 seconds")
    }
    self.points = points
  }

  /// Reads `0:20,10:20,12:400,60:400`: seconds and requests per second.
  public init(parsing text: String) throws(Invalid) {
    var points: [Point] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let pair = part.split(separator: ":", omittingEmptySubsequences: false)
      guard pair.count == 2, let seconds = Double(pair[0]), let rate = Double(pair[1]) else {
        throw Invalid(description: "\"\(part)\" is no point of a rate curve; write SECONDS:REQUESTS_PER_SECOND")
      }
      points.append(Point(seconds: seconds, requestsPerSecond: rate))
    }
    try self.init(points)
  }

  public var durationSeconds: Double { points.last?.seconds ?? 0 }

  public func rate(at seconds: Double) -> Double {
    for (left, right) in zip(points, points.dropFirst()) where seconds >= left.seconds && seconds < right.seconds {
      let share = (seconds - left.seconds) / (right.seconds - left.seconds)
      return left.requestsPerSecond + share * (right.requestsPerSecond - left.requestsPerSecond)
    }
    return 0
  }

  /// When each request is due, in seconds from the start: the n-th when the area under the curve passes n − ½, so that
  /// as many are due as the area is, rounded.
  public var schedule: Schedule { Schedule(curve: self) }

  public struct Schedule: Sequence, IteratorProtocol, Sendable {
    private let points: [Point]
    private var segment = 0
    /// Area under the curve before the current segment.
    private var before = 0.0
    private var count = 0

    init(curve: RateCurve) { points = curve.points }

    public mutating func next() -> Double? {
      let wanted = Double(count) + 0.5
      while segment + 1 < points.count {
        let (left, right) = (points[segment], points[segment + 1])
        let length = right.seconds - left.seconds
        let area = length * (left.requestsPerSecond + right.requestsPerSecond) / 2
        guard before + area < wanted else {
          count += 1
          return left.seconds + Self.offset(wanted - before, from: left, to: right, length: length)
        }
        before += area
        segment += 1
      }
      return nil
    }

    /// Where within a segment the area reaches `area`: the root of rate·x + slope·x²/2 = area, in the form that loses
    /// nothing where the slope is small and needs no rate at the left end.
    private static func offset(_ area: Double, from left: Point, to right: Point, length: Double) -> Double {
      let slope = (right.requestsPerSecond - left.requestsPerSecond) / length
      // Rounding can bring it below zero where a rate falls to nothing.
      let discriminant = Swift.max(0, left.requestsPerSecond * left.requestsPerSecond + 2 * slope * area)
      return Swift.min(length, 2 * area / (left.requestsPerSecond + discriminant.squareRoot()))
    }
  }
}
