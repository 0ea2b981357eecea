public import Kubernetes

extension FileFormat {
  /// A JSON Schema (draft 7, which YAML language servers understand) for editors: names, types, words and descriptions.
  /// What goes across fields only our readers check.
  public var editorSchema: JSONValue {
    var schema: JSONObject = [
      "$schema": "http://json-schema.org/draft-07/schema#",
      "title": .string(file),
    ]
    for member in shape.schema.objectValue ?? [:] { schema[member.key] = member.value }
    return .object(schema)
  }
}

extension Shape {
  fileprivate var schema: JSONValue {
    switch self {
    case .string, .repository: ["type": "string", "minLength": 1]
    case .prose: ["type": "string"]
    case .text: ["type": ["string", "number", "boolean"]]
    case .name: ["type": "string", "maxLength": 63, "pattern": "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$"]
    case .serviceName: ["type": "string", "maxLength": 63, "pattern": "^[a-z]([-a-z0-9]*[a-z0-9])?$"]
    case .path: ["type": "string", "pattern": "^/"]
    case .integer(let range):
      ["type": "integer", "minimum": range.lowerBound.json, "maximum": range.upperBound.json]
    case .number(let bound): ["type": "number", "exclusiveMinimum": bound.json]
    case .rate: ["type": "number", "minimum": 0]
    case .bool: ["type": "boolean"]
    case .quantity: ["type": ["string", "number"]]
    case .duration: ["type": "string", "pattern": "^([0-9]+(\\.[0-9]+)?(ms|s|m|h))+$"]
    case .percent: ["type": "string", "pattern": "^[0-9]+(\\.[0-9]+)?%$"]
    // `off` without quotes is false to a reader of YAML 1.1.
    case .word(let words): ["enum": .array(words.map { .string($0) } + (words.contains("off") ? [false] : []))]
    case .notation(let notation): Self.schema(of: notation)
    case .free: [:]
    case .labels: ["type": "object", "additionalProperties": ["type": "string", "maxLength": 63]]
    case .list(let element): ["type": "array", "items": element.schema]
    case .map(let element): ["type": "object", "additionalProperties": element.schema]
    case .named(let element):
      [
        "type": "object", "propertyNames": Shape.name.schema, "additionalProperties": element.schema,
      ]
    case .object(let fields): Self.schema(of: fields)
    case .either(let alternatives): ["anyOf": .array(alternatives.map(\.schema))]
    }
  }

  private static func schema(of notation: Notation) -> JSONValue {
    var schema: JSONObject = ["type": "string", "minLength": 1]
    if let pattern = notation.pattern { schema["pattern"] = .string(pattern) }
    return .object(schema)
  }

  private static func schema(of fields: [Field]) -> JSONValue {
    var schema: JSONObject = ["type": "object", "additionalProperties": false]
    let required = fields.filter(\.isRequired).map { JSONValue.string($0.name) }
    if !required.isEmpty { schema["required"] = .array(required) }
    schema["properties"] = .object(
      JSONObject(
        fields.map { field in
          var property = field.shape.schema
          property["description"] = .string(field.description)
          return (field.name, property)
        }))
    return .object(schema)
  }
}
