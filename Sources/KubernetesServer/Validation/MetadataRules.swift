import Kubernetes

extension Findings {
  /// What holds for every kind.
  mutating func metadata(_ object: JSONValue, old: JSONValue?, resource: ResourceType) {
    let field = Field("metadata")
    let metadata = object["metadata"] ?? .null
    name(metadata, resource: resource, field)
    labels(metadata["labels"], field.child("labels"))
    annotations(metadata["annotations"], field.child("annotations"))
    for owner in metadata["ownerReferences"]?.arrayValue ?? [] {
      let at = field.child("ownerReferences")
      for key in ["apiVersion", "kind", "name", "uid"] where owner[key]?.stringValue ?? "" == "" {
        let what = key == "apiVersion" ? "version" : key
        invalid(at.child(key), "", "\(what) must not be empty")
      }
    }
    let controllers = (metadata["ownerReferences"]?.arrayValue ?? []).filter { $0["controller"]?.boolValue == true }
    if controllers.count > 1 {
      invalid(
        field.child("ownerReferences"), metadata["ownerReferences"],
        "only one reference can have controller set to true")
    }
    for (index, finalizer) in (metadata["finalizers"]?.arrayValue ?? []).compactMap(\.stringValue).enumerated() {
      if let problem = Names.qualified(finalizer) { invalid(field.child("finalizers"), finalizer, problem) }
      let isPlain = !finalizer.contains("/") && !Self.standardFinalizers.contains(finalizer)
      if isPlain, Self.ownGroups.contains(resource.group) {
        invalid(
          field.child("finalizers").at(index), finalizer,
          "name is neither a standard finalizer name nor is it fully qualified")
      }
    }
    guard let old = old?["metadata"] else { return }
    for key in ["name", "namespace"] where metadata[key] != old[key] {
      invalid(field.child(key), metadata[key], "field is immutable")
    }
  }

  private static let standardFinalizers: Set<String> = ["kubernetes", "orphan", "foregroundDeletion"]
  /// Groups whose kinds take none but standard and qualified finalizers.
  private static let ownGroups = Set(ResourceType.builtIn.map(\.group)).subtracting(["apiextensions.k8s.io"])

  private mutating func name(_ metadata: JSONValue, resource: ResourceType, _ field: Field) {
    let name = metadata["name"]?.stringValue ?? ""
    guard !name.isEmpty else {
      if metadata["generateName"]?.stringValue ?? "" == "" {
        required(field.child("name"), "name or generateName is required")
      }
      return
    }
    let problem =
      switch (resource.group, resource.kind) {
      case ("", "Namespace"), ("apps", "StatefulSet"): Names.label(name)
      case ("", "Service"): Names.serviceLabel(name)
      case ("rbac.authorization.k8s.io", _): Names.pathSegment(name)
      default: Names.subdomain(name)
      }
    if let problem { invalid(field.child("name"), name, problem) }
  }

  mutating func labels(_ labels: JSONValue?, _ field: Field) {
    for label in labels?.objectValue ?? [:] {
      if let problem = Names.qualified(label.key) { invalid(field, label.key, problem) }
      if let value = label.value.stringValue {
        if let problem = Names.labelValue(value) { invalid(field, value, problem) }
      } else {
        invalid(field.key(label.key), label.value, "must be a string")
      }
    }
  }

  /// All keys and values together, in bytes.
  private static let annotationsLimit = 256 * 1024

  private mutating func annotations(_ annotations: JSONValue?, _ field: Field) {
    var size = 0
    for annotation in annotations?.objectValue ?? [:] {
      if let problem = Names.qualified(annotation.key.lowercased()) { invalid(field, annotation.key, problem) }
      if let value = annotation.value.stringValue {
        size += annotation.key.utf8.count + value.utf8.count
      } else {
        invalid(field.key(annotation.key), annotation.value, "must be a string")
      }
    }
    if size > Self.annotationsLimit { tooLong(field, Self.annotationsLimit) }
  }

  mutating func labelSelector(_ selector: JSONValue?, _ field: Field) {
    labels(selector?["matchLabels"], field.child("matchLabels"))
    for (index, expression) in (selector?["matchExpressions"]?.arrayValue ?? []).enumerated() {
      requirement(
        expression, field.child("matchExpressions").at(index), operators: ["In", "NotIn", "Exists", "DoesNotExist"])
    }
  }

  /// A condition of a label or node selector.
  mutating func requirement(_ expression: JSONValue, _ field: Field, operators: [String]) {
    let key = expression["key"]?.stringValue ?? ""
    if let problem = Names.qualified(key) { invalid(field.child("key"), key, problem) }
    let op = expression["operator"]?.stringValue ?? ""
    let values = expression["values"]?.arrayValue ?? []
    switch op {
    case _ where !operators.contains(op):
      invalid(field.child("operator"), op, "not a valid selector operator")
    case "In", "NotIn":
      if values.isEmpty { required(field.child("values"), "must be specified when `operator` is 'In' or 'NotIn'") }
    case "Exists", "DoesNotExist":
      if !values.isEmpty {
        forbidden(field.child("values"), "may not be specified when `operator` is 'Exists' or 'DoesNotExist'")
      }
    default:
      if values.count != 1 {
        required(field.child("values"), "must be specified single value when `operator` is 'Lt' or 'Gt'")
      }
    }
  }
}
