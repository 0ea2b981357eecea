import Kubernetes

/// Autoscalers of `autoscaling/v2` and of `autoscaling/v1`, which knows CPU only: what else there is stands in
/// annotations there, in the older form of metrics (pkg/apis/autoscaling/v1/conversion.go).
enum AutoscalerConversion {
  private static let prefix = "autoscaling.alpha.kubernetes.io/"
  private static let annotations = ["metrics", "behavior", "current-metrics", "conditions"]

  static func toV1(_ object: JSONValue) -> JSONValue {
    var result = object
    result["apiVersion"] = "autoscaling/v1"
    var notes = object[path: ["metadata", "annotations"]]?.objectValue ?? [:]
    for name in annotations { notes[prefix + name] = nil }
    let spec = object["spec"] ?? [:]
    var older: JSONObject = [:]
    for key in ["scaleTargetRef", "minReplicas", "maxReplicas"] { older[key] = spec[key] }
    let metrics = spec["metrics"]?.arrayValue ?? []
    older["targetCPUUtilizationPercentage"] = metrics.first(where: isCPUUse)?[path: targetPath]
    result["spec"] = .object(older)
    let others = metrics.filter { !isCPUUse($0) }.map { MetricForm.older($0, part: "target", prefix: "target") }
    if !others.isEmpty { notes[prefix + "metrics"] = .string(JSONValue.array(others).text) }
    if let behavior = spec["behavior"] { notes[prefix + "behavior"] = .string(capitalized(behavior).text) }
    if let status = object["status"]?.objectValue { result["status"] = .object(olderStatus(status, &notes)) }
    result[path: ["metadata", "annotations"]] = notes.isEmpty ? nil : .object(notes)
    return result
  }

  private static let targetPath = ["resource", "target", "averageUtilization"]
  private static let currentPath = ["resource", "current", "averageUtilization"]

  private static func isCPUUse(_ metric: JSONValue) -> Bool {
    metric["type"] == "Resource" && metric[path: ["resource", "name"]] == "cpu"
      && metric[path: targetPath]?.integerValue != nil
  }

  private static func olderStatus(_ status: JSONObject, _ notes: inout JSONObject) -> JSONObject {
    var result: JSONObject = [:]
    for key in ["observedGeneration", "lastScaleTime", "currentReplicas", "desiredReplicas"] {
      result[key] = status[key]
    }
    let metrics = status["currentMetrics"]?.arrayValue ?? []
    result["currentCPUUtilizationPercentage"] =
      metrics.last { $0[path: ["resource", "name"]] == "cpu" && $0[path: currentPath] != nil }?[path: currentPath]
    if !metrics.isEmpty {
      let older = metrics.map { MetricForm.older($0, part: "current", prefix: "current") }
      notes[prefix + "current-metrics"] = .string(JSONValue.array(older).text)
    }
    if let conditions = status["conditions"], conditions.arrayValue?.isEmpty == false {
      notes[prefix + "conditions"] = .string(conditions.text)
    }
    return result
  }

  static func toV2(_ object: JSONValue) -> JSONValue {
    var result = object
    result["apiVersion"] = "autoscaling/v2"
    var notes = object[path: ["metadata", "annotations"]]?.objectValue ?? [:]
    func note(_ name: String) -> JSONValue? {
      notes[prefix + name]?.stringValue.flatMap { try? JSONValue(parsing: $0) }
    }
    let cpu = object[path: ["spec", "targetCPUUtilizationPercentage"]]
    var metrics = (note("metrics")?.arrayValue ?? []).map { MetricForm.newer($0, part: "target", prefix: "target") }
    if let cpu, cpu.integerValue != nil { metrics.append(cpuMetric(cpu)) }
    if metrics.isEmpty { metrics = [cpuMetric(80)] }
    result.edit("spec") { spec in
      spec["targetCPUUtilizationPercentage"] = nil
      spec["metrics"] = .array(metrics)
    }
    if let behavior = note("behavior"), behavior.objectValue?.isEmpty == false {
      result[path: ["spec", "behavior"]] = uncapitalized(behavior)
    }
    let current = note("current-metrics")?.arrayValue
    let conditions = note("conditions")
    result.edit("status") { status in
      if let use = status["currentCPUUtilizationPercentage"] {
        status["currentMetrics"] = [
          ["type": "Resource", "resource": ["name": "cpu", "current": ["averageUtilization": use]]]
        ]
        status["currentCPUUtilizationPercentage"] = nil
      }
      if let current {
        status["currentMetrics"] = .array(current.map { MetricForm.newer($0, part: "current", prefix: "current") })
      }
      if let conditions { status["conditions"] = conditions }
    }
    for name in annotations { notes[prefix + name] = nil }
    result[path: ["metadata", "annotations"]] = notes.isEmpty ? nil : .object(notes)
    return result
  }

