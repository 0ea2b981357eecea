import Kubernetes

/// The last so many samples of a duration, in seconds: bounded, and the same for the same samples.
public struct SampleReservoir: Sendable, Hashable {
  public let capacity: Int
  /// As they came, the oldest at `next`.
  private var samples: [Double] = []
  private var next = 0
  /// Quantiles are asked for far more often than samples come.
  private var sorted: [Double] = []

  public init(capacity: Int = 200) { self.capacity = max(capacity, 1) }

  public var count: Int { samples.count }

  /// What is not a number is no duration, and not kept.
  public mutating func add(_ seconds: Double) {
    guard !seconds.isNaN else { return }
    if samples.count < capacity {
      samples.append(seconds)
    } else {
      sorted.remove(at: place(of: samples[next]))
      samples[next] = seconds
      next = (next + 1) % capacity
    }
    sorted.insert(seconds, at: place(of: seconds))
  }

  /// The index of the first sample that is not smaller.
  private func place(of seconds: Double) -> Int {
    var lower = 0
    var upper = sorted.count
    while lower < upper {
      let middle = (lower + upper) / 2
      if sorted[middle] < seconds { lower = middle + 1 } else { upper = middle }
    }
    return lower
  }

  /// The smallest sample that at least the share `p` of all samples do not exceed; nil where there is none.
  public func quantile(_ p: Double) -> Double? { sorted.nearestRank(p) }
}
