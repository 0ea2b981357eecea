import Kubernetes

extension Findings {
  mutating func deployment(_ object: JSONValue, old: JSONValue?) {
    let field = Field("spec")
    let spec = object["spec"] ?? .null
    podOwner(spec, old: old?["spec"], field, kind: "deployment")
    strategy(spec["strategy"] ?? .null, field.child("strategy"))
    atLeast(0, spec["revisionHistoryLimit"], field.child("revisionHistoryLimit"))
    atLeast(0, spec["progressDeadlineSeconds"], field.child("progressDeadlineSeconds"))
    if let deadline = spec["progressDeadlineSeconds"]?.integerValue,
      deadline <= spec["minReadySeconds"]?.integerValue ?? 0
    {
      invalid(field.child("progressDeadlineSeconds"), .integer(deadline), "must be greater than minReadySeconds")
    }
  }

  mutating func replicaSet(_ object: JSONValue, old: JSONValue?) {
    podOwner(object["spec"] ?? .null, old: old?["spec"], Field("spec"), kind: "replicaset")
  }

  /// What Deployments and ReplicaSets have in common: a count, a selector and a template that it selects.
  private mutating func podOwner(_ spec: JSONValue, old: JSONValue?, _ field: Field, kind: String) {
    atLeast(0, spec["replicas"], field.child("replicas"))
    atLeast(0, spec["minReadySeconds"], field.child("minReadySeconds"))
    let template = spec["template"] ?? .null
    let templateField = field.child("template")
    if let selector = spec["selector"], !selector.isNull {
      labelSelector(selector, field.child("selector"))
      if selector.isUnset("matchLabels"), selector.isUnset("matchExpressions") {
        invalid(field.child("selector"), selector, "empty selector is invalid for \(kind)")
      } else if let parsed = try? LabelSelector(json: selector) {
        let labels = template[path: ["metadata", "labels"]] ?? .object([:])
        if !parsed.matches(Self.strings(labels)) {
          invalid(
            templateField.child("metadata").child("labels"), labels, "`selector` does not match template `labels`")
        }
      }
      if let old { immutable(selector, was: old["selector"], field.child("selector")) }
    } else {
      required(field.child("selector"))
    }
    guard !template.isNull else { return required(templateField) }
    labels(template[path: ["metadata", "labels"]], templateField.child("metadata").child("labels"))
    let podSpec = template["spec"] ?? .null
    self.podSpec(podSpec, templateField.child("spec"))
    if let policy = podSpec["restartPolicy"]?.stringValue, policy == "OnFailure" || policy == "Never" {
      unsupported(templateField.child("spec").child("restartPolicy"), .string(policy), ["Always"])
    }
    if podSpec["activeDeadlineSeconds"]?.integerValue != nil {
      forbidden(
        templateField.child("spec").child("activeDeadlineSeconds"), "activeDeadlineSeconds in \(kind) is not Supported")
    }
  }

  private static func strings(_ labels: JSONValue) -> Labels {
    var result: Labels = [:]
    for label in labels.objectValue ?? [:] { result[label.key] = label.value.stringValue }
    return result
  }

  private mutating func strategy(_ strategy: JSONValue, _ field: Field) {
    oneOf(strategy["type"], ["Recreate", "RollingUpdate"], field.child("type"))
    guard let update = strategy["rollingUpdate"], !update.isNull else { return }
    let at = field.child("rollingUpdate")
    if strategy["type"]?.stringValue == "Recreate" {
      return forbidden(at, "may not be specified when strategy `type` is 'Recreate'")
    }
    countOrPercent(update["maxUnavailable"], at.child("maxUnavailable"), isAtMostAll: true)
    countOrPercent(update["maxSurge"], at.child("maxSurge"))
    if Self.isZero(update["maxUnavailable"]), Self.isZero(update["maxSurge"]) {
      invalid(at.child("maxUnavailable"), update["maxUnavailable"], "may not be 0 when `maxSurge` is 0")
    }
  }

  private static func isZero(_ value: JSONValue?) -> Bool {
    guard let value, let count = try? IntOrString(json: value) else { return false }
    return count.resolved(of: 1_000_000, roundingUp: true) == 0
  }

  mutating func disruptionBudget(_ object: JSONValue) {
    let field = Field("spec")
    let spec = object["spec"] ?? .null
    if spec["minAvailable"] != nil, spec["maxUnavailable"] != nil {
      invalid(field, spec, "minAvailable and maxUnavailable cannot be both set")
    }
    countOrPercent(spec["minAvailable"], field.child("minAvailable"), isAtMostAll: true)
    countOrPercent(spec["maxUnavailable"], field.child("maxUnavailable"), isAtMostAll: true)
    labelSelector(spec["selector"], field.child("selector"))
    oneOf(
      spec["unhealthyPodEvictionPolicy"], ["AlwaysAllow", "IfHealthyBudget"], field.child("unhealthyPodEvictionPolicy"))
  }
}
