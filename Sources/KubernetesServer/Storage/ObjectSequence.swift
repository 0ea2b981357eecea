import Kubernetes

/// The objects of one resource, ordered as etcd orders their keys: by `namespace/name`, byte by byte.
///
/// A sorted list in chunks: a copy shares all of them, and a change copies the one chunk that it touches, so that a
/// hundred thousand objects are a snapshot for nothing and an insertion for a microsecond.
struct ObjectSequence: Sendable, Sequence {
  /// A chunk that grows beyond this is halved.
  static let chunkMax = 512

  /// None is empty.
  private var chunks: [[StoredObject]] = []
  private(set) var count = 0

  struct Position: Sendable, Comparable {
    var chunk: Int
    var index: Int

    static func < (left: Position, right: Position) -> Bool {
      left.chunk == right.chunk ? left.index < right.index : left.chunk < right.chunk
    }
  }

  init(_ objects: [StoredObject] = []) {
    let sorted = objects.sorted { Self.precedes($0.key, $1.key.namespace, $1.key.name) }
    count = sorted.count
    // Half full, so that the first insertions do not split every chunk.
    for start in stride(from: 0, to: sorted.count, by: Self.chunkMax / 2) {
      chunks.append(Array(sorted[start..<Swift.min(start + Self.chunkMax / 2, sorted.count)]))
    }
  }

  var isEmpty: Bool { count == 0 }

  func makeIterator() -> ObjectRange { range(namespace: "") }

  var startPosition: Position { Position(chunk: 0, index: 0) }
  var endPosition: Position { Position(chunk: chunks.count, index: 0) }

  subscript(namespace: String, name: String) -> StoredObject? {
    let position = position(namespace, name)
    guard position < endPosition else { return nil }
    let object = chunks[position.chunk][position.index]
    return object.key.name == name && object.key.namespace == namespace ? object : nil
  }

  subscript(position: Position) -> StoredObject { chunks[position.chunk][position.index] }

  func position(after position: Position) -> Position {
    position.index + 1 < chunks[position.chunk].count
      ? Position(chunk: position.chunk, index: position.index + 1) : Position(chunk: position.chunk + 1, index: 0)
  }

  /// Where the first object that is not before this name stands.
  func position(_ namespace: String, _ name: String) -> Position {
    // The first chunk whose last object is not before the name.
    let chunk = Self.first(chunks.count) { chunks[$0].last.map { !Self.precedes($0.key, namespace, name) } ?? false }
    guard chunk < chunks.count else { return endPosition }
    return Position(
      chunk: chunk, index: Self.first(chunks[chunk].count) { !Self.precedes(chunks[chunk][$0].key, namespace, name) })
  }

  /// The objects of a namespace, or all of them where it is empty.
  func range(namespace: String) -> ObjectRange {
    if namespace.isEmpty { return ObjectRange(self, startPosition, endPosition) }
    // No name is empty, and no byte that a namespace may have is right after the slash.
    return ObjectRange(self, position(namespace, ""), position(after: namespace))
  }

  private func position(after namespace: String) -> Position {
    func isBeyond(_ key: ObjectKey) -> Bool {
      key.namespace != namespace && !Self.precedes(key.namespace, namespace)
    }
    let chunk = Self.first(chunks.count) { chunks[$0].last.map { isBeyond($0.key) } ?? false }
    guard chunk < chunks.count else { return endPosition }
    return Position(chunk: chunk, index: Self.first(chunks[chunk].count) { isBeyond(chunks[chunk][$0].key) })
  }

  /// How many stand between two positions.
  func distance(_ from: Position, _ to: Position) -> Int {
    guard from < to else { return 0 }
    if from.chunk == to.chunk { return to.index - from.index }
    return chunks[from.chunk..<to.chunk].reduce(to.index - from.index) { $0 + $1.count }
  }

