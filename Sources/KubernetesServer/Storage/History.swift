import Kubernetes

/// What one write did.
struct StoreEvent: Sendable {
  enum Kind: String, Sendable { case added = "ADDED", modified = "MODIFIED", deleted = "DELETED" }
  var kind: Kind
  var object: StoredObject
  /// The state before, by which a watch with a selector tells whether the object entered or left it.
  var previous: StoredObject?
}

/// The last events of a resource, by position: a watch reads on from where it was, and learns when it was too slow.
///
/// What it keeps in memory is the superseded states: the newest ones are there anyway.
struct History: Sendable {
  static let eventsMax = 10_000
  /// Of superseded states.
  static let bytesMax = 16 << 20

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
    byteCount += Self.weight(event)
    // Dropping a quarter at once keeps the cost of an append constant.
    while events.count > Self.eventsMax || (byteCount > Self.bytesMax && events.count > 1) {
      dropOldest((events.count + 3) / 4)
    }
  }

  private static func weight(_ event: StoreEvent) -> Int {
    (event.previous?.bytes.count ?? 0) + (event.kind == .deleted ? event.object.bytes.count : 0)
  }

  private mutating func dropOldest(_ count: Int) {
    byteCount -= events[..<count].reduce(0) { $0 + Self.weight($1) }
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
  ///
  /// A copy: a slice that somebody still reads would have the next append copy all of the history.
  func events(from position: Int, limit: Int) -> [StoreEvent]? {
    guard position >= first else { return nil }
    let start = min(position - first, events.count)
    return Array(events[start..<start + min(limit, events.count - start)])
  }
}
