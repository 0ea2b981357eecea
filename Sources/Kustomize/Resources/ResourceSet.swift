/// The objects of a build in their order, no two of them with the same ID
/// (https://github.com/kubernetes-sigs/kustomize/blob/kustomize/v5.5.0/api/resmap/reswrangler.go).
final class ResourceSet {
  private(set) var resources: [Resource] = []
  /// How many resources have an ID now; nil where names may have changed since it was counted.
  private var current: [ResourceID.Key: Int]?
  /// Which resources have or had an ID, by their position.
  private var everKnown: [ResourceID.Key: [Int]]?
  private var byName: [String: [Resource]]?

  var isEmpty: Bool { resources.isEmpty }

  /// To be called where names, namespaces or kinds have changed.
  func namesChanged() {
    current = nil
    everKnown = nil
    byName = nil
  }

  func append(_ resource: Resource) throws(KustomizeError) {
    let id = resource.currentID
    if current == nil { current = counts() }
    guard current?[id.key] == nil else {
      throw KustomizeError(
        at: resource.place, "may not add resource with an already registered id: \(id.text)",
        remedy: "remove one, or give one another name or namespace")
    }
    current?[id.key] = 1
    everKnown = nil
    byName = nil
    resources.append(resource)
  }

  func append(contentsOf others: [Resource]) throws(KustomizeError) {
    for resource in others { try append(resource) }
  }

  private func counts() -> [ResourceID.Key: Int] {
    var counts: [ResourceID.Key: Int] = [:]
    counts.reserveCapacity(resources.count)
    for resource in resources { counts[resource.currentID.key, default: 0] += 1 }
    return counts
  }

  /// The resources that have or had an ID.
  func everKnown(as id: ResourceID) -> [Resource] {
    if everKnown == nil {
      var index: [ResourceID.Key: [Int]] = [:]
      index.reserveCapacity(resources.count * 2)
      for (position, resource) in resources.enumerated() {
        for id in resource.previousIDs + [resource.currentID] where index[id.key]?.last != position {
          index[id.key, default: []].append(position)
        }
      }
      everKnown = index
    }
    return (everKnown?[id.key] ?? []).map { resources[$0] }
  }

  /// The resources that are or were called by a name, in their order.
  func named(_ name: String) -> [Resource] {
    if byName == nil {
      var index: [String: [Resource]] = [:]
      index.reserveCapacity(resources.count * 2)
      for resource in resources {
        for name in Set(resource.previous.map(\.name) + [resource.name]) { index[name, default: []].append(resource) }
      }
      byName = index
    }
    return byName?[name] ?? []
  }

  /// The one resource that has or had an ID.
  func only(_ id: ResourceID, namedAt place: Place) throws(KustomizeError) -> Resource {
    let found = everKnown(as: id)
    guard let resource = found.first else {
      throw KustomizeError(at: place, "nothing matches \(id.text)", remedy: nearest(to: id))
    }
    guard found.count == 1 else {
      throw KustomizeError(
        at: place, "multiple matches for Id \(id.text); failed to find unique target for patch \(id.text)",
        remedy: "say which is meant with a target")
    }
    return resource
  }

  private func nearest(to id: ResourceID) -> String {
    let same = resources.first { $0.name == id.name && $0.kind == id.gvk.kind }
    guard let same else { return "the objects of its kind: \(names(of: id.gvk.kind))" }
    return "there is \(same.currentID.text): mind apiVersion and namespace"
  }

  private func names(of kind: String) -> String {
    let names = resources.filter { $0.kind == kind }.map(\.name)
    return names.isEmpty ? "none" : names.prefix(8).joined(separator: ", ") + (names.count > 8 ? ", …" : "")
  }

  /// Adds a generated resource, or merges it into the one that it is to change.
  func absorb(_ resource: Resource) throws(KustomizeError) {
    let id = resource.currentID
    let matches = everKnown(as: id)
    guard let old = matches.first else {
      guard resource.behavior != .merge, resource.behavior != .replace else {
        throw KustomizeError(
          at: resource.place, "\(id.text) does not exist; there is nothing to merge with or to replace",
          remedy: "leave behavior out")
      }
      return try append(resource)
    }
    guard matches.count == 1 else {
      throw KustomizeError(at: resource.place, "\(matches.count) objects could be meant by \(id.text)")
    }
    let origin = old.origin
    switch resource.behavior {
    case .replace: resource.takeMetadata(from: old)
    case .merge:
      resource.takeMetadata(from: old)
      resource.mergeData("data", from: old)
      resource.mergeData("binaryData", from: old)
      if origin != nil { resource.origin = origin }
    case .unspecified, .create:
      throw KustomizeError(
        at: resource.place, "\(id.text) exists; its behavior must be merge or replace", remedy: "say behavior: merge")
    }
    guard let position = resources.firstIndex(where: { $0 === old }) else { return }
    resources[position] = resource
    namesChanged()
  }

  func removeEmpty() { keep { !$0.node.isNullOrEmpty } }

  func keep(_ isWanted: (Resource) -> Bool) {
    let count = resources.count
    resources.removeAll { !isWanted($0) }
    if resources.count != count { namesChanged() }
  }

  /// Puts the resources into another order.
  func reorder(_ ordered: [Resource]) {
    resources = ordered
    everKnown = nil
    byName = nil
  }

  /// - Throws: where two have the same ID now.
  func checkDistinct() throws(KustomizeError) {
    namesChanged()
    let counts = counts()
    current = counts
    guard let twice = resources.last(where: { counts[$0.currentID.key, default: 0] > 1 }) else { return }
    throw KustomizeError(at: twice.place, "two objects are \(twice.currentID.text) now")
  }
}

extension Resource {
  /// Takes over labels, annotations and names of the object that this one changes or replaces; its own count more.
  func takeMetadata(from old: Resource) {
    func merged(_ old: [(key: String, text: String)], _ own: [(key: String, text: String)]) -> [(
      key: String, text: String
    )] {
      var all = Dictionary(old.map { ($0.key, $0.text) }, uniquingKeysWith: { $1 })
      for pair in own { all[pair.key] = pair.text }
      return all.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }
    setTexts("labels", merged(old.labels(), labels()))
    setTexts("annotations", merged(old.annotations(), annotations()))
    setName(old.name)
    setNamespace(old.namespace)
    inheritIdentity(of: old)
    needsHash = needsHash && old.needsHash
    behavior = old.behavior
    if origin == nil { origin = old.origin }
    transformations = old.transformations
  }

  /// Adds what the other has and this one does not.
  func mergeData(_ field: String, from old: Resource) {
    var all: [String: String] = [:]
    for entry in old.node[field]?.map?.entries ?? [] { all[entry.key] = entry.value.text }
    for entry in node[field]?.map?.entries ?? [] { all[entry.key] = entry.value.text }
    _ = node.updateMap {
      $0[field] = nil
      if !all.isEmpty { $0[field] = .mapping(all.sorted { $0.key < $1.key }.map { ($0.key, .text($0.value)) }) }
    }
  }
}
