/// An object on its way through a build, and what the build remembers of it.
final class Resource {
  var node: YAMLNode
  /// Where it was read.
  let file: String
  private let schemas: SchemaChoice

  /// What it was called before, the oldest first.
  private(set) var previous: [PreviousName] = []
  var prefixes: [String] = []
  var suffixes: [String] = []
  var needsHash = false
  var behavior = GenerationBehavior.unspecified
  var origin: Origin?
  var transformations: [Origin] = []
  /// Variables that are read from it.
  var variableNames: [String] = []
  var allowsNameChange = false
  var allowsKindChange = false
  private var lastShare: UInt16 = 0

  struct PreviousName: Hashable {
    var namespace: String
    var name: String
    var kind: String
  }

  init(_ node: YAMLNode, file: String, schemas: SchemaChoice) {
    self.node = node
    self.file = file
    self.schemas = schemas
  }

  func copy() -> Resource {
    let copy = Resource(node, file: file, schemas: schemas)
    copy.previous = previous
    copy.prefixes = prefixes
    copy.suffixes = suffixes
    copy.needsHash = needsHash
    copy.behavior = behavior
    copy.origin = origin
    copy.transformations = transformations
    copy.variableNames = variableNames
    copy.allowsNameChange = allowsNameChange
    copy.allowsKindChange = allowsKindChange
    copy.lastShare = lastShare
    return copy
  }

  var place: Place { Place(file: file, point: node.point) }

  /// Forgets what it was called before and where it comes from.
  func forgetBuild() {
    previous = []
    prefixes = []
    suffixes = []
    needsHash = false
    behavior = .unspecified
    forgetOrigin()
  }

  func forgetOrigin() {
    origin = nil
    transformations = []
  }

  /// A number for scalars that are to be one; 0, which binds nothing, once there are no more.
  func newShare() -> UInt16 {
    guard lastShare < .max else { return 0 }
    lastShare += 1
    return lastShare
  }
}

/// What scalars that are one have become.
struct SharedChanges {
  private var scalars: [UInt16: YAMLScalar] = [:]

  mutating func note(_ node: YAMLNode) {
    if node.share != 0, case .scalar(let scalar) = node.content { scalars[node.share] = scalar }
  }

  /// Changes all scalars that are one with a changed one.
  func carryOut(in node: inout YAMLNode) {
    if !scalars.isEmpty { update(&node) }
  }

  private func update(_ node: inout YAMLNode) {
    switch node.content {
    case .scalar: if node.share != 0, let scalar = scalars[node.share] { node.content = .scalar(scalar) }
    case .sequence: node.updateElements { update(&$0) }
    case .mapping:
      _ = node.updateMap { map in
        for index in map.entries.indices { update(&map.entries[index].value) }
      }
    }
  }
}

enum GenerationBehavior: String { case unspecified, create, replace, merge }

extension Resource {
  var apiVersion: String { node["apiVersion"]?.text ?? "" }
  var kind: String { node["kind"]?.text ?? "" }
  var name: String { metadataText("name") }
  var namespace: String { metadataText("namespace") }
  var gvk: GVK { GVK(apiVersion: apiVersion, kind: kind) }

  private func metadataText(_ key: String) -> String {
    guard let value = node["metadata"]?[key], !value.isNullOrEmpty else { return "" }
    return value.text
  }

  var currentID: ResourceID {
    let (apiVersion, kind) = (apiVersion, kind)
    return ResourceID(
      gvk: GVK(apiVersion: apiVersion, kind: kind), name: name, namespace: namespace,
      isClusterScoped: schemas.isClusterScoped(apiVersion: apiVersion, kind: kind))
  }

  var previousIDs: [ResourceID] {
    if previous.isEmpty { return [] }
    let gvk = gvk
    return previous.map { name in
      ResourceID(
        gvk: GVK(group: gvk.group, version: gvk.version, kind: name.kind), name: name.name, namespace: name.namespace)
    }
  }

  /// What it was called when it was read.
  var originalID: ResourceID { previousIDs.first ?? currentID }

  func rememberID() {
    let id = currentID
    previous.append(PreviousName(namespace: id.effectiveNamespace, name: id.name, kind: id.gvk.kind))
  }

  /// Takes over what another one, which this replaces, was called.
  func inheritIdentity(of other: Resource) {
    previous = other.previous
    prefixes = other.prefixes
    suffixes = other.suffixes
    variableNames = other.variableNames
  }

  func setName(_ name: String) { setMetadata("name", name) }
  func setKind(_ kind: String) { setText("kind", kind) }
  func setAPIVersion(_ version: String) { setText("apiVersion", version) }

  func setNamespace(_ namespace: String) {
    if namespace.isEmpty {
      _ = node.updateMap { $0.update("metadata") { $0.updateMap { $0["namespace"] = nil } } }
    } else {
      setMetadata("namespace", namespace)
    }
  }

  private func setText(_ key: String, _ text: String) {
    _ = node.updateMap { $0.update(key, orStartingWith: .null) { $0.setText(text) } }
  }

  private func setMetadata(_ key: String, _ text: String) {
    _ = node.updateMap {
      $0.update("metadata", orStartingWith: .mapping([])) {
        $0.becomeMapIfNull()
        $0.updateMap {
          $0.update(key, orStartingWith: YAMLNode(.scalar(YAMLScalar(text: "", tag: .none)))) { $0.setText(text) }
        }
      }
    }
  }

  func labels() -> [(key: String, text: String)] { texts("labels") }
  func annotations() -> [(key: String, text: String)] { texts("annotations") }

  private func texts(_ field: String) -> [(key: String, text: String)] {
    (node["metadata"]?[field]?.map?.entries ?? []).map { ($0.key, $0.value.text) }
  }

  func annotation(_ key: String) -> String? { node["metadata"]?["annotations"]?[key]?.text }

  /// Writes labels or annotations as texts; takes the field away where there are none.
  func setTexts(_ field: String, _ texts: [(key: String, text: String)]) {
    _ = node.updateMap {
      $0.update("metadata", orStartingWith: .mapping([])) {
        $0.becomeMapIfNull()
        $0.updateMap { $0[field] = texts.isEmpty ? nil : .mapping(texts.map { ($0.key, .text($0.text)) }) }
      }
    }
  }

  func setAnnotation(_ key: String, _ text: String) {
    var all = annotations()
    if let index = all.firstIndex(where: { $0.key == key }) { all[index].text = text } else { all.append((key, text)) }
    setTexts("annotations", all)
  }

  func removeAnnotation(_ key: String) {
    setTexts("annotations", annotations().filter { $0.key != key })
  }
}

extension YAMLNode {
  /// Gives a scalar another text, whose type is what it looks like where the old one was plain.
  mutating func setText(_ text: String, tag: YAMLScalar.Tag = .none) {
    var new = YAMLScalar(text: text, tag: tag)
    if case .scalar(let old) = content {
      new.isQuoted = old.isQuoted && old.tag != .null
      new.isFolded = old.isFolded
    }
    content = .scalar(new)
  }

  mutating func becomeMapIfNull() {
    if isNull { content = .mapping(YAMLMapping()) }
  }
}

/// Where something stands.
struct Place: Sendable, Hashable {
  var file: String
  var point: SourcePoint
}
