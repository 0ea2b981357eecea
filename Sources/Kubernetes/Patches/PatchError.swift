/// Why a patch cannot be applied.
public struct PatchError: Error, Equatable, CustomStringConvertible {
  public enum Code: Sendable {
    /// The patch is not one: a wrong shape, an unknown operation, a directive that does not exist.
    case malformed
    /// A `test` operation of a JSON patch found another value.
    case testFailed
    /// The patch is well formed, but not for this object: a path that is not there, a list element without its key.
    case notApplicable
    /// The patch is larger than the server takes.
    case tooLarge
    /// What is to be applied does not fit the schema of its kind.
    case untypable
    /// Fields to be applied belong to other managers: see `conflicts`.
    case conflict
  }
  public var code: Code
  public var message: String
  /// With `.conflict`: each field and who has it, sorted by manager and field.
  public var conflicts: [FieldConflict]

  public init(_ code: Code, _ message: String, conflicts: [FieldConflict] = []) {
    self.code = code
    self.message = message
    self.conflicts = conflicts
  }
  public var description: String { message }

  init(conflicts: [FieldConflict]) {
    let sorted = conflicts.enumerated().sorted { ($0.element.order, $0.offset) < ($1.element.order, $1.offset) }
      .map(\.element)
    self.init(.conflict, FieldConflict.message(sorted), conflicts: sorted)
  }
}

/// A field that one manager applies and another has set otherwise.
public struct FieldConflict: Sendable, Hashable {
  public var manager: String
  public var operation: ManagedFieldsEntry.Operation
  public var apiVersion: String
  public var subresource: String
  /// As in messages: `.spec.containers[name="app"].image`.
  public var field: String
  /// The same as FieldsV1 names it, from the object down.
  let names: [String]

  init(_ entry: ManagedFieldsEntry, field: String, names: [String]) {
    manager = entry.manager
    operation = entry.operation
    apiVersion = entry.apiVersion
    subresource = entry.subresource
    self.field = field
    self.names = names
  }

  /// By which managers are listed: as their JSON in Kubernetes' own lists.
  var order: String {
    let version = operation == .update ? ",\"apiVersion\":\"\(apiVersion)\"" : ""
    let subresource = subresource.isEmpty ? "" : ",\"subresource\":\"\(subresource)\""
    return "\(manager)\",\"operation\":\"\(operation.rawValue)\"\(version)\(subresource)}"
  }

  /// The manager as messages call it: `"kubectl" using apps/v1` where it updated, `"kubectl"` where it applied.
  public var managerDescription: String {
    var text = JSONValue.string(manager).text
    if !subresource.isEmpty { text += " with subresource \(JSONValue.string(subresource).text)" }
    return operation == .update ? "\(text) using \(apiVersion)" : text
  }

  /// The entry of `Status.details.causes`.
  public var cause: JSONValue {
    [
      "reason": "FieldManagerConflict", "message": .string("conflict with \(managerDescription)"),
      "field": .string(field),
    ]
  }

  /// The message of a refused apply, as Kubernetes words it.
  static func message(_ conflicts: [FieldConflict]) -> String {
    if conflicts.count == 1, let only = conflicts.first {
      return "Apply failed with 1 conflict: conflict with \(only.managerDescription): \(only.field)"
    }
    var lines: [String] = []
    var last: String?
    for conflict in conflicts {
      if last != conflict.managerDescription { lines.append("conflicts with \(conflict.managerDescription):") }
      last = conflict.managerDescription
      lines.append("- \(conflict.field)")
    }
    return "Apply failed with \(conflicts.count) conflicts: \(lines.joined(separator: "\n"))"
  }
}
