/// All entries of an object's `metadata.managedFields`.
public struct ManagedFields: Equatable {
  var entries: [ManagedFieldsEntry]

  /// How many managers that update are told apart; the oldest beyond that are put together as `ancient-changes`.
  static let updateManagerLimit = 10
  private static let ancient = "ancient-changes"
  private static let path = ["metadata", "managedFields"]

  /// - Returns: nil where the object has none, or has entries that cannot be understood.
  init?(of object: JSONValue?) {
    guard let list = object?["metadata"]?["managedFields"]?.arrayValue, !list.isEmpty else { return nil }
    entries = []
    entries.reserveCapacity(list.count)
    for json in list {
      guard let entry = ManagedFieldsEntry(json: json) else { return nil }
      entries.append(entry)
    }
  }

  init() { entries = [] }

  /// What counts after a client sent `new` where `old` is stored: its own entries where it hands fields over, as long
  /// as they can be understood.
  static func sent(_ new: JSONValue, over old: JSONValue?) -> ManagedFields {
    let sent = new["metadata"]?["managedFields"]
    let stored = old?["metadata"]?["managedFields"]
    if let sent, let stored, sent.isSameStorage(as: stored) { return ManagedFields(of: old) ?? ManagedFields() }
    if areReset(in: new) { return ManagedFields() }
    if let sent, sent != stored, var managed = ManagedFields(of: new) {
      do throws(ElementName.Failure) {
        for index in managed.entries.indices { try managed.entries[index].normalizeFields() }
        return managed
      } catch {
        return ManagedFields(of: old) ?? ManagedFields()
      }
    }
    return ManagedFields(of: old) ?? ManagedFields()
  }

  /// Whether the object asks for its entries to be forgotten: by an empty list, or a list of one empty entry.
  private static func areReset(in object: JSONValue) -> Bool {
    guard let list = object["metadata"]?["managedFields"]?.arrayValue else { return false }
    return list.isEmpty || list == [.object([:])]
  }

  static func removed(from object: JSONValue) -> JSONValue {
    guard object["metadata"]?["managedFields"] != nil else { return object }
    var object = object
    object[path: path] = nil
    return object
  }

  /// - Precondition: the entries are in order.
  func stored(in object: JSONValue) -> JSONValue {
    if entries.isEmpty { return Self.removed(from: object) }
    let list = JSONValue.array(entries.map(\.json))
    guard list != object["metadata"]?["managedFields"] else { return object }
    var object = object
    object[path: Self.path] = list
    return object
  }

  /// Whether two states of an object differ in more than when who said so.
  public static func isSame(_ old: JSONValue, _ new: JSONValue) -> Bool {
    guard let before = old.objectValue, let after = new.objectValue, before.count == after.count else { return false }
    for member in after where member.key != "metadata" {
      guard let value = before[member.key], value == member.value else { return false }
    }
    guard let left = before["metadata"]?.objectValue, let right = after["metadata"]?.objectValue,
      left.count == right.count
    else { return before["metadata"] == after["metadata"] }
    for member in right where member.key != "managedFields" {
      guard let value = left[member.key], value == member.value else { return false }
    }
    return isSameIgnoringTimes(left["managedFields"], right["managedFields"])
  }

  private static func isSameIgnoringTimes(_ left: JSONValue?, _ right: JSONValue?) -> Bool {
    if left == right { return true }
    guard let left = left?.arrayValue, let right = right?.arrayValue, left.count == right.count else { return false }
    func timeless(_ entry: JSONValue) -> JSONValue {
      var entry = entry
      entry["time"] = nil
      return entry
    }
    return zip(left, right).allSatisfy { timeless($0) == timeless($1) }
  }

  /// Applied before updated, then by age, as the API server lists them; entries without fields are left out.
  mutating func normalize(capsUpdates: Bool) {
    entries.removeAll { $0.fields.isEmpty }
    if capsUpdates { capUpdateManagers() }
    if entries.count < 2 { return }
    entries.sort { left, right in
      if left.operation != right.operation { return left.operation == .apply }
      if left.second != right.second { return left.second < right.second }
      return (left.manager, left.apiVersion, left.subresource) < (right.manager, right.apiVersion, right.subresource)
    }
  }

  /// Puts the oldest together, those of an API version each: the first of a version gives its place to them all.
  private mutating func capUpdateManagers() {
    let updating = entries.indices.filter { entries[$0].operation == .update }
    var excess = updating.count - Self.updateManagerLimit
    guard excess > 0 else { return }
    let oldestFirst = updating.sorted { left, right in
      let (a, b) = (entries[left], entries[right])
      if a.second != b.second { return a.second < b.second }
      return (a.manager, a.apiVersion, a.subresource) < (b.manager, b.apiVersion, b.subresource)
    }
    var firsts: [String: Int] = [:]
    var gone: Set<Int> = []
    for index in oldestFirst where excess > 0 {
      let entry = entries[index]
      guard let first = firsts[entry.apiVersion] else {
        firsts[entry.apiVersion] = index
        continue
      }
      entries[first] = ManagedFieldsEntry(
        manager: Self.ancient, operation: .update, apiVersion: entry.apiVersion, time: entry.time, subresource: "",
        fields: entries[first].fields.union(entry.fields))
      gone.insert(index)
      excess -= 1
    }
    entries = entries.indices.filter { !gone.contains($0) }.map { entries[$0] }
  }
}
