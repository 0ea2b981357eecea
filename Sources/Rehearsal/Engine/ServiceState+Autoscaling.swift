import Autoscaling
import Kubernetes

/// What a service's autoscaler makes of what was measured. It works on the state in its place: copies cost more than
/// the decision.
extension ServiceState {
  /// The moment of a sync, and what is known then.
  struct Sync {
    let seconds: Double
    let moment: Timestamp
    /// How old measurements are when they are read.
    let delaySeconds: Double
    let metricsAreMissing: Bool
    let downscaleSeconds: Double
    /// How many samples are kept.
    let samplesMax: Int

    init(
      seconds: Double, at moment: Timestamp, _ configuration: HorizontalDecision.Configuration, delaySeconds: Double,
      metricsAreMissing: Bool
    ) {
      self.seconds = seconds
      self.moment = moment
      self.delaySeconds = delaySeconds
      self.metricsAreMissing = metricsAreMissing
      downscaleSeconds = configuration.downscaleStabilization
      samplesMax = Int(delaySeconds / configuration.syncPeriod) + 3
    }
  }

  /// Pods that serve nobody yet.
  private struct Unready {
    var running = 0
    var waiting = 0
  }

  private func unready(among all: [RehearsedPod], at now: Double) -> Unready {
    var unready = Unready()
    var left = pods.count - ready
    // Mostly they are the younger ones, which come last.
    for pod in pods.reversed() {
      if left == 0 { break }
      if all[pod].state == .ready { continue }
      left -= 1
      if all[pod].state == .starting, all[pod].startedSeconds <= now {
        unready.running += 1
      } else {
        unready.waiting += 1
      }
    }
    return unready
  }

  /// - Parameter tries: that have come since the start.
  mutating func observe(tries: Double, _ sync: Sync) {
    samples.append(Sample(seconds: sync.seconds, tries: tries, ready: ready))
    if samples.count > sync.samplesMax { samples.removeFirst() }
  }

  /// What its autoscaler sets now; nil where it leaves things as they are (`AutoscalerSync`).
  /// - Parameter all: the pods of all services.
  mutating func wanted(_ sync: Sync, among all: [RehearsedPod]) -> (Int, String)? {
    let current = replicas
    if history.recommendations.isEmpty {
      history.recommendations = [.init(at: sync.moment, replicas: current)]
    }
    if current == 0, minimum != 0 { return nil }
    if current > maximum { return (maximum, "above the maximum") }
    if current < minimum { return (minimum, "below the minimum of \(minimum)") }
    guard let proposed = proposal(sync, among: all) else { return nil }
    let (_, limited) = ReplicaLimits.settle(
      max(proposed, scheduled), current: current, minimum: minimum, maximum: maximum, scaling,
      downscaleSeconds: sync.downscaleSeconds, history: &history, at: sync.moment)
    guard limited.replicas != current else { return nil }
    if let scaling { history.record(from: current, to: limited.replicas, within: scaling, at: sync.moment) }
    return (limited.replicas, "metrics ask for \(proposed); \(limited.message)")
  }

  /// The greatest count of all metrics; nil where none can be read.
  private func proposal(_ sync: Sync, among all: [RehearsedPod]) -> Int? {
    guard !sync.metricsAreMissing, let window = window(sync) else { return nil }
    let unready = unready(among: all, at: sync.seconds)
    var best: Int?
    for metric in metrics.indices {
      let target = metrics[metric].target
      let usage = usage(metrics[metric].source, target, window, unready)
      do throws(MetricProblem) {
        best = max(best ?? 0, try calculator.weigh(target, usage, current: replicas).replicas)
      } catch {
        // One that cannot be read forbids to go down, not up.
        best = max(best ?? 0, replicas)
      }
    }
    return best
  }

  private struct Window {
    var rate: Double
    var ready: Int
  }

  /// What was measured last.
  private func window(_ sync: Sync) -> Window? {
    let newest = sync.seconds - sync.delaySeconds + 0.001
    guard let end = samples.lastIndex(where: { $0.seconds <= newest }), end > 0 else { return nil }
    let (from, to) = (samples[end - 1], samples[end])
    guard to.seconds > from.seconds else { return nil }
    return Window(rate: max(to.tries - from.tries, 0) / (to.seconds - from.seconds), ready: to.ready)
  }

  private func usage(
    _ source: ScaledMetric.Source, _ target: ReplicaCalculator.Target, _ window: Window, _ unready: Unready
  ) -> UsageSummary {
    let measured = min(window.ready, ready)
    var (running, waiting) = (ready - measured + unready.running, unready.waiting)
    let perPod = window.rate / Double(max(window.ready, 1))
    let request: Int64
    let used: Double
    switch source {
    case .requests: (request, used) = (0, perPod * 1000)
    case .cpu:
      request = requestMillicores
      used = behavior.idleMillicores + behavior.millicoresPerRequest * min(perPod, behavior.requestsPerSecond)
    case .memory: (request, used) = (requestMemoryMilli, behavior.memoryBytes * 1000)
    }
    func part(_ count: Int, _ used: Double) -> UsageSummary.Part {
      UsageSummary.Part(
        count: count, used: Self.wide((used * Double(count)).rounded(.up)), requested: Int128(request) * Int128(count))
    }
    // Processor use of a pod that starts is not its load, and does not count.
    if source == .cpu { (running, waiting) = (0, waiting + running) }
    return UsageSummary(
      ready: measured, trusted: part(measured, used), missing: part(running, Double(target.cautious(request: request))),
      unready: part(waiting, 0))
  }

  /// The conversion of numbers that fit in 64 bits takes a fraction of the others'.
  private static func wide(_ whole: Double) -> Int128 {
    abs(whole) < 0x1p62 ? Int128(Int64(whole)) : Int128(whole)
  }
}
