/// One node of the `openAPIV3Schema` of a CustomResourceDefinition, read once: what shapes objects (types, members,
/// defaults), what they are checked by, and how their lists and maps are merged.
///
/// Structural schemas: https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/
package final class StructuralSchema: Sendable {
  /// What an object may have beside its declared members.
  package enum Additional: Sendable {
    case none
    case anything
    case schema(StructuralSchema)
  }

  /// The node as it is written, for what is only looked up when a value is checked.
  package let json: JSONValue
  package let type: String?
  package let properties: [String: StructuralSchema]
  package let additional: Additional
  package let items: StructuralSchema?
  package let required: [String]
  package let defaultValue: JSONValue?
  package let isNullable: Bool
  package let preservesUnknownFields: Bool
  package let isEmbeddedResource: Bool
  package let isIntOrString: Bool
  /// `atomic`, `set` or `map`.
  package let listType: String?
  package let listMapKeys: [String]
  /// `granular` or `atomic`.
  package let mapType: String?
  package let pattern: CompiledPattern?
  package let allOf: [StructuralSchema]
  package let anyOf: [StructuralSchema]
  package let oneOf: [StructuralSchema]
  package let not: StructuralSchema?
  /// Whether this node or one below it has a default.
  package let hasDefaults: Bool

  package init(_ json: JSONValue) {
    self.json = json
    func flag(_ key: String) -> Bool { json[key]?.boolValue == true }
    func schemas(_ key: String) -> [StructuralSchema] { (json[key]?.arrayValue ?? []).map(StructuralSchema.init) }
    func texts(_ key: String) -> [String] { (json[key]?.arrayValue ?? []).compactMap(\.stringValue) }
    type = json["type"]?.stringValue
    properties = Dictionary(
      (json["properties"]?.objectValue ?? [:]).map { ($0.key, StructuralSchema($0.value)) },
      uniquingKeysWith: { first, _ in first })
    switch json["additionalProperties"] {
    case .object?: additional = .schema(StructuralSchema(json["additionalProperties"] ?? [:]))
    case .bool(true)?: additional = .anything
    default: additional = .none
    }
    if case .object? = json["items"] { items = StructuralSchema(json["items"] ?? [:]) } else { items = nil }
    required = texts("required")
    defaultValue = json["default"]?.nonNull
    isNullable = flag("nullable")
    preservesUnknownFields = flag("x-kubernetes-preserve-unknown-fields")
    isEmbeddedResource = flag("x-kubernetes-embedded-resource")
    isIntOrString = flag("x-kubernetes-int-or-string")
    listType = json["x-kubernetes-list-type"]?.stringValue
    listMapKeys = texts("x-kubernetes-list-map-keys")
    mapType = json["x-kubernetes-map-type"]?.stringValue
    pattern = json["pattern"]?.stringValue.flatMap(CompiledPattern.init)
    allOf = schemas("allOf")
    anyOf = schemas("anyOf")
    oneOf = schemas("oneOf")
    if case .object? = json["not"] { not = StructuralSchema(json["not"] ?? [:]) } else { not = nil }
    var below = properties.values.contains { $0.hasDefaults } || items?.hasDefaults == true
    if case .schema(let schema) = additional, schema.hasDefaults { below = true }
    hasDefaults = defaultValue != nil || below
  }

  /// The schema of a member; nil where the schema says nothing of it.
  package func member(_ name: String) -> StructuralSchema? {
    if let property = properties[name] { return property }
    if case .schema(let schema) = additional { return schema }
    return nil
  }
}

/// A regular expression that is compiled once and matched by many.
package final class CompiledPattern: @unchecked Sendable {
  // Safe: a compiled regular expression is a value that matching only reads.
  private let regex: Regex<AnyRegexOutput>
  package let text: String

  /// Nil where the text is no regular expression.
  package init?(_ text: String) {
    guard let regex = try? Regex(text) else { return nil }
    self.text = text
    self.regex = regex.matchingSemantics(.unicodeScalar)
  }

  /// Whether it is found anywhere in the text.
  package func matches(_ value: String) -> Bool { (try? regex.firstMatch(in: value)) != nil }
}
