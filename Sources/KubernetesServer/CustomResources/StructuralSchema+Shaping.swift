import Kubernetes

/// How a schema shapes what is stored: unknown fields are pruned, nulls that mean nothing dropped, defaults filled in.
/// `Validation` judges what is left by the same schema.
extension StructuralSchema {
  private static let rootFields: Set<String> = ["apiVersion", "kind", "metadata"]

  /// Removes what the schema does not know, below a custom resource.
  /// - Returns: the paths of what was removed, sorted.
  func prune(_ object: inout JSONValue) -> [String] {
    var removed: [String] = []
    prune(&object, path: "", isResource: true, removed: &removed)
    return removed.sorted()
  }

  private func prune(_ value: inout JSONValue, path: String, isResource: Bool = false, removed: inout [String]) {
    switch value {
    case .object(var members):
      value = .null  // so that the members change in place
      let isObject = isResource || isEmbeddedResource
      for name in members.keys {
        let at = path.isEmpty ? name : "\(path).\(name)"
        if isObject, Self.rootFields.contains(name) {
          if name == "metadata", !isResource, let index = members.index(of: name) {
            members.update(at: index) { removed += Self.pruneMetadata(&$0, path: at) }
          }
        } else if let schema = member(name) {
          guard let index = members.index(of: name) else { continue }
          members.update(at: index) { schema.prune(&$0, path: at, removed: &removed) }
        } else if !preservesUnknownFields, !isAnything {
          members[name] = nil
          removed.append(at)
        }
      }
      value = .object(members)
    case .array(var elements):
      guard let items else { return }
      value = .null
      for index in elements.indices { items.prune(&elements[index], path: "\(path)[\(index)]", removed: &removed) }
      value = .array(elements)
    default: break
    }
  }

  private var isAnything: Bool { if case .anything = additional { true } else { false } }

  /// Metadata has the same fields wherever it stands.
  static func pruneMetadata(_ metadata: inout JSONValue, path: String) -> [String] {
    let inspection = FieldInspection(metadata: metadata)
    if !inspection.unknown.isEmpty || inspection.needsRewriting { FieldInspection.rewrite(metadata: &metadata) }
    return inspection.unknown.map { "\(path).\($0)" }
  }

  /// Drops nulls where the schema does not allow any, and fills in defaults.
  func applyDefaults(_ value: inout JSONValue, isResource: Bool = true) {
    switch value {
    case .object(var members):
      value = .null
      members.removeAll { name, member in
        guard member.isNull, let schema = self.member(name) else { return false }
        return !schema.isNullable && schema.type != nil
      }
      if hasDefaults {
        for (name, schema) in properties.sorted(by: { $0.key < $1.key }) where members[name] == nil {
          if let fallback = schema.defaultValue { members[name] = fallback }
        }
      }
      for name in members.keys {
        if isResource, Self.rootFields.contains(name) { continue }
        guard let schema = member(name), let index = members.index(of: name) else { continue }
        members.update(at: index) { schema.applyDefaults(&$0, isResource: false) }
      }
      value = .object(members)
    case .array(var elements):
      guard let items else { return }
      value = .null
      for index in elements.indices { items.applyDefaults(&elements[index], isResource: false) }
      value = .array(elements)
    default: break
    }
  }
}
