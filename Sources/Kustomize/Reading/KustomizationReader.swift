internal import Kubernetes

extension Kustomization {
  /// Finds and reads the kustomization of a directory.
  static func load(from root: Root) throws(KustomizeError) -> Kustomization {
    var found: [String] = []
    for name in fileNames where root.kind(of: name) == .file { found.append(name) }
    guard let name = found.first else {
      throw KustomizeError(
        file: root.shownPath,
        "unable to find one of 'kustomization.yaml', 'kustomization.yml' or 'Kustomization' in directory '\(root.shownPath)'"
      )
    }
    guard found.count == 1 else {
      throw KustomizeError(
        file: root.shownPath, "Found multiple kustomization files: \(found.joined(separator: " and "))",
        remedy: "keep one of them")
    }
    let file = root.shown(name)
    let bytes = try root.load(name, namedAt: Place(file: file, point: .unknown))
    return try Kustomization(bytes, file: file, name: name)
  }

  init(_ bytes: [UInt8], file: String, name: String) throws(KustomizeError) {
    self.init(file: file, fileName: name)
    let documents: [YAMLNode]
    do throws(YAMLSyntaxError) {
      documents = try YAMLReader.documents(in: bytes, .init(rules: .version2, lastMemberCounts: true))
    } catch {
      throw KustomizeError(error, file: file)
    }
    guard let node = documents.first else { throw KustomizeError(file: file, "is empty") }
    var reader = try FieldReader(node, file: file, "a kustomization")
    try readHeader(&reader)
    try readOperands(&reader)
    try readTransformers(&reader)
    try readGenerators(&reader)
    try reader.refuseOthers()
    let header: Set = ["kind", "apiversion"]
    guard reader.map.entries.contains(where: { !header.contains($0.key.lowercased()) && !isZero($0.value) }) else {
      throw KustomizeError(file: file, "is empty: it says nothing but its kind")
    }
  }

  private func isZero(_ node: YAMLNode) -> Bool {
    switch node.content {
    case .scalar(let scalar): scalar.tag == .null || (scalar.tag == .string && scalar.text.isEmpty)
    case .sequence, .mapping: false
    }
  }

  private mutating func readHeader(_ reader: inout FieldReader) throws(KustomizeError) {
    let kindNode = reader.value("kind")
    let kind = try reader.text("kind") ?? ""
    let version = try reader.text("apiVersion") ?? ""
    guard ["", "Kustomization", "Component"].contains(kind) else {
      throw KustomizeError(
        at: Place(file: file, point: kindNode?.point ?? .unknown),
        "kind should be Kustomization or Component, not \(kind)")
    }
    isComponent = kind == "Component"
    let wanted = isComponent ? "kustomize.config.k8s.io/v1alpha1" : "kustomize.config.k8s.io/v1beta1"
    guard version.isEmpty || version == wanted else {
      throw KustomizeError(
        at: Place(file: file, point: reader.value("apiVersion")?.point ?? .unknown),
        "apiVersion for \(isComponent ? "Component" : "Kustomization") should be \(wanted)")
    }
    if let metadata = reader.value("metadata") {
      var inner = try FieldReader(metadata, in: reader, "metadata")
      _ = (
        try inner.text("name"), try inner.text("namespace"), try inner.textMap("labels"),
        try inner.textMap("annotations")
      )
      try inner.refuseOthers()
    }
    if let openAPI = reader.value("openapi") {
      guard let map = openAPI.map else { throw reader.failure(openAPI, "openapi", "a map") }
      for entry in map.entries {
        let text = PlacedText(
          text: try reader.text(entry.value, "openapi.\(entry.key)"), place: Place(file: file, point: entry.value.point)
        )
        if entry.key == "path" { openAPIPath = text }
        if entry.key == "version" { openAPIVersion = text }
      }
    }
    for option in try reader.texts("buildMetadata") { buildMetadata.insert(option.text) }
  }

  private mutating func readOperands(_ reader: inout FieldReader) throws(KustomizeError) {
    resources = try reader.texts("resources")
    if reader.value("bases") != nil { warn("bases", "resources") }
    resources += try reader.texts("bases")
    components = try reader.texts("components")
    crds = try reader.texts("crds")
    configurations = try reader.texts("configurations")
    generators = try reader.texts("generators")
    transformers = try reader.texts("transformers")
    validators = try reader.texts("validators")
    for name in ["helmGlobals", "helmCharts", "helmChartInflationGenerator"] {
      guard let node = reader.value(name) else { continue }
      if node.isNullOrEmpty { continue }
      throw KustomizeError(
        at: Place(file: file, point: node.point), "\(name): Helm charts are not rendered here",
        remedy: "render the chart with `helm template` and name its output under resources")
    }
    if let node = reader.value("sortOptions") { sortOptions = try SortOptions(node, in: reader) }
  }

  private mutating func warn(_ old: String, _ new: String) {
    warnings.append("\(file): warning: '\(old)' is deprecated; use '\(new)' instead")
  }

  private mutating func readTransformers(_ reader: inout FieldReader) throws(KustomizeError) {
    namePrefix = try reader.text("namePrefix") ?? ""
    nameSuffix = try reader.text("nameSuffix") ?? ""
    namespace = try reader.text("namespace") ?? ""
    if reader.value("commonLabels") != nil { warn("commonLabels", "labels") }
    commonLabels = try reader.textMap("commonLabels") ?? []
    for node in try reader.list("labels") { labels.append(try LabelEntry(node, in: reader)) }
    commonAnnotations = try reader.textMap("commonAnnotations") ?? []
    if reader.value("patchesStrategicMerge") != nil { warn("patchesStrategicMerge", "patches") }
    strategicPatches = try reader.texts("patchesStrategicMerge")
    if reader.value("patchesJson6902") != nil { warn("patchesJson6902", "patches") }
    for node in try reader.list("patchesJson6902") { jsonPatches.append(try PatchEntry(node, in: reader)) }
    for node in try reader.list("patches") { patches.append(try PatchEntry(node, in: reader)) }
    if reader.value("imageTags") != nil { warn("imageTags", "images") }
    for name in ["images", "imageTags"] {
      for node in try reader.list(name) { images.append(try ImageEntry(node, in: reader)) }
    }
    for node in try reader.list("replicas") { replicas.append(try ReplicaEntry(node, in: reader)) }
    replacements = try reader.list("replacements")
    if reader.value("vars") != nil { warn("vars", "replacements") }
    for node in try reader.list("vars") { variables.append(try Variable(node, in: reader)) }
  }

  private mutating func readGenerators(_ reader: inout FieldReader) throws(KustomizeError) {
    for node in try reader.list("configMapGenerator") {
      var inner = try FieldReader(node, in: reader, "a configMapGenerator")
      configMaps.append(try GeneratorEntry(&inner, isSecret: false))
      try inner.refuseOthers()
    }
    for node in try reader.list("secretGenerator") {
      var inner = try FieldReader(node, in: reader, "a secretGenerator")
      secrets.append(try GeneratorEntry(&inner, isSecret: true))
      try inner.refuseOthers()
    }
    if let node = reader.value("generatorOptions") { generatorOptions = try GeneratorOptions(node, in: reader) }
  }
}
