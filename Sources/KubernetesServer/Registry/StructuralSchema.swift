import Kubernetes

/// A definition's `openAPIV3Schema` as it shapes what is stored: unknown fields are pruned, and defaults filled in.
/// `Validation` judges what is left by the same schema.
struct StructuralSchema: Sendable {
  let schema: JSONValue

  init(_ schema: JSONValue) { self.schema = schema }

  /// Fills in defaults and removes what the schema does not know.
  /// - Returns: the paths of what was removed.
  func prune(_ object: inout JSONValue) -> [String] {
    var removed: [String] = []
    Self.prune(&object, schema, path: "", isRoot: true, removed: &removed)
    return removed
  }

  private static let rootFields: Set<String> = ["apiVersion", "kind", "metadata"]

  private static func prune(
    _ value: inout JSONValue, _ schema: JSONValue, path: String, isRoot: Bool = false, removed: inout [String]
  ) {
    switch value {
    case .object(let object):
      let properties = schema["properties"]?.objectValue
      let additional = schema["additionalProperties"]
      let keepsUnknown =
        schema["x-kubernetes-preserve-unknown-fields"]?.boolValue == true || additional?.boolValue == true
        || schema["x-kubernetes-embedded-resource"]?.boolValue == true
      value = .null  // so that the members change in place
      var members = object
      for member in object {
        let memberPath = path.isEmpty ? member.key : "\(path).\(member.key)"
        if isRoot && rootFields.contains(member.key) { continue }
        guard let next = properties?[member.key] ?? (additional?.objectValue != nil ? additional : nil) else {
          if !keepsUnknown {
            members[member.key] = nil
            removed.append(memberPath)
          }
          continue
        }
        var child = member.value
        prune(&child, next, path: memberPath, removed: &removed)
        members[member.key] = child
      }
      for property in properties ?? [:] where members[property.key] == nil {
        if let fallback = property.value["default"] { members[property.key] = fallback }
      }
      value = .object(members)
    case .array(var elements):
      guard let items = schema["items"] else { return }
      for index in elements.indices {
        prune(&elements[index], items, path: "\(path)[\(index)]", removed: &removed)
      }
      value = .array(elements)
    default: break
    }
  }
}
