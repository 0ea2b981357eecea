import Kubernetes

/// How many replicas one metric asks for: pkg/controller/podautoscaler/replica_calculator.go of Kubernetes 1.36.
///
/// Amounts are in thousandths of the metric's unit.
public struct ReplicaCalculator: Sendable {
  /// While a pod is young, its processor use is not its load. Seconds.
  public struct Timing: Sendable, Hashable {
    public var cpuInitializationSeconds: Double
    public var initialReadinessSeconds: Double

    public init(cpuInitializationSeconds: Double = 300, initialReadinessSeconds: Double = 30) {
      self.cpuInitializationSeconds = cpuInitializationSeconds
      self.initialReadinessSeconds = initialReadinessSeconds
    }
  }

  /// How far usage may be from its target before anything is done, as shares; bounds included.
  public struct Tolerance: Sendable, Hashable {
    public var up: Double
    public var down: Double

    public init(up: Double = 0.1, down: Double = 0.1) {
      self.up = up
      self.down = down
    }
    public func contains(_ ratio: Double) -> Bool { 1 - down <= ratio && ratio <= 1 + up }
  }

  public struct Proposal: Sendable, Hashable {
    public var replicas: Int
    /// Percent of the requests, for utilization targets.
    public var utilization: Int?
    /// The mean over the pods, or the value itself where the target is a total.
    public var usageMilli: Int64
  }

  /// What usage compares to.
  enum Target {
    case utilization(percent: Int, requests: [String: Int64])
    case average(milli: Int64)
  }

  public var timing: Timing
  public var tolerance: Tolerance

  public init(timing: Timing = Timing(), tolerance: Tolerance = Tolerance()) {
    self.timing = timing
    self.tolerance = tolerance
  }

  static let largestCount = Double(Int32.max)

  static func count(_ value: Double) -> Int {
    let whole = value.rounded(.up)
    return whole.isNaN || whole <= 0 ? 0 : whole >= largestCount ? Int(Int32.max) : Int(whole)
  }
}

extension ReplicaCalculator {
  /// A resource as percent of what the pods, or one container in each, request.
  public func utilization(
    percent: Int, resource: String, container: String = "", pods: [Pod], samples: [String: PodSample], current: Int,
    at now: Timestamp
  ) throws(MetricProblem) -> Proposal {
    let (groups, trusted) = try trust(samples, of: pods, isCPU: resource == "cpu", at: now)
    let requests = try PodRequests.milli(of: pods, resource: resource, container: container)
    return try weigh(.utilization(percent: percent, requests: requests), groups, trusted, current: current)
  }

  /// A mean per pod: of a resource, or of a custom metric where `resource` is empty.
  public func average(
    targetMilli: Int64, resource: String = "", pods: [Pod], samples: [String: PodSample], current: Int,
    at now: Timestamp
  ) throws(MetricProblem) -> Proposal {
    let (groups, trusted) = try trust(samples, of: pods, isCPU: resource == "cpu", at: now)
    return try weigh(.average(milli: targetMilli), groups, trusted, current: current)
  }

  /// One value beside the pods (Object and External metrics of type Value).
  public func value(usageMilli: Int64, targetMilli: Int64, pods: [Pod], current: Int) throws(MetricProblem)
    -> Proposal
  {
    let ratio = Double(usageMilli) / Double(targetMilli)
    guard current != 0 else { return Proposal(replicas: Self.count(ratio), utilization: nil, usageMilli: usageMilli) }
    if tolerance.contains(ratio) { return Proposal(replicas: current, utilization: nil, usageMilli: usageMilli) }
    guard !pods.isEmpty else {
      throw MetricProblem(
        "unable to calculate ready pods: no pods returned by selector while calculating replica count")
    }
    let ready = pods.count { $0.status.phase == "Running" && $0.isReady }
    return Proposal(replicas: Self.count(ratio * Double(ready)), utilization: nil, usageMilli: usageMilli)
  }

