import Kubernetes

/// Whether an object may be stored.
package enum Validation {
  /// One thing wrong with one field, as in `details.causes` of a Status.
  package struct Cause: Sendable, Hashable {
    /// `FieldValueRequired`, `FieldValueInvalid`, `FieldValueDuplicate`, `FieldValueNotSupported`, `FieldValueForbidden`.
    package var reason: String
    /// Without the field: `Required value`, `Invalid value: 0: must be greater than zero`.
    package var message: String
    /// `spec.containers[0].image`
    package var field: String

    package init(reason: String, message: String, field: String) {
      self.reason = reason
      self.message = message
      self.field = field
    }
  }

  /// - Parameters:
  ///   - object: with its defaults applied.
  ///   - old: what is stored, on update; nil on create.
  /// - Returns: everything that is wrong, in the order of the fields; empty where the object may be stored.
  package static func check(_ object: JSONValue, old: JSONValue?, resource: ResourceType) -> [Cause] {
    []
  }
}
