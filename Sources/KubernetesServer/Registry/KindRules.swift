import Kubernetes

/// What the server itself sets on objects of certain kinds.
enum KindRules {
  /// Kinds whose status a creator may bring along.
  private static let keepsStatusAtCreation: Set<String> = ["nodes"]

  static func prepareCreation(
    _ object: inout JSONValue, _ resource: RegisteredResource, now: Timestamp, definitions: () -> [JSONValue]
  ) {
    if resource.hasStatus, !keepsStatusAtCreation.contains(resource.key) { object["status"] = emptyStatus(resource) }
    switch resource.key {
    case "namespaces":
      object["spec"] = ["finalizers": ["kubernetes"]]
      object["status"] = ["phase": "Active"]
      labelNamespace(&object)
    case "pods": object["status"] = ["phase": "Pending"]
    case "jobs.batch": selectJobPods(&object)
    case "daemonsets.apps": object[path: ["metadata", "annotations", templateGeneration]] = "1"
    case "persistentvolumes": object["status"] = ["phase": "Pending", "lastPhaseTransitionTime": now.json]
    case ResourceType.customResourceDefinitions.qualifiedPlural:
      CustomDefinition.establish(&object, others: definitions(), now: now)
    default: break
    }
  }

  /// - Parameter object: with the spec that was asked for and the status that is stored.
  static func prepareUpdate(
    _ object: inout JSONValue, _ resource: RegisteredResource, old: JSONValue, now: Timestamp,
    definitions: () -> [JSONValue]
  ) {
    switch resource.key {
    case "namespaces":
      object["spec"] = old["spec"]
      labelNamespace(&object)
    case ResourceType.customResourceDefinitions.qualifiedPlural:
      CustomDefinition.establish(&object, others: definitions(), now: now)
    case "services": keepAddresses(&object, old: old)
    case "jobs.batch": keepSelector(&object, old: old)
    case "daemonsets.apps": countTemplates(&object, old: old)
    default: break
    }
  }

  /// A job whose selector is not made by hand selects the pods that bear its UID.
  private static func selectJobPods(_ job: inout JSONValue) {
    guard job[path: ["spec", "manualSelector"]]?.boolValue != true, let uid = job["metadata"]?["uid"],
      let name = job["metadata"]?["name"]
    else { return }
    let hasLabels =
      job[path: ["spec", "template", "metadata", "labels"]].map { $0.objectValue?.isEmpty == false } ?? false
    job.edit("spec") { spec in
      spec.editOrCreate("template") { template in
        template.editOrCreate("metadata") { metadata in
          metadata.editOrCreate("labels") { labels in
            for prefix in ["", "batch.kubernetes.io/"] {
              labels[prefix + "controller-uid"] = uid
              labels[prefix + "job-name"] = name
            }
          }
        }
      }
      if spec.isUnset("selector") {
        spec["selector"] = ["matchLabels": ["batch.kubernetes.io/controller-uid": uid]]
      }
    }
    // Labels of the template are the job's own, where it has none.
    if hasLabels { JobDefaults.labels(&job) }
  }

  /// What was made at creation need not be sent again.
  private static func keepSelector(_ job: inout JSONValue, old: JSONValue) {
    guard job[path: ["spec", "manualSelector"]]?.boolValue != true else { return }
    if job["spec"]?.isUnset("selector") == true { job[path: ["spec", "selector"]] = old[path: ["spec", "selector"]] }
  }

  /// Counts the changes of a DaemonSet's template, as older clients look for it.
  private static let templateGeneration = "deprecated.daemonset.template.generation"

  private static func countTemplates(_ set: inout JSONValue, old: JSONValue) {
    let path = ["metadata", "annotations", templateGeneration]
    let count = old[path: path]?.stringValue.flatMap(Int.init) ?? 0
    let isSame = SemanticEquality.equal(set[path: ["spec", "template"]], old[path: ["spec", "template"]])
    set[path: path] = .string(String(isSame ? count : count + 1))
  }

  /// What a built-in kind's status is before anybody has written it.
  private static func emptyStatus(_ resource: RegisteredResource) -> JSONValue? {
    let table = SchemaTable.builtIn
    guard resource.custom == nil,
      let kind = table.definition(apiVersion: resource.type.apiVersion, kind: resource.type.kind),
      let field = kind.field("status"), let status = field.type.reference
    else { return nil }
    return table.empty(table[status])
  }

  static func addFinalizer(_ name: String, to object: inout JSONValue) {
    var finalizers = object["metadata"]?["finalizers"]?.arrayValue ?? []
    guard !finalizers.contains(.string(name)) else { return }
    finalizers.append(.string(name))
    object[path: ["metadata", "finalizers"]] = .array(finalizers)
  }

  static func removeFinalizer(_ name: String, from object: inout JSONValue) {
    let finalizers = (object["metadata"]?["finalizers"]?.arrayValue ?? []).filter { $0 != .string(name) }
    object[path: ["metadata", "finalizers"]] = finalizers.isEmpty ? nil : .array(finalizers)
  }

  private static func labelNamespace(_ object: inout JSONValue) {
    object[path: ["metadata", "labels", "kubernetes.io/metadata.name"]] = object["metadata"]?["name"]
  }

  /// A service keeps the addresses it has where the new text is silent about them.
  private static func keepAddresses(_ object: inout JSONValue, old: JSONValue) {
    guard object["spec"]?["type"]?.stringValue != "ExternalName" else { return }
    for field in ["clusterIP", "clusterIPs"] where (object["spec"]?[field]?.stringValue ?? "").isEmpty {
      if object["spec"]?[field]?.arrayValue?.isEmpty == false { continue }
      if let value = old["spec"]?[field] { object[path: ["spec", field]] = value }
    }
    guard ["NodePort", "LoadBalancer"].contains(object["spec"]?["type"]?.stringValue ?? ""),
      var ports = object["spec"]?["ports"]?.arrayValue
    else { return }
    let oldPorts = old["spec"]?["ports"]?.arrayValue ?? []
    let taken = Set(ports.compactMap { $0["nodePort"]?.integerValue })
    for index in ports.indices where (ports[index]["nodePort"]?.integerValue ?? 0) == 0 {
      let same = oldPorts.first {
        $0["port"] == ports[index]["port"]
          && ($0["protocol"]?.stringValue ?? "TCP") == (ports[index]["protocol"]?.stringValue ?? "TCP")
      }
      if let port = same?["nodePort"], let number = port.integerValue, !taken.contains(number) {
        ports[index]["nodePort"] = port
      }
    }
    object[path: ["spec", "ports"]] = .array(ports)
  }
}
