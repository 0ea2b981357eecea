/// What a real API does to decisions: some take effect late, some twice, some never. Drawn from the seed.
public struct DecisionFaults: Sendable, Hashable {
  /// Of all decisions, 0 to 1 each.
  public var delayedShare: Double
  public var repeatedShare: Double
  public var droppedShare: Double
  public var delaySecondsMax: Double

  public init(
    delayedShare: Double = 0.05, repeatedShare: Double = 0.05, droppedShare: Double = 0.05,
    delaySecondsMax: Double = 10
  ) {
    self.delayedShare = delayedShare
    self.repeatedShare = repeatedShare
    self.droppedShare = droppedShare
    self.delaySecondsMax = delaySecondsMax
  }

  /// What becomes of one decision.
  public enum Fate: Sendable, Hashable {
    case obeyed
    /// After so many seconds.
    case delayed(Double)
    /// At once, and once more after so many seconds.
    case repeated(Double)
    case dropped
  }

  /// The same stream gives the same fates in the same order.
  public func fate(_ random: inout RandomStream) -> Fate {
    let (draw, seconds) = (random.unit(), random.unit() * delaySecondsMax)
    if draw < droppedShare { return .dropped }
    if draw < droppedShare + delayedShare { return .delayed(seconds) }
    if draw < droppedShare + delayedShare + repeatedShare { return .repeated(seconds) }
    return .obeyed
  }
}