  /// One value shared by all replicas (Object and External metrics of type AverageValue).
  public func perPod(usageMilli: Int64, targetMilli: Int64, statusReplicas: Int) -> Proposal {
    let usage = Double(usageMilli)
    let ratio = usage / (Double(targetMilli) * Double(statusReplicas))
    let replicas = tolerance.contains(ratio) ? statusReplicas : Self.count(usage / Double(targetMilli))
    let mean = (usage / Double(statusReplicas)).rounded(.up)
    let isOutOfRange = usageMilli == .max || !mean.isFinite || mean >= Double(Int64.max)
    return Proposal(replicas: replicas, utilization: nil, usageMilli: isOutOfRange ? .max : Int64(mean))
  }
}

extension ReplicaCalculator {
  private func trust(_ samples: [String: PodSample], of pods: [Pod], isCPU: Bool, at now: Timestamp)
    throws(MetricProblem) -> (PodGroups, [String: Int64])
  {
    guard !pods.isEmpty else { throw MetricProblem("no pods returned by selector while calculating replica count") }
    let groups = PodGroups(pods, samples: samples, isCPU: isCPU, timing: timing, at: now)
    var trusted = samples.mapValues(\.milli)
    for name in groups.ignored + groups.unready { trusted[name] = nil }
    guard !trusted.isEmpty else {
      throw MetricProblem("did not receive metrics for targeted pods (pods might be unready)")
    }
    return (groups, trusted)
  }

  /// The first count from what was measured; where pods are unmeasured or unready, a second that assumes the
  /// cautious value for them and never turns the direction.
  private func weigh(_ target: Target, _ groups: PodGroups, _ trusted: [String: Int64], current: Int)
    throws(MetricProblem) -> Proposal
  {
    let first = try Self.ratio(trusted, target)
    var proposal = Proposal(replicas: current, utilization: first.utilization, usageMilli: first.meanMilli)
    let fillsUnready = !groups.unready.isEmpty && first.ratio > 1
    if !fillsUnready, groups.missing.isEmpty {
      if !tolerance.contains(first.ratio) { proposal.replicas = Self.count(first.ratio * Double(groups.ready)) }
      return proposal
    }
    var filled = trusted
    if first.ratio < 1 {
      for name in groups.missing { filled[name] = target.cautiousFill(name) }
    } else if first.ratio > 1 {
      for name in groups.missing { filled[name] = 0 }
    }
    if fillsUnready { for name in groups.unready { filled[name] = 0 } }

    let second = try Self.ratio(filled, target).ratio
    let turns = (first.ratio < 1 && second > 1) || (first.ratio > 1 && second < 1)
    if tolerance.contains(second) || turns { return proposal }
    let replicas = Self.count(second * Double(filled.count))
    let contradicts = (second < 1 && replicas > current) || (second > 1 && replicas < current)
    if !contradicts { proposal.replicas = replicas }
    return proposal
  }

  /// Usage against the target. Integer division truncates, as upstream's does; sums are wide, so nothing overflows.
  private static func ratio(_ samples: [String: Int64], _ target: Target) throws(MetricProblem)
    -> (ratio: Double, utilization: Int?, meanMilli: Int64)
  {
    var used: Int128 = 0
    switch target {
    case .utilization(let percent, let requests):
      var requested: Int128 = 0
      for (name, value) in samples {
        guard let request = requests[name] else { continue }
        used += Int128(value)
        requested += Int128(request)
      }
      guard requested != 0 else { throw MetricProblem("no metrics returned matched known pods") }
      let utilization = Int(Int32(clamping: used * 100 / requested))
      let mean = Int64(clamping: used / Int128(samples.count))
      return (Double(utilization) / Double(percent), utilization, mean)
    case .average(let milli):
      for value in samples.values { used += Int128(value) }
      let mean = Int64(clamping: used / Int128(samples.count))
      return (Double(mean) / Double(milli), nil, mean)
    }
  }
}

extension ReplicaCalculator.Target {
  /// What an unmeasured pod is taken to use when the others ask for less: enough not to be scaled away.
  func cautiousFill(_ name: String) -> Int64 {
    switch self {
    case .utilization(let percent, let requests):
      Int64(clamping: Int128(requests[name] ?? 0) * Int128(max(100, percent)) / 100)
    case .average(let milli): milli
    }
  }
}
