/// Changes the names, tags and digests of container images
/// (https://github.com/kubernetes-sigs/kustomize/tree/kustomize/v5.5.0/api/filters/imagetag).
struct ImageTransformer: Transformer {
  let image: ImageEntry
  private let pattern: Pattern
  private let index: FieldSpecIndex<FieldVisitor>

  init(_ image: ImageEntry, _ specs: [FieldSpec], namedAt place: Place) throws(KustomizeError) {
    self.image = image
    do throws(Pattern.SyntaxError) {
      pattern = try Pattern("^\(image.name)(:[a-zA-Z0-9_.{}-]*)?(@sha256:[a-zA-Z0-9_.{}-]*)?$")
    } catch {
      throw KustomizeError(at: place, "the image name \"\(image.name)\" is no pattern: \(error.message)")
    }
    index = FieldSpecIndex(specs.map { ($0, FieldVisitor($0.path)) })
  }

  func transform(_ set: ResourceSet) throws(KustomizeError) {
    for resource in set.resources where resource.kind != "CustomResourceDefinition" {
      do throws(FieldVisitor.Failure) {
        if Self.holdsContainers(resource.node) { try updateContainers(&resource.node) }
        for visitor in index.values(for: resource.gvk) {
          try visitor.visit(&resource.node) { (node) throws(FieldVisitor.Failure) in try update(&node) }
        }
      } catch {
        throw KustomizeError(error, in: resource)
      }
    }
  }

  private static func holdsContainers(_ node: YAMLNode) -> Bool {
    switch node.content {
    case .scalar: return false
    case .sequence(let elements): return elements.contains(where: holdsContainers)
    case .mapping(let map):
      return map.entries.contains { $0.key == "containers" || $0.key == "initContainers" || holdsContainers($0.value) }
    }
  }

  /// Images in every list called `containers` or `initContainers`, wherever it is.
  private func updateContainers(_ node: inout YAMLNode) throws(FieldVisitor.Failure) {
    switch node.content {
    case .scalar: return
    case .sequence:
      try node.updateElements { (element) throws(FieldVisitor.Failure) in try updateContainers(&element) }
    case .mapping:
      _ = try node.updateMap { (map) throws(FieldVisitor.Failure) in
        for index in map.entries.indices {
          try updateContainers(&map.entries[index].value)
          guard ["containers", "initContainers"].contains(map.entries[index].key) else { continue }
          try map.entries[index].value.updateElements { (element) throws(FieldVisitor.Failure) in
            if element.isNull { return }
            guard case .mapping = element.content else {
              throw FieldVisitor.Failure(
                point: element.point, message: "a container must be a map, not \(element.kindName)")
            }
            _ = try element.updateMap { (map) throws(FieldVisitor.Failure) in
              try map.update("image") { (node) throws(FieldVisitor.Failure) in try update(&node) }
            }
          }
        }
      }
    }
  }

  private func update(_ node: inout YAMLNode) throws(FieldVisitor.Failure) {
    if node.isNull { return }
    guard case .scalar(let scalar) = node.content else {
      throw FieldVisitor.Failure(point: node.point, message: "an image must be a text, not \(node.kindName)")
    }
    guard pattern.matches(scalar.text) else { return }
    var (name, tag, digest) = Self.split(scalar.text)
    if !image.newName.isEmpty { name = image.newName }
    if !image.newTag.isEmpty {
      (tag, digest) = (image.newTag, image.digest)
    } else if !image.digest.isEmpty {
      (tag, digest) = ("", image.digest)
    } else if !image.tagSuffix.isEmpty {
      (tag, digest) = (tag + image.tagSuffix, "")
    }
    if !tag.isEmpty { name += ":" + tag }
    if !digest.isEmpty { name += "@" + digest }
    node.setText(name)
  }

  /// An image's name, tag and digest; a colon before the first slash belongs to a registry's port.
  static func split(_ image: String) -> (name: String, tag: String, digest: String) {
    let start = image.firstIndex(of: "/").flatMap { $0 > image.startIndex ? $0 : nil } ?? image.startIndex
    let at = image[start...].firstIndex(of: "@")
    let colon = image[start...].firstIndex(of: ":")
    switch (at, colon) {
    case (nil, nil): return (image, "", "")
    case (let at?, let colon) where colon.map({ at < $0 }) ?? true:
      return (String(image[..<at]), "", String(image[image.index(after: at)...]))
    case (let at?, let colon?):
      return (
        String(image[..<colon]), String(image[image.index(after: colon)..<at]), String(image[image.index(after: at)...])
      )
    case (nil, let colon?): return (String(image[..<colon]), String(image[image.index(after: colon)...]), "")
    default: return (image, "", "")
    }
  }
}
