import Kubernetes

/// An object taken apart into its leaves, each under a path such as `.spec.containers[name=app].image`.
///
/// An element of a keyed list is a leaf itself, besides its members; so is each element of a set.
enum OwnedFields {
  static func leaves(of object: JSONValue) -> [String: JSONValue] {
    var leaves: [String: JSONValue] = [:]
    for (name, value) in object.objectValue ?? [:] where name != "apiVersion" && name != "kind" {
      collect(value, PodShape.pod[name], ".\(name)", into: &leaves)
    }
    // What names the object belongs to nobody.
    leaves[".metadata.name"] = nil
    return leaves.filter { !$0.key.hasPrefix(".metadata.managedFields") }
  }

  private static func collect(
    _ value: JSONValue, _ shape: PodShape, _ path: String, into leaves: inout [String: JSONValue]
  ) {
    switch (shape, value) {
    case (.object, .object(let object)):
      for (name, value) in object { collect(value, shape[name], "\(path).\(name)", into: &leaves) }
    case (.keyed(let keys, let members), .array(let elements)):
      for element in elements {
        let place = path + elementPlace(element, keys)
        leaves[place] = .null
        for (name, value) in element.objectValue ?? [:] {
          collect(value, members[name] ?? .scalar, "\(place).\(name)", into: &leaves)
        }
      }
    case (.set, .array(let elements)): for element in elements { leaves["\(path)[=\(element.text)]"] = element }
    default: leaves[path] = value
    }
  }

  private static func elementPlace(_ element: JSONValue, _ keys: [String]) -> String {
    "[" + keys.sorted().map { "\($0)=\(element[$0]?.text ?? "")" }.joined(separator: ",") + "]"
  }

  /// Whether a leaf, or an object or list that leaves are in, is there.
  static func isThere(_ field: String, in leaves: [String: JSONValue]) -> Bool {
    leaves[field] != nil || leaves.keys.contains { $0.hasPrefix(field + ".") || $0.hasPrefix(field + "[") }
  }

  /// Who has which leaves, as `managedFields` tells: by manager and operation.
  static func owners(of object: JSONValue) -> [String: Set<String>] {
    var owners: [String: Set<String>] = [:]
    for entry in object[path: ["metadata", "managedFields"]]?.arrayValue ?? [] {
      let name = "\(entry["manager"]?.stringValue ?? "")/\(entry["operation"]?.stringValue ?? "")"
      var paths: Set<String> = []
      collect(fields: entry["fieldsV1"]?.objectValue ?? [:], "", into: &paths)
      // Go writes a container's resources though they are empty: an update owns them, and nobody sees it.
      owners[name, default: []].formUnion(paths.filter { !$0.hasSuffix("].resources") })
    }
    return owners
  }

  private static func collect(fields: JSONObject, _ path: String, into paths: inout Set<String>) {
    if fields.isEmpty { paths.insert(path) }
    for (name, below) in fields {
      let next = below.objectValue ?? [:]
      switch name.prefix(2) {
      case ".": paths.insert(path)
      case "f:": collect(fields: next, "\(path).\(name.dropFirst(2))", into: &paths)
      case "v:": paths.insert("\(path)[=\(name.dropFirst(2))]")
      default:
        let keys = (try? JSONValue(parsing: String(name.dropFirst(2))))?.objectValue ?? [:]
        let place = keys.sortedByKey().map { "\($0.key)=\($0.value.text)" }.joined(separator: ",")
        collect(fields: next, "\(path)[\(place)]", into: &paths)
      }
    }
  }
}
