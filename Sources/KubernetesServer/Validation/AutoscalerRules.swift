import Kubernetes

extension Findings {
  mutating func autoscaler(_ object: JSONValue) {
    let field = Field("spec")
    let spec = object["spec"] ?? .null
    let minimum = spec["minReplicas"]?.integerValue ?? 1
    atLeast(1, spec["minReplicas"], field.child("minReplicas"))
    let maximum = spec["maxReplicas"]?.integerValue ?? 0
    if maximum < 1 {
      invalid(field.child("maxReplicas"), .integer(maximum), "must be greater than 0")
    }
    if maximum < minimum {
      invalid(field.child("maxReplicas"), .integer(maximum), "must be greater than or equal to `minReplicas`")
    }
    for key in ["kind", "name"] where spec["scaleTargetRef"]?.isUnset(key) ?? true {
      required(field.child("scaleTargetRef").child(key))
    }
    let metrics = spec["metrics"]?.arrayValue ?? []
    if minimum == 0, !metrics.contains(where: { ["Object", "External"].contains($0["type"]?.stringValue) }) {
      forbidden(
        field.child("metrics"),
        "must specify at least one Object or External metric to support scaling to zero replicas")
    }
    for (index, metric) in metrics.enumerated() {
      self.metric(metric, field.child("metrics").at(index))
    }
    for direction in ["scaleUp", "scaleDown"] {
      guard let rules = spec[path: ["behavior", direction]], !rules.isNull else { continue }
      scalingRules(rules, field.child("behavior").child(direction))
    }
  }

  private static let sources = [
    "Object": "object", "Pods": "pods", "Resource": "resource", "ContainerResource": "containerResource",
    "External": "external",
  ]

  private mutating func metric(_ metric: JSONValue, _ field: Field) {
    let type = metric["type"]?.stringValue ?? ""
    if type.isEmpty { return required(field.child("type"), "must specify a metric source type") }
    guard let key = Self.sources[type] else {
      return unsupported(field.child("type"), .string(type), Self.sources.keys.sorted())
    }
    for other in Self.sources.values.sorted() where other != key && metric[other] != nil {
      forbidden(field.child(other), "must populate the given metric source only")
    }
    guard let source = metric[key], !source.isNull else {
      return required(field.child(key), "must populate information for the given metric source")
    }
    let at = field.child(key)
    if key == "resource" || key == "containerResource" {
      if source.isUnset("name") { required(at.child("name"), "must specify a resource name") }
      if key == "containerResource", source.isUnset("container") {
        required(at.child("container"), "must specify a container name")
      }
    } else if source["metric"]?.isUnset("name") ?? true {
      required(at.child("metric").child("name"))
    }
    if key == "object" {
      for part in ["kind", "name"] where source["describedObject"]?.isUnset(part) ?? true {
        required(at.child("describedObject").child(part))
      }
    }
    target(source["target"] ?? .null, at.child("target"), source: key)
  }

  /// A target has a type, and the value that its type and its metric's source ask for.
  private mutating func target(_ target: JSONValue, _ field: Field, source: String) {
    oneOf(target["type"], ["Utilization", "Value", "AverageValue"], field.child("type"), isRequired: true)
    for key in ["value", "averageValue"] {
      guard let value = target[key], !value.isNull else { continue }
      guard let amount = try? Quantity(json: value), amount > .zero else {
        invalid(field.child(key), value, "must be positive")
        continue
      }
    }
    if let utilization = target["averageUtilization"]?.integerValue, utilization < 1 {
      invalid(field.child("averageUtilization"), .integer(utilization), "must be greater than 0")
    }
    let has = { (key: String) in target[key].map { !$0.isNull } ?? false }
    switch source {
    case "resource", "containerResource":
      if !has("averageUtilization"), !has("averageValue") {
        required(field.child("averageUtilization"), "must set either a target raw value or a target utilization")
      } else if has("averageUtilization"), has("averageValue") {
        forbidden(field.child("averageValue"), "may not set both a target raw value and a target utilization")
      }
      if has("value") { forbidden(field.child("value"), "may not be set for a resource metric") }
    case "pods":
      if !has("averageValue") { required(field.child("averageValue"), "must specify a positive target averageValue") }
    default:
      if !has("value"), !has("averageValue") {
        required(field.child("averageValue"), "must set either a target value for metric or a per-pod target")
      } else if has("value"), has("averageValue"), source == "external" {
        forbidden(field.child("value"), "may not set both a target value for metric and a per-pod target")
      }
    }
  }

  private mutating func scalingRules(_ rules: JSONValue, _ field: Field) {
    if let seconds = rules["stabilizationWindowSeconds"]?.integerValue, !(0...3600).contains(seconds) {
      invalid(field.child("stabilizationWindowSeconds"), .integer(seconds), "must be between 0 and 3600, inclusive")
    }
    oneOf(rules["selectPolicy"], ["Max", "Min", "Disabled"], field.child("selectPolicy"))
    let policies = rules["policies"]?.arrayValue ?? []
    if policies.isEmpty { required(field.child("policies"), "must specify at least one Policy") }
    for (index, policy) in policies.enumerated() {
      let at = field.child("policies").at(index)
      oneOf(policy["type"], ["Percent", "Pods"], at.child("type"), isRequired: true)
      if policy["value"]?.integerValue ?? 0 <= 0 {
        invalid(at.child("value"), policy["value"] ?? 0, "must be greater than zero")
      }
      let period = policy["periodSeconds"]?.integerValue ?? 0
      if period <= 0 {
        invalid(at.child("periodSeconds"), .integer(period), "must be greater than zero")
      } else if period > 1800 {
        invalid(at.child("periodSeconds"), .integer(period), "must be less than or equal to 1800")
      }
    }
  }
}
