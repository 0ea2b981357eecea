import Kubernetes

/// The fields by which a resource can be selected beside `metadata.name` and `metadata.namespace`, as in Kubernetes.
enum SelectableFields {
  static let paths: [String: [[String]]] = [
    "pods": split(
      "spec.nodeName", "spec.restartPolicy", "spec.schedulerName", "spec.serviceAccountName", "spec.hostNetwork",
      "status.phase", "status.podIP", "status.nominatedNodeName"),
    "events": split(
      "involvedObject.kind", "involvedObject.namespace", "involvedObject.name", "involvedObject.uid",
      "involvedObject.apiVersion", "involvedObject.resourceVersion", "involvedObject.fieldPath", "reason",
      "reportingComponent", "source", "type"),
    "namespaces": split("status.phase"),
    "nodes": split("spec.unschedulable"),
    "secrets": split("type"),
    "services": split("spec.clusterIP", "spec.type"),
    "replicasets.apps": split("status.replicas"),
    "replicationcontrollers": split("status.replicas"),
    "jobs.batch": split("status.successful"),
  ]

  /// What a field is taken to be where the object does not have it.
  private static let absent: [String: String] = [
    "spec.unschedulable": "false", "spec.hostNetwork": "false", "status.successful": "0", "status.replicas": "0",
  ]

  /// Fields that stand elsewhere than their name says.
  private static let elsewhere = ["source": ["source", "component"], "status.successful": ["status", "succeeded"]]

  /// What the newer group of events calls the fields of the older one.
  static let newerEvents = [
    "regarding.kind": "involvedObject.kind", "regarding.namespace": "involvedObject.namespace",
    "regarding.name": "involvedObject.name", "regarding.uid": "involvedObject.uid",
    "regarding.apiVersion": "involvedObject.apiVersion", "regarding.resourceVersion": "involvedObject.resourceVersion",
    "regarding.fieldPath": "involvedObject.fieldPath", "reportingController": "reportingComponent",
  ]

  /// The values of a resource's fields, in the order of `paths`.
  static func values(of object: JSONValue, resource: String) -> [String] {
    guard let fields = fields[resource] else { return [] }
    return fields.map { field in object[path: field.path].flatMap(text) ?? field.absent }
  }

  /// The place of a field in `values`; nil where the resource is not selected by it.
  static func position(of field: String, resource: String) -> Int? {
    fields[resource]?.firstIndex { $0.name == field }
  }

  private struct Selectable: Sendable {
    var name: String
    var path: [String]
    var absent: String
  }

  private static let fields: [String: [Selectable]] = paths.mapValues { paths in
    paths.map { path in
      let name = path.joined(separator: ".")
      return Selectable(name: name, path: elsewhere[name] ?? path, absent: absent[name] ?? "")
    }
  }

  private static func split(_ fields: String...) -> [[String]] {
    fields.map { $0.split(separator: ".").map(String.init) }
  }

  private static func text(_ value: JSONValue) -> String? {
    switch value {
    case .string(let text): text
    case .bool(let flag): String(flag)
    case .integer(let number): String(number)
    default: nil
    }
  }
}
