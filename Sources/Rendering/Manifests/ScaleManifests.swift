import Definitions
import Kubernetes

/// Who changes how many pods there are, and how large.
extension ServiceManifests {
  var autoscaler: JSONValue {
    let scale = spec.scale
    let targets = scale.on.isEmpty ? [["cpu": "70%"]] : scale.on
    return [
      "apiVersion": "autoscaling/v2", "kind": "HorizontalPodAutoscaler",
      "metadata": metadata(
        name, from: ["scale"], annotations: ["sakigake.dev/min-replicas": .string(String(scale.min))]),
      "spec": [
        "scaleTargetRef": ["apiVersion": "apps/v1", "kind": "Deployment", "name": .string(name)],
        "minReplicas": .integer(Int64(scale.min)), "maxReplicas": .integer(Int64(scale.max)),
        "metrics": .array(targets.compactMap(metric)),
      ],
    ]
  }

  private func metric(_ target: JSONValue) -> JSONValue? {
    for resource in ["cpu", "memory"] {
      if let share = target[resource]?.stringValue.flatMap(Units.share) {
        return [
          "type": "Resource",
          "resource": [
            "name": .string(resource),
            "target": ["type": "Utilization", "averageUtilization": .integer(Int64((share * 100).rounded()))],
          ],
        ]
      }
    }
    if let name = target["external"] {
      var metric: JSONObject = ["name": name]
      if let labels = target["labels"] { metric["selector"] = ["matchLabels": labels] }
      return [
        "type": "External",
        "external": ["metric": .object(metric), "target": Self.average(target["perPod"]?.doubleValue ?? 1)],
      ]
    }
    guard let rate = target["requestsPerSecond"]?.doubleValue else { return nil }
    return ["type": "Pods", "pods": ["metric": ["name": "requests_per_second"], "target": Self.average(rate)]]
  }

  private static func average(_ amount: Double) -> JSONValue {
    ["type": "AverageValue", "averageValue": .string(Quantity(milli: Int64((amount * 1000).rounded())).description)]
  }

  /// The VerticalPodAutoscaler's, where the cluster has it
  /// (https://github.com/kubernetes/autoscaler/blob/master/vertical-pod-autoscaler/docs/api.md).
  var verticalAutoscaler: [JSONValue] {
    guard platform.hasVerticalPodAutoscaler, spec.rightsize.mode != .off else { return [] }
    var policy: JSONObject = ["containerName": "app"]
    for (field, bounds) in [("minAllowed", spec.rightsize.min), ("maxAllowed", spec.rightsize.max)]
    where !bounds.isEmpty {
      policy[field] = .object(JSONObject(bounds.sorted { $0.key < $1.key }.map { ($0.key, $0.value.json) }))
    }
    return [
      [
        "apiVersion": "autoscaling.k8s.io/v1", "kind": "VerticalPodAutoscaler",
        "metadata": metadata(name, from: ["rightsize"]),
        "spec": [
          "targetRef": ["apiVersion": "apps/v1", "kind": "Deployment", "name": .string(name)],
          "updatePolicy": ["updateMode": spec.rightsize.mode == .auto ? "Recreate" : "Off"],
          // Sidecars keep what they have.
          "resourcePolicy": ["containerPolicies": [.object(policy), ["containerName": "*", "mode": "Off"]]],
        ],
      ]
    ]
  }
}
