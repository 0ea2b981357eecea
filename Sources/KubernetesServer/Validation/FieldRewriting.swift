import Kubernetes

extension FieldInspection {
  /// Brings an object of a built-in kind into the form in which it is stored: without fields that the kind does not
  /// have, with empty values as Go writes them, amounts in their canonical form (`1`, not `1000m`), times in UTC.
  package static func rewrite(_ object: inout JSONValue, resource: ResourceType) {
    let table = SchemaTable.builtIn
    guard let definition = table.definition(apiVersion: resource.apiVersion, kind: resource.kind) else { return }
    rewrite(&object, definition, table)
  }

  /// The same for the metadata of an object of any kind.
  package static func rewrite(metadata: inout JSONValue) {
    let table = SchemaTable.builtIn
    if let definition = table.meta("ObjectMeta") { rewrite(&metadata, definition, table) }
  }

  private static func rewrite(_ value: inout JSONValue, _ definition: SchemaTable.Definition, _ table: SchemaTable) {
    guard case .object(var members) = value, !definition.isOpen else { return }
    value = .null  // so that the members change in place
    let form = SchemaTable.writtenForm(definition)
    members.removeAll { name, value in
      definition.field(name) == nil || !definition.keepsNull(name) && form.omits(value, at: name)
    }
    for (name, zero) in form.always {
      guard let value = members[name] else {
        members[name] = zero
        continue
      }
      if let other = form.replaces(value, at: name) { members[name] = other }
    }
    for name in members.keys {
      guard let type = definition.field(name)?.type, type.isWorthALook, let index = members.index(of: name) else {
        continue
      }
      // A null that stands here is a pointer's to nothing; only in a list it is an empty struct.
      members.update(at: index) { if !$0.isNull { rewrite(&$0, type, table) } }
    }
    value = .object(members)
  }

  private static func rewrite(_ value: inout JSONValue, _ type: SchemaTable.FieldType, _ table: SchemaTable) {
    switch type {
    case .reference(let target):
      let definition = table[target]
      switch definition.scalar {
      case nil: if value.isNull { value = .object([:]) } else { rewrite(&value, definition, table) }
      case .time: Timestamp(parsing: value.stringValue ?? "").map { value = .string($0.rfc3339) }
      case .microTime: Timestamp(parsing: value.stringValue ?? "").map { value = .string($0.rfc3339Micro) }
      case .quantity: (try? Quantity(json: value)).map { value = $0.canonicalized.json }
      case .schemaOrBool, .schemaOrSchemas: if let schema = table.jsonSchema { rewriteSchemas(&value, schema, table) }
      case .intOrString, .fieldSet, .json, .schemaOrTexts: break
      }
    case .list(let element):
      guard case .array(var elements) = value else { return }
      value = .null
      for index in elements.indices { rewrite(&elements[index], element, table) }
      value = .array(elements)
    case .map(let element):
      guard case .object(var members) = value else { return }
      value = .null
      for index in 0..<members.count { members.update(at: index) { rewrite(&$0, element, table) } }
      value = .object(members)
    case .string: if value.isNull { value = .string("") }
    case .int32, .int64, .bool, .number, .bytes, .any: break
    }
  }

  private static func rewriteSchemas(
    _ value: inout JSONValue, _ schema: SchemaTable.Definition, _ table: SchemaTable
  ) {
    if case .array(var elements) = value {
      for index in elements.indices { rewrite(&elements[index], schema, table) }
      value = .array(elements)
    } else {
      rewrite(&value, schema, table)
    }
  }
}

extension SchemaTable.Definition {
  /// Whether null means something in a field: any JSON may be null.
  fileprivate func keepsNull(_ name: String) -> Bool {
    guard let field = field(name) else { return false }
    if case .any = field.type { return true }
    return false
  }
}

extension SchemaTable.FieldType {
  /// Whether there can be anything to rewrite in a value of this type.
  fileprivate var isWorthALook: Bool {
    switch self {
    case .reference, .map: true
    case .list(let element): element.isWorthALook || element == .string
    default: false
    }
  }
}
