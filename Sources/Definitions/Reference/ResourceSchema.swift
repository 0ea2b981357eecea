public import Kubernetes

extension FileFormat {
  /// `spec` as a cluster keeps it: a structural schema (OpenAPI v3) for a CustomResourceDefinition
  /// (https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/).
  ///
  /// Names, types, words, bounds and descriptions are those of the file. Nothing is required, since a cluster keeps what
  /// older versions wrote, and how texts are written only our reader checks.
  public var resourceSchema: JSONValue { (shape["spec"] ?? .free).relaxed.resourceSchema(at: []) }
}

extension Shape {
  /// - Parameter path: the field's, from `spec` on.
  fileprivate func resourceSchema(at path: [String]) -> JSONValue {
    switch self {
    case .string, .repository, .prose, .text, .name, .serviceName, .path, .duration, .notation: ["type": "string"]
    case .integer(let range):
      ["type": "integer", "minimum": range.lowerBound.json, "maximum": range.upperBound.json]
    case .number(let bound): ["type": "number", "minimum": bound.json, "exclusiveMinimum": true]
    case .rate: ["type": "number", "minimum": 0]
    case .bool: ["type": "boolean"]
    case .quantity:
      ["x-kubernetes-int-or-string": true, "anyOf": [["type": "integer"], ["type": "string"]]]
    // A share that is reckoned with is kept as a number.
    case .percent(let most):
      ServiceDefinition.keptAsNumbers.contains(path)
        ? ["type": "number", "minimum": 0, "maximum": (most / 100).json] : ["type": "string"]
    case .word(let words): ["type": "string", "enum": .array(words.map { .string($0) })]
    case .free: ["type": "object", "x-kubernetes-preserve-unknown-fields": true]
    case .labels: ["type": "object", "additionalProperties": ["type": "string"]]
    case .list(let element): ["type": "array", "items": element.resourceSchema(at: path + ["[]"])]
    case .map(let element), .named(let element):
      ["type": "object", "additionalProperties": element.resourceSchema(at: path + ["NAME"])]
    case .object(let fields): Self.resourceSchema(of: fields, at: path)
    // A node of several types is not structural.
    case .either: ["x-kubernetes-preserve-unknown-fields": true]
    }
  }

  private static func resourceSchema(of fields: [Field], at path: [String]) -> JSONValue {
    let properties = fields.map { field -> (String, JSONValue) in
      var property = field.shape.resourceSchema(at: path + [field.name])
      property["description"] = .string(field.description)
      return (field.name, property)
    }
    return ["type": "object", "properties": .object(JSONObject(properties))]
  }
}
