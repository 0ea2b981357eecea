import Kubernetes

/// All objects of one resource, and what happened to them lately.
struct Collection: Sendable {
  private(set) var objects: ObjectSequence
  private(set) var history: History
  /// When an object of this resource last changed.
  private(set) var version: Int64 = 0

  init(openedAt version: Int64, objects: [StoredObject] = []) {
    history = History(completeAfter: version)
    self.objects = ObjectSequence(objects)
    self.version = objects.map(\.version).max() ?? 0
  }

  mutating func record(_ event: StoreEvent) {
    switch event.kind {
    case .added, .modified: objects.put(event.object)
    case .deleted: objects.remove(event.object.key)
    }
    version = event.object.version
    history.append(event)
  }

  /// The objects as they were at a version: what happened since is undone.
  /// - Returns: nil where the history does not reach back so far.
  func objects(at version: Int64) -> ObjectSequence? {
    guard let position = history.position(after: version),
      let events = history.events(from: position, limit: .max)
    else { return nil }
    var past = objects
    for event in events.reversed() {
      if let previous = event.previous { past.put(previous) } else { past.remove(event.object.key) }
    }
    return past
  }
}
