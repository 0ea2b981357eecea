import Kubernetes

/// Which of an object's members a write changes: what it leaves as it is stored was judged when it came.
///
/// A patch shares the storage of what it leaves, so that telling costs next to nothing.
struct ObjectDifferences {
  /// New members, and those with another value.
  private(set) var changed: JSONObject
  private var removesAny = false

  init(from old: JSONValue, to new: JSONValue) {
    changed = JSONObject()
    guard case .object(let before) = old, case .object(let after) = new else { return }
    for member in after where before[member.key] != member.value { changed[member.key] = member.value }
    removesAny = before.contains { $0.key != "status" && after[$0.key] == nil }
  }

  /// Whether anything differs beside the metadata and a status that has a subresource of its own.
  func concernWhatIsAsked(_ resource: RegisteredResource) -> Bool {
    removesAny || resource.key == "namespaces"
      || changed.contains { $0.key != "metadata" && ($0.key != "status" || !resource.hasStatus) }
  }
}
