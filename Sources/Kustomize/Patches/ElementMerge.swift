/// Merges two lists whose elements are told apart by members of theirs.
///
/// It follows kustomize's steps one by one
/// (https://github.com/kubernetes-sigs/kustomize/blob/kustomize/v5.5.0/kyaml/yaml/walk/associative_sequence.go),
/// since what happens to elements that lack a key, or have one twice, follows from nothing else.
struct ElementMerge {
  var own: [YAMLNode]
  let patch: [YAMLNode]
  let keys: [String]
  private var added: [YAMLNode] = []
  /// Lists in which keys are missing or doubled take time that grows with the square.
  private static let irregularMax = 5_000

  /// Merges two elements; the first may be missing, or the second.
  /// - Returns: the result, nil where the element goes; and whether it is the first one, changed in its place.
  typealias Merge = (YAMLNode?, YAMLNode?) throws(StrategicMerge.Failure) -> (node: YAMLNode?, isOwn: Bool)

  init(own: [YAMLNode], patch: [YAMLNode], keys: [String]) {
    self.own = own
    self.patch = patch
    self.keys = keys
  }

  func run(_ merge: Merge) throws(StrategicMerge.Failure) -> [YAMLNode] {
    var copy = self
    return try copy.merged(merge)
  }

  private mutating func merged(_ merge: Merge) throws(StrategicMerge.Failure) -> [YAMLNode] {
    if let simple = try mergedSimply(merge) { return simple }
    guard own.count + patch.count <= Self.irregularMax else {
      throw StrategicMerge.Failure(
        point: patch.first?.point ?? .unknown,
        message: "a list of more than \(Self.irregularMax) elements has elements without keys, or with the same ones")
    }
    var identities = identities()
    if keys.count > 1 { Self.complete(&identities) }
    guard !identities.isEmpty else { return own }
    let said = keys.indices.filter { key in identities.contains { !$0[key].isEmpty } }
    let validPositions = said.isEmpty ? Array(keys.indices) : said
    let validKeys = validPositions.map { keys[$0] }
    for identity in identities {
      let values = validPositions.map { identity[$0] }
      let ownIndex = Self.find(validKeys, values, in: own)
      let patchIndex = Self.find(validKeys, values, in: patch)
      let (result, isOwn) = try merge(ownIndex.map { own[$0] }, patchIndex.map { patch[$0] })
      guard var node = result, !node.isNull, !node.isEmptyMap else {
        Self.set(nil, validKeys, values, in: &own)
        continue
      }
      _ = node.updateMap { map in
        for (key, value) in zip(validKeys, values) where !value.isEmpty && map.index(of: key) == nil {
          map[key] = YAMLNode(.scalar(YAMLScalar(text: value, tag: .none)))
        }
      }
      if isOwn, let ownIndex { own[ownIndex] = node }
      Self.set(node, validKeys, values, in: &added)
    }
    for element in own { try append(element, validKeys) }
    return added
  }

  /// The usual case, in which every element has keys of its own: in time that grows with the lists.
  /// - Returns: nil for other lists.
  private func mergedSimply(_ merge: Merge) throws(StrategicMerge.Failure) -> [YAMLNode]? {
    guard let ownPlaces = places(own), let patchPlaces = places(patch) else { return nil }
    var rest: [YAMLNode] = []
    rest.reserveCapacity(own.count)
    var first: [YAMLNode] = []
    for element in patch {
      let match = identity(of: element).flatMap { ownPlaces[$0] }
      // With one key the patch's order leads; with several what the object has stays where it is.
      if match != nil, keys.count > 1 { continue }
      let (node, isOwn) = try merge(match.map { own[$0] }, element)
      guard let node, !node.isNull, !node.isEmptyMap else { continue }
      first.append(isOwn || match == nil ? node : own[match ?? 0])
    }
    for element in own {
      let match = identity(of: element).flatMap { patchPlaces[$0] }
      if match != nil, keys.count == 1 { continue }
      let (node, isOwn) = try merge(element, match.map { patch[$0] })
      guard let node, !node.isNull, !node.isEmptyMap else { continue }
      rest.append(isOwn ? node : element)
    }
    return first + rest
  }

