/// What was measured of a scaling target's pods, as counts and sums: all that the count of replicas follows from.
///
/// Amounts are in thousandths of the metric's unit. Views are summed up to it; a rehearsal has the sums at once.
public struct UsageSummary: Sendable, Hashable {
  /// So many pods, what they use together, and what they request together.
  public struct Part: Sendable, Hashable {
    public var count: Int
    public var used: Int128
    public var requested: Int128

    public init(count: Int = 0, used: Int128 = 0, requested: Int128 = 0) {
      self.count = count
      self.used = used
      self.requested = requested
    }

    static func + (left: Part, right: Part) -> Part {
      Part(count: left.count + right.count, used: left.used + right.used, requested: left.requested + right.requested)
    }
  }

  /// Pods that are measured and trusted.
  public var ready: Int
  /// The samples that count.
  public var trusted: Part
  /// Running and not measured. `used` is what they are taken to use where the others ask for less: enough not to be
  /// scaled away, see `ReplicaCalculator.Target.cautious`.
  public var missing: Part
  /// Not trusted yet; `used` is 0.
  public var unready: Part

  public init(ready: Int, trusted: Part, missing: Part = Part(), unready: Part = Part()) {
    self.ready = ready
    self.trusted = trusted
    self.missing = missing
    self.unready = unready
  }
}

extension ReplicaCalculator {
  /// What usage compares to.
  public enum Target: Sendable, Hashable {
    /// Percent of what the pods request.
    case utilization(percent: Int)
    /// A mean per pod, in thousandths.
    case average(milli: Int64)

    /// What an unmeasured pod is taken to use when the others ask for less.
    public func cautious(request: Int64) -> Int64 {
      switch self {
      case .utilization(let percent): Int64(clamping: Int128(request) * Int128(max(100, percent)) / 100)
      case .average(let milli): milli
      }
    }
  }

  /// The first count from what was measured; where pods are unmeasured or unready, a second that assumes the
  /// cautious value for them and never turns the direction.
  /// - Throws: where nothing that counts was measured.
  public func weigh(_ target: Target, _ usage: UsageSummary, current: Int) throws(MetricProblem) -> Proposal {
    guard usage.trusted.count > 0 else {
      throw MetricProblem("did not receive metrics for targeted pods (pods might be unready)")
    }
    let first = try Self.ratio(usage.trusted, target)
    var proposal = Proposal(replicas: current, utilization: first.utilization, usageMilli: first.meanMilli)
    let fillsUnready = usage.unready.count > 0 && first.ratio > 1
    if !fillsUnready, usage.missing.count == 0 {
      if !tolerance.contains(first.ratio) {
        proposal.replicas = Self.count(first.ratio * Double(usage.ready))
      }
      return proposal
    }
    var filled = usage.trusted
    if first.ratio < 1 {
      filled = filled + usage.missing
    } else if first.ratio > 1 {
      filled = filled + UsageSummary.Part(count: usage.missing.count, requested: usage.missing.requested)
    }
    if fillsUnready { filled = filled + usage.unready }

    let second = try Self.ratio(filled, target).ratio
    let turns = (first.ratio < 1 && second > 1) || (first.ratio > 1 && second < 1)
    if tolerance.contains(second) || turns { return proposal }
    let replicas = Self.count(second * Double(filled.count))
    let contradicts = (second < 1 && replicas > current) || (second > 1 && replicas < current)
    if !contradicts { proposal.replicas = replicas }
    return proposal
  }

  /// Usage against the target. Integer division truncates, as upstream's does; sums are wide, so nothing overflows.
  private static func ratio(_ part: UsageSummary.Part, _ target: Target) throws(MetricProblem)
    -> (ratio: Double, utilization: Int?, meanMilli: Int64)
  {
    let mean = Int64(clamping: part.used / Int128(part.count))
    switch target {
    case .utilization(let percent):
      guard part.requested != 0 else { throw MetricProblem("no metrics returned matched known pods") }
      let utilization = Int(Int32(clamping: part.used * 100 / part.requested))
      return (Double(utilization) / Double(percent), utilization, mean)
    case .average(let milli): return (Double(mean) / Double(milli), nil, mean)
    }
  }
}
