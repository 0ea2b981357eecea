import Kubernetes

/// One autoscaler, one sync: `reconcileAutoscaler` of pkg/controller/podautoscaler/horizontal.go.
struct AutoscalerSync {
  let autoscaler: HorizontalPodAutoscaler
  let view: ClusterView
  let readings: MetricReadings
  let configuration: HorizontalDecision.Configuration
  let now: Timestamp
  var history: ScalingHistory
  var changes: [Change] = []
  private var status: AutoscalerStatus

  init(
    _ autoscaler: HorizontalPodAutoscaler, _ view: ClusterView, _ readings: MetricReadings,
    _ configuration: HorizontalDecision.Configuration, _ history: ScalingHistory, at now: Timestamp
  ) {
    self.autoscaler = autoscaler
    self.view = view
    self.readings = readings
    self.configuration = configuration
    self.history = history
    self.now = now
    status = autoscaler.status
  }

  private struct Verdict {
    var replicas: Int
    /// Why the target's scale is set; nil leaves it.
    var reason: String?
  }

  mutating func run() {
    defer { writeStatus() }
    status.observedGeneration = autoscaler.metadata.generation > 0 ? autoscaler.metadata.generation : nil
    let target: ScaleTarget
    do throws(MetricProblem) { target = try ScaleTarget(of: autoscaler, in: view) } catch {
      let message = "the HPA controller was unable to get the target's current scale: \(error)"
      warn("FailedGetScale", error.message, whenNew: set("AbleToScale", false, "FailedGetScale", message))
      return
    }
    set("AbleToScale", true, "SucceededGetScale", "the HPA controller was able to get the target's current scale")
    let current = target.specReplicas
    if history.recommendations.isEmpty { history.recommendations = [.init(at: now, replicas: current)] }

    let minimum = autoscaler.spec.minReplicas ?? 1
    let maximum = autoscaler.spec.maxReplicas
    status.currentReplicas = current
    let verdict: Verdict
    var metrics: [JSONValue] = []
    if current == 0, minimum != 0 {
      set(
        "ScalingActive", false, "ScalingDisabled",
        "scaling is disabled since the replica count of the target is zero")
      verdict = Verdict(replicas: 0, reason: nil)
    } else if current > maximum {
      verdict = Verdict(replicas: maximum, reason: "Current number of replicas above Spec.MaxReplicas")
    } else if current < minimum {
      verdict = Verdict(replicas: minimum, reason: "Current number of replicas below Spec.MinReplicas")
    } else {
      guard let measured = measure(target, minimum: minimum, maximum: maximum, &metrics) else { return }
      verdict = measured
    }
    if let reason = verdict.reason { rescale(target, to: verdict.replicas, reason) }
    status.desiredReplicas = verdict.reason == nil ? current : verdict.replicas
    status.currentMetrics = metrics
  }

  /// What the metrics ask for, within the limits; nil when none of them can be read.
  private mutating func measure(
    _ target: ScaleTarget, minimum: Int, maximum: Int, _ statuses: inout [JSONValue]
  ) -> Verdict? {
    let current = target.specReplicas
    guard let (proposed, metric) = proposal(target, &statuses) else { return nil }
    var reason: String?
    if proposed > current { reason = "\(metric) above target" }
    if proposed < current { reason = "All metrics below target" }

    let (stabilized, limited) = ReplicaLimits.settle(
      proposed, current: current, minimum: minimum, maximum: maximum, autoscaler.spec.behavior.map(resolved),
      downscaleSeconds: configuration.downscaleStabilization, history: &history, at: now)
    set("AbleToScale", true, stabilized.reason, stabilized.message)
    set("ScalingLimited", limited.replicas != stabilized.replicas, limited.reason, limited.message)
    return Verdict(
      replicas: limited.replicas, reason: limited.replicas == current ? nil : reason ?? "\(metric) above target")
  }

