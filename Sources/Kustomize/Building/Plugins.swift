/// Generators and transformers that a kustomization names as objects of their own: those that are built in.
struct Plugins {
  let root: Root
  let reader: ResourceReader

  static func isBuiltIn(_ resource: Resource) -> Bool { resource.apiVersion == "builtin" }

  private static let generators = [
    "ConfigMapGenerator", "SecretGenerator", "IAMPolicyGenerator", "HelmChartInflationGenerator",
  ]

  private func unknown(_ resource: Resource) -> KustomizeError {
    if Self.isBuiltIn(resource) {
      return KustomizeError(
        at: resource.place, "unable to load builtin \(resource.gvk.text): there is none of that kind")
    }
    let isFunction =
      resource.annotation("config.kubernetes.io/function") != nil
      || resource.annotation("config.k8s.io/function") != nil
    let what = isFunction ? "a function in a container or a program" : "a plugin that is not built in"
    return KustomizeError(
      at: resource.place,
      "\(resource.kind) is \(what), and programs are not run here",
      remedy: "run it beforehand and name its output under resources")
  }

  func generator(_ resource: Resource) throws(KustomizeError) -> any Generator {
    guard Self.isBuiltIn(resource), Self.generators.contains(resource.kind) else { throw unknown(resource) }
    switch resource.kind {
    case "IAMPolicyGenerator": return try PolicyGenerator(resource, reader.schemas)
    case "HelmChartInflationGenerator":
      throw KustomizeError(
        at: resource.place, "Helm charts are not rendered here",
        remedy: "render the chart with `helm template` and name its output under resources")
    default:
      let isSecret = resource.kind == "SecretGenerator"
      var fields = try fields(resource)
      var entry = try GeneratorEntry(&fields, isSecret: isSecret)
      if entry.name.isEmpty { entry.name = resource.name }
      if entry.namespace.isEmpty { entry.namespace = resource.namespace }
      return DataGenerator(entry: entry, isSecret: isSecret, root: root, schemas: reader.schemas)
    }
  }

  private func fields(_ resource: Resource) throws(KustomizeError) -> FieldReader {
    try FieldReader(resource.node, file: resource.file, "a \(resource.kind)", .lenient)
  }

  private func specs(_ fields: inout FieldReader) throws(KustomizeError) -> [FieldSpec] {
    var specs: [FieldSpec] = []
    for node in try fields.list("fieldSpecs") { specs.append(try FieldSpec(node, in: fields)) }
    return specs
  }

  func transformer(_ resource: Resource) throws(KustomizeError) -> any Transformer {
    guard Self.isBuiltIn(resource) else { throw unknown(resource) }
    var fields = try fields(resource)
    switch resource.kind {
    case "AnnotationsTransformer":
      return TextsTransformer(try fields.textMap("annotations") ?? [], try specs(&fields))
    case "LabelTransformer": return TextsTransformer(try fields.textMap("labels") ?? [], try specs(&fields))
    case "HashTransformer": return HashTransformer()
    case "ImageTagTransformer":
      let image = try ImageEntry(fields.value("imageTag") ?? .null, in: fields)
      return try ImageTransformer(image, try specs(&fields), namedAt: resource.place)
    case "NamespaceTransformer": return try namespaceTransformer(resource, &fields)
    case "PatchJson6902Transformer":
      var entry = PatchEntry(place: resource.place)
      try entry.read(&fields, patchField: "jsonOp")
      return try PatchTransformer(operations: entry, root, reader.schemas, inlineName: "jsonOp")
    case "PatchStrategicMergeTransformer":
      var texts = try fields.texts("paths")
      if let node = fields.value("patches") {
        texts.append(
          PlacedText(text: try fields.text(node, "patches"), place: Place(file: resource.file, point: node.point)))
      }
      guard !texts.isEmpty else { throw KustomizeError(at: resource.place, "names neither paths nor patches") }
      return try StrategicPatchTransformer(texts, root, reader)
    case "PatchTransformer":
      var entry = PatchEntry(place: resource.place)
      try entry.read(&fields, patchField: "patch")
      return try PatchTransformer(entry, root, reader)
    case "PrefixTransformer", "SuffixTransformer", "PrefixSuffixTransformer":
      return try affixTransformer(resource, &fields)
    case "ReplacementTransformer":
      return ReplacementTransformer(
        replacements: try Replacement.load(fields.list("replacements"), file: resource.file, .lenient, root))
    case "ReplicaCountTransformer":
      let entry = try ReplicaEntry(fields.value("replica") ?? .null, in: fields)
      return ReplicasTransformer(entry: entry, specs: try specs(&fields))
    case "ValueAddTransformer": return try ValueAddTransformer(resource, root)
    default: throw unknown(resource)
    }
  }

  private func affixTransformer(
    _ resource: Resource, _ fields: inout FieldReader
  ) throws(KustomizeError) -> any Transformer {
    guard fields.value("fieldSpecs") != nil else {
      throw KustomizeError(at: resource.place, "fieldSpecs is missing", remedy: "fieldSpecs: [{ path: metadata/name }]")
    }
    let specs = try specs(&fields)
    let prefix = AffixTransformer(prefix: try fields.text("prefix") ?? "", isPrefix: true, specs: specs)
    let suffix = AffixTransformer(suffix: try fields.text("suffix") ?? "", isPrefix: false, specs: specs)
    switch resource.kind {
    case "PrefixTransformer": return prefix
    case "SuffixTransformer": return suffix
    default: return SeveralTransformers(transformers: [prefix, suffix])
    }
  }

  private func namespaceTransformer(
    _ resource: Resource, _ fields: inout FieldReader
  ) throws(KustomizeError) -> NamespaceTransformer {
    let mode = try fields.text("setRoleBindingSubjects") ?? ""
    guard let subjects = mode.isEmpty ? .defaultOnly : NamespaceTransformer.Subjects(rawValue: mode) else {
      throw KustomizeError(
        at: resource.place, "setRoleBindingSubjects must be defaultOnly, none or allServiceAccounts, not \"\(mode)\"")
    }
    return NamespaceTransformer(
      namespace: resource.namespace, specs: try specs(&fields), onlyUnset: try fields.flag("unsetOnly"),
      subjects: subjects)
  }
}
