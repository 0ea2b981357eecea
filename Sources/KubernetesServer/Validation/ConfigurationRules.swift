import Kubernetes

extension Findings {
  /// All values of one ConfigMap or Secret together, in bytes.
  private static let dataLimit = 1024 * 1024

  mutating func configMap(_ object: JSONValue, old: JSONValue?) {
    data(object, keys: ["data", "binaryData"], base64: ["binaryData"])
    let both = Set(object["data"]?.objectValue?.keys ?? []).intersection(object["binaryData"]?.objectValue?.keys ?? [])
    for key in both.sorted() { invalid(Field("data").key(key), key, "duplicate of key present in binaryData") }
    unchanged(object, old: old, keys: ["data", "binaryData"])
  }

  mutating func secret(_ object: JSONValue, old: JSONValue?) {
    data(object, keys: ["data"], base64: ["data"])
    if let old { immutable(object["type"], was: old["type"], Field("type")) }
    unchanged(object, old: old, keys: ["data"])
  }

  private mutating func data(_ object: JSONValue, keys: [String], base64: Set<String>) {
    var size = 0
    for key in keys {
      for member in object[key]?.objectValue ?? [:] {
        let field = Field(key).key(member.key)
        if let problem = Names.dataKey(member.key) { invalid(field, member.key, problem) }
        guard let text = member.value.stringValue else {
          invalid(field, member.value, "must be a string")
          continue
        }
        size += text.utf8.count
        // The value itself may be secret, so it is not repeated.
        if base64.contains(key), !Base64.isValid(text) { invalid(field, "", "must be base64") }
      }
    }
    if size > Self.dataLimit { tooLong(Field(""), Self.dataLimit) }
  }

  /// What is marked immutable stays as it is, the mark included.
  private mutating func unchanged(_ object: JSONValue, old: JSONValue?, keys: [String]) {
    guard let old, old["immutable"]?.boolValue == true else { return }
    if object["immutable"]?.boolValue != true {
      forbidden(Field("immutable"), "field is immutable when `immutable` is set")
    }
    for key in keys where !SemanticEquality.equal(object[key], old[key]) {
      forbidden(Field(key), "field is immutable when `immutable` is set")
    }
  }

  mutating func lease(_ object: JSONValue) {
    let field = Field("spec")
    if let seconds = object[path: ["spec", "leaseDurationSeconds"]]?.integerValue, seconds <= 0 {
      invalid(field.child("leaseDurationSeconds"), .integer(seconds), "must be greater than 0")
    }
    atLeast(0, object[path: ["spec", "leaseTransitions"]], field.child("leaseTransitions"))
  }

  mutating func customResourceDefinition(_ object: JSONValue, old: JSONValue?) {
    let field = Field("spec")
    let spec = object["spec"] ?? .null
    let group = spec["group"]?.stringValue ?? ""
    let plural = spec[path: ["names", "plural"]]?.stringValue ?? ""
    if group.isEmpty {
      required(field.child("group"))
    } else if let problem = Names.subdomain(group) {
      invalid(field.child("group"), group, problem)
    }
    for key in ["plural", "kind"] where spec["names"]?.isUnset(key) ?? true {
      required(field.child("names").child(key))
    }
    if !plural.isEmpty, let problem = Names.serviceLabel(plural) {
      invalid(field.child("names").child("plural"), plural, problem)
    }
    let name = object[path: ["metadata", "name"]]?.stringValue ?? ""
    if !group.isEmpty, !plural.isEmpty, name != "\(plural).\(group)" {
      invalid(Field("metadata.name"), name, "must be spec.names.plural+\".\"+spec.group")
    }
    oneOf(spec["scope"], ["Cluster", "Namespaced"], field.child("scope"), isRequired: true)
    definitionVersions(spec["versions"]?.arrayValue ?? [], field.child("versions"))
    guard let old = old?["spec"] else { return }
    immutable(spec["group"], was: old["group"], field.child("group"))
    immutable(spec["scope"], was: old["scope"], field.child("scope"))
    for key in ["plural", "kind"] {
      immutable(spec[path: ["names", key]], was: old[path: ["names", key]], field.child("names").child(key))
    }
  }

  private mutating func definitionVersions(_ versions: [JSONValue], _ field: Field) {
    if versions.isEmpty { return required(field) }
    var names: Set<String> = []
    for (index, version) in versions.enumerated() {
      let at = field.at(index)
      let name = version["name"]?.stringValue ?? ""
      if let problem = Names.serviceLabel(name) {
        invalid(at.child("name"), name, problem)
      } else if !names.insert(name).inserted {
        duplicate(at.child("name"), .string(name))
      }
      guard let schema = version[path: ["schema", "openAPIV3Schema"]], !schema.isNull else {
        required(at.child("schema").child("openAPIV3Schema"), "schemas are required")
        continue
      }
      if schema["type"]?.stringValue != "object" {
        invalid(at.child("schema").child("openAPIV3Schema").child("type"), schema["type"], "must be object at the root")
      }
    }
    if versions.filter({ $0["storage"]?.boolValue == true }).count != 1 {
      invalid(
        field, .array(versions.map { $0["name"] ?? .null }), "must have exactly one version marked as storage version")
    }
  }
}
