/// What a manager applies, checked and reduced to what apply may touch.
struct ApplyConfiguration {
  let value: JSONValue
  let apiVersion: String
  let schema: MergeSchema

  init(_ configuration: JSONValue, subresource: String?) throws(PatchError) {
    guard case .object(let object) = configuration else {
      throw PatchError(.malformed, "an applied configuration is an object, found \(configuration.typeName)")
    }
    guard let apiVersion = object["apiVersion"]?.stringValue, let kind = object["kind"]?.stringValue,
      !apiVersion.isEmpty, !kind.isEmpty
    else { throw PatchError(.malformed, "an applied configuration must state its apiVersion and kind") }
    let managedFields = configuration[path: ["metadata", "managedFields"]]
    guard managedFields == nil || managedFields == .null || managedFields == .array([]) else {
      throw PatchError(.malformed, "metadata.managedFields must be nil")
    }
    self.apiVersion = apiVersion
    schema = MergeSchema.forApply(configuration)
    var stated = Self.withoutNulls(object)
    if stated["metadata"]?["managedFields"] != nil { stated["metadata"] = stated["metadata"].map(Self.withoutManaged) }
    switch subresource {
    case "status":
      // Of the metadata, the status subresource keeps what names the object.
      let metadata = stated["metadata"]?.objectValue ?? [:]
      let named = metadata.filter { $0.key == "name" || $0.key == "namespace" }
      var reduced: JSONObject = ["apiVersion": .string(apiVersion), "kind": .string(kind)]
      reduced["metadata"] = .object(JSONObject(distinct: named))
      reduced["status"] = stated["status"]
      stated = reduced
    case nil where MergeSchema.knows(apiVersion: apiVersion, kind: kind): stated["status"] = nil
    default: break
    }
    value = .object(stated)
  }

  private static func withoutManaged(_ metadata: JSONValue) -> JSONValue {
    var metadata = metadata
    metadata["managedFields"] = nil
    return metadata
  }

  /// A null member states nothing: manifests carry `creationTimestamp: null`.
  private static func withoutNulls(_ object: JSONObject) -> JSONObject {
    var members: [(key: String, value: JSONValue)] = []
    members.reserveCapacity(object.count)
    for (key, value) in object {
      switch value {
      case .null: continue
      case .object(let inner): members.append((key, .object(withoutNulls(inner))))
      case .array(let elements):
        let cleaned = elements.map { element in element.objectValue.map { .object(withoutNulls($0)) } ?? element }
        members.append((key, .array(cleaned)))
      default: members.append((key, value))
      }
    }
    return JSONObject(distinct: members)
  }
}
