/// One entry of `metadata.managedFields`: which fields one manager has set, in one way, through one subresource.
public struct ManagedFieldsEntry: Sendable, Hashable {
  public enum Operation: String, Sendable, Hashable {
    case apply = "Apply"
    case update = "Update"
  }
  public var manager: String
  public var operation: Operation
  public var apiVersion: String
  public var time: Timestamp?
  public var subresource: String
  var fields: FieldSet

  init(
    manager: String, operation: Operation, apiVersion: String, time: Timestamp?, subresource: String, fields: FieldSet
  ) {
    self.manager = manager
    self.operation = operation
    self.apiVersion = apiVersion
    self.time = time
    self.subresource = subresource
    self.fields = fields
  }

  /// Nil where the entry cannot be understood: another `fieldsType`, no operation.
  init?(json: JSONValue) {
    guard let operation = json["operation"]?.stringValue.flatMap(Operation.init(rawValue:)),
      json["fieldsType"]?.stringValue == "FieldsV1"
    else { return nil }
    self.init(
      manager: json["manager"]?.stringValue ?? "", operation: operation,
      apiVersion: json["apiVersion"]?.stringValue ?? "",
      time: json["time"]?.stringValue.flatMap(Timestamp.init(parsing:)),
      subresource: json["subresource"]?.stringValue ?? "",
      fields: FieldSet(json: json["fieldsV1"]))
  }

  var json: JSONValue {
    var object: JSONObject = [
      "manager": .string(manager), "operation": .string(operation.rawValue), "apiVersion": .string(apiVersion),
    ]
    if let time { object["time"] = time.json }
    object["fieldsType"] = "FieldsV1"
    object["fieldsV1"] = fields.json
    if !subresource.isEmpty { object["subresource"] = .string(subresource) }
    return .object(object)
  }

  func isSame(_ manager: String, _ operation: Operation, _ subresource: String) -> Bool {
    self.manager == manager && self.operation == operation && self.subresource == subresource
  }
}

/// All entries of one object.
struct ManagedFields: Equatable {
  var entries: [ManagedFieldsEntry]

  /// How many managers that update are told apart; the oldest beyond that become one, `ancient-changes`.
  static let updateManagerLimit = 10
  private static let ancient = "ancient-changes"
  private static let path = ["metadata", "managedFields"]

  /// - Returns: nil where the object has none, or has entries that cannot be understood.
  init?(of object: JSONValue?) {
    guard let list = object?[path: Self.path]?.arrayValue, !list.isEmpty else { return nil }
    entries = []
    for json in list {
      guard let entry = ManagedFieldsEntry(json: json) else { return nil }
      entries.append(entry)
    }
  }

  init() { entries = [] }

  /// Whether the object asks for its entries to be forgotten, by a list of one empty entry.
  static func areReset(in object: JSONValue) -> Bool {
    object[path: path]?.arrayValue == [.object([:])]
  }

  static func removed(from object: JSONValue) -> JSONValue {
    guard object[path: path] != nil else { return object }
    var object = object
    object[path: path] = nil
    return object
  }

  func stored(in object: JSONValue) -> JSONValue {
    var object = object
    let list: JSONValue? = entries.isEmpty ? .none : .array(entries.map(\.json))
    if list != object[path: Self.path] { object[path: Self.path] = list }
    return object
  }

  /// Applied before updated, then by age, as the API server lists them; entries without fields are left out.
  mutating func normalize() {
    entries.removeAll { $0.fields.isEmpty }
    entries.sort { left, right in
      if left.operation != right.operation { return left.operation.rawValue < right.operation.rawValue }
      if left.time != right.time { return (left.time?.nanoseconds ?? .min) < (right.time?.nanoseconds ?? .min) }
      return (left.manager, left.apiVersion, left.subresource) < (right.manager, right.apiVersion, right.subresource)
    }
    capUpdateManagers()
  }

  private mutating func capUpdateManagers() {
    let updating = entries.indices.filter { entries[$0].operation == .update && entries[$0].subresource.isEmpty }
    guard updating.count > Self.updateManagerLimit else { return }
    let merging = updating.prefix(updating.count - Self.updateManagerLimit + 1)
    guard let last = merging.last else { return }
    entries[last].fields = merging.reduce(.empty) { $0.union(entries[$1].fields) }
    entries[last].manager = Self.ancient
    for index in merging.dropLast().reversed() { entries.remove(at: index) }
  }
}
