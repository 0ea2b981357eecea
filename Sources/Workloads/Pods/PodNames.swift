import Kubernetes

/// Makes the last five letters of pods' names: from the owner, the moment and a counter, without any randomness of the
/// decision's own.
struct PodNames: Sendable {
  private var sequence: UInt64 = 0

  /// `web-7f8d-x2kfp`, from `web-7f8d`.
  mutating func next(_ prefix: String, owner uid: String, at now: Timestamp) -> String {
    sequence &+= 1
    var state = UInt64(bitPattern: now.nanoseconds) &+ sequence &* 0x9E37_79B9_7F4A_7C15
    for byte in uid.utf8 { state = (state ^ UInt64(byte)) &* 0x100_0000_01b3 }
    state = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
    state = (state ^ (state >> 27)) &* 0x94D0_49BB_1331_11EB
    state ^= state >> 31
    let alphabet = Array("bcdfghjklmnpqrstvwxz2456789".unicodeScalars)
    var name = prefix + "-"
    for _ in 0..<5 {
      name.unicodeScalars.append(alphabet[Int(state % UInt64(alphabet.count))])
      state /= UInt64(alphabet.count)
    }
    return name
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
