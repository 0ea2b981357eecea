import Kubernetes

/// Writes that are about to be committed together, each judged against what those before it leave behind.
struct Transaction: Sendable {
  private(set) var version: Int64
  /// The last place in the state file that is taken.
  private(set) var row: Int64
  private(set) var events: [StoreEvent] = []
  private(set) var rows: [StateFile.Row] = []
  private var changed: [ObjectKey: StoredObject?] = [:]

  init(version: Int64, row: Int64) {
    self.version = version
    self.row = row
  }

  mutating func evaluate(_ write: Store.Write, committed: (ObjectKey) -> StoredObject?) -> Store.Outcome {
    func current(_ key: ObjectKey) -> StoredObject? { changed[key] ?? committed(key) }
    let existing = current(write.key)
    if write.needsNamespace {
      let namespace = current(ObjectKey(resource: "namespaces", namespace: "", name: write.key.namespace))
      guard let namespace else { return .namespaceMissing }
      if namespace.isTerminating { return .namespaceTerminating }
    }
    switch write.kind {
    case .create:
      guard existing == nil else { return .conflict(existing) }
      return .committed(add(.added, write, previous: nil))
    case .update(let over):
      guard let existing, existing.version == over else { return .conflict(existing) }
      return .committed(add(.modified, write, previous: existing))
    case .delete(let over):
      guard let existing, existing.version == over else { return .conflict(existing) }
      return .committed(add(.deleted, write, previous: existing))
    }
  }

  private mutating func add(_ kind: StoreEvent.Kind, _ write: Store.Write, previous: StoredObject?) -> StoredObject {
    version += 1
    var prepared = write.prepared
    if let previous { prepared.index.share(with: previous.index) } else { row += 1 }
    let object = StoredObject(key: write.key, row: previous?.row ?? row, version: version, prepared)
    events.append(StoreEvent(kind: kind, object: object, previous: previous))
    switch kind {
    case .added: rows.append(.insert(object))
    case .modified: rows.append(.update(object))
    case .deleted: rows.append(.remove(object))
    }
    changed[write.key] = .some(kind == .deleted ? nil : object)
    return object
  }
}
