/// Converts objects between the API versions of their kind, for managers that named their fields in another one.
public struct VersionConverter: Sendable {
  /// The object as that version has it, with the version's schema; nil for a version that is not served any more.
  var convert: @Sendable (_ object: JSONValue, _ apiVersion: String) -> (JSONValue, MergeSchema)?

  public init(
    _ convert: @escaping @Sendable (_ object: JSONValue, _ apiVersion: String) -> (JSONValue, MergeSchema)?
  ) {
    self.convert = convert
  }
}

/// What changed from one state of an object to the next, in the words of each API version that somebody uses.
struct VersionedChanges {
  let own: FieldChanges
  private let old: JSONValue
  private let new: JSONValue
  private let reset: FieldSet
  private let versions: VersionConverter?
  private var known: [String: FieldChanges] = [:]
  private let apiVersion: String

  init(
    _ old: JSONValue, _ new: JSONValue, _ apiVersion: String, _ schema: MergeSchema, _ reset: FieldSet,
    _ versions: VersionConverter?
  ) {
    self.old = old
    self.new = new
    self.apiVersion = apiVersion
    self.reset = reset
    self.versions = versions
    own = FieldChanges.between(old, new, schema.root).removingBelow(reset)
  }

  /// - Returns: nil where that version is not served any more, so that its entries mean nothing.
  mutating func at(_ apiVersion: String) -> FieldChanges? {
    guard apiVersion != self.apiVersion, let versions else { return own }
    if let changes = known[apiVersion] { return changes }
    guard let (before, schema) = versions.convert(old, apiVersion), let (after, _) = versions.convert(new, apiVersion)
    else { return nil }
    let changes = FieldChanges.between(before, after, schema.root).removingBelow(reset)
    known[apiVersion] = changes
    return changes
  }
}

extension ManagedFields {
  /// A place that has become one value since its fields were recorded is owned as that
  /// (https://github.com/kubernetes-sigs/structured-merge-diff/blob/master/typed/reconcile_schema.go).
  /// Built-in kinds do not change.
  mutating func reconcile(with schema: MergeSchema) {
    if schema.isBuiltIn { return }
    for index in entries.indices {
      if let fields = Self.reconciled(entries[index].fields, schema.root) { entries[index].fields = fields }
    }
  }

  /// - Returns: nil where nothing changes.
  private static func reconciled(_ set: FieldSet, _ type: MergeType) -> FieldSet? {
    guard set.hasChildren else { return nil }
    let below: (String) -> MergeType
    switch type.form {
    case .map(let map):
      if map.isAtomic { return .leaf }
      below = { map.member(String($0.dropFirst(2))).type }
    case .list(let list):
      if list.isWhole { return .leaf }
      below = { _ in list.element }
    case .scalar, .any: return nil
    }
    var isChanged = false
    let children = set.children.map { child in
      guard let changed = reconciled(child.set, below(child.name)) else { return child }
      isChanged = true
      return (child.name, changed)
    }
    return isChanged ? FieldSet(includesItself: set.includesItself, children: children) : nil
  }
}
