import Kubernetes

/// An object held against the table of its kind: which of its fields no such kind has, which have the wrong type, and
/// whether anything is to be written in another way before it is stored.
///
/// What is wrong is said in the words of the server's Go decoder, as clients know them.
package struct FieldInspection {
  /// Paths of fields that the kind does not have, such as `spec.template.spec.containers[0].imagePullPolice`.
  package private(set) var unknown: [String] = []
  /// The first value of a wrong type: `json: cannot unmarshal string into Go struct field …`.
  package private(set) var mistake: String?
  /// Whether anything is stored in another form: empty values, structs that are missing, amounts, times.
  private(set) var needsRewriting = false

  /// As many unknown fields as are told of.
  private static let unknownMax = 100

  private enum Step {
    case member(String)
    case index(Int)
  }
  private var path: [Step] = []
  private let isPartial: Bool
  private let table = SchemaTable.builtIn

  /// Nil for kinds that are not built in.
  /// - Parameter isPartial: whether these are only some of an object's members.
  package init?(_ object: JSONValue, resource: ResourceType, isPartial: Bool = false) {
    self.isPartial = isPartial
    guard let definition = table.definition(apiVersion: resource.apiVersion, kind: resource.kind) else { return nil }
    inspect(object, definition)
  }

  /// The metadata of an object of any kind.
  package init(metadata: JSONValue) {
    isPartial = false
    if let definition = table.meta("ObjectMeta") { inspect(metadata, reference: definition, holder: definition) }
  }

  private mutating func inspect(_ value: JSONValue, _ definition: SchemaTable.Definition) {
    guard case .object(let members) = value else { return }
    let form = SchemaTable.writtenForm(definition)
    if !needsRewriting, !(isPartial && path.isEmpty) {
      needsRewriting = form.always.contains { members.index(of: $0.name) == nil }
    }
    for member in members {
      path.append(.member(member.key))
      if let field = definition.field(member.key) {
        if form.omits(member.value, at: member.key) || form.replaces(member.value, at: member.key) != nil {
          needsRewriting = true
        }
        if !member.value.isNull { inspect(member.value, field.type, holder: definition) }
      } else if unknown.count < Self.unknownMax {
        unknown.append(pathText)
      }
      path.removeLast()
    }
  }

  private mutating func inspect(_ value: JSONValue, _ type: SchemaTable.FieldType, holder: SchemaTable.Definition) {
    switch (type, value) {
    case (.any, _): break
    case (_, .null): needsRewriting = true
    case (.string, .string), (.bytes, .string), (.bool, .bool), (.int64, .integer), (.number, .integer),
      (.number, .double):
      break
    case (.int32, .integer(let number)):
      if Int32(exactly: number) == nil { refuse("number \(number)", "int32", holder) }
    case (.reference(let target), _): inspect(value, reference: table[target], holder: holder)
    case (.list(let element), .array(let elements)):
      for (index, member) in elements.enumerated() {
        path.append(.index(index))
        inspect(member, element, holder: holder)
        path.removeLast()
      }
    case (.map(let element), .object(let members)):
      for member in members {
        path.append(.member(member.key))
        let before = mistake == nil
        inspect(member.value, element, holder: holder)
        // Go names the map, not the key.
        if before, mistake != nil, element.reference == nil {
          mistake = nil
          let last = path.removeLast()
          refuse(Self.goValue(member.value, for: element), goType(element), holder)
          path.append(last)
        }
        path.removeLast()
      }
    default: refuse(Self.goValue(value, for: type), goType(type), holder)
    }
  }

  private mutating func inspect(
    _ value: JSONValue, reference definition: SchemaTable.Definition, holder: SchemaTable.Definition
  ) {
    switch definition.scalar {
    case nil:
      if definition.isOpen { return }
      guard case .object = value else { return refuse(Self.goValue(value, for: .any), definition.goName, holder) }
      inspect(value, definition)
    case .time, .microTime:
      guard let text = value.stringValue else { return refuse(Self.goValue(value, for: .any), "string", holder) }
      guard let moment = Timestamp(parsing: text) else {
        return mistake(
          "parsing time \"\(text)\" as \"2006-01-02T15:04:05Z07:00\": cannot parse \"\(text)\" as \"2006\"")
      }
      if (definition.scalar == .time ? moment.rfc3339 : moment.rfc3339Micro) != text { needsRewriting = true }
    case .quantity:
      guard let quantity = try? Quantity(json: value) else {
        return mistake(
          "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'")
      }
      if value.stringValue != quantity.canonicalized.description { needsRewriting = true }
    case .intOrString:
      switch value {
      case .string: break
      case .integer(let number) where Int32(exactly: number) != nil: break
      default: refuse(Self.goValue(value, for: .int32), "int32", holder)
      }
    case .fieldSet, .json, .schemaOrTexts: break
    case .schemaOrBool, .schemaOrSchemas:
      guard let schema = SchemaTable.builtIn.jsonSchema else { return }
      if case .object = value { inspect(value, schema) }
      for (index, element) in (value.arrayValue ?? []).enumerated() {
        path.append(.index(index))
        inspect(element, schema)
        path.removeLast()
      }
    }
  }

  // MARK: What is wrong

  private mutating func mistake(_ text: String) {
    if mistake == nil { mistake = text }
  }

  private mutating func refuse(_ found: String, _ wanted: String, _ holder: SchemaTable.Definition) {
    let field = path.compactMap { step in if case .member(let name) = step { name } else { nil } }
    mistake(
      "json: cannot unmarshal \(found) into Go struct field \(holder.shortName).\(field.joined(separator: ".")) "
        + "of type \(wanted)")
  }

  private var pathText: String {
    path.reduce(into: "") { text, step in
      switch step {
      case .member(let name): text += text.isEmpty ? name : ".\(name)"
      case .index(let index): text += "[\(index)]"
      }
    }
  }

  /// What Go calls a JSON value; of numbers it tells the digits where another number would have been right.
  private static func goValue(_ value: JSONValue, for type: SchemaTable.FieldType) -> String {
    switch (value, type) {
    case (.integer(let number), .int32), (.integer(let number), .int64): "number \(number)"
    case (.double(let number), .int32), (.double(let number), .int64): "number \(number)"
    case (.integer, _), (.double, _): "number"
    case (.bool, _): "bool"
    default: value.typeName
    }
  }

  private func goType(_ type: SchemaTable.FieldType) -> String {
    switch type {
    case .string: "string"
    case .int32: "int32"
    case .int64: "int64"
    case .bool: "bool"
    case .number: "float64"
    case .bytes: "[]uint8"
    case .any: "interface {}"
    case .list(let element): "[]\(goType(element))"
    case .map(let element): "map[string]\(goType(element))"
    case .reference(let target): table[target].goName
    }
  }
}

extension SchemaTable {
  /// The schema of schemas.
  var jsonSchema: Definition? {
    definition(named: "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaProps")
  }
}
