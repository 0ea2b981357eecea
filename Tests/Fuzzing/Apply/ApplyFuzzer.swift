import Kubernetes

/// Server-side apply by several managers, among updates.
///
/// A configuration is in the object after it was applied, and its manager owns exactly its fields; a conflict comes
/// when, and only when, a field would change that somebody else owns; nobody loses a field to others but by force;
/// what its last owner gives up is gone; applying twice changes nothing; every field has an owner.
public struct ApplyFuzzer: Fuzzer {
  private let pods = RandomPods()

  public init() {}

  public func check(_ random: inout SeededRandom) throws {
    var history = ""
    var live: JSONValue?
    for step in 0..<(2 + random.below(7)) {
      let manager = random.pick(["ann", "bob", "cyd"])
      let now = Timestamp(seconds: 1_700_000_000 + Double(step))
      let wanted = pods.pod(&random)
      if random.oneIn(3) {
        history += "\nupdate by \(manager): \(wanted.text)"
        live = try updated(live, to: wanted, by: manager, at: now, history)
      } else {
        let force = random.oneIn(3)
        history += "\napply by \(manager)\(force ? ", forced" : ""): \(wanted.text)"
        live = try applied(wanted, onto: live, by: manager, force: force, at: now, history)
      }
      if let live { try checkEveryFieldIsOwned(live, history) }
    }
  }

  private func applied(
    _ wanted: JSONValue, onto live: JSONValue?, by manager: String, force: Bool, at now: Timestamp, _ history: String
  ) throws -> JSONValue? {
    let stated = OwnedFields.leaves(of: wanted)
    let before = live.map(OwnedFields.leaves) ?? [:]
    let owners = live.map(OwnedFields.owners) ?? [:]
    let mine = "\(manager)/Apply"
    let others = owners.filter { $0.key != mine }.values.reduce(into: Set<String>()) { $0.formUnion($1) }
    let changing = stated.filter { before[$0.key] != $0.value }.keys
    let disputed = Set(changing).intersection(others)

    let result: JSONValue
    do throws(PatchError) {
      result = try Apply.apply(
        wanted, onto: live, by: .init(manager: manager, subresource: nil, now: now), force: force)
    } catch {
      try require(error.code == .conflict, "failed: \(error)\(history)")
      try require(!force, "a conflict in spite of force\(history)")
      let named = Set(error.conflicts.map { $0.field.replacing("\":", with: "\"") })
      try require(!disputed.isEmpty, "a conflict about \(named) that nobody else owns\(history)")
      try require(error.conflicts.count >= disputed.count, "conflicts \(named), expected \(disputed)\(history)")
      return live
    }
    try require(force || disputed.isEmpty, "no conflict about \(disputed)\(history)")
    let after = OwnedFields.leaves(of: result)
    for (field, value) in stated {
      try require(
        after[field] == value, "\(field) is \(after[field]?.text ?? "not there"), not \(value.text)\(history)")
    }
    // An element that nobody owns any more goes, even if others own a part of it, as upstream has it.
    let gone = (owners[mine] ?? []).subtracting(others).filter { $0.hasSuffix("]") && stated[$0] == nil }
    let orphans = others.filter { field in gone.contains { field.hasPrefix($0) } }
    for field in others.subtracting(disputed).subtracting(orphans) where before[field] != nil {
      try require(after[field] == before[field], "\(field), which others own, is changed\(history)")
    }
    for field in (owners[mine] ?? []).subtracting(others) where stated[field] == nil && !field.hasSuffix("]") {
      // An element that others have a part of stays, and its keys with it.
      try require(Self.isKey(field) || after[field] == nil, "\(field), which was given up, is still there\(history)")
    }
    let owning = OwnedFields.owners(of: result)
    try require(
      owning[mine] ?? [] == Set(stated.keys), "owned: \(owning[mine] ?? []), stated: \(stated.keys)\(history)")
    for (other, fields) in owners where other != mine {
      // An object or list whose last part is given up goes, whoever owned it besides.
      let lost = fields.subtracting(disputed).subtracting(orphans).subtracting(owning[other] ?? [])
        .filter { before[$0] != nil }
      try require(lost.isEmpty, "\(other) lost \(lost), which was not disputed\(history)")
      try require((owning[other] ?? []).isDisjoint(with: disputed), "\(other) kept what was forced\(history)")
    }
    let again = try Apply.apply(
      wanted, onto: result, by: .init(manager: manager, subresource: nil, now: now + 60), force: false)
    try require(again.isSame(as: result), "applied again: \(again.text)\nnot: \(result.text)\(history)")
    return result
  }

  private func updated(
    _ live: JSONValue?, to wanted: JSONValue, by manager: String, at now: Timestamp, _ history: String
  ) throws -> JSONValue {
    let result = Apply.track(old: live, new: wanted, by: .init(manager: manager, subresource: nil, now: now))
    let (before, after) = (live.map(OwnedFields.leaves) ?? [:], OwnedFields.leaves(of: wanted))
    let (owners, owning) = (live.map(OwnedFields.owners) ?? [:], OwnedFields.owners(of: result))
    if live != nil, owners.isEmpty {
      // An object that nobody was recorded for stays without entries until something is applied to it.
      try require(owning.isEmpty, "ownership out of nothing: \(owning)\(history)")
      return result
    }
    let changed = Set(after.filter { before[$0.key] != $0.value }.keys)
    let mine = "\(manager)/Update"
    try require(OwnedFields.leaves(of: result) == after, "tracking changed the object\(history)")
    try require(
      changed.isSubset(of: owning[mine] ?? []), "\(changed.subtracting(owning[mine] ?? [])) is not owned\(history)")
    for (other, fields) in owners where other != mine {
      let kept = fields.filter { after[$0] != nil }.subtracting(changed)
      try require(
        (owning[other] ?? []).filter { after[$0] != nil } == kept,
        "\(other) owns \(owning[other] ?? []), not \(kept)\(history)")
    }
    return result
  }

  private static func isKey(_ field: String) -> Bool {
    [".name", ".containerPort", ".protocol", ".mountPath"].contains { field.hasSuffix("]" + $0) }
  }

  private func checkEveryFieldIsOwned(_ live: JSONValue, _ history: String) throws {
    let owned = OwnedFields.owners(of: live).values.reduce(into: Set<String>()) { $0.formUnion($1) }
    let leaves = OwnedFields.leaves(of: live)
    for field in leaves.keys where !owned.contains(field) {
      // An element of which only parts were owned stays without an owner when they go, and so do its keys.
      try require(field.hasSuffix("]") || Self.isKey(field), "\(field) is owned by nobody\(history)")
    }
    for field in owned {
      try require(OwnedFields.isThere(field, in: leaves), "\(field) is owned, but not there\(history)")
    }
  }
}
