/// Requests per second over time: straight lines between stated points, and level before the first and after the last.
public struct LoadCurve: Sendable, Hashable {
  public struct Point: Sendable, Hashable {
    /// From the start of the rehearsal; not negative.
    public var seconds: Double
    /// Not negative.
    public var requestsPerSecond: Double

    public init(seconds: Double, requestsPerSecond: Double) {
      self.seconds = seconds
      self.requestsPerSecond = requestsPerSecond
    }
  }

  /// Later ones later; two of one moment are a jump.
  public var points: [Point]

  public init(_ points: [Point]) { self.points = points }
}
