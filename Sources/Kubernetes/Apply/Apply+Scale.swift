/// Ownership of an object's replicas where they are written through its `scale` subresource.
///
/// Whoever writes there sees only the replicas, and comes to own only them; who else owns them is told from the entries
/// of the object itself (https://github.com/kubernetes/apimachinery/blob/master/pkg/util/managedfields/scalehandler.go).
extension Apply {
  private static let scaleVersion = "autoscaling/v1"

  /// After an update or patch of the scale that turned `old` into `new`.
  /// - Parameter path: where the kind keeps its replicas. Where nobody owns them, nobody comes to.
  public static func trackScale(old: JSONValue, new: JSONValue, path: [String], by author: Author) -> JSONValue {
    guard var managed = ManagedFields(of: old), old[path: path] != new[path: path] else { return new }
    let names = path.map { "f:" + $0 }
    guard managed.entries.contains(where: { $0.fields.contains(names) }) else { return new }
    managed.give(names, to: author.entry(.update, new["apiVersion"]?.stringValue ?? ""))
    return managed.stored(in: new)
  }

  /// Applies a number of replicas.
  /// - Throws: `.conflict` where others own another number, unless `force`.
  public static func applyScale(
    _ replicas: Int64, onto old: JSONValue, path: [String], by author: Author, force: Bool
  ) throws(PatchError) -> JSONValue {
    let names = path.map { "f:" + $0 }
    let apiVersion = old["apiVersion"]?.stringValue ?? ""
    let own = author.entry(.apply, apiVersion)
    var managed = ManagedFields(of: old) ?? ManagedFields()
    let current = old[path: path]?.integerValue ?? 0
    if current != 0, !managed.entries.contains(where: { $0.fields.contains(names) }) {
      managed.entries.append(
        ManagedFieldsEntry(
          manager: beforeFirstApply, operation: .update, apiVersion: apiVersion, time: nil,
          subresource: author.subresource, fields: .place(names)))
    }
    var new = old
    // A scale of nothing says nothing of its replicas: stating none is another thing.
    if replicas == current, current != 0 {
      managed.share(names, with: own)
    } else {
      let holders = managed.entries.filter { !$0.isOf(own) && $0.fields.contains(names) }
      if !holders.isEmpty, !force {
        throw PatchError(
          conflicts: holders.map { holder in
            var seen = holder
            seen.apiVersion = scaleVersion
            return FieldConflict(seen, field: ".spec.replicas", names: names)
          })
      }
      new[path: path] = .integer(replicas)
      managed.give(names, to: own)
    }
    return managed.stored(in: new)
  }
}

extension ManagedFields {
  fileprivate mutating func give(_ names: [String], to own: ManagedFieldsEntry.Manager) {
    for index in entries.indices where !entries[index].isOf(own) {
      entries[index].fields.subtract(.place(names), withDescendants: false)
    }
    share(names, with: own)
  }

  /// A manager that is new has no time: what it changed is told by the entries of the scale alone, which are not kept.
  fileprivate mutating func share(_ names: [String], with own: ManagedFieldsEntry.Manager) {
    if let mine = entries.firstIndex(where: { $0.isOf(own) }) {
      entries[mine].fields = entries[mine].fields.union(.place(names))
    } else {
      entries.append(ManagedFieldsEntry(own, time: nil, fields: .place(names)))
    }
    normalize(capsUpdates: false)
  }
}

extension FieldSet {
  /// The set of one place, some levels down.
  fileprivate static func place(_ names: [String]) -> FieldSet {
    names.reversed().reduce(.leaf) { FieldSet(includesItself: false, children: [($1, $0)]) }
  }
}
