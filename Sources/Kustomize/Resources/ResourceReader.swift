/// Reads the objects of a file, lists among them taken apart.
struct ResourceReader {
  let schemas: SchemaChoice

  /// The most objects that one build may hold.
  static let resourcesMax = 200_000

  /// Reads a text that stands within a kustomization.
  func resources(inline text: PlacedText) throws(KustomizeError) -> [Resource] {
    let documents: [YAMLNode]
    do throws(YAMLSyntaxError) {
      documents = try YAMLReader.documents(in: Array(text.text.utf8), .init(rules: .version3))
    } catch {
      throw KustomizeError(at: text.place, "not YAML: \(error.message)")
    }
    return try resources(inline: documents, at: text.place)
  }

  /// - Parameter place: of the text, which all that it holds is said to be at.
  func resources(inline documents: [YAMLNode], at place: Place) throws(KustomizeError) -> [Resource] {
    try resources(documents.map { $0.moved(to: place.point) }, file: place.file)
  }

  func resources(in bytes: [UInt8], file: String) throws(KustomizeError) -> [Resource] {
    let documents: [YAMLNode]
    do throws(YAMLSyntaxError) {
      documents = try YAMLReader.documents(in: bytes, .init(rules: .version3))
    } catch {
      throw KustomizeError(error, file: file)
    }
    return try resources(documents, file: file)
  }

  func resources(_ documents: [YAMLNode], file: String) throws(KustomizeError) -> [Resource] {
    var resources: [Resource] = []
    resources.reserveCapacity(documents.count)
    // A text that is one List is taken apart first.
    var pending: [YAMLNode] = []
    if documents.count == 1, let only = documents.first, ["List", "ResourceList"].contains(only["kind"]?.text ?? ""),
      let items = only["items"]
    {
      pending = items.elements ?? []
    } else {
      pending = documents
    }
    var next = 0
    while next < pending.count {
      let node = pending[next]
      next += 1
      if node.isNullOrEmpty { continue }
      let kind = try check(node, file: file)
      if kind.hasSuffix("List"), let items = node["items"] {
        if items.isNull { continue }
        guard let elements = items.elements else {
          throw KustomizeError(
            at: Place(file: file, point: items.point), "items of a \(kind) must be a list, not \(items.kindName)")
        }
        pending += elements.map { $0.unfolded() }
        continue
      }
      resources.append(Resource(node, file: file, schemas: schemas))
      guard pending.count <= Self.resourcesMax else {
        throw KustomizeError(file: file, "holds more than \(Self.resourcesMax) objects", remedy: "split the file")
      }
    }
    return resources
  }

  /// - Returns: the kind.
  private func check(_ node: YAMLNode, file: String) throws(KustomizeError) -> String {
    guard node.map != nil else {
      throw KustomizeError(at: Place(file: file, point: node.point), "an object must be a map, not \(node.kindName)")
    }
    let kind = node["kind"]
    guard let kind, !kind.isNullOrEmpty, !kind.text.isEmpty else {
      throw KustomizeError(
        at: Place(file: file, point: node.point), "an object has no kind", remedy: "add apiVersion and kind")
    }
    if kind.text.hasSuffix("List") { return kind.text }
    schemas.note(apiVersion: node["apiVersion"]?.text ?? "", kind: kind.text)
    let metadata = node["metadata"]
    guard let name = metadata?["name"], !name.isNullOrEmpty, !name.text.isEmpty else {
      throw KustomizeError(
        at: Place(file: file, point: node.point), "the \(kind.text) has no metadata.name", remedy: "give it one")
    }
    // A single value is let be, as kustomize lets it be.
    for field in ["labels", "annotations"] {
      guard let map = metadata?[field], map.elements != nil else { continue }
      throw KustomizeError(
        at: Place(file: file, point: map.point), "metadata.\(field) must be a map, not \(map.kindName)")
    }
    return kind.text
  }
}
