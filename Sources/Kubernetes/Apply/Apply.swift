/// Server-side apply, and the ownership of fields that it rests on
/// (https://kubernetes.io/docs/reference/using-api/server-side-apply/).
public enum Apply {
  /// Merges a manager's configuration into the live object.
  ///
  /// Fields that the manager applied before and states no longer are removed, unless somebody else has them too.
  /// - Parameters:
  ///   - configuration: what the manager wants, with `apiVersion` and `kind`; null members count as not stated.
  ///   - subresource: `status` applies the status only; nil leaves the status of kinds with a schema out.
  /// - Returns: the merged object with `metadata.managedFields` brought up to date; `live` where nothing changed.
  /// - Throws: `.conflict` whose message names each manager and field in Kubernetes' words, unless `force`;
  ///   `.malformed` and `.notApplicable` for configurations that cannot be merged.
  public static func apply(
    _ configuration: JSONValue, onto live: JSONValue?, manager: String, force: Bool, now: Timestamp,
    subresource: String?
  ) throws(PatchError) -> JSONValue {
    let configuration = try ApplyConfiguration(configuration, subresource: subresource)
    guard !manager.isEmpty else { throw PatchError(.malformed, "fieldManager is required for apply patch") }
    let schema = MergeSchema.Field.object(configuration.schema.fields)
    let fields = try FieldSet.stated(by: configuration.value, schema).removingBelow(unowned)
    let bare = live.map(ManagedFields.removed)
    var managed = managedFields(of: live, bare, schema, configuration.apiVersion)

    let subresource = subresource ?? ""
    let mine = managed.entries.firstIndex { $0.isSame(manager, .apply, subresource) }
    let before = mine.map { managed.entries[$0].fields } ?? .empty
    let unchangedManaged = managed
    if let mine { managed.entries.remove(at: mine) }

    var merged = ApplyMerge.merge(bare, configuration.value, schema)
    let changed = FieldChanges.between(bare, merged, schema).set
    try resolve(changed, in: &managed, force: force)
    let others = managed.entries.reduce(FieldSet.empty) { $0.union($1.fields) }
    // What names the object is nobody's, and keeps the metadata from going with the last label.
    ApplyMerge.prune(&merged, formerly: before, now: fields.union(unowned), others: others, schema)

    let own = ManagedFieldsEntry(
      manager: manager, operation: .apply, apiVersion: configuration.apiVersion, time: now, subresource: subresource,
      fields: fields)
    if let live, let mine, merged == bare {
      var same = own
      same.time = unchangedManaged.entries[mine].time
      var unchanged = managed
      unchanged.entries.insert(same, at: mine)
      if unchanged == unchangedManaged { return live }
    }
    managed.entries.append(own)
    managed.normalize()
    return managed.stored(in: merged)
  }

  /// Brings `managedFields` up to date after a create, update or patch by `manager` that turned `old` into `new`.
  ///
  /// What `new` itself says of `managedFields` counts, as for clients that hand fields over; a list of one empty entry
  /// forgets them all. Where no field changed, no time does.
  public static func track(
    old: JSONValue?, new: JSONValue, manager: String, now: Timestamp, subresource: String?
  ) -> JSONValue {
    if ManagedFields.areReset(in: new) { return ManagedFields.removed(from: new) }
    let schema = MergeSchema.Field.object(MergeSchema.forApply(new).fields)
    let changes = FieldChanges.between(old, new, schema)
    let set = changes.set.removingBelow(unowned)
    let removed = changes.removed
    var managed = ManagedFields(of: new) ?? ManagedFields(of: old) ?? ManagedFields()
    guard !set.isEmpty || !removed.isEmpty else { return managed.stored(in: new) }

    let subresource = subresource ?? ""
    for index in managed.entries.indices {
      let entry = managed.entries[index]
      var fields = entry.fields.removingBelow(removed)
      if !entry.isSame(manager, .update, subresource) { fields = fields.subtracting(set) }
      managed.entries[index].fields = fields
    }
    if !set.isEmpty {
      let apiVersion = new["apiVersion"]?.stringValue ?? ""
      var own = ManagedFieldsEntry(
        manager: manager, operation: .update, apiVersion: apiVersion, time: now, subresource: subresource, fields: set)
      if let mine = managed.entries.firstIndex(where: { $0.isSame(manager, .update, subresource) }) {
        own.fields = managed.entries.remove(at: mine).fields.union(set)
      }
      managed.entries.append(own)
    }
    managed.normalize()
    return managed.stored(in: new)
  }

  /// What nobody owns: what the server itself writes, and what names the object.
  private static let unowned = FieldSet(
    json: [
      "f:apiVersion": [:], "f:kind": [:],
      "f:metadata": [
        "f:name": [:], "f:namespace": [:], "f:uid": [:], "f:resourceVersion": [:], "f:creationTimestamp": [:],
        "f:generation": [:], "f:managedFields": [:], "f:selfLink": [:], "f:deletionTimestamp": [:],
        "f:deletionGracePeriodSeconds": [:],
      ],
    ])

  /// An object that nobody was recorded for belongs to whoever came before the first apply.
  private static func managedFields(
    of live: JSONValue?, _ bare: JSONValue?, _ schema: MergeSchema.Field, _ apiVersion: String
  ) -> ManagedFields {
    if let managed = ManagedFields(of: live) { return managed }
    var managed = ManagedFields()
    guard let bare else { return managed }
    let fields = FieldChanges.between(nil, bare, schema).set.removingBelow(unowned)
    managed.entries.append(
      ManagedFieldsEntry(
        manager: "before-first-apply", operation: .update, apiVersion: apiVersion, time: nil, subresource: "",
        fields: fields))
    managed.normalize()
    return managed
  }

  /// Takes the changed fields from the other managers, or refuses.
  private static func resolve(
    _ changed: FieldSet, in managed: inout ManagedFields, force: Bool
  ) throws(PatchError) {
    var conflicts: [FieldConflict] = []
    for index in managed.entries.indices {
      let entry = managed.entries[index]
      let disputed = entry.fields.intersection(changed)
      if disputed.isEmpty { continue }
      managed.entries[index].fields = entry.fields.subtracting(disputed)
      for path in disputed.paths {
        conflicts.append(
          FieldConflict(
            manager: entry.manager, operation: entry.operation, apiVersion: entry.apiVersion,
            subresource: entry.subresource, field: path))
      }
    }
    guard !conflicts.isEmpty, !force else { return }
    conflicts.sort { ($0.managerDescription, $0.field) < ($1.managerDescription, $1.field) }
    throw PatchError(.conflict, FieldConflict.message(conflicts), conflicts: conflicts)
  }
}
