import Definitions
import Kubernetes
import Terraform

/// Alarms of CloudWatch from the `alerts` that Prometheus' rules are made of.
///
/// What comes in is measured where it passes the load balancer; pods by Container Insights with enhanced observability
/// (https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Container-Insights-metrics-enhanced-EKS.html).
extension ServiceTerraformBuilder {
  mutating func addAlarms() {
    for (alert, written) in spec.alerts.sorted(by: { $0.key < $1.key }) {
      guard let measure = AlarmMeasure(written.when.measure, of: self) else {
        warnings.append(
          Diagnostic(
            .warning, at: service.place(of: "alerts", alert, "when"),
            "spec.alerts.\(alert): CloudWatch does not see \(written.when.measure.rawValue) of a service that is not behind "
              + "its load balancer: no alarm is made"))
        continue
      }
      let topic = topic(written.level)
      let holds = (written.holds ?? TimeSpan(seconds: 300)).wholeSeconds
      let periods = (holds + measure.periodSeconds - 1) / measure.periodSeconds
      var description = written.summary.isEmpty ? "\(name): \(written.when.text)" : written.summary
      if !written.runbook.isEmpty { description += "\n\(written.runbook)" }
      document.resource(
        "aws_cloudwatch_metric_alarm", TerraformDocument.label(alert),
        [
          "alarm_name": .string("\(platform.cluster)-\(name)-\(alert)"),
          "alarm_description": TerraformDocument.literal(description),
          "comparison_operator": .string(Self.operators[written.when.comparison] ?? ""),
          "threshold": .double(written.when.bound), "evaluation_periods": .integer(periods),
          "datapoints_to_alarm": .integer(periods),
          "treat_missing_data": Self.isBrokenByNothing(written.when) ? "breaching" : "notBreaching",
          "alarm_actions": [topic], "ok_actions": [topic], "metric_query": .array(measure.queries),
        ])
    }
  }

  private mutating func topic(_ severity: MicroserviceSpec.Alert.Severity) -> JSONValue {
    guard platform.alerts.snsTopic.isEmpty else { return .string(platform.alerts.snsTopic) }
    return document.data(
      "aws_sns_topic", TerraformDocument.label(severity.rawValue), ["name": .string(names.topic(severity))])["arn"]
  }

  /// Nobody asked: nothing is wrong with the answers, but there are fewer requests than any bound. No pods: all is.
  private static func isBrokenByNothing(_ condition: AlertCondition) -> Bool {
    switch condition.measure {
    case .readyPods: true
    case .requestsPerSecond: [.below, .atMost].contains(condition.comparison)
    default: false
    }
  }

  static let operators: [AlertCondition.Comparison: String] = [
    .above: "GreaterThanThreshold", .atLeast: "GreaterThanOrEqualToThreshold", .below: "LessThanThreshold",
    .atMost: "LessThanOrEqualToThreshold",
  ]
}

/// A measure as queries of CloudWatch, in the unit of an alert's bound. The last of them is what is compared.
private struct AlarmMeasure {
  let queries: [JSONValue]
  let periodSeconds: Int64

  init?(_ measure: AlertCondition.Measure, of service: ServiceTerraformBuilder) {
    func edge(_ metric: String, _ statistic: String) -> Metric? {
      service.targets.map { targets in
        Metric(
          "AWS/ApplicationELB", metric, statistic, ["LoadBalancer": targets.balancer, "TargetGroup": targets.group])
      }
    }
    func pods(_ metric: String, _ statistic: String) -> Metric {
      Metric(
        "ContainerInsights", metric, statistic,
        [
          "ClusterName": .string(service.platform.cluster), "Namespace": .string(service.platform.namespace),
          "PodName": .string(service.name),
        ])
    }
    let expression: String
    let metrics: [Metric?]
    switch measure {
    case .requestsPerSecond: (expression, metrics) = ("a / PERIOD(a)", [edge("RequestCount", "Sum")])
    case .errorRate, .successRate:
      // No answer of 5xx is no data of them.
      let failed = "FILL(a, 0) / b"
      expression = measure == .errorRate ? failed : "1 - \(failed)"
      metrics = [edge("HTTPCode_Target_5XX_Count", "Sum"), edge("RequestCount", "Sum")]
    case .p50, .p90, .p95, .p99: (expression, metrics) = ("a", [edge("TargetResponseTime", measure.rawValue)])
    case .cpu:
      (expression, metrics) = ("a / b", [pods("pod_cpu_usage_total", "Average"), pods("pod_cpu_request", "Average")])
    case .memory:
      (expression, metrics) = (
        "a / b", [pods("pod_memory_working_set", "Average"), pods("pod_memory_request", "Average")]
      )
    case .readyPods: (expression, metrics) = ("a", [pods("status_replicas_available", "Average")])
    case .restarts: (expression, metrics) = ("DIFF(a)", [pods("pod_number_of_container_restarts", "Maximum")])
    }
    let found = metrics.compactMap { $0 }
    guard found.count == metrics.count else { return nil }
    // Restarts are counted by the quarter of an hour, as the rule of Prometheus does.
    let period: Int64 = measure == .restarts ? 900 : 60
    periodSeconds = period
    queries =
      zip(["a", "b"], found).map { id, metric in metric.query(id, periodSeconds: period) } + [
        ["id": "measure", "expression": .string(expression), "label": .string(measure.rawValue), "return_data": true]
      ]
  }

  private struct Metric {
    let namespace: String
    let name: String
    let statistic: String
    let dimensions: JSONObject

    init(_ namespace: String, _ name: String, _ statistic: String, _ dimensions: JSONObject) {
      (self.namespace, self.name, self.statistic, self.dimensions) = (namespace, name, statistic, dimensions)
    }

    func query(_ id: String, periodSeconds: Int64) -> JSONValue {
      [
        "id": .string(id), "return_data": false,
        "metric": [
          [
            "namespace": .string(namespace), "metric_name": .string(name), "stat": .string(statistic),
            "period": .integer(periodSeconds), "dimensions": .object(dimensions),
          ]
        ],
      ]
    }
  }
}
