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
    podSelector(spec, field, kind: kind)
    selects(spec, field)
    podTemplate(spec["template"] ?? .null, field.child("template"))
    longRunning(spec, field, kind: "ReplicaSet")
    atLeast(0, spec["minReadySeconds"], field.child("minReadySeconds"))
    if let old { immutableSelector(spec, old: old, field) }
  }

  static func strings(_ labels: JSONValue) -> Labels {
    var result: Labels = [:]
    for label in labels.objectValue ?? [:] { result[label.key] = label.value.stringValue }
    return result
  }

  private mutating func strategy(_ strategy: JSONValue, _ field: Field) {
    let type = strategy["type"]?.stringValue ?? ""
    if !["Recreate", "RollingUpdate"].contains(type) {
      unsupported(
        field,
        go:
          "apps.DeploymentStrategy{Type:\(JSONValue.string(type).text), RollingUpdate:(*apps.RollingUpdateDeployment)(nil)}",
        ["Recreate", "RollingUpdate"])
    }
    guard let update = strategy["rollingUpdate"], !update.isNull else { return }
    let at = field.child("rollingUpdate")
    if strategy["type"]?.stringValue == "Recreate" {
      return forbidden(at, "may not be specified when strategy `type` is 'Recreate'")
    }
    countOrPercent(update["maxUnavailable"], at.child("maxUnavailable"), isAtMostAll: true)
    countOrPercent(update["maxSurge"], at.child("maxSurge"))
    if Self.isZero(update["maxUnavailable"]), Self.isZero(update["maxSurge"]) {
      invalid(
        at.child("maxUnavailable"), go: GoValue.intOrString(update["maxUnavailable"]),
        "may not be 0 when `maxSurge` is 0")
    }
  }

  static func isZero(_ value: JSONValue?) -> Bool {
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
