/// Server-side apply, and the ownership of fields that it rests on
/// (https://kubernetes.io/docs/reference/using-api/server-side-apply/).
///
/// The rules are those of https://github.com/kubernetes-sigs/structured-merge-diff/blob/master/merge/update.go and of
/// the managers around it in
/// https://github.com/kubernetes/apimachinery/tree/master/pkg/util/managedfields/internal.
public enum Apply {
  /// Who writes, where, and when.
  public struct Author: Sendable {
    var manager: String
    /// Empty for the object itself.
    var subresource: String
    var time: String

    public init(manager: String, subresource: String?, now: Timestamp) {
      self.manager = manager.isEmpty ? "unknown" : manager
      self.subresource = subresource ?? ""
      time = now.rfc3339
    }

    func entry(_ operation: ManagedFieldsEntry.Operation, _ apiVersion: String) -> ManagedFieldsEntry.Manager {
      ManagedFieldsEntry.Manager(
        name: manager, operation: operation, apiVersion: apiVersion, subresource: subresource)
    }
  }

  /// Merges a manager's configuration into the live object.
  ///
  /// Fields that the manager applied before and states no longer are removed, unless somebody else has them too.
  /// - Parameters:
  ///   - configuration: what the manager wants, with `apiVersion` and `kind`. A null is stated, too: it is what the
  ///     field becomes, before defaults.
  ///   - live: nil where the object is to be created.
  /// - Returns: the merged object with `metadata.managedFields` brought up to date, before defaults; `live` itself
  ///   where nothing changed.
  /// - Throws: `.conflict` whose message names each manager and field in Kubernetes' words, unless `force`;
  ///   `.malformed` for what is no configuration, `.untypable` for one that does not fit its schema.
  public static func apply(
    _ configuration: JSONValue, onto live: JSONValue?, by author: Author, force: Bool, schema: MergeSchema? = nil,
    versions: VersionConverter? = nil
  ) throws(PatchError) -> JSONValue {
    let schema = schema ?? .of(configuration)
    let apiVersion = try check(configuration, schema)
    var merged: JSONValue
    do throws(PatchError) {
      merged = try merge(configuration, apiVersion, onto: live, by: author, force: force, schema, versions)
    } catch {
      // What kubectl applied from the client's side before is its own: it does not conflict with itself.
      guard error.code == .conflict, let live, author.manager == LastApplied.manager,
        let own = LastApplied.fields(of: live, apiVersion: apiVersion, schema)
      else { throw error }
      let others = error.conflicts.filter { !own.contains($0.names) }
      guard others.isEmpty else { throw PatchError(conflicts: others) }
      merged = try merge(configuration, apiVersion, onto: live, by: author, force: true, schema, versions)
    }
    LastApplied.note(configuration, in: &merged, by: author.manager)
    return merged
  }

  static let beforeFirstApply = "before-first-apply"

  private static func check(_ configuration: JSONValue, _ schema: MergeSchema) throws(PatchError) -> String {
    guard case .object = configuration else {
      throw PatchError(.malformed, "an applied configuration is an object, found \(configuration.typeName)")
    }
    guard let apiVersion = configuration["apiVersion"]?.stringValue, !apiVersion.isEmpty,
      let kind = configuration["kind"]?.stringValue, !kind.isEmpty
    else { throw PatchError(.malformed, "an applied configuration must state its apiVersion and kind") }
    let managedFields = configuration["metadata"]?["managedFields"]
    guard managedFields == nil || managedFields == .null else {
      throw PatchError(.malformed, "metadata.managedFields must be nil")
    }
    if let mistake = ApplyCheck.mistake(in: configuration, schema) {
      let metadata = configuration["metadata"]
      let name = "\(metadata?["namespace"]?.stringValue ?? "")/\(metadata?["name"]?.stringValue ?? "")"
      let groupVersion = apiVersion.contains("/") ? apiVersion : "/\(apiVersion)"
      throw PatchError(
        .untypable, "failed to create typed patch object (\(name); \(groupVersion), Kind=\(kind)): \(mistake)")
    }
    return apiVersion
  }