  private static func cpuMetric(_ use: JSONValue) -> JSONValue {
    ["type": "Resource", "resource": ["name": "cpu", "target": ["type": "Utilization", "averageUtilization": use]]]
  }

  /// The annotation has the names of Go's internal fields: `ScaleUp`, `StabilizationWindowSeconds`.
  private static func capitalized(_ value: JSONValue) -> JSONValue { renamed(value) { $0.uppercased() } }
  private static func uncapitalized(_ value: JSONValue) -> JSONValue { renamed(value) { $0.lowercased() } }

  private static func renamed(_ value: JSONValue, _ change: (String) -> String) -> JSONValue {
    switch value {
    case .object(let members):
      .object(
        JSONObject(members.map { (change(String($0.key.prefix(1))) + $0.key.dropFirst(), renamed($0.value, change)) }))
    case .array(let elements): .array(elements.map { renamed($0, change) })
    default: value
    }
  }
}

/// Metrics of autoscalers in their newer form, with a target or a current value of its own, and in the older one,
/// where names and values stand side by side (`targetAverageValue`, `currentValue`).
private enum MetricForm {
  /// By source, the key in the older form of each value of the newer one.
  private static func values(_ source: String, _ prefix: String) -> [(newer: String, older: String)] {
    switch source {
    case "object": [("value", "\(prefix)Value"), ("averageValue", "averageValue")]
    case "pods": [("averageValue", "\(prefix)AverageValue")]
    case "external": [("value", "\(prefix)Value"), ("averageValue", "\(prefix)AverageValue")]
    default:
      [("averageUtilization", "\(prefix)AverageUtilization"), ("averageValue", "\(prefix)AverageValue")]
    }
  }

  private static let sources = ["object", "pods", "resource", "containerResource", "external"]

  static func older(_ metric: JSONValue, part: String, prefix: String) -> JSONValue {
    var result: JSONObject = [:]
    result["type"] = metric["type"]
    for source in sources {
      guard let newer = metric[source], !newer.isNull else { continue }
      var older: JSONObject = [:]
      for key in ["name", "container"] { older[key] = newer[key] }
      older["metricName"] = newer[path: ["metric", "name"]]
      older[source == "external" ? "metricSelector" : "selector"] = newer[path: ["metric", "selector"]]
      if source == "object" { older["target"] = newer["describedObject"] }
      for (new, old) in values(source, prefix) { older[old] = newer[path: [part, new]] }
      // A value that both forms require.
      if source == "object", older["\(prefix)Value"] == nil { older["\(prefix)Value"] = "0" }
      result[source] = .object(older)
    }
    return .object(result)
  }

  static func newer(_ metric: JSONValue, part: String, prefix: String) -> JSONValue {
    var result: JSONObject = [:]
    result["type"] = metric["type"]
    for source in sources {
      guard let older = metric[source], !older.isNull else { continue }
      var newer: JSONObject = [:]
      for key in ["name", "container"] { newer[key] = older[key] }
      if let name = older["metricName"] {
        var identity: JSONObject = ["name": name]
        identity["selector"] = older[source == "external" ? "metricSelector" : "selector"]
        newer["metric"] = .object(identity)
      }
      if source == "object" { newer["describedObject"] = older["target"] }
      var amounts: JSONObject = [:]
      for (new, old) in values(source, prefix) where !(new == "value" && older[old] == "0") {
        amounts[new] = older[old]
      }
      if part == "target" { amounts["type"] = .string(targetType(amounts)) }
      newer[part] = .object(amounts)
      result[source] = .object(newer)
    }
    return .object(result)
  }

  private static func targetType(_ amounts: JSONObject) -> String {
    if amounts["averageUtilization"] != nil { return "Utilization" }
    return amounts["averageValue"] != nil ? "AverageValue" : "Value"
  }
}
