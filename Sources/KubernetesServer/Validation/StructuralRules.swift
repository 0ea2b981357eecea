import Kubernetes

/// What a schema must be like to be structural: each value has a type, and shape is stated apart from conditions
/// (apiextensions-apiserver/pkg/apiserver/schema/validation.go).
extension Findings {
  private static let types = ["array", "boolean", "integer", "number", "object", "string"]
  /// Parts of JSON Schema that are not understood.
  private static let unsupportedParts = [
    "$ref", "$schema", "additionalItems", "definitions", "dependencies", "id", "patternProperties",
  ]
  /// Schemas nested deeper are refused.
  private static let schemaDepthMax = 64

  mutating func structuralSchema(_ schema: JSONValue, _ field: Field, hasStatus: Bool) {
    let type = schema["type"]?.stringValue ?? ""
    if type.isEmpty {
      required(field.child("type"), "must not be empty at the root")
    } else if type != "object" {
      if hasStatus {
        invalid(
          field.child("type"), type,
          "only \"object\" is allowed as the type at the root of the schema if the status subresource is enabled")
      }
      invalid(field.child("type"), type, "must be object at the root")
    }
    if let metadata = schema[path: ["properties", "metadata"]] { rootMetadata(metadata, field) }
    if schema["nullable"]?.boolValue == true {
      forbidden(field.child("nullable"), "nullable cannot be true at the root")
    }
    structural(schema, field, missing: nil, depth: 0)
  }

  private mutating func rootMetadata(_ metadata: JSONValue, _ field: Field) {
    let at = field.child("properties").key("metadata")
    let inner = Set(metadata["properties"]?.objectValue?.keys ?? [])
    let isPlain = (metadata.objectValue?.keys ?? []).allSatisfy { ["type", "properties", "description"].contains($0) }
    if !isPlain || !inner.isSubset(of: ["name", "generateName"]) {
      forbidden(
        at, "must not specify anything other than name and generateName, but metadata is implicitly specified")
    }
  }

  /// - Parameter missing: what is said where the type is missing; nil where it was said already.
  private mutating func structural(_ schema: JSONValue, _ field: Field, missing: String?, depth: Int) {
    if depth > Self.schemaDepthMax { return forbidden(field, "nested too deeply") }
    let isIntOrString = schema["x-kubernetes-int-or-string"]?.boolValue == true
    let preserves = schema["x-kubernetes-preserve-unknown-fields"]?.boolValue == true
    let type = schema["type"]?.stringValue ?? ""
    if type.isEmpty, !isIntOrString, !preserves, let missing { required(field.child("type"), missing) }
    if !type.isEmpty, !Self.types.contains(type) { unsupported(field.child("type"), .string(type), Self.types) }
    for part in Self.unsupportedParts where schema[part] != nil {
      forbidden(field.child(part), "\(part) is not supported")
    }
    conditions(schema, field)
    if type == "array" {
      if let items = schema["items"], items.objectValue != nil {
        structural(
          items, field.child("items"), missing: "must not be empty for specified array items", depth: depth + 1)
      } else {
        required(field.child("items"), "must be specified")
      }
      listType(schema, field)
    }
    let properties = schema["properties"]?.objectValue ?? [:]
    if !properties.isEmpty, let others = schema["additionalProperties"], others != false, !others.isNull {
      forbidden(field.child("additionalProperties"), "additionalProperties and properties are mutual exclusive")
    }
    for property in properties {
      structural(
        property.value, field.child("properties").key(property.key),
        missing: "must not be empty for specified object fields", depth: depth + 1)
    }
    if let others = schema["additionalProperties"], others.objectValue != nil {
      structural(
        others, field.child("additionalProperties"), missing: "must not be empty for specified object fields",
        depth: depth + 1)
    }
    if schema["x-kubernetes-embedded-resource"]?.boolValue == true {
      if type != "object" {
        invalid(field.child("type"), type, "must be object if x-kubernetes-embedded-resource is true")
      }
      if properties.isEmpty, !preserves {
        required(
          field.child("properties"),
          "must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields")
      }
    }
    junctors(schema, field, depth: depth)
    if let fallback = schema["default"], !fallback.isNull { self.fallback(fallback, schema, field.child("default")) }
  }