  /// The least of `0..<count` that fits; `count` where none does. What fits comes after what does not.
  private static func first(_ count: Int, where fits: (Int) -> Bool) -> Int {
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      if fits(middle) { high = middle } else { low = middle + 1 }
    }
    return low
  }

  private static func precedes(_ key: ObjectKey, _ namespace: String, _ name: String) -> Bool {
    key.namespace == namespace ? key.name < name : precedes(key.namespace, namespace)
  }

  /// As `left/…` and `right/…` compare, for two that differ: `a-b/` is before `a/`.
  private static func precedes(_ left: String, _ right: String) -> Bool {
    var lefts = left.utf8.makeIterator()
    var rights = right.utf8.makeIterator()
    while true {
      let one = lefts.next() ?? UInt8(ascii: "/")
      let other = rights.next() ?? UInt8(ascii: "/")
      if one != other { return one < other }
    }
  }
}

extension ObjectSequence {
  /// Puts an object in its place, over the one of that name where there is one.
  mutating func put(_ object: StoredObject) {
    let key = object.key
    var position = position(key.namespace, key.name)
    if position < endPosition {
      let there = chunks[position.chunk][position.index].key
      if there.name == key.name, there.namespace == key.namespace {
        chunks[position.chunk][position.index] = object
        return
      }
    } else if chunks.isEmpty {
      chunks.append([])
    } else {
      position = Position(chunk: chunks.count - 1, index: chunks[chunks.count - 1].count)
    }
    count += 1
    chunks[position.chunk].insert(object, at: position.index)
    if chunks[position.chunk].count > Self.chunkMax { split(position.chunk, grewAtEnd: position.index) }
  }

  /// Names are often given in order: then the full chunk stays as it is, and a new one takes what comes.
  private mutating func split(_ chunk: Int, grewAtEnd index: Int) {
    let isAppending = chunk == chunks.count - 1 && index == chunks[chunk].count - 1
    let kept = isAppending ? chunks[chunk].count - 1 : chunks[chunk].count / 2
    let rest = Array(chunks[chunk][kept...])
    chunks[chunk].removeSubrange(kept...)
    chunks.insert(rest, at: chunk + 1)
  }

  mutating func remove(_ key: ObjectKey) {
    let position = position(key.namespace, key.name)
    guard position < endPosition else { return }
    let there = chunks[position.chunk][position.index].key
    guard there.name == key.name, there.namespace == key.namespace else { return }
    count -= 1
    chunks[position.chunk].remove(at: position.index)
    if chunks[position.chunk].isEmpty {
      chunks.remove(at: position.chunk)
    } else if position.chunk + 1 < chunks.count,
      chunks[position.chunk].count + chunks[position.chunk + 1].count <= Self.chunkMax / 4
    {
      let next = chunks.remove(at: position.chunk + 1)
      chunks[position.chunk].append(contentsOf: next)
    }
  }
}

/// Some neighbouring objects of a sequence, consumed from the front.
struct ObjectRange: Sendable, Sequence, IteratorProtocol {
  let objects: ObjectSequence
  private(set) var start: ObjectSequence.Position
  let end: ObjectSequence.Position

  init(_ objects: ObjectSequence, _ start: ObjectSequence.Position, _ end: ObjectSequence.Position) {
    self.objects = objects
    self.start = start
    self.end = end
  }

  static let empty = ObjectRange(ObjectSequence(), .init(chunk: 0, index: 0), .init(chunk: 0, index: 0))

  var isEmpty: Bool { start >= end }
  var count: Int { objects.distance(start, end) }
  var first: StoredObject? { isEmpty ? nil : objects[start] }

  mutating func next() -> StoredObject? {
    guard start < end else { return nil }
    defer { start = objects.position(after: start) }
    return objects[start]
  }

  /// The part of it that is not before a name.
  func from(_ namespace: String, _ name: String) -> ObjectRange {
    ObjectRange(objects, Swift.max(start, objects.position(namespace, name)), end)
  }
}
