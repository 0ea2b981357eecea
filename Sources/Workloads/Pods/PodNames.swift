import Kubernetes

/// Makes the last five letters of pods' names: from the owner, the moment and a counter, without any randomness of the
/// decision's own.
struct PodNames: Sendable {
  private var sequence: UInt64 = 0

  /// `web-7f8d-x2kfp`, from `web-7f8d`.
  mutating func next(_ prefix: String, owner uid: String, at now: Timestamp) -> String {
    sequence &+= 1
    var hash = FNV1a(from: UInt64(bitPattern: now.nanoseconds) &+ sequence &* 0x9E37_79B9_7F4A_7C15)
    hash.add(uid.utf8)
    return "\(prefix)-\(SplitMix64.mixed(hash.value).letters(5, of: "bcdfghjklmnpqrstvwxz2456789"))"
  }
}

/// Pods that were asked for and are not seen yet: a view may lag behind (upstream calls these expectations).
struct ExpectedPods: Sendable {
  /// Seconds after which a pod that was asked for is not waited for any more.
  var patienceSeconds = 10.0
  private var expected: [String: (pods: Set<String>, until: Timestamp)] = [:]

  /// Those of an owner that are still to come.
  mutating func pending(of uid: String, seen: [Pod], at now: Timestamp) -> Set<String> {
    guard let entry = expected[uid] else { return [] }
    let pending = now < entry.until ? entry.pods.subtracting(seen.map(\.metadata.name)) : []
    expected[uid] = pending.isEmpty ? nil : (pending, entry.until)
    return pending
  }

  mutating func expect(_ names: some Sequence<String>, of uid: String, at now: Timestamp) {
    let known = expected[uid]?.pods ?? []
    expected[uid] = (known.union(names), now + patienceSeconds)
  }

  mutating func keep(only owners: Set<String>) { expected = expected.filter { owners.contains($0.key) } }
}
