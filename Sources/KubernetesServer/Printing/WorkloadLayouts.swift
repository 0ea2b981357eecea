import Kubernetes

extension TableLayout {
  static let templateColumns: [Column] = [
    Column("Containers", wide: true, "The names of the containers in the template."),
    Column("Images", wide: true, "The images of the containers in the template."),
    Column("Selector", wide: true, "Which pods belong to the object."),
  ]

  static func templateCells(_ object: JSONValue) -> [JSONValue] {
    let containers = object.elements("spec", "template", "spec", "containers")
    func joined(_ key: String) -> JSONValue {
      .string(containers.map { $0.text(key) ?? "" }.joined(separator: ","))
    }
    return [joined("name"), joined("image"), .string(LabelText.selector(object[path: ["spec", "selector"]]))]
  }

  static func count(_ object: JSONValue, _ path: String...) -> JSONValue {
    .integer(object[path: path]?.integerValue ?? 0)
  }

  static let deployment = TableLayout(
    [
      .name,
      Column("Ready", "Ready pods, of those wanted."),
      Column("Up-to-date", "integer", "Pods that have the newest template."),
      Column("Available", "integer", "Pods that have been ready for as long as is asked."),
      .age,
    ] + templateColumns
  ) { object, now in
    let ready = object.number("status", "readyReplicas") ?? 0
    let wanted = object.number("spec", "replicas") ?? 0
    return [
      object.printedName, .string("\(ready)/\(wanted)"), count(object, "status", "updatedReplicas"),
      count(object, "status", "availableReplicas"), object.printedAge(now),
    ] + templateCells(object)
  }

  static let replicaSet = TableLayout(
    [
      .name,
      Column("Desired", "integer", "Pods wanted."),
      Column("Current", "integer", "Pods there are."),
      Column("Ready", "integer", "Pods that are ready."),
      .age,
    ] + templateColumns
  ) { object, now in
    [
      object.printedName, count(object, "spec", "replicas"), count(object, "status", "replicas"),
      count(object, "status", "readyReplicas"), object.printedAge(now),
    ] + templateCells(object)
  }

  static let disruptionBudget = TableLayout([
    .name,
    Column("Min Available", "Pods that must stay."),
    Column("Max Unavailable", "Pods that may be away."),
    Column("Allowed Disruptions", "integer", "Pods that may be evicted now."),
    .age,
  ]) { object, now in
    [
      object.printedName, .string(object[path: ["spec", "minAvailable"]]?.scalarText ?? "N/A"),
      .string(object[path: ["spec", "maxUnavailable"]]?.scalarText ?? "N/A"),
      count(object, "status", "disruptionsAllowed"), object.printedAge(now),
    ]
  }

  static let autoscaler = TableLayout([
    .name,
    Column("Reference", "What is scaled."),
    Column("Targets", "Each metric: as measured, and as wanted."),
    Column("MinPods", "The fewest pods."),
    Column("MaxPods", "integer", "The most pods."),
    Column("Replicas", "integer", "Pods there are."),
    .age,
  ]) { object, now in
    let target = object[path: ["spec", "scaleTargetRef"]] ?? .null
    return [
      object.printedName, .string("\(target.text("kind") ?? "")/\(target.text("name") ?? "")"),
      .string(AutoscalerTargets.text(object)),
      .string(object[path: ["spec", "minReplicas"]]?.scalarText ?? "<unset>"), count(object, "spec", "maxReplicas"),
      count(object, "status", "currentReplicas"), object.printedAge(now),
    ]
  }
}

/// TARGETS of a HorizontalPodAutoscaler: `cpu: 12%/60%, 3500m/30`.
enum AutoscalerTargets {
  static func text(_ autoscaler: JSONValue) -> String {
    let current = autoscaler.elements("status", "currentMetrics")
    let targets = autoscaler.elements("spec", "metrics").enumerated().map { index, metric in
      target(metric, current: index < current.count ? current[index] : .null)
    }
    return targets.isEmpty ? "<none>" : LabelText.shortened(targets, limit: 2, separator: ", ")
  }

  private static func target(_ metric: JSONValue, current: JSONValue) -> String {
    let source: String
    switch metric.text("type") {
    case "Resource": source = "resource"
    case "ContainerResource": source = "containerResource"
    case "Pods": source = "pods"
    case "Object": source = "object"
    case "External": source = "external"
    default: return "<unknown type>"
    }
    let target = metric[path: [source, "target"]] ?? .null
    let measured = current[path: [source, "current"]] ?? .null
    func pair(_ key: String) -> String? {
      target[key].map { "\(measured[key]?.scalarText ?? "<unknown>")/\($0.scalarText)" }
    }
    switch source {
    case "resource", "containerResource":
      let name = metric.text(source, "name") ?? ""
      if let pair = pair("averageValue") { return "\(name): \(pair)" }
      let now = measured.number("averageUtilization").map { "\($0)%" } ?? "<unknown>"
      return "\(name): \(now)/\(target.number("averageUtilization").map { "\($0)%" } ?? "<auto>")"
    case "pods": return pair("averageValue") ?? "<unknown>"
    default: return pair("averageValue").map { $0 + " (avg)" } ?? pair("value") ?? "<unknown>"
    }
  }
}
