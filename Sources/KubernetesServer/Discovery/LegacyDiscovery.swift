import Kubernetes

/// The documents that every client understands: `APIVersions`, `APIGroupList`, `APIGroup`, `APIResourceList`.
enum LegacyDiscovery {
  static func versions(_ groups: [ServedGroup]) -> JSONValue {
    [
      "kind": "APIVersions", "versions": .array(groups.flatMap { $0.versions.map { .string($0.name) } }),
      "serverAddressByClientCIDRs": [],
    ]
  }

  static func groupList(_ groups: [ServedGroup]) -> JSONValue {
    ["kind": "APIGroupList", "apiVersion": "v1", "groups": .array(groups.map { group($0, standalone: false) })]
  }

  static func group(_ group: ServedGroup, standalone: Bool) -> JSONValue {
    let versions = group.versions.map { version -> JSONValue in
      ["groupVersion": .string("\(group.name)/\(version.name)"), "version": .string(version.name)]
    }
    var document: JSONObject = standalone ? ["kind": "APIGroup", "apiVersion": "v1"] : [:]
    document["name"] = .string(group.name)
    document["versions"] = .array(versions)
    document["preferredVersion"] = versions.first
    return .object(document)
  }

  static func resourceList(group: String, version: String, _ resources: [ServedResource]) -> JSONValue {
    [
      "kind": "APIResourceList", "apiVersion": "v1",
      "groupVersion": .string(group.isEmpty ? version : "\(group)/\(version)"),
      "resources": .array(resources.flatMap(entries)),
    ]
  }

  private static func entries(_ resource: ServedResource) -> [JSONValue] {
    let type = resource.type
    var entry: JSONObject = [
      "name": .string(type.plural), "singularName": .string(type.singular), "namespaced": .bool(type.isNamespaced),
      "kind": .string(type.kind), "verbs": strings(resource.verbs),
    ]
    if !type.shortNames.isEmpty { entry["shortNames"] = strings(type.shortNames) }
    if !type.categories.isEmpty { entry["categories"] = strings(type.categories) }
    let subresources = resource.subresources.map { subresource -> JSONValue in
      var entry: JSONObject = [
        "name": .string("\(type.plural)/\(subresource.name)"), "singularName": "",
        "namespaced": .bool(type.isNamespaced),
      ]
      if subresource.group != type.group || subresource.version != type.version {
        entry["group"] = .string(subresource.group)
        entry["version"] = .string(subresource.version)
      }
      entry["kind"] = .string(subresource.kind)
      entry["verbs"] = strings(subresource.verbs)
      return .object(entry)
    }
    return [.object(entry)] + subresources
  }

  private static func strings(_ values: [String]) -> JSONValue { .array(values.map(JSONValue.string)) }
}
