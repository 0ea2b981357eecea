/// One entry of `metadata.managedFields`: which fields one manager has set, in one way, through one subresource.
public struct ManagedFieldsEntry: Sendable, Hashable {
  public enum Operation: String, Sendable, Hashable {
    case apply = "Apply"
    case update = "Update"
  }

  /// Who an entry is of. Appliers are the same in all API versions, updaters are not.
  struct Manager: Hashable {
    var name: String
    var operation: Operation
    var apiVersion: String
    var subresource: String
  }

  public var manager: String
  public var operation: Operation
  public var apiVersion: String
  /// As RFC 3339; nil where no change is known, as of a manager that applied what was already there.
  var time: String?
  public var subresource: String
  var fields: FieldSet

  init(
    manager: String, operation: Operation, apiVersion: String, time: String?, subresource: String, fields: FieldSet
  ) {
    self.manager = manager
    self.operation = operation
    self.apiVersion = apiVersion
    self.time = time
    self.subresource = subresource
    self.fields = fields
  }

  init(_ manager: Manager, time: String?, fields: FieldSet) {
    self.init(
      manager: manager.name, operation: manager.operation, apiVersion: manager.apiVersion, time: time,
      subresource: manager.subresource, fields: fields)
  }

  /// Nil where the entry cannot be understood: another `fieldsType`, no operation, no API version.
  init?(json: JSONValue) {
    guard let operation = json["operation"]?.stringValue.flatMap(Operation.init(rawValue:)),
      json["fieldsType"]?.stringValue == "FieldsV1", let apiVersion = json["apiVersion"]?.stringValue,
      !apiVersion.isEmpty
    else { return nil }
    self.init(
      manager: json["manager"]?.stringValue ?? "", operation: operation, apiVersion: apiVersion,
      time: json["time"]?.stringValue, subresource: json["subresource"]?.stringValue ?? "",
      fields: FieldSet(json: json["fieldsV1"]))
  }

  var json: JSONValue {
    var members: [(key: String, value: JSONValue)] = []
    members.reserveCapacity(7)
    members.append(("manager", .string(manager)))
    members.append(("operation", .string(operation.rawValue)))
    members.append(("apiVersion", .string(apiVersion)))
    if let time { members.append(("time", .string(time))) }
    members.append(("fieldsType", "FieldsV1"))
    members.append(("fieldsV1", fields.json))
    if !subresource.isEmpty { members.append(("subresource", .string(subresource))) }
    return .object(JSONObject(distinct: members))
  }

  func isOf(_ other: Manager) -> Bool {
    manager == other.name && operation == other.operation && subresource == other.subresource
      && (operation == .apply || apiVersion == other.apiVersion)
  }

  /// By which entries are ordered: that the server writes its times in one form makes their texts comparable.
  var second: String { time ?? "" }

  /// Brings what a client sent into the form in which this server writes it.
  mutating func normalizeFields() throws(ElementName.Failure) {
    fields = FieldSet(json: try Self.normalized(fields.json))
    if let time { self.time = Timestamp(parsing: time)?.rfc3339 }
  }

  private static func normalized(_ node: JSONValue) throws(ElementName.Failure) -> JSONValue {
    guard case .object(let object) = node else { return [:] }
    var children: [(key: String, value: JSONValue)] = []
    for (key, value) in object {
      if key == "." {
        children.append((key, [:]))
      } else if let name = try ElementName.normalized(key) {
        children.append((name, try normalized(value)))
      }
    }
    return .object(JSONObject(children.map { ($0.key, $0.value) }).sortedByKey())
  }
}
