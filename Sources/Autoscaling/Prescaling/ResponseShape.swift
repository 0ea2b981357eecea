import Kubernetes

/// How a crowd answers a notification over time: a trapezoid of area 1, in seconds after the send.
public struct ResponseShape: Sendable, Hashable {
  public var riseSeconds: Double
  public var holdSeconds: Double
  public var fallSeconds: Double

  public init(riseSeconds: Double, holdSeconds: Double, fallSeconds: Double) {
    self.riseSeconds = riseSeconds
    self.holdSeconds = holdSeconds
    self.fallSeconds = fallSeconds
  }

  public var durationSeconds: Double { riseSeconds + holdSeconds + fallSeconds }
  /// When the load begins to fall.
  public var plateauEndSeconds: Double { riseSeconds + holdSeconds }
  /// The greatest density, per second.
  public var height: Double { 1 / (riseSeconds / 2 + holdSeconds + fallSeconds / 2) }

  /// The share of all answers that comes in per second, `seconds` after the send.
  public func density(at seconds: Double) -> Double {
    if seconds < 0 || seconds > durationSeconds { return 0 }
    if seconds < riseSeconds { return height * seconds / riseSeconds }
    if seconds <= plateauEndSeconds { return height }
    return height * (durationSeconds - seconds) / fallSeconds
  }
}

/// What one push adds at the edge: audience × open rate × f(t − send).
public struct CampaignLoad: Sendable, Hashable {
  public var sendAt: Timestamp
  /// Expected opens: audience × open rate.
  public var responses: Double
  public var shape: ResponseShape

  public init(sendAt: Timestamp, responses: Double, shape: ResponseShape) {
    self.sendAt = sendAt
    self.responses = responses
    self.shape = shape
  }

  public var end: Timestamp { sendAt + shape.durationSeconds }
  /// When the load begins to fall.
  public var plateauEnd: Timestamp { sendAt + shape.plateauEndSeconds }

  /// Requests per second at a moment.
  public func load(at moment: Timestamp) -> Double { responses * shape.density(at: moment - sendAt) }

  /// The greatest load between two moments, requests per second.
  public func peak(from start: Timestamp, to end: Timestamp) -> Double {
    LoadProfile([(self, 1)]).peak(from: start, to: end)
  }

  /// Where the load bends; between two bends it is a straight line.
  package var bends: [Timestamp] { [sendAt, sendAt + shape.riseSeconds, plateauEnd, end] }
}
