import Kubernetes

/// Parts of OpenAPI v3 schemas, as structural schemas of Kubernetes allow them.
enum SchemaPart {
  static func string(_ description: String, max: Int? = nil) -> JSONValue {
    var schema = typed("string", description)
    if let max { schema["maxLength"] = max.json }
    return schema
  }

  static func time(_ description: String) -> JSONValue {
    var schema = typed("string", description)
    schema["format"] = "date-time"
    return schema
  }

  static func integer(_ description: String, min: Int, max: Int? = nil) -> JSONValue {
    var schema = typed("integer", description)
    schema["minimum"] = min.json
    if let max { schema["maximum"] = max.json }
    return schema
  }

  static func number(_ description: String, min: Double, max: Double? = nil) -> JSONValue {
    var schema = typed("number", description)
    schema["minimum"] = min.json
    if let max { schema["maximum"] = max.json }
    return schema
  }

  static func boolean(_ description: String) -> JSONValue { typed("boolean", description) }

  static func array(_ description: String, max: Int, of items: JSONValue) -> JSONValue {
    var schema = typed("array", description)
    schema["items"] = items
    schema["maxItems"] = max.json
    return schema
  }

  /// - Parameter preservingUnknown: keeps members that are not listed, where a newer writer may have more of them.
  static func object(
    _ description: String, required: [String] = [], preservingUnknown: Bool = false, _ properties: JSONObject
  ) -> JSONValue {
    var schema = typed("object", description)
    if preservingUnknown { schema["x-kubernetes-preserve-unknown-fields"] = true }
    if !required.isEmpty { schema["required"] = .array(required.map { .string($0) }) }
    schema["properties"] = .object(properties)
    return schema
  }

  /// An object whose members are not checked here.
  static func free(_ description: String) -> JSONValue {
    var schema = typed("object", description)
    schema["x-kubernetes-preserve-unknown-fields"] = true
    return schema
  }

  /// An API object: what every kind has beside its own members.
  static func root(_ description: String, required: [String], _ properties: JSONObject) -> JSONValue {
    var members: JSONObject = [
      "apiVersion": typed("string", "The version of this kind: sakigake.dev/v1"),
      "kind": typed("string", "The kind of object"),
      "metadata": ["type": "object"],
    ]
    for member in properties { members[member.key] = member.value }
    return object(description, required: required, members)
  }

  private static func typed(_ type: String, _ description: String) -> JSONValue {
    ["type": .string(type), "description": .string(description)]
  }
}
