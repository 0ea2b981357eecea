import Kubernetes

/// Where an object is kept: its resource without the version, since every version of a resource shows the same objects.
struct ObjectKey: Hashable, Sendable {
  /// `pods`, `deployments.apps`
  var resource: String
  var namespace: String
  var name: String
}

/// The few fields of an object that are searched, taken from its JSON once.
struct ObjectIndex: Sendable {
  var uid: String
  var labels: CompactLabels
  /// Values of the fields that a field selector may name beside name and namespace, in `SelectableFields`' order.
  var fields: [String]
  /// It has a deletionTimestamp.
  var isTerminating: Bool

  init(_ value: JSONValue, resource: String) {
    let metadata = value["metadata"]
    uid = metadata?["uid"]?.stringValue ?? ""
    isTerminating = metadata?["deletionTimestamp"]?.stringValue != nil
    labels = CompactLabels(metadata?["labels"])
    fields = SelectableFields.values(of: value, resource: resource)
  }

  /// Most writes change neither labels nor fields: then the lists of the state before serve for this one too.
  mutating func share(with previous: ObjectIndex) {
    if labels == previous.labels { labels = previous.labels }
    if fields == previous.fields { fields = previous.fields }
    if uid == previous.uid { uid = previous.uid }
  }
}

/// A handful of labels as a list, which takes a quarter of a dictionary's memory.
struct CompactLabels: Sendable, Equatable, Sequence {
  private var pairs: [(key: String, value: String)] = []

  /// The string members of `metadata.labels`.
  init(_ object: JSONValue?) {
    guard let members = object?.objectValue else { return }
    pairs.reserveCapacity(members.count)
    for (key, value) in members {
      if case .string(let text) = value { pairs.append((key, text)) }
    }
  }

  subscript(key: String) -> String? { pairs.first { $0.key == key }?.value }

  func makeIterator() -> IndexingIterator<[(key: String, value: String)]> { pairs.makeIterator() }

  static func == (left: Self, right: Self) -> Bool {
    left.pairs.count == right.pairs.count && zip(left.pairs, right.pairs).allSatisfy { $0 == $1 }
  }
}

/// An object that is about to be written: its text but for the version, which is not known before its turn.
///
/// Made by whoever asks for the write, so that the one writer has little to do.
struct PreparedObject: Sendable {
  /// The text up to where the version stands, and after it.
  fileprivate var head: [UInt8]
  fileprivate var tail: [UInt8]
  var index: ObjectIndex
  /// How many containers are within one another.
  let depth: Int

  /// Deeper objects are refused: lists, watch events and `managedFields` go around an object, and every reader must be
  /// able to follow (`JSONValue.depthLimit`).
  static let depthMax = 256

  init(_ value: JSONValue, resource: String) {
    var value = value
    // `resourceVersion` stays where it was, so that clients see the fields of an object in one order.
    if value["metadata"]?.objectValue == nil { value["metadata"] = [:] }
    value[path: ["metadata", "resourceVersion"]] = ""
    (head, tail, depth) = value.bytes(around: ["metadata", "resourceVersion"])
    index = ObjectIndex(value, resource: resource)
  }
}

/// One object as it was committed: the bytes that go out, and the few fields that are searched.
///
/// Immutable, so that lists and watches share it without copying.
final class StoredObject: Sendable {
  let key: ObjectKey
  /// Its place in the state file.
  let row: Int64
  /// The resourceVersion, which no other write of this store has.
  let version: Int64
  let bytes: [UInt8]
  let index: ObjectIndex
  /// Where the version stands in `bytes`; nil where the text was read from the file.
  private let versionOffset: Int?

  init(key: ObjectKey, row: Int64, version: Int64, _ object: PreparedObject) {
    self.key = key
    self.row = row
    self.version = version
    index = object.index
    versionOffset = object.head.count
    bytes = Self.joined(object.head[...], Array(String(version).utf8), object.tail[...])
  }

  /// As read from the file.
  /// - Returns: nil where the text is not an object with this version.
  init?(key: ObjectKey, row: Int64, version: Int64, bytes: [UInt8]) {
    guard let value = try? JSONValue(parsing: bytes), let metadata = value["metadata"],
      metadata["resourceVersion"]?.stringValue == String(version)
    else { return nil }
    self.key = key
    self.row = row
    self.version = version
    self.bytes = bytes
    index = ObjectIndex(value, resource: key.resource)
    versionOffset = nil
  }

  var uid: String { index.uid }
  /// For those who look at more than one; `index` costs less.
  var labels: Labels { Labels(index.labels.map { ($0.key, $0.value) }, uniquingKeysWith: { first, _ in first }) }
  var isTerminating: Bool { index.isTerminating }

  /// The value of a field that a selector may name; nil where the resource is not selected by it.
  func field(_ name: String) -> String? {
    SelectableFields.position(of: name, resource: key.resource).map { index.fields[$0] }
  }

  /// The text of this state with another version, as a watch shows an object that left its sight.
  func bytes(at other: Int64) -> [UInt8] {
    guard let offset = versionOffset ?? foundVersion else { return bytes }
    let digits = String(version).utf8.count
    return Self.joined(bytes[..<offset], Array(String(other).utf8), bytes[(offset + digits)...])
  }

  /// No other member has this version for its value: it was given once, and after everything else in the text was.
  private var foundVersion: Int? {
    let mark = Array("\"resourceVersion\":\"\(version)\"".utf8)
    return bytes.withUnsafeBufferPointer { text in
      var start = 0
      while start + mark.count <= text.count {
        var matched = 0
        while matched < mark.count, text[start + matched] == mark[matched] { matched += 1 }
        if matched == mark.count { return start + "\"resourceVersion\":\"".utf8.count }
        start += 1
      }
      return nil
    }
  }

  private static func joined(_ head: ArraySlice<UInt8>, _ middle: [UInt8], _ tail: ArraySlice<UInt8>) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(head.count + middle.count + tail.count)
    bytes.append(contentsOf: head)
    bytes.append(contentsOf: middle)
    bytes.append(contentsOf: tail)
    return bytes
  }

  /// The object, parsed anew.
  func value() throws(APIError) -> JSONValue {
    do throws(JSONSyntaxError) { return try JSONValue(parsing: bytes) } catch {
      throw APIError(
        code: 500, reason: "InternalError", message: "\(key.resource) \"\(key.name)\" is stored damaged: \(error)")
    }
  }
}

extension Labels {
  /// The string members of `metadata.labels`.
  init(object: JSONValue?) {
    self.init()
    for (key, value) in object?.objectValue ?? [:] {
      if case .string(let text) = value { self[key] = text }
    }
  }
}
