/// Lays a strategic merge patch over an object, as kustomize does it
/// (https://github.com/kubernetes-sigs/kustomize/tree/kustomize/v5.5.0/kyaml/yaml/merge2 and .../walk): elements that a
/// patch adds to a merged list stand before the others.
///
/// Where a patch says nothing the object is walked, too: a member whose value was left empty goes, and of list elements
/// with the same key the last one stays.
struct StrategicMerge {
  let schemas: SchemaChoice
  /// What scalars that are one with others have become.
  private let shared = Box()

  private final class Box { var changes = SharedChanges() }

  struct Failure: Error {
    var point: SourcePoint
    var message: String
  }

  private static let directive = "$patch"

  /// - Returns: nil where the patch deletes the object.
  static func merge(_ patch: YAMLNode, into object: YAMLNode, _ schemas: SchemaChoice) throws(Failure) -> YAMLNode? {
    let merge = StrategicMerge(schemas: schemas)
    guard var node = try merge.merge(object, patch, shape: nil, keys: nil).node else { return nil }
    merge.shared.changes.carryOut(in: &node)
    return node
  }

  private struct Outcome {
    var node: YAMLNode?
    /// Whether it is the object's own value, changed in its place, and not what the patch holds.
    var isOwn: Bool
    /// A null that is to stay.
    var keepsNull = false

    static let gone = Outcome(node: nil, isOwn: false)
  }

  /// - Parameters:
  ///   - keys: the members by which a list's elements are told apart; nil where it is not merged.
  private func merge(
    _ own: YAMLNode?, _ patch: YAMLNode?, shape: MergeShape?, keys: [String]?
  ) throws(Failure) -> Outcome {
    // The first that says something decides what this is.
    guard let leader = [own, patch].compactMap({ $0 }).first(where: { !$0.isNull }) else {
      return mergeNothing(own, patch)
    }
    for node in [own, patch] {
      guard let node, !node.isNull else { continue }
      guard node.kindName == leader.kindName else {
        throw Failure(
          point: node.point, message: "the patch has \(node.kindName) where the object has \(leader.kindName)")
      }
    }
    switch leader.content {
    case .mapping: return try mergeMaps(own, patch, shape ?? embeddedShape(own, patch))
    case .sequence:
      if let keys { return try mergeLists(own, patch, shape, keys) }
      if let patch { return Outcome(node: patch, isOwn: false) }
      return Outcome(node: own, isOwn: true)
    case .scalar:
      guard let patch else { return Outcome(node: own, isOwn: true) }
      return Outcome(node: replaced(own, by: patch), isOwn: false)
    }
  }

  /// A new value takes the old one's quotes over: a number in the place of a text in quotes becomes a text.
  private func replaced(_ own: YAMLNode?, by patch: YAMLNode) -> YAMLNode {
    guard let own, case .scalar(let old) = own.content, case .scalar(var scalar) = patch.content, scalar.tag != .null
    else { return patch }
    scalar.isQuoted = old.isQuoted && old.tag != .null
    scalar.isFolded = old.isFolded
    var node = YAMLNode(.scalar(scalar), at: patch.point)
    node.share = own.share
    shared.changes.note(node)
    return node
  }

  /// Both are null or absent.
  private func mergeNothing(_ own: YAMLNode?, _ patch: YAMLNode?) -> Outcome {
    if patch == nil, let own, !own.text.isEmpty { return Outcome(node: own, isOwn: true, keepsNull: true) }
    return Outcome(node: patch, isOwn: false)
  }

  /// The shape of an object within another, which says itself what it is.
  private func embeddedShape(_ own: YAMLNode?, _ patch: YAMLNode?) -> MergeShape? {
    for node in [own, patch] {
      guard let node, let kind = node["kind"]?.text, let version = node["apiVersion"]?.text, !kind.isEmpty,
        !version.isEmpty
      else { continue }
      if let shape = schemas.shape(apiVersion: version, kind: kind) { return shape }
    }
    return nil
  }

  /// What a patch says is to be done, which it says no longer then.
  private func takeDirective(_ patch: inout YAMLNode?) throws(Failure) -> String {
    guard let node = patch, case .mapping(var map) = node.content, let index = map.index(of: Self.directive) else {
      return "merge"
    }
    let text = map.entries[index].value.text
    guard ["merge", "replace", "delete"].contains(text) else {
      throw Failure(
        point: map.entries[index].value.point, message: "$patch must be merge, replace or delete, not \"\(text)\"")
    }
    map.entries.remove(at: index)
    patch = YAMLNode(.mapping(map), at: node.point)
    return text
  }

