/// The entries of a kustomization's lists, each read from its map.
extension LabelEntry {
  init(_ node: YAMLNode, in parent: FieldReader) throws(KustomizeError) {
    var reader = try FieldReader(node, in: parent, "an entry of labels")
    pairs = try reader.textMap("pairs") ?? []
    includesSelectors = try reader.flag("includeSelectors")
    includesTemplates = try reader.flag("includeTemplates")
    for field in try reader.list("fields") { fields.append(try FieldSpec(field, in: reader)) }
    try reader.refuseOthers()
  }
}

extension FieldSpec {
  init(_ node: YAMLNode, in parent: FieldReader) throws(KustomizeError) {
    var reader = try FieldReader(node, in: parent, "a field specification")
    try self.init(&reader)
    try reader.refuseOthers()
  }

  init(_ reader: inout FieldReader) throws(KustomizeError) {
    gvk = try GVK(&reader)
    path = try reader.text("path") ?? ""
    creates = try reader.flag("create")
  }
}

extension GVK {
  init(_ reader: inout FieldReader) throws(KustomizeError) {
    self.init(
      group: try reader.text("group") ?? "", version: try reader.text("version") ?? "",
      kind: try reader.text("kind") ?? "")
  }
}

extension Selector {
  init(_ node: YAMLNode, in parent: FieldReader) throws(KustomizeError) {
    var reader = try FieldReader(node, in: parent, "a selector of resources")
    place = reader.place
    try read(&reader)
    try reader.refuseOthers()
  }

  private mutating func read(_ reader: inout FieldReader) throws(KustomizeError) {
    id = ResourceID(
      gvk: try GVK(&reader), name: try reader.text("name") ?? "", namespace: try reader.text("namespace") ?? "")
    labels = try reader.text("labelSelector") ?? ""
    annotations = try reader.text("annotationSelector") ?? ""
  }
}

extension PatchEntry {
  init(_ node: YAMLNode, in parent: FieldReader) throws(KustomizeError) {
    var reader = try FieldReader(node, in: parent, "a patch")
    self.init(place: reader.place)
    try read(&reader, patchField: "patch")
    try reader.refuseOthers()
  }

  mutating func read(_ reader: inout FieldReader, patchField: String) throws(KustomizeError) {
    for name in ["path", patchField] {
      guard let node = reader.value(name) else { continue }
      let text = PlacedText(text: try reader.text(node, name), place: Place(file: reader.file, point: node.point))
      if name == "path" { path = text } else { patch = text }
    }
    if let node = reader.value("target") { target = try Selector(node, in: reader) }
    if let node = reader.value("options") {
      guard let map = node.map else { throw reader.failure(node, "options", "a map") }
      for entry in map.entries {
        guard let scalar = entry.value.scalar, scalar.tag == .bool else {
          throw reader.failure(entry.value, "options.\(entry.key)", "true or false")
        }
        if entry.key == "allowNameChange" { allowsNameChange = PlainScalar.bool(scalar.text) }
        if entry.key == "allowKindChange" { allowsKindChange = PlainScalar.bool(scalar.text) }
      }
    }
  }
}

extension ImageEntry {
  init(_ node: YAMLNode, in parent: FieldReader) throws(KustomizeError) {
    var reader = try FieldReader(node, in: parent, "an image")
    name = try reader.text("name") ?? ""
    newName = try reader.text("newName") ?? ""
    newTag = try reader.text("newTag") ?? ""
    tagSuffix = try reader.text("tagSuffix") ?? ""
    digest = try reader.text("digest") ?? ""
    try reader.refuseOthers()
  }
}

extension ReplicaEntry {
  init(_ node: YAMLNode, in parent: FieldReader) throws(KustomizeError) {
    var reader = try FieldReader(node, in: parent, "an entry of replicas")
    self.init(place: reader.place)
    name = try reader.text("name") ?? ""
    count = try reader.integer("count") ?? 0
    try reader.refuseOthers()
  }
}

extension Variable {
  init(_ node: YAMLNode, in parent: FieldReader) throws(KustomizeError) {
    var reader = try FieldReader(node, in: parent, "a variable")
    self.init(place: reader.place)
    name = try reader.text("name") ?? ""
    if let reference = reader.value("objref") {
      var inner = try FieldReader(reference, in: reader, "objref")
      gvk = try GVK(&inner)
      if let version = try inner.text("apiVersion"), !version.isEmpty {
        let parts = version.split(separator: "/", omittingEmptySubsequences: false)
        if parts.count == 2 { (gvk.group, gvk.version) = (String(parts[0]), String(parts[1])) }
        if parts.count == 1 { gvk.version = version }
      }
      objectName = try inner.text("name") ?? ""
      objectNamespace = try inner.text("namespace") ?? ""
      try inner.refuseOthers()
    }
    if let field = reader.value("fieldref") {
      var inner = try FieldReader(field, in: reader, "fieldref")
      if let path = try inner.text("fieldPath"), !path.isEmpty { fieldPath = path }
      try inner.refuseOthers()
    }
    try reader.refuseOthers()
  }
}

extension SortOptions {
  init(_ node: YAMLNode, in parent: FieldReader) throws(KustomizeError) {
    var reader = try FieldReader(node, in: parent, "sortOptions")
    self.init(place: reader.place)
    order = try reader.text("order") ?? ""
    if let options = reader.value("legacySortOptions") {
      var inner = try FieldReader(options, in: reader, "legacySortOptions")
      legacy = (try inner.texts("orderFirst").map(\.text), try inner.texts("orderLast").map(\.text))
      try inner.refuseOthers()
    }
    try reader.refuseOthers()
  }
}

extension GeneratorEntry {
  init(_ reader: inout FieldReader, isSecret: Bool) throws(KustomizeError) {
    self.init(place: reader.place)
    name = try reader.text("name") ?? ""
    namespace = try reader.text("namespace") ?? ""
    behavior = GenerationBehavior(rawValue: try reader.text("behavior") ?? "") ?? .unspecified
    literals = try reader.texts("literals")
    files = try reader.texts("files")
    envs = try reader.texts("envs")
    // The generator itself knows only envs: what a kustomization says is moved there.
    if reader.decoding == .strict, let node = reader.value("env") {
      let text = try reader.text(node, "env")
      if !text.isEmpty { envs.append(PlacedText(text: text, place: Place(file: reader.file, point: node.point))) }
    }
    if let node = reader.value("options") { options = try GeneratorOptions(node, in: reader) }
    if isSecret { type = try reader.text("type") ?? "" }
  }
}

extension GeneratorOptions {
  init(_ node: YAMLNode, in parent: FieldReader) throws(KustomizeError) {
    var reader = try FieldReader(node, in: parent, "generator options")
    labels = try reader.textMap("labels") ?? []
    annotations = try reader.textMap("annotations") ?? []
    disablesHash = try reader.flag("disableNameSuffixHash")
    isImmutable = try reader.flag("immutable")
    try reader.refuseOthers()
  }
}
