/// The schemas of custom resources, compiled from what their definitions say
/// (https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#specifying-a-structural-schema).
extension MergeSchema {
  /// - Parameters:
  ///   - structural: a version's `openAPIV3Schema`.
  ///   - hasStatus: whether the version has the `status` subresource.
  public init(structural: JSONValue, hasStatus: Bool) {
    var fields = Self.fields(of: structural).filter { !Self.header.keys.contains($0.key) }
    fields += Self.header.map { MergeField($0.key, $0.value) }
    let unknown = structural["x-kubernetes-preserve-unknown-fields"]?.boolValue == true ? MergeType.deduced : nil
    self.init(root: MergeType(.map(MergeMap(fields, element: unknown))), hasStatus: hasStatus)
  }

  /// Of a custom resource without a schema, only the metadata are known.
  public static let untyped = MergeSchema(
    root: MergeType(.map(MergeMap(header.map { MergeField($0.key, $0.value) }, element: .deduced))), hasStatus: false)

  private init(root: MergeType, hasStatus: Bool) {
    let reset =
      hasStatus ? Reset(main: FieldSet(json: ["f:status": [:]]), status: FieldSet(json: ["f:spec": [:]])) : Reset()
    self.init(root: root, isBuiltIn: false, reset: reset)
  }

  private static let header: [String: MergeType] = ["apiVersion": .string, "kind": .string, "metadata": objectMeta]

  private static func fields(of schema: JSONValue) -> [MergeField] {
    (schema["properties"]?.objectValue ?? [:]).map { MergeField($0.key, type($0.value)) }
  }

  private static func type(_ schema: JSONValue) -> MergeType {
    if schema["x-kubernetes-int-or-string"]?.boolValue == true { return .untypedScalar }
    switch schema["type"]?.stringValue {
    case "object": return object(schema)
    case "array": return list(schema)
    case "string": return .string
    case "integer", "number": return .numeric
    case "boolean": return .boolean
    default: return .deduced
    }
  }

  private static func object(_ schema: JSONValue) -> MergeType {
    var fields = fields(of: schema)
    var element: MergeType?
    if let additional = schema["additionalProperties"], additional.objectValue != nil {
      element = type(additional)
    } else if schema["x-kubernetes-preserve-unknown-fields"]?.boolValue == true
      || schema["additionalProperties"]?.boolValue == true
    {
      element = .deduced
    }
    if schema["x-kubernetes-embedded-resource"]?.boolValue == true {
      fields = fields.filter { !header.keys.contains($0.key) } + header.map { MergeField($0.key, $0.value) }
    }
    if fields.isEmpty, element == nil { return .deduced }
    return MergeType(
      .map(
        MergeMap(fields, element: element, isAtomic: schema["x-kubernetes-map-type"]?.stringValue == "atomic")))
  }

  private static func list(_ schema: JSONValue) -> MergeType {
    let items = schema["items"] ?? [:]
    let ownership: MergeList.Ownership
    switch schema["x-kubernetes-list-type"]?.stringValue {
    case "set": ownership = .set
    case "map":
      let names = (schema["x-kubernetes-list-map-keys"]?.arrayValue ?? []).compactMap(\.stringValue)
      ownership = .keyed(
        names.sorted().map { MergeList.Key($0, default: items["properties"]?[$0]?["default"]) })
    default: ownership = .whole
    }
    return MergeType(.list(MergeList(type(items), ownership)))
  }
}
