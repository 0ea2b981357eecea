import Kubernetes

/// Writes that are about to be committed together, each judged against what those before it leave behind.
struct Transaction: Sendable {
  private(set) var version: Int64
  private(set) var events: [StoreEvent] = []
  private(set) var rows: [StateFile.Row] = []
  private var changed: [ObjectKey: StoredObject?] = [:]

  init(version: Int64) { self.version = version }

  mutating func evaluate(_ write: Store.Write, committed: (ObjectKey) -> StoredObject?) -> Store.Outcome {
    func current(_ key: ObjectKey) -> StoredObject? { changed[key] ?? committed(key) }
    let existing = current(write.key)
    if write.needsNamespace {
      let namespace = current(ObjectKey(resource: "namespaces", namespace: "", name: write.key.namespace))
      guard let namespace else { return .namespaceMissing }
      if namespace.isTerminating { return .namespaceTerminating }
    }
    switch write.action {
    case .create(let value):
      guard existing == nil else { return .conflict(existing) }
      return .committed(add(.added, write.key, value, previous: nil))
    case .update(let value, let over):
      guard let existing, existing.version == over else { return .conflict(existing) }
      return .committed(add(.modified, write.key, value, previous: existing))
    case .delete(let value, let over):
      guard let existing, existing.version == over else { return .conflict(existing) }
      return .committed(add(.deleted, write.key, value, previous: existing))
    }
  }

  private mutating func add(
    _ kind: StoreEvent.Kind, _ key: ObjectKey, _ value: JSONValue, previous: StoredObject?
  ) -> StoredObject {
    version += 1
    var value = value
    var metadata = value["metadata"] ?? [:]
    metadata["resourceVersion"] = .string(String(version))
    value["metadata"] = metadata
    let object = StoredObject(key: key, version: version, value: value, bytes: value.bytes)
    events.append(StoreEvent(kind: kind, object: object, previous: previous))
    if kind == .deleted {
      rows.append(.remove(key))
      changed[key] = .some(nil)
    } else {
      rows.append(.put(object))
      changed[key] = .some(object)
    }
    return object
  }
}