  private static func merge(
    _ configuration: JSONValue, _ apiVersion: String, onto live: JSONValue?, by author: Author, force: Bool,
    _ schema: MergeSchema, _ versions: VersionConverter?
  ) throws(PatchError) -> JSONValue {
    let reset = schema.reset.of(author.subresource)
    let fields = FieldSet.stated(by: configuration, schema.root).removingBelow(reset)
    var managed = managedFields(of: live, schema, apiVersion, author)
    managed.reconcile(with: schema)
    let own = author.entry(.apply, apiVersion)
    let mine = managed.entries.firstIndex { $0.isOf(own) }
    let before = mine.map { managed.entries.remove(at: $0) }
    let base = live ?? [:]

    var merged = ApplyMerge.merge(base, configuration, schema.root)
    if let before, !before.fields.subtracting(fields).isEmpty {
      var owned = managed.entries.map(\.fields)
      owned.append(fields)
      // What names the object is nobody's, and keeps the metadata from going with the last label.
      owned.append(unowned)
      prune(&merged, before, owned, apiVersion, schema, versions)
    }
    let isUnchanged = live != nil && merged.isEquivalent(to: base)
    if !isUnchanged {
      let changes = VersionedChanges(base, merged, apiVersion, schema, reset, versions)
      try resolve(changes, in: &managed, force: force)
    }
    let entry = ManagedFieldsEntry(
      own, time: isUnchanged ? before?.time : author.time, fields: fields.subtracting(unowned))
    if isUnchanged, let live, entry == before { return live }
    managed.entries.append(entry)
    managed.normalize(capsUpdates: false)
    return managed.stored(in: merged)
  }

  /// An object that nobody was recorded for belongs to whoever came before the first apply.
  private static func managedFields(
    of live: JSONValue?, _ schema: MergeSchema, _ apiVersion: String, _ author: Author
  ) -> ManagedFields {
    if let managed = ManagedFields(of: live) { return managed }
    var managed = ManagedFields()
    guard let live else { return managed }
    let changes = FieldChanges.between(empty(like: live, schema), live, schema.root)
    let fields = changes.set.removingBelow(schema.reset.of(author.subresource)).subtracting(unowned)
    managed.entries.append(
      ManagedFieldsEntry(
        manager: beforeFirstApply, operation: .update, apiVersion: apiVersion, time: author.time,
        subresource: author.subresource, fields: fields))
    managed.normalize(capsUpdates: false)
    return managed
  }

  private static func prune(
    _ merged: inout JSONValue, _ before: ManagedFieldsEntry, _ owned: [FieldSet], _ apiVersion: String,
    _ schema: MergeSchema, _ versions: VersionConverter?
  ) {
    guard before.apiVersion != apiVersion, let versions else {
      return ApplyMerge.prune(&merged, formerly: before.fields, owned: owned, schema.root)
    }
    // What was applied in another version is named as in that one.
    guard case (var converted, let former)? = versions.convert(merged, before.apiVersion) else { return }
    ApplyMerge.prune(&converted, formerly: before.fields, owned: owned, former.root)
    if let (back, _) = versions.convert(converted, apiVersion) { merged = back }
  }

  /// Takes the changed fields from the other managers, or refuses.
  private static func resolve(
    _ changes: VersionedChanges, in managed: inout ManagedFields, force: Bool
  ) throws(PatchError) {
    var changes = changes
    var conflicts: [FieldConflict] = []
    for index in managed.entries.indices {
      let entry = managed.entries[index]
      guard let change = changes.at(entry.apiVersion) else {
        managed.entries[index].fields = .empty
        continue
      }
      if change.isEmpty { continue }
      if !force {
        for path in entry.fields.intersection(change.set).paths {
          conflicts.append(FieldConflict(entry, field: path.text, names: path.names))
        }
      }
      managed.entries[index].fields.subtract(change.set, withDescendants: false)
      managed.entries[index].fields.subtract(change.removed, withDescendants: false)
    }
    guard conflicts.isEmpty else { throw PatchError(conflicts: conflicts) }
  }
}