  private mutating func conditions(_ schema: JSONValue, _ field: Field) {
    if schema["uniqueItems"]?.boolValue == true {
      forbidden(
        field.child("uniqueItems"),
        "uniqueItems cannot be set to true since the runtime complexity becomes quadratic")
    }
    if let pattern = schema["pattern"]?.stringValue, CompiledPattern(pattern) == nil {
      invalid(
        field.child("pattern"), pattern,
        "must be a valid regular expression, but isn't: error parsing regexp: \(JSONValue.string(pattern).text)")
    }
    if let mapType = schema["x-kubernetes-map-type"] {
      oneOf(mapType, ["atomic", "granular"], field.child("x-kubernetes-map-type"))
    }
  }

  private mutating func listType(_ schema: JSONValue, _ field: Field) {
    let at = field.child("x-kubernetes-list-type")
    let keysField = field.child("x-kubernetes-list-map-keys")
    oneOf(schema["x-kubernetes-list-type"], ["atomic", "set", "map"], at)
    let items = schema["items"] ?? .null
    let keys = (schema["x-kubernetes-list-map-keys"]?.arrayValue ?? []).compactMap(\.stringValue)
    switch schema["x-kubernetes-list-type"]?.stringValue {
    case "set":
      let isAtomic =
        items["x-kubernetes-map-type"] == "atomic" || items["x-kubernetes-list-type"] == "atomic"
        || !["object", "array"].contains(items["type"]?.stringValue ?? "")
      if !isAtomic {
        let key = items["type"] == "array" ? "x-kubernetes-list-type" : "x-kubernetes-map-type"
        invalid(
          field.child("items").child(key), "null", "must be atomic as item of a list with x-kubernetes-list-type=set")
      }
    case "map":
      if keys.isEmpty { return required(keysField, "must not be empty if x-kubernetes-list-type is map") }
      if items["type"]?.stringValue != "object" {
        return invalid(
          field.child("items").child("type"), items["type"] ?? "",
          "must be object if parent array's x-kubernetes-list-type is map")
      }
      let known = items["properties"]?.objectValue ?? [:]
      if !keys.allSatisfy({ known[$0] != nil }) {
        return invalid(
          keysField, go: GoValue.texts(schema["x-kubernetes-list-map-keys"]),
          "entries must all be names of item properties")
      }
      let required = (items["required"]?.arrayValue ?? []).compactMap(\.stringValue)
      for key in keys where !required.contains(key) && known[key]?["default"] == nil {
        self.required(
          field.child("items").child("properties").key(key).child("default"),
          "this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property")
      }
    default:
      if !keys.isEmpty {
        forbidden(keysField, "must be empty if x-kubernetes-list-type is not map")
      }
    }
  }

  /// Conditions below `allOf` and the like say nothing of the shape.
  private mutating func junctors(_ schema: JSONValue, _ field: Field, depth: Int) {
    var parts: [(JSONValue, Field)] = []
    for key in ["allOf", "anyOf", "oneOf"] {
      for (index, part) in (schema[key]?.arrayValue ?? []).enumerated() {
        parts.append((part, field.child(key).at(index)))
      }
    }
    if let part = schema["not"], part.objectValue != nil { parts.append((part, field.child("not"))) }
    let isIntOrString = schema["x-kubernetes-int-or-string"]?.boolValue == true
    for (part, at) in parts {
      // The one exception: the two types of a number or text.
      for key in [
        "type", "additionalProperties", "nullable", "description", "title", "default",
        "x-kubernetes-preserve-unknown-fields", "x-kubernetes-embedded-resource", "x-kubernetes-int-or-string",
      ] {
        guard let value = part[key], value != false, !value.isNull, !(key == "type" && isIntOrString) else { continue }
        forbidden(at.child(key), "must be \(key == "nullable" ? "false" : "empty") to be structural")
      }
      conditions(part, at)
      if depth < Self.schemaDepthMax { junctors(part, at, depth: depth + 1) }
    }
  }

  /// A default must be a value that the schema allows.
  private mutating func fallback(_ value: JSONValue, _ schema: JSONValue, _ field: Field) {
    let node = StructuralSchema(schema)
    var shaped = value
    let removed = node.prune(&shaped)
    if let first = removed.first { invalid(field, value, "must not have unknown fields: \(first)") }
    var trial = Findings()
    trial.schema(value, node, Field(""))
    for cause in trial.causes {
      let at = cause.field.isEmpty ? field : Field("\(field.description).\(cause.field)")
      causes.append(Validation.Cause(reason: cause.reason, message: cause.message, field: at.description))
    }
  }
}
