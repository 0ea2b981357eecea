import Kubernetes

/// Reads `/api` and `/apis`: aggregated (`apidiscovery.k8s.io`), or group by group where a server does not aggregate.
struct DiscoveryReader: Sendable {
  private static let aggregated = ["v2", "v2beta1"]
    .map { "application/json;g=apidiscovery.k8s.io;v=\($0);as=APIGroupDiscoveryList" }

  let client: KubernetesClient

  func resources() async throws -> [ResourceType] {
    var found: [ResourceType] = []
    for root in ["/api", "/apis"] {
      let accept = (Self.aggregated + ["application/json"]).joined(separator: ",")
      let answer = try await client.json(APIRequest(.get, root, accept: accept))
      if answer["kind"] == "APIGroupDiscoveryList" {
        found += Self.resources(aggregated: answer)
      } else {
        found += try await resources(plain: answer, root: root)
      }
    }
    return found
  }

  private static func resources(aggregated list: JSONValue) -> [ResourceType] {
    (list["items"]?.arrayValue ?? []).flatMap { group in
      (group["versions"]?.arrayValue ?? []).flatMap { version in
        (version["resources"]?.arrayValue ?? []).compactMap { resource -> ResourceType? in
          guard let plural = resource["resource"]?.stringValue,
            let kind = resource[path: ["responseKind", "kind"]]?.stringValue, !kind.isEmpty
          else { return nil }
          return ResourceType(
            group: group[path: ["metadata", "name"]]?.stringValue ?? "", version: version["version"]?.stringValue ?? "",
            plural: plural, kind: kind, isNamespaced: resource["scope"] == "Namespaced",
            shortNames: texts(resource["shortNames"]), categories: texts(resource["categories"]),
            subresources: (resource["subresources"]?.arrayValue ?? []).compactMap { $0["subresource"]?.stringValue })
        }
      }
    }
  }

  private func resources(plain answer: JSONValue, root: String) async throws -> [ResourceType] {
    var versions: [(group: String, version: String)] = []
    if answer["kind"] == "APIVersions" {
      versions = Self.texts(answer["versions"]).map { ("", $0) }
    } else {
      for group in answer["groups"]?.arrayValue ?? [] {
        let name = group["name"]?.stringValue ?? ""
        let preferred = group[path: ["preferredVersion", "version"]]?.stringValue
        let all = (group["versions"]?.arrayValue ?? []).compactMap { $0["version"]?.stringValue }
        versions += (all.filter { $0 == preferred } + all.filter { $0 != preferred }).map { (name, $0) }
      }
    }
    var found: [ResourceType] = []
    for (group, version) in versions {
      let path = group.isEmpty ? "\(root)/\(version)" : "\(root)/\(group)/\(version)"
      // An aggregated API whose server is away must not hide the others.
      guard let list = try? await client.json(APIRequest(.get, path)) else { continue }
      found += Self.resources(of: list, group: group, version: version)
    }
    try Task.checkCancellation()
    return found
  }

  private static func resources(of list: JSONValue, group: String, version: String) -> [ResourceType] {
    let entries = list["resources"]?.arrayValue ?? []
    let names = entries.compactMap { $0["name"]?.stringValue }
    return entries.compactMap { entry in
      guard let name = entry["name"]?.stringValue, !name.contains("/"), let kind = entry["kind"]?.stringValue else {
        return nil
      }
      return ResourceType(
        group: group, version: version, plural: name, kind: kind, isNamespaced: entry["namespaced"]?.boolValue ?? false,
        shortNames: texts(entry["shortNames"]), categories: texts(entry["categories"]),
        subresources: names.filter { $0.hasPrefix(name + "/") }.map { String($0.dropFirst(name.count + 1)) })
    }
  }

  private static func texts(_ list: JSONValue?) -> [String] { (list?.arrayValue ?? []).compactMap(\.stringValue) }
}
