import Kubernetes

/// All objects of one resource, ordered by namespace and name, and what happened to them lately.
struct Collection: Sendable {
  private(set) var objects: [StoredObject] = []
  private(set) var history: History
  /// When an object of this resource last changed.
  private(set) var version: Int64 = 0

  init(openedAt version: Int64, objects: [StoredObject] = []) {
    history = History(completeAfter: version)
    self.objects = objects.sorted { Self.precedes($0.key, $1.key) }
    self.version = objects.map(\.version).max() ?? 0
  }

  subscript(namespace: String, name: String) -> StoredObject? {
    let index = position(namespace, name)
    guard index < objects.count, objects[index].key.name == name, objects[index].key.namespace == namespace else {
      return nil
    }
    return objects[index]
  }

  mutating func record(_ event: StoreEvent) {
    let key = event.object.key
    let index = position(key.namespace, key.name)
    switch event.kind {
    case .added: objects.insert(event.object, at: index)
    case .modified: objects[index] = event.object
    case .deleted: objects.remove(at: index)
    }
    version = event.object.version
    history.append(event)
  }

  /// The objects of a namespace, or all of them where it is empty.
  static func range(of objects: [StoredObject], namespace: String) -> ArraySlice<StoredObject> {
    if namespace.isEmpty { return objects[...] }
    let start = position(in: objects, namespace, "")
    var end = start
    while end < objects.count, objects[end].key.namespace == namespace { end += 1 }
    return objects[start..<end]
  }

  /// The index of the first object that is not before this name.
  static func position(in objects: [StoredObject], _ namespace: String, _ name: String) -> Int {
    let key = ObjectKey(resource: "", namespace: namespace, name: name)
    var low = 0
    var high = objects.count
    while low < high {
      let middle = (low + high) / 2
      if precedes(objects[middle].key, key) { low = middle + 1 } else { high = middle }
    }
    return low
  }

  private func position(_ namespace: String, _ name: String) -> Int {
    Self.position(in: objects, namespace, name)
  }

  private static func precedes(_ left: ObjectKey, _ right: ObjectKey) -> Bool {
    left.namespace == right.namespace ? left.name < right.name : left.namespace < right.namespace
  }
}

/// What one write did.
struct StoreEvent: Sendable {
  enum Kind: String, Sendable { case added = "ADDED", modified = "MODIFIED", deleted = "DELETED" }
  var kind: Kind
  var object: StoredObject
  /// The state before, by which a watch with a selector tells whether the object entered or left it.
  var previous: StoredObject?
}

/// The last events of a resource, by position: a watch reads on from where it was, and learns when it was too slow.
struct History: Sendable {
  static let eventsMax = 10_000
  static let bytesMax = 64 << 20

  private var events: [StoreEvent] = []
  private var byteCount = 0
  /// The position of `events[0]`, counted from the opening of the store.
  private var first = 0
  /// Every event after this version is here.
  private(set) var completeAfter: Int64

  init(completeAfter version: Int64) { completeAfter = version }

  /// The position after the newest event.
  var end: Int { first + events.count }

  mutating func append(_ event: StoreEvent) {
    events.append(event)
    byteCount += event.object.bytes.count
    // Dropping a quarter at once keeps the cost of an append constant.
    while events.count > Self.eventsMax || (byteCount > Self.bytesMax && events.count > 1) {
      dropOldest((events.count + 3) / 4)
    }
  }

  private mutating func dropOldest(_ count: Int) {
    byteCount -= events[..<count].reduce(0) { $0 + $1.object.bytes.count }
    completeAfter = events[count - 1].object.version
    events.removeFirst(count)
    first += count
  }

  /// The position of the first event after a version; nil where some of them are gone.
  func position(after version: Int64) -> Int? {
    guard version >= completeAfter else { return nil }
    var low = 0
    var high = events.count
    while low < high {
      let middle = (low + high) / 2
      if events[middle].object.version <= version { low = middle + 1 } else { high = middle }
    }
    return first + low
  }

  /// Up to `limit` events from a position; nil where some of them are gone.
  func events(from position: Int, limit: Int) -> ArraySlice<StoreEvent>? {
    guard position >= first else { return nil }
    let start = min(position - first, events.count)
    return events[start..<min(start + limit, events.count)]
  }
}
