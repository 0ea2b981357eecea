import Kubernetes

/// CustomResourceDefinitions, but for their schemas (apiextensions-apiserver/pkg/apis/apiextensions/validation).
extension Findings {
  mutating func customResourceDefinition(_ object: JSONValue, old: JSONValue?) {
    let field = Field("spec")
    let spec = object["spec"] ?? .null
    let group = spec["group"]?.stringValue ?? ""
    let plural = spec[path: ["names", "plural"]]?.stringValue ?? ""
    let name = object[path: ["metadata", "name"]]?.stringValue ?? ""
    if name != "\(plural).\(group)" {
      invalid(Field("metadata.name"), name, "must be spec.names.plural+\".\"+spec.group")
    }
    if group.isEmpty {
      required(field.child("group"))
    } else if let problem = Names.subdomain(group) {
      invalid(field.child("group"), group, problem)
    } else if !group.contains(".") {
      invalid(field.child("group"), group, "should be a domain with at least one dot")
    }
    approval(object, group)
    definitionNames(spec["names"] ?? .null, field.child("names"))
    oneOf(spec["scope"], ["Cluster", "Namespaced"], field.child("scope"), isRequired: true)
    if spec["preserveUnknownFields"]?.boolValue == true {
      invalid(
        field.child("preserveUnknownFields"), true,
        "cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead")
    }
    conversion(spec["conversion"] ?? .null, field.child("conversion"))
    definitionVersions(spec["versions"]?.arrayValue ?? [], field.child("versions"))
    guard let old = old?["spec"] else { return }
    immutable(spec["group"], was: old["group"], field.child("group"))
    immutable(spec["scope"], was: old["scope"], field.child("scope"))
    for key in ["plural", "kind"] {
      immutable(spec[path: ["names", key]], was: old[path: ["names", key]], field.child("names").child(key))
    }
  }

  /// Groups of Kubernetes itself are only for definitions that its community has approved.
  private mutating func approval(_ object: JSONValue, _ group: String) {
    let key = "api-approved.kubernetes.io"
    guard ["k8s.io", "kubernetes.io"].contains(where: { group == $0 || group.hasSuffix(".\($0)") }),
      object[path: ["metadata", "annotations", key]]?.stringValue ?? "" == ""
    else { return }
    required(
      Field("metadata.annotations").key(key),
      "protected groups must have approval annotation \"\(key)\", see https://github.com/kubernetes/enhancements/pull/1111"
    )
  }

  private mutating func definitionNames(_ names: JSONValue, _ field: Field) {
    for key in ["plural", "singular"] {
      let name = names[key]?.stringValue ?? ""
      if name.isEmpty {
        if key == "plural" { required(field.child(key)) }
      } else if let problem = Names.serviceLabel(name) {
        invalid(field.child(key), name, problem)
      }
    }
    for key in ["kind", "listKind"] {
      let name = names[key]?.stringValue ?? ""
      if name.isEmpty {
        if key == "kind" { required(field.child(key)) }
      } else if let problem = Names.serviceLabel(name.lowercased()) {
        invalid(field.child(key), name, "may have mixed case, but should otherwise match: \(problem)")
      }
    }
    if let kind = names["kind"]?.stringValue, !kind.isEmpty, kind == names["listKind"]?.stringValue {
      invalid(field.child("listKind"), kind, "kind and listKind may not be the same")
    }
    for key in ["shortNames", "categories"] {
      for (index, name) in (names[key]?.arrayValue ?? []).enumerated() {
        guard let text = name.stringValue, let problem = Names.serviceLabel(text) else { continue }
        invalid(field.child(key).at(index), text, problem)
      }
    }
  }

  private mutating func conversion(_ conversion: JSONValue, _ field: Field) {
    let strategy = conversion["strategy"]?.stringValue ?? ""
    switch strategy {
    case "None":
      if let webhook = conversion["webhook"], !webhook.isNull {
        forbidden(field.child("webhookClientConfig"), "should not be set when strategy is not set to Webhook")
      }
    case "Webhook":
      if conversion.isUnset("webhook") {
        required(field.child("webhookClientConfig"), "required when strategy is set to Webhook")
        required(field.child("conversionReviewVersions"))
      } else {
        forbidden(
          field.child("strategy"),
          "this server calls no conversion webhooks; versions that differ in more than their name need a real cluster")
      }
    case "": required(field.child("strategy"))
    default: unsupported(field.child("strategy"), .string(strategy), ["None", "Webhook"])
    }
  }

