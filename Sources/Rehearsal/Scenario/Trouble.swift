public import Kubernetes

/// Something that goes wrong at a moment, for some time.
public struct Trouble: Sendable, Hashable {
  public enum Kind: Sendable, Hashable {
    /// A share (0 to 1) of a group's nodes is interrupted, each with the cloud's notice.
    case spotReclaim(group: String, share: Double)
    /// Nodes of a zone fail at once, and none boots there while it lasts.
    case zoneLost(zone: String)
    /// Nodes of a group fail at once without a notice; a share of them, 0 to 1.
    case nodesFail(group: String, share: Double)
    /// A group gives no further nodes while it lasts.
    case groupExhausted(group: String)
    /// Pulling an image takes so many times as long.
    case slowRegistry(factor: Double)
    /// What controllers decide takes effect so much later.
    case slowAPI(delaySeconds: Double)
    /// The HPA reads nothing.
    case metricsMissing
  }

  public var at: Timestamp
  public var durationSeconds: Double
  public var kind: Kind

  public init(at: Timestamp, durationSeconds: Double = 0, _ kind: Kind) {
    self.at = at
    self.durationSeconds = durationSeconds
    self.kind = kind
  }
}
