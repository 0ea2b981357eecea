internal import Kubernetes

/// Entries of `patches`, and of the older fields that they have replaced.
struct PatchTransformer: Transformer {
  private let patch: PatchText
  private let target: CompiledSelector?
  private let place: Place
  private let schemas: SchemaChoice
  /// Whether changed names are remembered, as `patches` does and `patchesJson6902` does not.
  private let remembersNames: Bool

  init(_ entry: PatchEntry, _ root: Root, _ reader: ResourceReader) throws(KustomizeError) {
    let (bytes, place, file) = try PatchText.load(entry, root)
    patch = try PatchText(bytes, at: place, file: file, reader)
    target = try entry.target.map { (target) throws(KustomizeError) in try CompiledSelector(target) }
    self.place = place
    schemas = reader.schemas
    remembersNames = true
    switch patch {
    case .strategic(let resources):
      for resource in resources {
        resource.allowsNameChange = entry.allowsNameChange
        resource.allowsKindChange = entry.allowsKindChange
      }
      guard target == nil || resources.count == 1 else {
        throw KustomizeError(
          at: place, "a patch of \(resources.count) objects has a target", remedy: "split it, or leave the target out")
      }
    case .operations:
      guard target != nil else {
        throw KustomizeError(at: place, "a JSON patch needs a target", remedy: "say which objects it is for")
      }
    }
  }

  /// An entry of `patchesJson6902`.
  init(operations entry: PatchEntry, _ root: Root, _ schemas: SchemaChoice, inlineName: String = "patch")
    throws(KustomizeError)
  {
    guard let target = entry.target, !target.id.name.isEmpty else {
      throw KustomizeError(at: entry.place, "a JSON patch must say the name of its target")
    }
    let (bytes, place, file) = try PatchText.load(entry, root, inlineName: inlineName)
    patch = .operations(try PatchText.operations(bytes, at: place, file: file))
    self.target = try CompiledSelector(target)
    self.place = place
    self.schemas = schemas
    remembersNames = false
  }

  func transform(_ set: ResourceSet) throws(KustomizeError) {
    switch (patch, target) {
    case (.strategic(let patches), let target?):
      for patch in patches { try Self.apply(Self.prepared(patch), to: target.select(from: set), set, schemas) }
    case (.strategic(let patches), nil):
      for patch in patches {
        let resource = try set.only(patch.originalID, namedAt: patch.place)
        if try resource.merge(patch, schemas) { set.namesChanged() }
      }
    case (.operations(let operations), let target?):
      for resource in target.select(from: set) {
        if remembersNames { resource.rememberID() }
        try resource.apply(operations, at: place)
      }
      set.namesChanged()
    case (.operations, nil): break
    }
  }

  /// Merges a patch into each of some resources; those that it deletes go.
  static func apply(
    _ patch: Resource, to targets: [Resource], _ set: ResourceSet, _ schemas: SchemaChoice
  ) throws(KustomizeError) {
    var hasDeleted = false
    for resource in targets {
      let adapted = patch.copy()
      adapted.setAPIVersion(resource.apiVersion)
      if try resource.merge(adapted, schemas) { set.namesChanged() }
      hasDeleted = hasDeleted || resource.node.isNullOrEmpty
    }
    if hasDeleted { set.removeEmpty() }
    if patch.allowsNameChange || patch.allowsKindChange { try set.checkDistinct() }
  }

  /// Labels and annotations of a patch that is laid over others than the one it names are texts.
  static func prepared(_ patch: Resource) -> Resource {
    let copy = patch.copy()
    copy.setTexts("labels", patch.labels())
    copy.setTexts("annotations", patch.annotations())
    return copy
  }
}

/// `patchesStrategicMerge`: objects in files or in the kustomization itself.
struct StrategicPatchTransformer: Transformer {
  private var patches: [Resource] = []
  private let schemas: SchemaChoice

  init(_ entries: [PlacedText], _ root: Root, _ reader: ResourceReader) throws(KustomizeError) {
    schemas = reader.schemas
    for entry in entries {
      // What reads as objects is no path.
      if let inline = try? reader.resources(inline: entry) {
        patches += inline
      } else {
        patches += try reader.resources(
          in: root.load(entry.text, namedAt: entry.place), file: root.shown(entry.text))
      }
    }
    guard !patches.isEmpty else {
      throw KustomizeError(file: entries.first?.place.file ?? "", "the patches of patchesStrategicMerge are empty")
    }
  }

  func transform(_ set: ResourceSet) throws(KustomizeError) {
    for patch in patches {
      let resource = try set.only(patch.originalID, namedAt: patch.place)
      try PatchTransformer.apply(PatchTransformer.prepared(patch), to: [resource], set, schemas)
    }
  }
}

extension Resource {
  /// Lays a strategic merge patch over the object; name, namespace and kind stay unless the patch may change them.
  /// - Returns: whether what it is or was called may be another now.
  func merge(_ patch: Resource, _ schemas: SchemaChoice) throws(KustomizeError) -> Bool {
    let (name, namespace, kind) = (name, namespace, kind)
    if patch.allowsNameChange || patch.allowsKindChange { rememberID() }
    // What stands in the whole object's place is not taken over; all the object stays.
    if patch.node["$patch"]?.text == "replace" { return patch.allowsNameChange || patch.allowsKindChange }
    let merged: YAMLNode?
    do throws(StrategicMerge.Failure) {
      merged = try StrategicMerge.merge(patch.node, into: node, schemas)
    } catch {
      throw KustomizeError(
        at: Place(file: patch.file, point: error.point), "the patch does not fit \(currentID.text): \(error.message)")
    }
    guard let merged, !merged.isNullOrEmpty else {
      node = .null
      return true
    }
    node = merged
    if patch.replacesAnnotations { forgetBuild() }
    if !patch.allowsKindChange { setKind(kind) }
    if !patch.allowsNameChange { setName(name) }
    setNamespace(namespace)
    return patch.allowsNameChange || patch.allowsKindChange || patch.replacesAnnotations
  }

  /// Whether, as a strategic merge patch, it takes all annotations away. Kustomize keeps what it remembers of an object in
  /// annotations, and forgets it then.
  private var replacesAnnotations: Bool {
    guard let metadata = node["metadata"] else { return false }
    if let directive = metadata["$patch"]?.text, directive != "merge" { return true }
    guard let annotations = metadata["annotations"] else { return false }
    return annotations.isNull || ["replace", "delete"].contains(annotations["$patch"]?.text ?? "")
  }
}
