import Kubernetes

/// Quantiles of samples: what a few wild ones cannot move far.
struct Quantiles {
  private let sorted: [Double]

  init(_ samples: some Sequence<Double>) { sorted = samples.filter { !$0.isNaN }.sorted() }

  var count: Int { sorted.count }

  /// The smallest sample that at least the share `p` of all do not exceed; 0 without any.
  func quantile(_ p: Double) -> Double {
    sorted.nearestRank(p) ?? 0
  }

  /// The middle one, or the mean of the two in the middle; 0 without any.
  var median: Double {
    guard !sorted.isEmpty else { return 0 }
    return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
  }

  /// The standard deviation that a normal distribution with these samples' median distance from their median has.
  var robustDeviation: Double {
    let middle = median
    return 1.4826 * Quantiles(sorted.map { abs($0 - middle) }).median
  }
}
