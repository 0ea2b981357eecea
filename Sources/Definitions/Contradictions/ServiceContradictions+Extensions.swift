import Kubernetes

/// Patches of `extend`, held against the kinds that they change.
extension CheckedDocument {
  /// What is ours in every object: other objects, selectors and pruning stand on it.
  private static let kept: [[String]] = [
    ["apiVersion"], ["kind"], ["status"], ["metadata", "name"], ["metadata", "namespace"], ["spec", "selector"],
  ]

  var extensions: [Diagnostic] {
    (spec["extend"]?.members ?? []).flatMap { member -> [Diagnostic] in
      let path = "spec.extend.\(member.key)"
      guard case .mapping = member.value.content else {
        return [
          error(
            member.value, "\(path): expected a map, found \(member.value.typeName)", "write what is to be different")
        ]
      }
      var found: [Diagnostic] = []
      for fixed in Self.kept {
        guard let node = Self.member(fixed, of: member.value) else { continue }
        found.append(error(node, "\(path).\(fixed.joined(separator: ".")) is set by the platform", "remove it"))
      }
      if let kind = Self.builtIn(member.key) { found += unknownFields(in: member.value, kind, at: path) }
      return found
    }
  }

  private static func member(_ path: [String], of node: SourceNode) -> SourceNode.Member? {
    guard let last = path.last else { return nil }
    let parent = path.dropLast().reduce(Optional(node)) { $0?[$1] }
    return parent?.members.first { $0.key == last }
  }

  private static func builtIn(_ kind: String) -> SchemaTable.Definition? {
    guard let resource = ResourceType.builtIn.first(where: { $0.kind == kind }) else { return nil }
    return SchemaTable.builtIn.definition(apiVersion: resource.apiVersion, kind: kind)
  }

  private func unknownFields(in node: SourceNode, _ definition: SchemaTable.Definition, at path: String) -> [Diagnostic]
  {
    guard definition.scalar == nil, !definition.isOpen else { return [] }
    guard case .mapping(let members) = node.content else {
      return [error(node, "\(path): expected a map, found \(node.typeName)", "write { FIELD: VALUE }")]
    }
    return members.flatMap { member -> [Diagnostic] in
      // Directives of strategic merge patch.
      if member.key.hasPrefix("$") { return [] }
      guard let field = definition.field(member.key) else {
        let names = definition.fields.map(\.name)
        return [
          error(member, "\(path) has no field \"\(member.key)\"", Diagnostic.nearest(to: member.key, in: names))
        ]
      }
      // A null takes a field away.
      return member.value.json.isNull ? [] : unknownFields(in: member.value, field.type, at: "\(path).\(member.key)")
    }
  }

  private func unknownFields(in node: SourceNode, _ type: SchemaTable.FieldType, at path: String) -> [Diagnostic] {
    switch type {
    case .reference(let reference):
      return unknownFields(in: node, SchemaTable.builtIn[reference], at: path)
    case .list(let element):
      guard case .sequence(let elements) = node.content else {
        return [error(node, "\(path): expected a list, found \(node.typeName)", "write [] around it")]
      }
      return elements.enumerated().flatMap { unknownFields(in: $1, element, at: "\(path)[\($0)]") }
    case .map(let element):
      guard case .mapping(let members) = node.content else {
        return [error(node, "\(path): expected a map, found \(node.typeName)", "write { NAME: VALUE }")]
      }
      return members.flatMap { unknownFields(in: $0.value, element, at: "\(path).\($0.key)") }
    case .string, .bytes: return scalar(node, "a text", at: path) { $0.stringValue != nil }
    case .int32, .int64: return scalar(node, "a whole number", at: path) { $0.integerValue != nil }
    case .number: return scalar(node, "a number", at: path) { $0.doubleValue != nil }
    case .bool: return scalar(node, "true or false", at: path) { $0.boolValue != nil }
    case .any: return []
    }
  }

  private func scalar(
    _ node: SourceNode, _ wanted: String, at path: String, _ accepts: (JSONValue) -> Bool
  ) -> [Diagnostic] {
    let value = node.json
    if value.isNull || accepts(value) { return [] }
    return [
      error(node, "\(path): expected \(wanted), found \(node.typeName)", wanted == "a text" ? "put it in quotes" : "")
    ]
  }
}