  private func identity(of element: YAMLNode) -> [String]? {
    guard case .mapping(let map) = element.content else { return nil }
    var identity: [String] = []
    for key in keys {
      guard let value = map[key], case .scalar(let scalar) = value.content, scalar.tag != .null, !scalar.text.isEmpty
      else { return nil }
      identity.append(scalar.text)
    }
    return identity
  }

  /// Where each element is, by its keys; nil where one lacks a key or two have the same.
  private func places(_ elements: [YAMLNode]) -> [[String]: Int]? {
    var places: [[String]: Int] = [:]
    places.reserveCapacity(elements.count)
    for (index, element) in elements.enumerated() {
      guard let identity = identity(of: element), places.updateValue(index, forKey: identity) == nil else { return nil }
    }
    return places
  }

  /// The values of the keys in each element, the patch's first, each combination once.
  private func identities() -> [[String]] {
    var seen: Set<[String]> = []
    var identities: [[String]] = []
    for element in patch + own {
      let identity = keys.map { key in
        guard let value = element[key], !value.isNullOrEmpty else { return "" }
        return value.text
      }
      if seen.insert(identity).inserted { identities.append(identity) }
    }
    return identities
  }

  /// Where one leaves out a key that another with otherwise the same keys has, both mean the same element.
  private static func complete(_ identities: inout [[String]]) {
    for left in identities.indices {
      let mine = identities[left]
      for right in identities.indices {
        guard let both = united(mine, identities[right]) else { continue }
        identities[left] = both
        identities[right] = both
      }
    }
  }

  private static func united(_ left: [String], _ right: [String]) -> [String]? {
    var hasCommon = false
    var result: [String] = []
    for (mine, its) in zip(left, right) {
      if mine == its {
        hasCommon = true
        result.append(mine)
      } else if !mine.isEmpty && !its.isEmpty {
        return nil
      } else {
        result.append(mine.isEmpty ? its : mine)
      }
    }
    return hasCommon ? result : nil
  }

  /// The first element with these values; keys without a value do not count unless none has one.
  private static func find(_ keys: [String], _ values: [String], in elements: [YAMLNode]) -> Int? {
    let all = Array(zip(keys, values))
    let given = all.filter { !$0.1.isEmpty }
    let wanted = given.isEmpty ? all : given
    return elements.firstIndex { element in
      guard case .mapping(let map) = element.content else { return false }
      return wanted.allSatisfy { map[$0.0]?.text == $0.1 }
    }
  }

  /// Replaces the elements that match, or takes them out; adds the element where none does.
  private static func set(_ element: YAMLNode?, _ keys: [String], _ values: [String], in list: inout [YAMLNode]) {
    var result: [YAMLNode] = []
    result.reserveCapacity(list.count + 1)
    var isFound = false
    let setsMaps = !(keys.first ?? "").isEmpty && !(values.first ?? "").isEmpty
    for candidate in list {
      if candidate.isNull || candidate.isEmptyMap { continue }
      guard case .mapping(let map) = candidate.content else {
        if setsMaps { result.append(candidate) }
        continue
      }
      var hasSeen = false
      var matches = true
      for (position, key) in keys.enumerated() {
        if position < values.count {
          let value = map[key]
          hasSeen = value != nil && (values[position].isEmpty || value?.text == values[position])
        }
        if !hasSeen {
          matches = false
          break
        }
      }
      guard matches else {
        if !values.isEmpty { result.append(candidate) }
        continue
      }
      isFound = true
      if let element { result.append(element) }
    }
    if let element, !element.isNull, !isFound { result.append(element) }
    list = result
  }

  private mutating func append(_ element: YAMLNode, _ keys: [String]) throws(StrategicMerge.Failure) {
    guard case .mapping(let map) = element.content else {
      throw StrategicMerge.Failure(
        point: element.point,
        message: "an element of a list that is merged by \(keys.joined(separator: " and ")) is no map")
    }
    var values: [String] = []
    for key in keys {
      guard let value = map[key] else {
        added.append(element)
        continue
      }
      values.append(value.text)
    }
    if keys.count > 1 { Self.set(nil, keys, values, in: &added) }
    Self.set(element, keys, values, in: &added)
  }
}
