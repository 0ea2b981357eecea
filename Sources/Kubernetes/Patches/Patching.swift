/// Why a patch cannot be applied.
public struct PatchError: Error, Equatable, CustomStringConvertible {
  public enum Code: Sendable { case malformed, testFailed, notApplicable, conflict }
  public var code: Code
  public var message: String

  public init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }
  public var description: String { message }
}

extension JSONValue {
  /// RFC 6902.
  public func applying(jsonPatch patch: JSONValue) throws(PatchError) -> JSONValue { fatalError() }
  /// RFC 7386.
  public func applying(mergePatch patch: JSONValue) -> JSONValue { fatalError() }
  /// Kubernetes' strategic merge patch, with the merge keys of `kind` (apiVersion + kind) from `MergeSchema`.
  public func applying(strategicPatch patch: JSONValue, apiVersion: String, kind: String) throws(PatchError) -> JSONValue { fatalError() }
}

/// Server-side apply.
public enum Apply {
  /// - Returns: the merged object with `metadata.managedFields` brought up to date.
  /// - Throws: `.conflict` whose message names each manager and field in Kubernetes' words, unless `force`.
  public static func apply(
    _ configuration: JSONValue, onto live: JSONValue?, manager: String, force: Bool, now: Timestamp, subresource: String?
  ) throws(PatchError) -> JSONValue { fatalError() }

  /// Brings `managedFields` up to date after a create, update or patch by `manager` that turned `old` into `new`.
  public static func track(
    old: JSONValue?, new: JSONValue, manager: String, now: Timestamp, subresource: String?
  ) -> JSONValue { fatalError() }
}
