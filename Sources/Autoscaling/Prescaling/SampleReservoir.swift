/// The last so many samples of a duration, in seconds: bounded, and the same for the same samples.
public struct SampleReservoir: Sendable, Hashable {
  public let capacity: Int
  private var samples: [Double] = []
  private var next = 0

  public init(capacity: Int = 200) { self.capacity = max(capacity, 1) }

  public var count: Int { samples.count }

  public mutating func add(_ seconds: Double) {
    if samples.count < capacity {
      samples.append(seconds)
    } else {
      samples[next] = seconds
      next = (next + 1) % capacity
    }
  }

  /// The smallest sample that at least the share `p` of all samples do not exceed; nil where there is none.
  public func quantile(_ p: Double) -> Double? {
    guard !samples.isEmpty else { return nil }
    let rank = Int((p * Double(samples.count)).rounded(.up))
    return samples.sorted()[min(max(rank, 1), samples.count) - 1]
  }
}
