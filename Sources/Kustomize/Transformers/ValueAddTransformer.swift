/// Puts one value into fields of resources, on its own or as a part of a path, as the builtin of that name does
/// (https://github.com/kubernetes-sigs/kustomize/blob/kustomize/v5.5.0/api/filters/valueadd/valueadd.go).
struct ValueAddTransformer: Transformer {
  private struct Target {
    var selector: CompiledSelector?
    var fieldPath: String
    var filePathPosition: Int
  }

  private let value: String
  private var targets: [Target] = []

  init(_ configuration: Resource, _ root: Root) throws(KustomizeError) {
    var reader = try FieldReader(configuration.node, file: configuration.file, "a ValueAddTransformer", .lenient)
    let given = String((try reader.text("value") ?? "").trimming(\.isWhitespace))
    value = given.isEmpty ? FilePath.lastPart(root.path) : given
    var nodes = try reader.list("targets").map { ($0, configuration.file) }
    if let path = reader.value("targetFilePath") {
      let shown = root.shown(path.text)
      let bytes = try root.load(path.text, namedAt: Place(file: configuration.file, point: path.point))
      do throws(YAMLSyntaxError) {
        let document = try YAMLReader.documents(in: bytes, .init(rules: .version2, lastMemberCounts: true)).first
        nodes += (document?["targets"]?.elements ?? []).map { ($0, shown) }
      } catch {
        throw KustomizeError(error, file: shown)
      }
    }
    guard !nodes.isEmpty else { throw KustomizeError(at: configuration.place, "must specify at least one target") }
    for (node, file) in nodes {
      var fields = try FieldReader(node, file: file, "a target", .lenient)
      let selector = try fields.value("selector").map { (node) throws(KustomizeError) in try Selector(node, in: fields)
      }
      let target = Target(
        selector: try selector.map { (selector) throws(KustomizeError) in try CompiledSelector(selector) },
        fieldPath: try fields.text("fieldPath") ?? "", filePathPosition: try fields.integer("filePathPosition") ?? 0)
      guard !target.fieldPath.isEmpty else { throw KustomizeError(at: fields.place, "fieldPath cannot be empty") }
      guard target.filePathPosition >= 0 else {
        throw KustomizeError(at: fields.place, "filePathPosition cannot be negative")
      }
      targets.append(target)
    }
  }

  func transform(_ set: ResourceSet) throws(KustomizeError) {
    for target in targets {
      for resource in target.selector?.select(from: set) ?? set.resources {
        if target.fieldPath == "metadata/namespace" {
          try NamespaceTransformer(namespace: value, specs: []).apply(to: resource)
          continue
        }
        let parts = FieldPath.split(target.fieldPath, "/").map { $0.replacing("\\/", with: "/") }
        do throws(FieldVisitor.Failure) {
          let creation = YAMLNode(.scalar(YAMLScalar(text: "", tag: .none)))
          try FieldMatches(parts, creating: creation).visit(&resource.node) { (node) throws(FieldVisitor.Failure) in
            let text =
              target.filePathPosition > 0
              ? Self.insert(value, into: node.text, at: target.filePathPosition - 1) : value
            try node.replaceText(text)
          }
        } catch {
          throw KustomizeError(error, in: resource)
        }
      }
      set.namesChanged()
    }
  }

  /// Puts a part into a path at a position; one beyond the end is the end. An absolute path stays one.
  private static func insert(_ part: String, into path: String, at position: Int) -> String {
    if path.isEmpty { return part }
    var parts = path.split(separator: "/").map(String.init)
    parts.insert(part, at: min(position, parts.count))
    return (path.hasPrefix("/") ? "/" : "") + parts.joined(separator: "/")
  }
}
