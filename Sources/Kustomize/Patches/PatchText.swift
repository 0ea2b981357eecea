internal import Kubernetes

/// A patch as a file or a kustomization holds it: objects that are merged, or the operations of a JSON patch.
enum PatchText {
  case strategic([Resource])
  case operations(JSONValue)

  /// - Parameters:
  ///   - place: where the kustomization names it.
  ///   - file: what the patch stands in; nil where that is the kustomization.
  init(_ bytes: [UInt8], at place: Place, file: String?, _ reader: ResourceReader) throws(KustomizeError) {
    let inline = file == nil
    func located(_ error: KustomizeError) -> KustomizeError {
      guard inline else { return error }
      var error = error
      (error.file, error.line, error.column) = (place.file, place.point.line, place.point.column)
      error.message = "in the patch: \(error.message)"
      return error
    }
    let documents: [YAMLNode]
    do throws(YAMLSyntaxError) {
      documents = try YAMLReader.documents(in: bytes, .init(rules: .version3))
    } catch {
      throw located(KustomizeError(error, file: file ?? place.file))
    }
    guard let first = documents.first else { throw KustomizeError(at: place, "the patch is empty") }
    if first.elements != nil {
      self = .operations(try PatchText.operations(bytes, at: place, file: file))
      return
    }
    do throws(KustomizeError) {
      let resources =
        if let file { try reader.resources(documents, file: file) } else {
          try reader.resources(inline: documents, at: place)
        }
      guard !resources.isEmpty else { throw KustomizeError(at: place, "the patch is empty") }
      self = .strategic(resources)
    } catch {
      throw located(error)
    }
  }

  /// The operations of a JSON patch, which may be written as YAML.
  static func operations(_ bytes: [UInt8], at place: Place, file: String?) throws(KustomizeError) -> JSONValue {
    let documents: [YAMLNode]
    do throws(YAMLSyntaxError) {
      documents = try YAMLReader.documents(in: bytes, .init(rules: .version2, lastMemberCounts: true))
    } catch {
      guard let file else { throw KustomizeError(at: place, "in the patch: not YAML: \(error.message)") }
      throw KustomizeError(error, file: file)
    }
    guard let node = documents.first else { throw KustomizeError(at: place, "the patch is empty") }
    guard let elements = node.elements else {
      throw KustomizeError(at: place, "a JSON patch must be a list of operations, not \(node.kindName)")
    }
    guard !elements.isEmpty else { throw KustomizeError(at: place, "the JSON patch has no operations") }
    do throws(YAMLWriter.Failure) { return try node.resolved().json() } catch {
      throw KustomizeError(at: place, "in the patch: \(error.message)")
    }
  }

  /// What a field `patch` or `path` of a kustomization holds.
  static func load(_ entry: PatchEntry, _ root: Root, inlineName: String = "patch") throws(KustomizeError) -> (
    bytes: [UInt8], place: Place, file: String?
  ) {
    let inline = entry.patch.map { String($0.text.trimming(\.isWhitespace)) } ?? ""
    let path = entry.path?.text ?? ""
    guard inline.isEmpty || path.isEmpty else {
      throw KustomizeError(at: entry.place, "a patch has both path and \(inlineName)", remedy: "keep one of them")
    }
    if let patch = entry.patch, !inline.isEmpty { return (Array(inline.utf8), patch.place, nil) }
    guard let file = entry.path, !path.isEmpty else {
      throw KustomizeError(at: entry.place, "a patch needs one of path and \(inlineName)")
    }
    return (try root.load(path, namedAt: file.place), file.place, root.shown(path))
  }
}
