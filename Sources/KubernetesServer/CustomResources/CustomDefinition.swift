import Kubernetes

/// Reads CustomResourceDefinitions, and keeps their status.
enum CustomDefinition {
  static let cleanupFinalizer = "customresourcecleanup.apiextensions.k8s.io"

  /// One resource for each version that is served; none while the names belong to another definition.
  static func resources(_ definition: JSONValue) -> [RegisteredResource] {
    guard let spec = definition["spec"], let group = spec["group"]?.stringValue, let names = spec["names"],
      let plural = names["plural"]?.stringValue, let kind = names["kind"]?.stringValue,
      condition("Established", of: definition) != "False"
    else { return [] }
    let versions = (spec["versions"]?.arrayValue ?? []).filter { $0["served"]?.boolValue == true }
    let mergeSchemas = mergeSchemas(versions, group)
    return versions.compactMap { version in
      guard let name = version["name"]?.stringValue else { return nil }
      let subresources = version["subresources"]
      let type = ResourceType(
        group: group, version: name, plural: plural, kind: kind,
        isNamespaced: spec["scope"]?.stringValue != "Cluster", shortNames: strings(names["shortNames"]),
        categories: strings(names["categories"]),
        subresources: ["scale", "status"].filter { subresources?[$0] != nil })
      let schema = version["schema"]?["openAPIV3Schema"].map(StructuralSchema.init)
      let isChanged = definition["metadata"]?["generation"]?.integerValue ?? 1 > 1
      let custom = CustomVersion(
        definition: definition["metadata"]?["name"]?.stringValue ?? "", isMultiVersion: versions.count > 1,
        schema: schema, fillsInOnRead: schema?.hasDefaults == true && (isChanged || versions.count > 1),
        mergeSchemas: mergeSchemas,
        columns: version["additionalPrinterColumns"], scale: subresources?["scale"].map(scalePaths),
        selectable: selectable(version["selectableFields"]))
      return RegisteredResource(type: type, custom: custom)
    }
  }

  private static func mergeSchemas(_ versions: [JSONValue], _ group: String) -> [String: MergeSchema] {
    var schemas: [String: MergeSchema] = [:]
    for version in versions {
      guard let name = version["name"]?.stringValue, let schema = version["schema"]?["openAPIV3Schema"] else { continue }
      schemas["\(group)/\(name)"] = MergeSchema(
        structural: schema, hasStatus: version["subresources"]?["status"] != nil)
    }
    return schemas
  }

  /// Fields that field selectors may name, with their paths.
  private static func selectable(_ fields: JSONValue?) -> [String: [String]] {
    var paths: [String: [String]] = [:]
    for path in (fields?.arrayValue ?? []).compactMap({ $0["jsonPath"]?.stringValue }) {
      let name = String(path.drop { $0 == "." })
      paths[name] = name.split(separator: ".").map(String.init)
    }
    return paths
  }

  private static func condition(_ type: String, of definition: JSONValue) -> String? {
    definition["status"]?["conditions"]?.arrayValue?.first { $0["type"]?.stringValue == type }?["status"]?.stringValue
  }

  /// The status that a definition gets as it is stored.
  /// - Parameter others: the definitions that there are; the one that came first has a name.
  static func establish(_ definition: inout JSONValue, others: [JSONValue], now: Timestamp) {
    guard let names = definition["spec"]?["names"] else { return }
    if names["singular"] == nil, let kind = names["kind"]?.stringValue {
      definition[path: ["spec", "names", "singular"]] = .string(kind.lowercased())
    }
    if names["listKind"] == nil, let kind = names["kind"]?.stringValue {
      definition[path: ["spec", "names", "listKind"]] = .string(kind + "List")
    }
    let wasEstablished = condition("Established", of: definition) == "True"
    var conditions = (definition["status"]?["conditions"]?.arrayValue ?? []).compactMap { try? Condition(json: $0) }
    let conflict = conflict(definition, others)
    if let (reason, message) = conflict {
      conditions.set(Condition("NamesAccepted", false, reason: reason, message: message, at: now))
      if !wasEstablished {
        conditions.set(
          Condition("Established", false, reason: "NotAccepted", message: "not all names are accepted", at: now))
      }
    } else {
      conditions.set(Condition("NamesAccepted", true, reason: "NoConflicts", message: "no conflicts found", at: now))
      conditions.set(
        Condition(
          "Established", true, reason: "InitialNamesAccepted", message: "the initial names have been accepted", at: now)
      )
    }
    var stored = strings(definition["status"]?["storedVersions"])
    for version in definition["spec"]?["versions"]?.arrayValue ?? [] where version["storage"]?.boolValue == true {
      if let name = version["name"]?.stringValue, !stored.contains(name) { stored.append(name) }
    }
    let accepted =
      conflict == nil ? definition["spec"]?["names"] : definition["status"]?["acceptedNames"]
    definition["status"] = [
      "conditions": .array(conditions.map(\.json)), "acceptedNames": accepted ?? ["plural": "", "kind": ""],
      "storedVersions": .array(stored.map(JSONValue.string)),
    ]
  }

  /// A name of the group that another definition has.
  private static func conflict(_ definition: JSONValue, _ others: [JSONValue]) -> (reason: String, message: String)? {
    let group = definition["spec"]?["group"]
    let names = definition["spec"]?["names"] ?? [:]
    for other in others
    where other["spec"]?["group"] == group && other["metadata"]?["name"] != definition["metadata"]?["name"] {
      let taken = other["status"]?["acceptedNames"] ?? [:]
      let resources =
        [taken["plural"], taken["singular"]].compactMap { $0?.stringValue } + strings(taken["shortNames"])
      for (key, reason) in [("plural", "PluralConflict"), ("singular", "SingularConflict")] {
        if let name = names[key]?.stringValue, resources.contains(name) {
          return (reason, "\"\(name)\" is already in use")
        }
      }
      for name in strings(names["shortNames"]) where resources.contains(name) {
        return ("ShortNamesConflict", "\"\(name)\" is already in use")
      }
      let kinds = [taken["kind"], taken["listKind"]].compactMap { $0?.stringValue }
      for (key, reason) in [("kind", "KindConflict"), ("listKind", "ListKindConflict")] {
        if let name = names[key]?.stringValue, kinds.contains(name) { return (reason, "\"\(name)\" is already in use") }
      }
    }
    return nil
  }

  /// Rules in CEL, which are stored and not evaluated: the client is told.
  static func warnings(_ definition: JSONValue) -> [String] {
    func hasRules(_ value: JSONValue) -> Bool {
      switch value {
      case .object(let members):
        members.contains { $0.key == "x-kubernetes-validations" || hasRules($0.value) }
      case .array(let elements): elements.contains(where: hasRules)
      default: false
      }
    }
    let versions = (definition["spec"]?["versions"]?.arrayValue ?? []).filter { hasRules($0["schema"] ?? .null) }
    return versions.compactMap { $0["name"]?.stringValue }.map {
      "version \($0): x-kubernetes-validations are kept, but this server does not evaluate them"
    }
  }

  private static func strings(_ value: JSONValue?) -> [String] { (value?.arrayValue ?? []).compactMap(\.stringValue) }

  private static func scalePaths(_ scale: JSONValue) -> ScalePaths {
    func path(_ name: String) -> [String]? {
      scale[name]?.stringValue.map { $0.split(separator: ".").map(String.init) }
    }
    return ScalePaths(
      specReplicas: path("specReplicasPath") ?? ["spec", "replicas"],
      statusReplicas: path("statusReplicasPath") ?? ["status", "replicas"], selector: path("labelSelectorPath"))
  }
}
