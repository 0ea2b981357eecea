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
    let target = Target.utilization(percent: percent)
    return try weigh(target, Self.summary(groups, trusted, requests, target), current: current)
  }

  /// A mean per pod: of a resource, or of a custom metric where `resource` is empty.
  public func average(
    targetMilli: Int64, resource: String = "", pods: [Pod], samples: [String: PodSample], current: Int,
    at now: Timestamp
  ) throws(MetricProblem) -> Proposal {
    let (groups, trusted) = try trust(samples, of: pods, isCPU: resource == "cpu", at: now)
    let target = Target.average(milli: targetMilli)
    return try weigh(target, Self.summary(groups, trusted, [:], target), current: current)
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
    throws(MetricProblem) -> (PodGroups, [String: PodSample])
  {
    guard !pods.isEmpty else { throw MetricProblem("no pods returned by selector while calculating replica count") }
    let groups = PodGroups(pods, samples: samples, isCPU: isCPU, timing: timing, at: now)
    var trusted = samples
    for name in groups.ignored + groups.unready { trusted[name] = nil }
    guard !trusted.isEmpty else {
      throw MetricProblem("did not receive metrics for targeted pods (pods might be unready)")
    }
    return (groups, trusted)
  }

  private static func summary(
    _ groups: PodGroups, _ trusted: [String: PodSample], _ requests: [String: Int64], _ target: Target
  ) -> UsageSummary {
    func part(_ names: [String], _ used: (String) -> Int64) -> UsageSummary.Part {
      names.reduce(into: UsageSummary.Part()) { part, name in
        part.count += 1
        part.used += Int128(used(name))
        part.requested += Int128(requests[name] ?? 0)
      }
    }
    // A sample of no known pod counts, and has no request to be measured by.
    var usage = UsageSummary.Part(count: trusted.count)
    for (name, sample) in trusted {
      if case .utilization = target, requests[name] == nil { continue }
      usage.used += Int128(sample.milli)
      usage.requested += Int128(requests[name] ?? 0)
    }
    return UsageSummary(
      ready: groups.ready, trusted: usage,
      missing: part(groups.missing) { target.cautious(request: requests[$0] ?? 0) },
      unready: part(groups.unready) { _ in 0 })
  }
}
