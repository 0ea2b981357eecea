import Kubernetes

/// Who owns whom, over all kinds: what garbage collection and the deletion of namespaces need to know.
///
/// Pure: fed with the metadata of every object as it comes and goes, asked for what to do.
public struct ObjectGraph: Sendable {
  struct Entry: Sendable {
    var target: Change.Target
    var owners: [OwnerReference]
    var finalizers: [String]
    var isDeleting: Bool
    var firstSeen: Timestamp
  }

  /// An owner that was never seen may still be on its way through another watch; this long it is waited for.
  public var unseenOwnerSeconds = 5.0
  private var entries: [String: Entry] = [:]
  private var dependents: [String: Set<String>] = [:]
  private var gone: Set<String> = []
  private var suspects: Set<String> = []
  /// Deletions asked for, so that they are not repeated while the event is on its way.
  private var asked: [String: Timestamp] = [:]

  public init() {}

  public mutating func set(_ metadata: ObjectMeta, resource: ResourceType, at now: Timestamp) {
    let uid = metadata.uid
    guard !uid.isEmpty else { return }
    if let old = entries[uid] { for owner in old.owners { dependents[owner.uid]?.remove(uid) } }
    entries[uid] = Entry(
      target: .init(resource, namespace: metadata.namespace, name: metadata.name), owners: metadata.ownerReferences,
      finalizers: metadata.finalizers, isDeleting: metadata.deletionTimestamp != nil,
      firstSeen: entries[uid]?.firstSeen ?? now)
    for owner in metadata.ownerReferences { dependents[owner.uid, default: []].insert(uid) }
    if !metadata.ownerReferences.isEmpty || metadata.deletionTimestamp != nil { suspects.insert(uid) }
    // A foreground deletion takes its dependents first.
    if metadata.deletionTimestamp != nil { suspects.formUnion(dependents[uid] ?? []) }
  }

  public mutating func remove(uid: String) {
    guard let entry = entries.removeValue(forKey: uid) else { return }
    for owner in entry.owners {
      dependents[owner.uid]?.remove(uid)
      // A foreground deletion may have waited for this one.
      if entries[owner.uid]?.isDeleting == true { suspects.insert(owner.uid) }
    }
    asked[uid] = nil
    guard let orphans = dependents[uid], !orphans.isEmpty else {
      dependents[uid] = nil
      return
    }
    gone.insert(uid)
    suspects.formUnion(orphans)
  }

  public var isIdle: Bool { suspects.isEmpty }

  /// What garbage collection has to do now.
  public mutating func collect(at now: Timestamp) -> [Change] {
    var changes: [Change] = []
    var later: Set<String> = []
    for uid in suspects.sorted() {
      guard let entry = entries[uid] else { continue }
      changes += finish(uid, entry)
      guard !entry.owners.isEmpty, !entry.isDeleting else { continue }
      switch fate(of: entry, now) {
      case .keep: break
      case .wait: later.insert(uid)
      case .delete:
        if let at = asked[uid], now - at < 10 {
          later.insert(uid)
        } else {
          asked[uid] = now
          later.insert(uid)
          changes.append(.delete(entry.target, uid: uid))
        }
      }
    }
    suspects = later
    if gone.count > 10_000 { gone = gone.filter { dependents[$0]?.isEmpty == false } }
    return changes
  }

  private enum Fate { case keep, wait, delete }

  private func fate(of entry: Entry, _ now: Timestamp) -> Fate {
    var waiting = false
    for owner in entry.owners {
      if let found = entries[owner.uid] {
        let isForeground = found.isDeleting && found.finalizers.contains("foregroundDeletion")
        if !(isForeground && owner.blockOwnerDeletion) { return .keep }
      } else if !gone.contains(owner.uid), now - entry.firstSeen < unseenOwnerSeconds {
        waiting = true
      }
    }
    return waiting ? .wait : .delete
  }

  /// Finalizers that the collector itself honours, on an owner that is being deleted.
  private func finish(_ uid: String, _ entry: Entry) -> [Change] {
    guard entry.isDeleting else { return [] }
    let children = (dependents[uid] ?? []).sorted().compactMap { child in entries[child].map { (child, $0) } }
    if entry.finalizers.contains("orphan") {
      let released = children.map { _, child -> Change in
        .patch(
          child.target, .merge,
          ["metadata": ["ownerReferences": .array(child.owners.filter { $0.uid != uid }.map(\.json))]])
      }
      return released + [drop("orphan", from: entry)]
    }
    if entry.finalizers.contains("foregroundDeletion") {
      let blocking = children.filter { _, child in child.owners.contains { $0.uid == uid && $0.blockOwnerDeletion } }
      return blocking.isEmpty ? [drop("foregroundDeletion", from: entry)] : []
    }
    return []
  }

  private func drop(_ finalizer: String, from entry: Entry) -> Change {
    .patch(
      entry.target, .merge,
      ["metadata": ["finalizers": .array(entry.finalizers.filter { $0 != finalizer }.map(JSONValue.string))]])
  }

  /// What the namespaces that are being deleted still need: their contents first, then their own finalizer.
  public mutating func terminate(_ namespaces: [String: Namespace], at now: Timestamp) -> [Change] {
    let leaving = namespaces.values.filter { $0.metadata.deletionTimestamp != nil }
    guard !leaving.isEmpty else { return [] }
    var contents: [String: [(String, Entry)]] = [:]
    for (uid, entry) in entries where !entry.target.namespace.isEmpty {
      contents[entry.target.namespace, default: []].append((uid, entry))
    }
    var changes: [Change] = []
    for namespace in leaving.sorted(by: { $0.metadata.name < $1.metadata.name }) {
      let inside = (contents[namespace.metadata.name] ?? []).sorted { $0.0 < $1.0 }
      if inside.isEmpty {
        guard namespace.spec.finalizers.contains("kubernetes") else { continue }
        var done = namespace
        done.spec.finalizers.removeAll { $0 == "kubernetes" }
        changes.append(.update(done.json, subresource: "finalize"))
      }
      for (uid, entry) in inside where !entry.isDeleting && asked[uid].map({ now - $0 >= 10 }) != false {
        asked[uid] = now
        changes.append(.delete(entry.target, uid: uid))
      }
    }
    return changes
  }
}
