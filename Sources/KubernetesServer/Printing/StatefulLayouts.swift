import Kubernetes

/// StatefulSets, DaemonSets, jobs and the older controllers.
extension TableLayout {
  static let statefulSet = TableLayout(
    [.name, Column("Ready", "Ready pods, of those wanted."), .age] + templateColumns.prefix(2)
  ) { object, now in
    let ready = object.number("status", "readyReplicas") ?? 0
    return [
      object.printedName, .string("\(ready)/\(object.number("spec", "replicas") ?? 0)"), object.printedAge(now),
    ] + templateCells(object).prefix(2)
  }

  static let daemonSet = TableLayout(
    [
      .name,
      Column("Desired", "integer", "Nodes that should run the pod."),
      Column("Current", "integer", "Nodes that should and do."),
      Column("Ready", "integer", "Nodes whose pod is ready."),
      Column("Up-to-date", "integer", "Nodes whose pod has the newest template."),
      Column("Available", "integer", "Nodes whose pod has been ready for as long as is asked."),
      Column("Node Selector", "Labels that the nodes must have."),
      .age,
    ] + templateColumns
  ) { object, now in
    let counts = [
      "desiredNumberScheduled", "currentNumberScheduled", "numberReady", "updatedNumberScheduled", "numberAvailable",
    ].map { JSONValue.integer(object.number("status", $0) ?? 0) }
    let selector = object[path: ["spec", "template", "spec", "nodeSelector"]]
    return [object.printedName] + counts + [.string(LabelText.labels(selector)), object.printedAge(now)]
      + templateCells(object)
  }

  static let replicationController = TableLayout(
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
    ] + templateCells(object).prefix(2) + [.string(LabelText.labels(object[path: ["spec", "selector"]]))]
  }

  static let podTemplate = TableLayout([
    .name, Column("Containers", "The names of the containers."), Column("Images", "The images of the containers."),
    Column("Pod Labels", "The labels of the pods."),
  ]) { object, _ in
    let containers = object.elements("template", "spec", "containers")
    func joined(_ key: String) -> JSONValue { .string(containers.map { $0.text(key) ?? "" }.joined(separator: ",")) }
    return [
      object.printedName, joined("name"), joined("image"),
      .string(LabelText.labels(object[path: ["template", "metadata", "labels"]])),
    ]
  }

  static let controllerRevision = TableLayout([
    .name, Column("Controller", "Whose history it belongs to."), Column("Revision", "Which one it is."), .age,
  ]) { object, now in
    let owner = object.elements("metadata", "ownerReferences").first { $0["controller"]?.boolValue == true }
    let text = owner.map { owner in
      let group = owner.text("apiVersion")?.split(separator: "/").dropLast().first.map { ".\($0)" } ?? ""
      return "\((owner.text("kind") ?? "").lowercased())\(group)/\(owner.text("name") ?? "")"
    }
    return [
      object.printedName, .string(text ?? "<none>"), .integer(object.number("revision") ?? 0), object.printedAge(now),
    ]
  }

  static let job = TableLayout(
    [
      .name,
      Column("Status", "How far it is."),
      Column("Completions", "Successes, of those wanted."),
      Column("Duration", "How long it took, or has taken."),
      .age,
    ] + templateColumns
  ) { object, now in
    let succeeded = object.number("status", "succeeded") ?? 0
    let parallelism = object.number("spec", "parallelism") ?? 0
    let completions =
      if let wanted = object.number("spec", "completions") {
        "\(succeeded)/\(wanted)"
      } else {
        parallelism > 1 ? "\(succeeded)/1 of \(parallelism)" : "\(succeeded)/1"
      }
    return [
      object.printedName, .string(jobStatus(object)), .string(completions), .string(jobDuration(object, now)),
      object.printedAge(now),
    ] + templateCells(object)
  }

  private static func jobStatus(_ job: JSONValue) -> String {
    func has(_ type: String) -> Bool {
      job.elements("status", "conditions").contains { $0.text("type") == type && $0.text("status") == "True" }
    }
    if has("Complete") { return "Complete" }
    if has("Failed") { return "Failed" }
    if job.text("metadata", "deletionTimestamp") != nil { return "Terminating" }
    if has("Suspended") { return "Suspended" }
    return has("FailureTarget") ? "FailureTarget" : "Running"
  }

  private static func jobDuration(_ job: JSONValue, _ now: Timestamp) -> String {
    guard let start = job.text("status", "startTime").flatMap({ Timestamp(parsing: $0) }) else { return "" }
    let end = job.text("status", "completionTime").flatMap { Timestamp(parsing: $0) }
    return HumanDuration.text(seconds: (end ?? now) - start)
  }

  static let cronJob = TableLayout(
    [
      .name,
      Column("Schedule", "When jobs are made."),
      Column("Timezone", "The zone that the schedule is meant in."),
      Column("Suspend", "boolean", "Whether no jobs are made now."),
      Column("Active", "integer", "Jobs that run."),
      Column("Last Schedule", "How long ago a job was last made."),
      .age,
    ] + templateColumns
  ) { object, now in
    let last = object[path: ["status", "lastScheduleTime"]].map { HumanDuration.age(of: $0, now: now) } ?? "<none>"
    let job = object[path: ["spec", "jobTemplate"]] ?? .null
    return [
      object.printedName, .string(object.text("spec", "schedule") ?? ""), object.textOrNone("spec", "timeZone"),
      .string(object[path: ["spec", "suspend"]]?.boolValue == true ? "True" : "False"),
      .integer(Int64(object.elements("status", "active").count)), .string(last), object.printedAge(now),
    ] + templateCells(job)
  }
}
