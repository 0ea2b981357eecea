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

  /// The schemas of the named definitions and of all that they lead to, by full name.
  func schemas(from roots: [String]) -> [(key: String, value: JSONValue)] {
    var waiting = roots
    var found: [String: JSONValue] = [:]
    while let short = waiting.popLast() {
      guard let definition = table.definitions[short], found[definition.name] == nil else { continue }
      found[definition.name] = schema(definition)
      waiting.append(contentsOf: definition.fields.compactMap(\.type.reference))
    }
    return found.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  private func schema(_ definition: SchemaTable.Definition) -> JSONValue {
    var schema: JSONObject = ["description": .string(definition.description)]
    switch definition.scalar {
    case .time:
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
    case nil:
      schema["type"] = "object"
      if !definition.fields.isEmpty {
        schema["properties"] = .object(JSONObject(distinct: definition.fields.map { ($0.name, property($0)) }))
      }
      let required = definition.fields.filter(\.isRequired).map { JSONValue.string($0.name) }
      if !required.isEmpty { schema["required"] = .array(required) }
      if Self.atomic.contains(SchemaTable.shortName(definition.name)) { schema["x-kubernetes-map-type"] = "atomic" }
    }
    if let apiVersion = definition.apiVersion, let kind = definition.kind {
      schema["x-kubernetes-group-version-kind"] = [GroupVersionKind.json(apiVersion: apiVersion, kind: kind)]
    }
    return .object(schema)
  }

  /// Objects that server-side apply takes as a whole.
  private static let atomic: Set<String> = [
    "LabelSelector", "LocalObjectReference", "ConfigMapKeySelector", "SecretKeySelector", "ObjectFieldSelector",
    "ResourceFieldSelector", "NodeSelector", "NodeSelectorTerm", "ObjectReference", "TypedLocalObjectReference",
    "OwnerReference",
  ]

  private func property(_ field: SchemaTable.Field) -> JSONValue {
    var schema: JSONObject
    switch field.type {
    case .reference where dialect == .v3: schema = ["allOf": [type(field.type)]]
    default: schema = type(field.type).objectValue ?? [:]
    }
    schema["description"] = .string(field.description)
    if !field.values.isEmpty { schema["enum"] = .array(field.values.map(JSONValue.string)) }
    if let key = field.mergeKey { schema["x-kubernetes-patch-merge-key"] = .string(key) }
    if let strategy = field.strategy { schema["x-kubernetes-patch-strategy"] = .string(strategy) }
    if case .map = field.type {
      if field.listType == "atomic" { schema["x-kubernetes-map-type"] = "atomic" }
    } else if !field.mapKeys.isEmpty {
      schema["x-kubernetes-list-type"] = "map"
      schema["x-kubernetes-list-map-keys"] = .array(field.mapKeys.map(JSONValue.string))
    } else if let listType = field.listType {
      schema["x-kubernetes-list-type"] = .string(listType)
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
    case .reference(let short): reference(table.definitions[short]?.name ?? short)
    }
  }

  /// The schema of lists of a kind.
  func list(of name: String, apiVersion: String, kind: String, listKind: String) -> JSONValue {
    [
      "description": .string("Objects of the kind \(kind)."), "type": "object", "required": ["items"],
      "properties": [
        "apiVersion": ["type": "string", "description": "The version of the API."],
        "items": ["type": "array", "items": reference(name), "description": "The objects."],
        "kind": ["type": "string", "description": .string("Always \(listKind).")],
        "metadata": property(
          SchemaTable.Field(
            name: "metadata", type: .reference("ListMeta"), isRequired: false,
            description: "What the server tells of the list.")),
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
