/// Ownership of what creates, updates and patches change.
extension Apply {
  /// Brings `managedFields` up to date after a create, update or patch that turned `old` into `new`.
  ///
  /// What `new` itself says of `managedFields` counts, as for clients that hand fields over; an empty list, or a list of
  /// one empty entry, forgets them all. Where no field changed, no time does. An object without entries stays without
  /// them until something is applied to it.
  /// - Parameters:
  ///   - old: nil where the object is created.
  ///   - new: with its defaults, but before the server adds what only it decides, which nobody owns.
  public static func track(
    old: JSONValue?, new: JSONValue, by author: Author, schema: MergeSchema? = nil, versions: VersionConverter? = nil
  ) -> JSONValue {
    let schema = schema ?? .of(new)
    // Through a subresource, fields are not handed over.
    var managed =
      author.subresource.isEmpty ? ManagedFields.sent(new, over: old) : ManagedFields(of: old) ?? ManagedFields()
    if old != nil, managed.entries.isEmpty { return ManagedFields.removed(from: new) }
    managed.reconcile(with: schema)

    let apiVersion = new["apiVersion"]?.stringValue ?? ""
    let reset = schema.reset.of(author.subresource)
    var changes = VersionedChanges(old ?? empty(like: new, schema), new, apiVersion, schema, reset, versions)
    let own = author.entry(.update, apiVersion)
    let mine = managed.entries.firstIndex { $0.isOf(own) }
    let set = changes.own.set.subtracting(unowned)
    for index in managed.entries.indices {
      guard let change = changes.at(managed.entries[index].apiVersion) else {
        managed.entries[index].fields = .empty
        continue
      }
      if change.isEmpty { continue }
      managed.entries[index].fields.subtract(change.removed, withDescendants: false)
      if index != mine { managed.entries[index].fields.subtract(change.set, withDescendants: false) }
    }
    if !set.isEmpty {
      if let mine {
        managed.entries[mine].fields = managed.entries[mine].fields.union(set)
        managed.entries[mine].time = author.time
      } else {
        managed.entries.append(ManagedFieldsEntry(own, time: author.time, fields: set))
      }
    }
    managed.normalize(capsUpdates: true)
    return managed.stored(in: new)
  }

  /// What nobody owns: what names the object, and what the server itself writes.
  static let unowned = FieldSet(
    json: [
      "f:apiVersion": [:], "f:kind": [:],
      "f:metadata": [
        ".": [:], "f:name": [:], "f:namespace": [:], "f:uid": [:], "f:resourceVersion": [:],
        "f:creationTimestamp": [:], "f:generation": [:], "f:managedFields": [:], "f:selfLink": [:],
        "f:clusterName": [:],
      ],
    ])

  /// What a new object is compared with: its fields that are there from the start are not set by anybody.
  static func empty(like object: JSONValue, _ schema: MergeSchema) -> JSONValue {
    var empty = JSONObject()
    for key in ["apiVersion", "kind"] { empty[key] = object[key] }
    return .object(empty)
  }
}
