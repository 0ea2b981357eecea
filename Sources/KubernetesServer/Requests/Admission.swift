import Kubernetes

/// What every object passes before it is stored.
extension APIService {
  /// Fills in apiVersion, kind, name and namespace from the path, and refuses an object that is of something else.
  func checkHeader(_ object: inout JSONValue, _ scope: RequestScope) throws(APIError) {
    guard case .object = object else { throw .badRequest("the object provided is not a JSON object") }
    let type = scope.type
    if let version = object["apiVersion"]?.stringValue, version != type.apiVersion {
      throw .badRequest(
        "the API version in the data (\(version)) does not match the expected API version (\(type.apiVersion))")
    }
    if let kind = object["kind"]?.stringValue, kind != type.kind {
      throw .badRequest("the kind in the data (\(kind)) does not match the expected kind (\(type.kind))")
    }
    object["apiVersion"] = .string(type.apiVersion)
    object["kind"] = .string(type.kind)
    if object["metadata"]?.objectValue == nil {
      guard object["metadata"] == nil || object["metadata"] == .null else {
        throw .badRequest("metadata: expected an object")
      }
      object["metadata"] = [:]
    }
    let namespace = object["metadata"]?["namespace"]?.stringValue ?? ""
    guard namespace.isEmpty || namespace == scope.namespace else {
      throw .badRequest("the namespace of the provided object does not match the namespace sent on the request")
    }
    guard let name = scope.path.name else { return }
    let given = object["metadata"]?["name"]?.stringValue ?? ""
    guard given.isEmpty || given == name else {
      throw .badRequest("the name of the object (\(given)) does not match the name on the URL (\(name))")
    }
    object[path: ["metadata", "name"]] = .string(name)
  }

  /// Refuses, warns of or drops fields that the kind does not have, refuses fields of the wrong type, and brings the
  /// rest into the form in which it is stored.
  /// - Parameter differences: from what is stored, where only these need a look.
  /// - Returns: warnings for the client.
  func admitFields(
    _ object: inout JSONValue, _ scope: RequestScope, _ options: WriteOptions, differences: ObjectDifferences? = nil
  ) throws(APIError) -> [String] {
    var unknown: [String] = []
    if let custom = scope.resource.custom {
      unknown = try Self.shape(&object, custom, scope)
    } else if let inspection = FieldInspection(
      differences.map { .object($0.changed) } ?? object, resource: scope.type, isPartial: differences != nil)
    {
      if let mistake = inspection.mistake { throw Self.undecodable(object, mistake, scope) }
      unknown = inspection.unknown
      if !unknown.isEmpty || inspection.needsRewriting { FieldInspection.rewrite(&object, resource: scope.type) }
    }
    let isDefinition = scope.resource.key == ResourceType.customResourceDefinitions.qualifiedPlural
    let warnings = isDefinition ? CustomDefinition.warnings(object) : []
    guard !unknown.isEmpty || !options.duplicates.isEmpty, options.fieldValidation != .ignore else { return warnings }
    let isPatch = scope.request.method == .patch
    // What is unknown is not told of twice.
    let duplicates = options.duplicates.filter { isPatch || !unknown.contains($0) }.map { "duplicate field \"\($0)\"" }
    let names = unknown.map { "unknown field \"\($0)\"" }
    let texts = isPatch ? duplicates + names : names + duplicates
    if options.fieldValidation == .warn { return texts + warnings }
    throw Self.undecodable(object, "strict decoding error: \(texts.joined(separator: ", "))", scope)
  }

  /// Brings a custom resource into the shape that its schema gives it.
  static func shape(
    _ object: inout JSONValue, _ custom: CustomVersion, _ scope: RequestScope
  ) throws(APIError) -> [String] {
    var unknown: [String] = []
    var metadata = object["metadata"] ?? [:]
    let inspection = FieldInspection(metadata: metadata)
    if let mistake = inspection.mistake { throw undecodable(object, mistake, scope) }
    unknown += StructuralSchema.pruneMetadata(&metadata, path: "metadata")
    object["metadata"] = metadata
    if let schema = custom.schema {
      unknown += schema.prune(&object)
      schema.applyDefaults(&object)
    }
    return unknown
  }

  /// The answer to a body that does not become an object of the kind: upstream finds fault with the patch, where
  /// there is one, and else with the object.
  private static func undecodable(_ object: JSONValue, _ why: String, _ scope: RequestScope) -> APIError {
    if scope.request.method == .patch {
      let type = ResourceType(plural: "", kind: "")
      return .invalid(type, "", "patch", "Invalid value: \(JSONValue.string(object.text).text): \(why)")
    }
    return .badRequest(
      "\(scope.type.kind) in version \"\(scope.type.version)\" cannot be handled as a \(scope.type.kind): \(why)")
  }

  /// What the server adds to a new object of certain kinds, beside the fields of its manager.
  func admit(_ object: inout JSONValue, _ scope: RequestScope) throws(APIError) {
    switch scope.resource.key {
    case "pods": try admitAccount(&object, scope)
    case "secrets": try fillTokenSecret(&object, scope)
    default: return
    }
  }

  /// - Parameter metadataOnly: everything else is as it was stored.
  func validate(
    _ object: JSONValue, old: JSONValue?, _ scope: RequestScope, name: String, metadataOnly: Bool = false
  ) throws(APIError) {
    try checkGrant(object, old: old, scope, name: name)
    let causes =
      if metadataOnly {
        Validation.checkMetadata(object, old: old, resource: scope.type)
      } else if let custom = scope.resource.custom {
        Validation.check(object, old: old, resource: scope.type, schema: custom.schema ?? StructuralSchema([:]))
      } else {
        Validation.check(object, old: old, resource: scope.type)
      }
    guard causes.isEmpty else { throw .invalid(scope.type, name, causes) }
  }

  /// Gives a service the addresses it needs.
  /// - Returns: what was taken for it.
  func reserveAddresses(
    _ object: inout JSONValue, old: JSONValue?, _ scope: RequestScope
  ) throws(APIError) -> ServiceAddresses.Reservation {
    guard scope.resource.key == "services" else { return .init() }
    return try addresses.reserve(&object, old: old, type: scope.type)
  }
}