  private mutating func definitionVersions(_ versions: [JSONValue], _ field: Field) {
    var names: Set<String> = []
    for (index, version) in versions.enumerated() {
      let at = field.at(index)
      let name = version["name"]?.stringValue ?? ""
      if let problem = Names.serviceLabel(name) {
        invalid(at.child("name"), name, problem)
      } else if !names.insert(name).inserted {
        invalid(field, .array(versions.map { $0["name"] ?? .null }), "must contain unique version names")
      }
      let schemaField = at.child("schema").child("openAPIV3Schema")
      if let schema = version[path: ["schema", "openAPIV3Schema"]], !schema.isNull {
        structuralSchema(schema, schemaField, hasStatus: version[path: ["subresources", "status"]] != nil)
      } else {
        required(schemaField, "schemas are required")
      }
      columns(version["additionalPrinterColumns"]?.arrayValue ?? [], at.child("additionalPrinterColumns"))
      subresources(version["subresources"] ?? .null, at.child("subresources"))
      selectable(version, at.child("selectableFields"))
    }
    if versions.filter({ $0["storage"]?.boolValue == true }).count != 1 {
      invalid(
        field, .array(versions.map { $0["name"] ?? .null }), "must have exactly one version marked as storage version")
    }
  }

  private mutating func columns(_ columns: [JSONValue], _ field: Field) {
    let types = ["boolean", "date", "integer", "number", "string"]
    for (index, column) in columns.enumerated() {
      let at = field.at(index)
      if column.isUnset("name") { required(at.child("name")) }
      let type = column["type"]?.stringValue ?? ""
      if type.isEmpty {
        required(at.child("type"), "must be one of \(types.joined(separator: ","))")
      } else if !types.contains(type) {
        invalid(at.child("type"), type, "must be one of \(types.joined(separator: ","))")
      }
      simplePath(column["jsonPath"]?.stringValue ?? "", at.child("JSONPath"))
    }
  }

  private mutating func subresources(_ subresources: JSONValue, _ field: Field) {
    guard let scale = subresources["scale"], !scale.isNull else { return }
    for (key, root, isRequired) in [
      ("specReplicasPath", ".spec.", true), ("statusReplicasPath", ".status.", true),
      ("labelSelectorPath", ".s", false),
    ] {
      let at = field.child("scale").child(key)
      guard let path = scale[key]?.stringValue, !path.isEmpty else {
        if isRequired { required(at) }
        continue
      }
      let before = causes.count
      simplePath(path, at)
      if causes.count == before, !path.hasPrefix(root) {
        invalid(at, path, "should be a json path under \(root.hasSuffix(".") ? String(root.dropLast()) : ".status")")
      }
    }
  }

  private mutating func simplePath(_ path: String, _ field: Field) {
    if path.isEmpty { return required(field) }
    if !path.hasPrefix(".") { invalid(field, path, "must be a simple json path starting with .") }
  }

  /// Only values that are told apart as texts can be selected by.
  private mutating func selectable(_ version: JSONValue, _ field: Field) {
    let schema = version[path: ["schema", "openAPIV3Schema"]].map(StructuralSchema.init)
    for (index, entry) in (version["selectableFields"]?.arrayValue ?? []).enumerated() {
      let at = field.at(index).child("jsonPath")
      let path = entry["jsonPath"]?.stringValue ?? ""
      if path.isEmpty {
        required(at)
        continue
      }
      var node = schema
      for name in path.split(separator: ".").map(String.init) { node = node?.properties[name] }
      guard let node else {
        invalid(at, path, "is an invalid path: does not refer to a valid field")
        continue
      }
      if !["string", "boolean", "integer"].contains(node.type ?? "") {
        invalid(
          at, path,
          "must point to a field of type string, boolean or integer. Enum string fields and strings with "
            + "formats are allowed.")
      }
    }
  }
}
