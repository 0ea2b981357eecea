import Kubernetes

/// Reads CustomResourceDefinitions, and keeps their status.
enum CustomDefinition {
  static let cleanupFinalizer = "customresourcecleanup.apiextensions.k8s.io"

  /// One resource for each version that is served.
  static func resources(_ definition: JSONValue) -> [RegisteredResource] {
    guard let spec = definition["spec"], let group = spec["group"]?.stringValue, let names = spec["names"],
      let plural = names["plural"]?.stringValue, let kind = names["kind"]?.stringValue
    else { return [] }
    let versions = (spec["versions"]?.arrayValue ?? []).filter { $0["served"]?.boolValue == true }
    return versions.compactMap { version in
      guard let name = version["name"]?.stringValue else { return nil }
      let subresources = version["subresources"]
      let type = ResourceType(
        group: group, version: name, plural: plural, kind: kind,
        isNamespaced: spec["scope"]?.stringValue != "Cluster", shortNames: strings(names["shortNames"]),
        categories: strings(names["categories"]),
        subresources: ["scale", "status"].filter { subresources?[$0] != nil })
      let custom = CustomVersion(
        definition: definition["metadata"]?["name"]?.stringValue ?? "", isMultiVersion: versions.count > 1,
        schema: version["schema"]?["openAPIV3Schema"].map(StructuralSchema.init),
        columns: version["additionalPrinterColumns"], scale: subresources?["scale"].map(scalePaths))
      return RegisteredResource(type: type, custom: custom)
    }
  }

  /// The status that a definition gets as it is stored: its names are free by the rule that its own name repeats them.
  static func establish(_ definition: inout JSONValue, now: Timestamp) {
    guard let names = definition["spec"]?["names"] else { return }
    if names["singular"] == nil, let kind = names["kind"]?.stringValue {
      definition[path: ["spec", "names", "singular"]] = .string(kind.lowercased())
    }
    if names["listKind"] == nil, let kind = names["kind"]?.stringValue {
      definition[path: ["spec", "names", "listKind"]] = .string(kind + "List")
    }
    var conditions = (definition["status"]?["conditions"]?.arrayValue ?? []).compactMap { try? Condition(json: $0) }
    conditions.set(Condition("NamesAccepted", true, reason: "NoConflicts", message: "no conflicts found", at: now))
    conditions.set(
      Condition(
        "Established", true, reason: "InitialNamesAccepted", message: "the initial names have been accepted", at: now))
    var stored = strings(definition["status"]?["storedVersions"])
    for version in definition["spec"]?["versions"]?.arrayValue ?? [] where version["storage"]?.boolValue == true {
      if let name = version["name"]?.stringValue, !stored.contains(name) { stored.append(name) }
    }
    definition["status"] = [
      "conditions": .array(conditions.map(\.json)), "acceptedNames": definition["spec"]?["names"] ?? [:],
      "storedVersions": .array(stored.map(JSONValue.string)),
    ]
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
