import Kubernetes

/// One entry of `spec.metrics` against what was measured: a count, its name for messages, and its status.
struct MetricEvaluation {
  struct Outcome {
    var replicas: Int
    var name: String
    var status: JSONValue
  }
  /// Why a metric gave no count, with upstream's reason for the condition and the event.
  struct Failure: Error {
    var reason: String
    var message: String
    /// What the event says: the cause alone.
    var cause: String
  }

  var view: ClusterView
  var readings: MetricReadings
  var namespace: String
  var pods: [Pod]
  var specReplicas: Int
  var statusReplicas: Int
  var calculator: ReplicaCalculator
  var now: Timestamp

  func evaluate(_ metric: MetricSpec) throws(Failure) -> Outcome {
    switch metric.type {
    case "Resource":
      return try resource(metric.resource, container: "", type: metric.type, key: "resource")
    case "ContainerResource":
      let container = metric.containerResource?.container ?? ""
      return try resource(metric.containerResource, container: container, type: metric.type, key: "containerResource")
    case "Pods": return try podsMetric(metric.pods)
    case "Object": return try objectMetric(metric.object)
    case "External": return try externalMetric(metric.external)
    default:
      let problem = "unknown metric source type \"\(metric.type)\""
      throw Failure(reason: "InvalidMetricSourceType", message: problem, cause: problem)
    }
  }

  private func resource(_ metric: ResourceMetric?, container: String, type: String, key: String) throws(Failure)
    -> Outcome
  {
    let reason = type == "Resource" ? "FailedGetResourceMetric" : "FailedGetContainerResourceMetric"
    let metric = metric ?? ResourceMetric()
    func failure(_ problem: String) -> Failure { Failure(reason: reason, message: problem, cause: problem) }
    guard metric.target.averageValue != nil || metric.target.averageUtilization != nil else {
      throw failure(
        "invalid resource metric source: neither an average utilization target nor an average value target was set")
    }
    let samples: [String: PodSample]
    do throws(MetricProblem) {
      samples = try PodSamples.resource(metric.name, container: container, of: pods, in: view.metrics)
    } catch {
      throw failure(
        "failed to get \(metric.name) utilization: unable to get metrics for resource \(metric.name): \(error)")
    }
    let proposal: ReplicaCalculator.Proposal
    var name = "\(metric.name) resource"
    do throws(MetricProblem) {
      if let target = metric.target.averageValue {
        proposal = try calculator.average(
          targetMilli: max(target.milliValue, 1), resource: metric.name, pods: pods, samples: samples,
          current: specReplicas, at: now)
      } else {
        proposal = try calculator.utilization(
          percent: max(metric.target.averageUtilization ?? 1, 1), resource: metric.name, container: container,
          pods: pods, samples: samples, current: specReplicas, at: now)
        name = "\(metric.name)\(container.isEmpty ? "" : " container") resource utilization (percentage of request)"
      }
    } catch { throw failure("failed to get \(metric.name) utilization: \(error)") }

    var current: JSONObject = [:]
    if let utilization = proposal.utilization { current["averageUtilization"] = .integer(Int64(utilization)) }
    current["averageValue"] = Self.quantity(proposal.usageMilli)
    var status: JSONObject = ["name": .string(metric.name)]
    if !container.isEmpty { status["container"] = .string(container) }
    status["current"] = .object(current)
    return Outcome(
      replicas: proposal.replicas, name: name, status: ["type": .string(type), key: .object(status)])
  }

  private func podsMetric(_ metric: NamedMetric?) throws(Failure) -> Outcome {
    let metric = metric ?? NamedMetric()
    let identifier = metric.metric.name
    do throws(MetricProblem) {
      guard let target = metric.target.averageValue else {
        throw MetricProblem("invalid pods metric source: no average value target was set")
      }
      let samples: [String: PodSample]
      do throws(MetricProblem) { samples = try PodSamples.custom(identifier, of: pods, in: view.metrics) } catch {
        throw MetricProblem("unable to get metric \(identifier): \(error)")
      }
      let proposal = try calculator.average(
        targetMilli: max(target.milliValue, 1), pods: pods, samples: samples, current: specReplicas, at: now)
      let current: JSONValue = ["averageValue": Self.quantity(proposal.usageMilli)]
      return Outcome(
        replicas: proposal.replicas, name: "pods metric \(identifier)",
        status: ["type": "Pods", "pods": ["metric": metric.metric.json, "current": current]])
    } catch {
      throw Failure(
        reason: "FailedGetPodsMetric", message: "failed to get pods metric value: \(error)", cause: error.message)
    }
  }

  private func objectMetric(_ metric: NamedMetric?) throws(Failure) -> Outcome {
    let metric = metric ?? NamedMetric()
    let described = metric.describedObject ?? CrossVersionObjectReference()
    do throws(MetricProblem) {
      let (proposal, current) = try total(metric) { () throws(MetricProblem) in
        try readings.object(metric, in: namespace)
      }
      return Outcome(
        replicas: proposal.replicas, name: "\(described.kind) metric \(metric.metric.name)",
        status: [
          "type": "Object",
          "object": ["metric": metric.metric.json, "current": current, "describedObject": described.json],
        ])
    } catch {
      throw Failure(
        reason: "FailedGetObjectMetric", message: "failed to get object metric value: \(error)", cause: error.message)
    }
  }

  private func externalMetric(_ metric: NamedMetric?) throws(Failure) -> Outcome {
    let metric = metric ?? NamedMetric()
    do throws(MetricProblem) {
      let (proposal, current) = try total(metric) { () throws(MetricProblem) in
        try readings.external(metric, in: namespace)
      }
      return Outcome(
        replicas: proposal.replicas, name: "external metric \(metric.metric.name)",
        status: ["type": "External", "external": ["metric": metric.metric.json, "current": current]])
    } catch {
      throw Failure(
        reason: "FailedGetExternalMetric", message: "failed to get \(metric.metric.name) external metric: \(error)",
        cause: error.message)
    }
  }

  /// A value beside the pods: shared among them (AverageValue), or as it is (Value).
  private func total(_ metric: NamedMetric, _ read: () throws(MetricProblem) -> Int64) throws(MetricProblem)
    -> (ReplicaCalculator.Proposal, JSONValue)
  {
    if let target = metric.target.averageValue {
      let proposal = calculator.perPod(
        usageMilli: try read(), targetMilli: max(target.milliValue, 1), statusReplicas: statusReplicas)
      return (proposal, ["averageValue": Self.quantity(proposal.usageMilli)])
    }
    guard let target = metric.target.value else {
      throw MetricProblem("invalid metric source: neither a value target nor an average value target was set")
    }
    let proposal = try calculator.value(
      usageMilli: try read(), targetMilli: max(target.milliValue, 1), pods: pods, current: specReplicas)
    return (proposal, ["value": Self.quantity(proposal.usageMilli)])
  }

  private static func quantity(_ milli: Int64) -> JSONValue { Quantity(milli: milli).json }
}