  private func mergeMaps(_ own: YAMLNode?, _ patch: YAMLNode?, _ shape: MergeShape?) throws(Failure) -> Outcome {
    var patch = patch
    guard let own, !own.isNull else {
      if try takeDirective(&patch) == "delete" { return .gone }
      return Outcome(node: try members(patch, patch, shape), isOwn: false)
    }
    if patch?.isNull == true { return .gone }
    switch try takeDirective(&patch) {
    case "delete": return .gone
    case "replace": return Outcome(node: try members(patch, patch, shape), isOwn: false)
    default: return Outcome(node: try members(own, patch, shape), isOwn: true)
    }
  }

  private func members(_ own: YAMLNode?, _ patch: YAMLNode?, _ shape: MergeShape?) throws(Failure) -> YAMLNode? {
    guard let own, case .mapping(var map) = own.content else { return own }
    let changes = patch?.map
    var kept: [YAMLMapping.Entry] = []
    kept.reserveCapacity(map.entries.count)
    for index in map.entries.indices {
      let entry = map.entries[index]
      let field = shape?.field(entry.key)
      let outcome = try merge(entry.value, changes?[entry.key], shape: field?.shape, keys: field?.mergeKeys)
      if let node = outcome.node, !node.isNull || outcome.keepsNull {
        kept.append(YAMLMapping.Entry(key: entry.key, value: node, at: entry.keyPoint))
      }
    }
    for entry in changes?.entries ?? [] where map.index(of: entry.key) == nil {
      let field = shape?.field(entry.key)
      let outcome = try merge(nil, entry.value, shape: field?.shape, keys: field?.mergeKeys)
      if let node = outcome.node, !node.isNull || outcome.keepsNull {
        kept.append(YAMLMapping.Entry(key: entry.key, value: node, at: entry.keyPoint))
      }
    }
    map.entries = kept
    return YAMLNode(.mapping(map), at: own.point)
  }

  // MARK: Lists

  private func mergeLists(
    _ own: YAMLNode?, _ patch: YAMLNode?, _ shape: MergeShape?, _ keys: [String]
  ) throws(Failure) -> Outcome {
    var patch = patch
    var base = own
    var isOwn = true
    if own == nil || own?.isNull == true {
      (base, isOwn) = (patch, false)
    } else if patch?.isNull == true {
      return .gone
    } else {
      switch try takeListDirective(&patch) {
      case "delete": return .gone
      case "replace": (base, isOwn) = (patch, false)
      default: break
      }
    }
    guard let base, case .sequence(let elements) = base.content else { return Outcome(node: base, isOwn: isOwn) }
    let merged =
      keys.isEmpty
      ? mergeValues(elements, patch?.elements ?? [])
      : try mergeElements(elements, patch?.elements ?? [], shape, keys)
    return Outcome(node: YAMLNode(.sequence(merged), at: base.point), isOwn: isOwn)
  }

  /// What an element `$patch: …` that says nothing else wants done with the whole list.
  private func takeListDirective(_ patch: inout YAMLNode?) throws(Failure) -> String {
    guard let node = patch, case .sequence(var elements) = node.content,
      let first = elements.first(where: { $0[Self.directive] != nil }), first.map?.entries.count == 1
    else { return "merge" }
    let text = first[Self.directive]?.text ?? ""
    guard ["merge", "replace", "delete"].contains(text) else {
      throw Failure(point: first.point, message: "$patch must be merge, replace or delete, not \"\(text)\"")
    }
    elements.removeAll { $0[Self.directive]?.text == text || $0.isNull || $0.isEmptyMap }
    patch = YAMLNode(.sequence(elements), at: node.point)
    return text
  }

  /// Lists of single values: the patch's first, each value once.
  private func mergeValues(_ own: [YAMLNode], _ patch: [YAMLNode]) -> [YAMLNode] {
    var seen: Set<String> = []
    return (patch + own).filter { !$0.isNull && seen.insert($0.text).inserted }
  }

  private func mergeElements(
    _ own: [YAMLNode], _ patch: [YAMLNode], _ shape: MergeShape?, _ keys: [String]
  ) throws(Failure) -> [YAMLNode] {
    try ElementMerge(own: own, patch: patch, keys: keys).run { (own, patch) throws(Failure) in
      let outcome = try merge(own, patch, shape: shape, keys: nil)
      return (outcome.node, outcome.isOwn)
    }
  }
}
