import Kubernetes

/// Objects held against the table: which of their fields no kind has, and which have the wrong type.
package enum BuiltInSchema {
  /// Lines of the tables that cannot be read, and references that lead nowhere: none, which a test sees to.
  package static var tableMistakes: [String] { SchemaTable.builtIn.mistakes }

  /// Removes the fields that the kind does not have.
  /// - Returns: their paths, such as `spec.template.spec.containers[0].imagePullPolice`, in their order; none for a
  ///   kind that is not built in.
  package static func removeUnknownFields(from object: inout JSONValue, resource: ResourceType) -> [String] {
    guard let definition = SchemaTable.builtIn.definition(apiVersion: resource.apiVersion, kind: resource.kind)
    else { return [] }
    var removed: [String] = []
    prune(&object, definition, path: "", removed: &removed)
    return removed
  }

  /// The first field whose value is of another type than the kind's; nil where all fit.
  package static func mistake(in object: JSONValue, resource: ResourceType) -> FieldError? {
    guard let definition = SchemaTable.builtIn.definition(apiVersion: resource.apiVersion, kind: resource.kind)
    else { return nil }
    return mistake(object, definition, path: "")
  }

  private static func prune(
    _ value: inout JSONValue, _ definition: SchemaTable.Definition, path: String, removed: inout [String]
  ) {
    guard !definition.isOpen, definition.scalar == nil, let members = value.objectValue else { return }
    for member in members {
      let at = path.isEmpty ? member.key : "\(path).\(member.key)"
      if let field = definition.field(member.key) {
        guard field.type.reference != nil else { continue }
        value.edit(member.key) { prune(&$0, field.type, path: at, removed: &removed) }
      } else {
        value[member.key] = nil
        removed.append(at)
      }
    }
  }

  private static func prune(
    _ value: inout JSONValue, _ type: SchemaTable.FieldType, path: String, removed: inout [String]
  ) {
    switch type {
    case .reference(let target): prune(&value, SchemaTable.builtIn[target], path: path, removed: &removed)
    case .list(let element):
      guard case .array(var elements) = value else { return }
      value = .null  // so that the elements change in place
      for index in elements.indices { prune(&elements[index], element, path: "\(path)[\(index)]", removed: &removed) }
      value = .array(elements)
    case .map(let element):
      for key in value.objectValue?.keys ?? [] {
        value.edit(key) { prune(&$0, element, path: "\(path).\(key)", removed: &removed) }
      }
    default: break
    }
  }

  private static func mistake(_ value: JSONValue, _ definition: SchemaTable.Definition, path: String) -> FieldError? {
    switch definition.scalar {
    case .fieldSet, .json, .schemaOrBool, .schemaOrSchemas, .schemaOrTexts: return nil
    case .time, .microTime:
      guard let text = value.stringValue else { return wrong(value, "a time", path) }
      return Timestamp(parsing: text) == nil
        ? FieldError(path: path, "\"\(text)\" is not a time in RFC 3339 form, such as 2026-11-24T22:38:00Z") : nil
    case .quantity:
      do throws(FieldError) { _ = try Quantity(json: value) } catch { return FieldError(path: path, error.message) }
      return nil
    case .intOrString:
      return value.integerValue == nil && value.stringValue == nil ? wrong(value, "an integer or a string", path) : nil
    case nil: break
    }
    if definition.isOpen { return nil }
    guard let members = value.objectValue else { return wrong(value, "an object", path) }
    for field in definition.fields {
      guard let member = members[field.name], !member.isNull else { continue }
      if let found = mistake(member, field.type, path: path.isEmpty ? field.name : "\(path).\(field.name)") {
        return found
      }
    }
    return nil
  }

  private static func mistake(_ value: JSONValue, _ type: SchemaTable.FieldType, path: String) -> FieldError? {
    switch type {
    case .any: return nil
    case .string, .bytes: return value.stringValue == nil ? wrong(value, "a string", path) : nil
    case .bool: return value.boolValue == nil ? wrong(value, "a boolean", path) : nil
    case .number: return value.doubleValue == nil ? wrong(value, "a number", path) : nil
    case .int64: return value.integerValue == nil ? wrong(value, "an integer", path) : nil
    case .int32:
      guard let number = value.integerValue else { return wrong(value, "an integer", path) }
      return Int32(exactly: number) == nil
        ? FieldError(path: path, "\(number) is out of range for a 32-bit integer") : nil
    case .reference(let target): return mistake(value, SchemaTable.builtIn[target], path: path)
    case .list(let element):
      guard let elements = value.arrayValue else { return wrong(value, "an array", path) }
      for (index, member) in elements.enumerated() {
        if let found = mistake(member, element, path: "\(path)[\(index)]") { return found }
      }
    case .map(let element):
      guard let members = value.objectValue else { return wrong(value, "an object", path) }
      for member in members where !member.value.isNull {
        if let found = mistake(member.value, element, path: "\(path).\(member.key)") { return found }
      }
    }
    return nil
  }

  private static func wrong(_ value: JSONValue, _ expected: String, _ path: String) -> FieldError {
    FieldError(path: path, "expected \(expected), found \(value.typeName)")
  }
}
