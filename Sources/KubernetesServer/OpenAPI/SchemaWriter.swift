import Kubernetes

/// Writes definitions of the table as OpenAPI schemas.
struct SchemaWriter {
  enum Dialect { case v2, v3 }
  var table: SchemaTable
  var dialect: Dialect

  /// A schema that stands for another one.
  func reference(_ name: String) -> JSONValue {
    ["$ref": .string((dialect == .v3 ? "#/components/schemas/" : "#/definitions/") + name)]
  }

  /// A schema that stands for one of `meta/v1`'s, such as `Status`.
  func meta(_ name: String) -> JSONValue { reference(table.meta(name)?.name ?? name) }

  /// The schemas of definitions and of all that they lead to, by full name.
  func schemas(from roots: [SchemaTable.Definition]) -> [(key: String, value: JSONValue)] {
    var waiting = roots
    var found: [String: JSONValue] = [:]
    while let definition = waiting.popLast() {
      guard found[definition.name] == nil else { continue }
      found[definition.name] = schema(definition)
      waiting.append(contentsOf: definition.fields.compactMap { $0.type.reference.map { table[$0] } })
    }
    return found.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  private func schema(_ definition: SchemaTable.Definition) -> JSONValue {
    var schema: JSONObject = [:]
    if !definition.description.isEmpty { schema["description"] = .string(String(definition.description)) }
    switch definition.scalar {
    case .time, .microTime:
      schema["type"] = "string"
      schema["format"] = "date-time"
    case .quantity where dialect == .v3: schema["oneOf"] = [["type": "string"], ["type": "number"]]
    case .quantity: schema["type"] = "string"
    case .intOrString:
      schema["format"] = "int-or-string"
      if dialect == .v3 {
        schema["oneOf"] = [["type": "integer"], ["type": "string"]]
      } else {
        schema["type"] = "string"
      }
    // Any value; the second dialect's readers want a type, and take it for an open object.
    case .json, .schemaOrBool, .schemaOrSchemas, .schemaOrTexts:
      if dialect == .v2, definition.scalar == .json { schema["type"] = "object" }
    case .fieldSet, nil:
      schema["type"] = "object"
      if !definition.fields.isEmpty {
        schema["properties"] = .object(JSONObject(distinct: definition.fields.map { ($0.name, property($0)) }))
      }
      let required = definition.fields.filter(\.isRequired).map { JSONValue.string($0.name) }
      if !required.isEmpty { schema["required"] = .array(required) }
      if definition.isAtomic { schema["x-kubernetes-map-type"] = "atomic" }
    }
    if let apiVersion = definition.apiVersion, let kind = definition.kind {
      schema["x-kubernetes-group-version-kind"] = [GroupVersionKind.json(apiVersion: apiVersion, kind: kind)]
    }
    return .object(schema)
  }

  private func property(_ field: SchemaTable.Field) -> JSONValue {
    var schema: JSONObject
    switch field.type {
    case .reference where dialect == .v3: schema = ["allOf": [type(field.type)]]
    default: schema = type(field.type).objectValue ?? [:]
    }
    if !field.description.isEmpty { schema["description"] = .string(String(field.description)) }
    if !field.values.isEmpty { schema["enum"] = .array(field.values.map(JSONValue.string)) }
    if dialect == .v3, let value = field.defaultValue { schema["default"] = value }
    if let key = field.mergeKey { schema["x-kubernetes-patch-merge-key"] = .string(key) }
    if let strategy = field.strategy { schema["x-kubernetes-patch-strategy"] = .string(strategy) }
    if let ownership = field.ownership {
      if case .list = field.type {
        schema["x-kubernetes-list-type"] = .string(ownership.rawValue)
        if ownership == .map { schema["x-kubernetes-list-map-keys"] = .array(field.mapKeys.map(JSONValue.string)) }
      } else {
        schema["x-kubernetes-map-type"] = .string(ownership.rawValue)
      }
    }
    return .object(schema)
  }

  private func type(_ type: SchemaTable.FieldType) -> JSONValue {
    switch type {
    case .string: ["type": "string"]
    case .int32: ["type": "integer", "format": "int32"]
    case .int64: ["type": "integer", "format": "int64"]
    case .bool: ["type": "boolean"]
    case .number: ["type": "number", "format": "double"]
    case .bytes: ["type": "string", "format": "byte"]
    case .any: [:]
    case .list(let element): ["type": "array", "items": self.type(element)]
    case .map(let element): ["type": "object", "additionalProperties": self.type(element)]
    case .reference(let target): reference(table[target].name)
    }
  }

  /// A reference with words of its own, where the dialect allows that.
  func described(_ reference: JSONValue, _ description: JSONValue) -> JSONValue {
    dialect == .v3 ? ["allOf": [reference], "description": description] : reference
  }

  /// The schema of lists of a kind.
  func list(of name: String, apiVersion: String, kind: String, listKind: String) -> JSONValue {
    [
      "description": .string("Objects of the kind \(kind)."), "type": "object", "required": ["items"],
      "properties": [
        "apiVersion": ["type": "string", "description": "The version of the API."],
        "items": ["type": "array", "items": reference(name), "description": "The objects."],
        "kind": ["type": "string", "description": .string("Always \(listKind).")],
        "metadata": described(meta("ListMeta"), "What the server tells of the list."),
      ],
      "x-kubernetes-group-version-kind": [GroupVersionKind.json(apiVersion: apiVersion, kind: listKind)],
    ]
  }
}

/// `x-kubernetes-group-version-kind`
enum GroupVersionKind {
  static func json(apiVersion: String, kind: String) -> JSONValue {
    let parts = apiVersion.split(separator: "/").map(String.init)
    let (group, version) = parts.count == 2 ? (parts[0], parts[1]) : ("", apiVersion)
    return ["group": .string(group), "kind": .string(kind), "version": .string(version)]
  }
}
