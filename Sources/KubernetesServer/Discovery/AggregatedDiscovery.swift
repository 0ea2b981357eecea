import Kubernetes

/// `apidiscovery.k8s.io`: all groups with their resources in one document, as newer clients ask for.
enum AggregatedDiscovery {
  /// - Returns: nil where the Accept header does not ask for a version of it, or asks for plain JSON before.
  static func document(_ groups: [ServedGroup], accept: String) -> APIResponse? {
    for media in accept.split(separator: ",") {
      let parts = media.split(separator: ";").map { String($0.filter { $0 != " " }) }
      guard parts.first == "application/json" else { continue }
      let asked = parts.first { $0.hasPrefix("as=") }
      if asked == nil { return nil }
      guard asked == "as=APIGroupDiscoveryList", parts.contains("g=apidiscovery.k8s.io") else { continue }
      for version in ["v2", "v2beta1"] where parts.contains("v=\(version)") {
        return APIResponse(
          status: 200, contentType: "application/json;g=apidiscovery.k8s.io;v=\(version);as=APIGroupDiscoveryList",
          body: .bytes(list(groups, version: version).bytes))
      }
    }
    return nil
  }

  private static func list(_ groups: [ServedGroup], version: String) -> JSONValue {
    [
      "kind": "APIGroupDiscoveryList", "apiVersion": .string("apidiscovery.k8s.io/\(version)"), "metadata": [:],
      "items": .array(groups.map(item)),
    ]
  }

  private static func item(_ group: ServedGroup) -> JSONValue {
    [
      "metadata": group.name.isEmpty ? [:] : ["name": .string(group.name)],
      "versions": .array(
        group.versions.map { version in
          [
            "version": .string(version.name), "resources": .array(version.resources.map(resource)),
            "freshness": "Current",
          ]
        }),
    ]
  }

  private static func resource(_ resource: ServedResource) -> JSONValue {
    let type = resource.type
    var entry: JSONObject = [
      "resource": .string(type.plural),
      "responseKind": kind(group: type.group, version: type.version, kind: type.kind),
      "scope": type.isNamespaced ? "Namespaced" : "Cluster", "singularResource": .string(type.singular),
      "verbs": strings(resource.verbs),
    ]
    if !type.shortNames.isEmpty { entry["shortNames"] = strings(type.shortNames) }
    if !type.categories.isEmpty { entry["categories"] = strings(type.categories) }
    if !resource.subresources.isEmpty {
      entry["subresources"] = .array(
        resource.subresources.map { subresource in
          [
            "subresource": .string(subresource.name),
            "responseKind": kind(group: subresource.group, version: subresource.version, kind: subresource.kind),
            "verbs": strings(subresource.verbs),
          ]
        })
    }
    return .object(entry)
  }

  private static func kind(group: String, version: String, kind: String) -> JSONValue {
    ["group": .string(group), "version": .string(version), "kind": .string(kind)]
  }

  private static func strings(_ values: [String]) -> JSONValue { .array(values.map(JSONValue.string)) }
}
