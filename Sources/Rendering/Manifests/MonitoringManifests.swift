import Definitions
import Kubernetes

/// Rules and scraping for Prometheus, where the cluster has its operator
/// (https://prometheus-operator.dev/docs/api-reference/api/).
extension ServiceManifests {
  /// Where Envoy tells its statistics, on the pod's address.
  static let metricsPort = 15090

  var monitoring: [JSONValue] {
    guard platform.alerts.prometheus else { return [] }
    return [podMonitor] + rules
  }

  private func monitored(_ section: [String]) -> JSONValue {
    var metadata = metadata(name, from: section)
    for (key, value) in platform.alerts.labels.sorted(by: { $0.key < $1.key }) {
      metadata[path: ["labels", key]] = .string(value)
    }
    return metadata
  }

  private var podMonitor: JSONValue {
    [
      "apiVersion": "monitoring.coreos.com/v1", "kind": "PodMonitor", "metadata": monitored([]),
      "spec": [
        "selector": ["matchLabels": selector], "podTargetLabels": [.string(WellKnown.service)],
        "podMetricsEndpoints": [["port": "metrics", "path": "/stats/prometheus", "interval": "15s"]],
      ],
    ]
  }

  private var rules: [JSONValue] {
    guard !spec.alerts.isEmpty else { return [] }
    let queries = AlertQueries(service: name, namespace: platform.namespace)
    let rules = spec.alerts.sorted { $0.key < $1.key }.map { alert, written -> JSONValue in
      let severity = written.level.rawValue
      var labels: JSONObject = [
        "severity": .string(severity), "service": .string(name), "owner": .string(spec.owner),
      ]
      if let route = platform.alerts.routes[severity] { labels["route"] = .string(route) }
      var annotations: JSONObject = [
        "summary": .string(written.summary.isEmpty ? "\(name): \(written.when.text)" : written.summary)
      ]
      if !written.runbook.isEmpty { annotations["runbook_url"] = .string(written.runbook) }
      return [
        "alert": .string("\(name)-\(alert)"), "expr": .string(queries.expression(written.when)),
        // Without fractions, as Prometheus reads durations.
        "for": .string((written.holds ?? TimeSpan(seconds: 300)).text), "labels": .object(labels),
        "annotations": .object(annotations),
      ]
    }
    return [
      [
        "apiVersion": "monitoring.coreos.com/v1", "kind": "PrometheusRule", "metadata": monitored(["alerts"]),
        "spec": ["groups": [["name": .string(name), "rules": .array(rules)]]],
      ]
    ]
  }
}

/// Measures of a service as queries of PromQL, over what its sidecars, the kubelet's cAdvisor and kube-state-metrics tell.
struct AlertQueries {
  let service: String
  let namespace: String

  /// Over which a rate is taken.
  private static let window = "5m"

  func expression(_ condition: AlertCondition) -> String {
    let bound = condition.bound.json.text
    return "\(measure(condition.measure)) \(condition.comparison.rawValue) \(bound)"
  }

  private func measure(_ measure: AlertCondition.Measure) -> String {
    switch measure {
    case .requestsPerSecond:
      // Without a pod nobody tells of requests, and there are none.
      return "(\(sum("envoy_http_downstream_rq_total")) or vector(0))"
    case .errorRate: return failed
    case .successRate: return "1 - \(failed)"
    case .p50: return quantile("0.5")
    case .p90: return quantile("0.9")
    case .p95: return quantile("0.95")
    case .p99: return quantile("0.99")
    case .cpu:
      return "sum(rate(container_cpu_usage_seconds_total{\(container)}[\(Self.window)])) / \(requested("cpu"))"
    case .memory: return "sum(container_memory_working_set_bytes{\(container)}) / \(requested("memory"))"
    case .readyPods:
      // Of several that tell the same, or of one that was started anew.
      return "max(kube_deployment_status_replicas_available{namespace=\"\(namespace)\",deployment=\"\(service)\"})"
    case .restarts: return "sum(increase(kube_pod_container_status_restarts_total{\(pods)}[15m]))"
    }
  }

  /// As PodMonitors label what they scrape, and only what came in from outside of the pod.
  private var inbound: String {
    "namespace=\"\(namespace)\",sakigake_dev_service=\"\(service)\",envoy_http_conn_manager_prefix=\"inbound\""
  }

  /// Pods of the Deployment, and of no other whose name begins with the same letters.
  private var pods: String { "namespace=\"\(namespace)\",pod=~\"\(service)-[a-z0-9]+-[a-z0-9]{5}\"" }

  private var container: String { "\(pods),container=\"app\"" }

  private func sum(_ metric: String, _ more: String = "") -> String {
    "sum(rate(\(metric){\(inbound)\(more)}[\(Self.window)]))"
  }

  private var failed: String {
    "(\(sum("envoy_http_downstream_rq_xx", ",envoy_response_code_class=\"5\"")) or vector(0)) / "
      + sum("envoy_http_downstream_rq_xx")
  }

  /// Envoy counts milliseconds; bounds are in seconds.
  private func quantile(_ quantile: String) -> String {
    "histogram_quantile(\(quantile), sum by (le) (rate(envoy_http_downstream_rq_time_bucket{\(inbound)}"
      + "[\(Self.window)]))) / 1000"
  }

  private func requested(_ resource: String) -> String {
    "sum(kube_pod_container_resource_requests{\(container),resource=\"\(resource)\"})"
  }
}