  /// The greatest count of all readable metrics. One that cannot be read forbids to go down, not up.
  private mutating func proposal(_ target: ScaleTarget, _ statuses: inout [JSONValue]) -> (Int, String)? {
    guard !target.selector.isEmpty else {
      let isNew = set("ScalingActive", false, "InvalidSelector", "the HPA target's scale is missing a selector")
      warn("SelectorRequired", "selector is required", whenNew: isNew)
      return nil
    }
    let namespace = autoscaler.metadata.namespace
    let evaluation = MetricEvaluation(
      view: view, readings: readings, namespace: namespace, pods: view.pods(in: namespace, matching: target.selector),
      specReplicas: target.specReplicas, statusReplicas: target.statusReplicas,
      calculator: configuration.calculator(for: autoscaler.spec.behavior), now: now)
    var best: MetricEvaluation.Outcome?
    var failures: [MetricEvaluation.Failure] = []
    let metrics = autoscaler.spec.metrics.isEmpty ? [Self.defaultMetric] : autoscaler.spec.metrics
    for metric in metrics {
      do throws(MetricEvaluation.Failure) {
        let outcome = try evaluation.evaluate(metric)
        statuses.append(outcome.status)
        if best.map({ outcome.replicas > $0.replicas }) ?? true { best = outcome }
      } catch {
        failures.append(error)
        // kubectl matches statuses to metrics by their place.
        statuses.append(["type": ""])
      }
    }
    if let failure = failures.first, best.map({ $0.replicas < target.specReplicas }) ?? true {
      let isNew = set(
        "ScalingActive", false, failure.reason, "the HPA was unable to compute the replica count: \(failure.message)")
      for one in failures { warn(one.reason, one.cause, whenNew: isNew) }
      warn(
        "FailedComputeMetricsReplicas",
        "invalid metrics (\(failures.count) invalid out of \(metrics.count)), first error is: \(failure.message)",
        whenNew: isNew)
      return nil
    }
    guard let best else { return nil }
    set(
      "ScalingActive", true, "ValidMetricFound",
      "the HPA was able to successfully calculate a replica count from \(best.name)")
    return (best.replicas, best.name)
  }

  /// What the API server fills in where no metric is named.
  private static let defaultMetric: MetricSpec = {
    var metric = MetricSpec()
    metric.type = "Resource"
    metric.resource = ResourceMetric()
    metric.resource?.name = "cpu"
    metric.resource?.target.type = "Utilization"
    metric.resource?.target.averageUtilization = 80
    return metric
  }()

  private func resolved(_ behavior: AutoscalerBehavior) -> ScalingBehavior {
    ScalingBehavior(
      behavior, downscaleSeconds: configuration.downscaleStabilization, timeScale: configuration.timeScale)
  }

  private mutating func rescale(_ target: ScaleTarget, to replicas: Int, _ reason: String) {
    changes.append(
      .patch(target.target, .merge, ["spec": ["replicas": .integer(Int64(replicas))]], subresource: "scale"))
    set(
      "AbleToScale", true, "SucceededRescale",
      "the HPA controller was able to update the target scale to \(replicas)")
    note("SuccessfulRescale", "New size: \(replicas); reason: \(reason)", isWarning: false)
    status.lastScaleTime = now
    guard let spec = autoscaler.spec.behavior else { return }
    history.record(from: target.specReplicas, to: replicas, within: resolved(spec), at: now)
  }
}

extension AutoscalerSync {
  /// - Returns: whether the condition says something else than before.
  @discardableResult
  private mutating func set(_ type: String, _ value: Bool, _ reason: String, _ message: String) -> Bool {
    let old = autoscaler.status.conditions[type]
    status.conditions.set(Condition(type, value, reason: reason, message: message, at: now))
    return old?.reason != reason || old?.message != message
  }

  private mutating func note(_ reason: String, _ message: String, isWarning: Bool) {
    changes.append(
      ObjectNote.change(
        about: autoscaler, isWarning: isWarning, reason: reason, message: message,
        component: HorizontalDecision.component))
  }

  private mutating func warn(_ reason: String, _ message: String, whenNew isNew: Bool) {
    if isNew { note(reason, message, isWarning: true) }
  }

  private mutating func writeStatus() {
    if let change = StatusPatch.change(of: autoscaler, from: autoscaler.status.json, to: status.json) {
      changes.append(change)
    }
  }
}
