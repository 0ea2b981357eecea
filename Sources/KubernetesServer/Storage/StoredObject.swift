import Kubernetes

/// Where an object is kept: its resource without the version, since every version of a resource shows the same objects.
struct ObjectKey: Hashable, Sendable {
  /// `pods`, `deployments.apps`
  var resource: String
  var namespace: String
  var name: String
}

/// One object as it was committed: the bytes that go out, and the few fields that are searched.
///
/// Immutable, so that lists and watches share it without copying.
final class StoredObject: Sendable {
  let key: ObjectKey
  /// The resourceVersion, which no other write of this store has.
  let version: Int64
  let bytes: [UInt8]
  let uid: String
  let labels: Labels
  /// Values of the fields that a field selector may name, beside name and namespace.
  let fields: [String: String]
  /// It has a deletionTimestamp.
  let isTerminating: Bool

  init(key: ObjectKey, version: Int64, value: JSONValue, bytes: [UInt8]) {
    let metadata = value["metadata"]
    self.key = key
    self.version = version
    self.bytes = bytes
    uid = metadata?["uid"]?.stringValue ?? ""
    isTerminating = metadata?["deletionTimestamp"]?.stringValue != nil
    labels = Labels(object: metadata?["labels"])
    fields = SelectableFields.values(of: value, resource: key.resource)
  }

  /// The object, parsed anew.
  func value() throws(APIError) -> JSONValue {
    do throws(JSONSyntaxError) { return try JSONValue(parsing: bytes) } catch {
      throw APIError(
        code: 500, reason: "InternalError", message: "\(key.resource) \"\(key.name)\" is stored damaged: \(error)")
    }
  }
}

extension Labels {
  /// The string members of `metadata.labels`.
  init(object: JSONValue?) {
    self.init()
    for (key, value) in object?.objectValue ?? [:] {
      if case .string(let text) = value { self[key] = text }
    }
  }
}
