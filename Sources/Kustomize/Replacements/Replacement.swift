/// Copies a field's value into fields of other objects
/// (https://github.com/kubernetes-sigs/kustomize/blob/kustomize/v5.5.0/api/types/replacement.go).
struct Replacement {
  struct Source {
    var id: ResourceID
    var fieldPath: String
    var options: Options
  }

  struct Target {
    var select: Selector
    var rejects: [Selector]
    var fieldPaths: [String]
    var options: Options
    var place: Place
  }

  struct Options {
    var delimiter = ""
    var index = 0
    var creates = false
  }

  var source: Source
  var targets: [Target]
  var place: Place

  private static let defaultPath = "metadata.name"

  /// Reads entries, each inline or a path to a file of them.
  static func load(
    _ nodes: [YAMLNode], file: String, _ decoding: FieldReader.Decoding, _ root: Root
  ) throws(KustomizeError) -> [Replacement] {
    var replacements: [Replacement] = []
    for node in nodes {
      var reader = try FieldReader(node, file: file, "a replacement", decoding)
      let path = reader.value("path")
      guard let path, !path.text.isEmpty else {
        replacements.append(try Replacement(&reader))
        try reader.refuseOthers()
        continue
      }
      guard reader.value("source") == nil, reader.value("targets")?.isNullOrEmpty ?? true else {
        throw KustomizeError(at: reader.place, "a replacement has a path and a source or targets", remedy: "keep one")
      }
      try reader.refuseOthers()
      let shown = root.shown(path.text)
      let bytes = try root.load(path.text, namedAt: Place(file: file, point: path.point))
      let document: YAMLNode?
      do throws(YAMLSyntaxError) {
        document = try YAMLReader.documents(in: bytes, .init(rules: .version2, lastMemberCounts: true)).first
      } catch {
        throw KustomizeError(error, file: shown)
      }
      guard let document, document.scalar == nil else {
        throw KustomizeError(file: shown, "holds neither a replacement nor a list of them")
      }
      for element in document.elements ?? [document] {
        var inner = try FieldReader(element, file: shown, "a replacement", .lenient)
        replacements.append(try Replacement(&inner))
      }
    }
    return replacements
  }

  private init(_ reader: inout FieldReader) throws(KustomizeError) {
    place = reader.place
    guard let sourceNode = reader.value("source"), reader.value("targets") != nil else {
      throw KustomizeError(at: reader.place, "replacements must specify a source and at least one target")
    }
    var inner = try FieldReader(sourceNode, in: reader, "the source of a replacement")
    source = Source(
      id: ResourceID(
        gvk: try GVK(&inner), name: try inner.text("name") ?? "", namespace: try inner.text("namespace") ?? ""),
      fieldPath: try inner.text("fieldPath") ?? "", options: try Options(&inner))
    if source.fieldPath.isEmpty { source.fieldPath = Self.defaultPath }
    try inner.refuseOthers()
    targets = []
    for node in try reader.list("targets") { targets.append(try Target(node, in: reader)) }
  }
}

extension Replacement.Target {
  init(_ node: YAMLNode, in parent: FieldReader) throws(KustomizeError) {
    var reader = try FieldReader(node, in: parent, "a target of a replacement")
    place = reader.place
    guard let selectNode = reader.value("select") else {
      throw KustomizeError(at: reader.place, "target must specify resources to select")
    }
    select = try Selector(selectNode, in: reader)
    rejects = []
    for reject in try reader.list("reject") { rejects.append(try Selector(reject, in: reader)) }
    fieldPaths = try reader.texts("fieldPaths").map(\.text)
    if fieldPaths.isEmpty { fieldPaths = ["metadata.name"] }
    options = try Replacement.Options(&reader)
    try reader.refuseOthers()
  }
}

extension Replacement.Options {
  init(_ reader: inout FieldReader) throws(KustomizeError) {
    guard let node = reader.value("options") else { return }
    var inner = try FieldReader(node, in: reader, "options")
    delimiter = try inner.text("delimiter") ?? ""
    index = try inner.integer("index") ?? 0
    creates = try inner.flag("create")
    _ = try inner.text("encoding")  // Read and never used, as in kustomize.
    try inner.refuseOthers()
  }
}
