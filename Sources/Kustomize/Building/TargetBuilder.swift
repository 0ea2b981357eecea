/// Builds one kustomization and those that it leads to, in kustomize's order
/// (https://github.com/kubernetes-sigs/kustomize/blob/kustomize/v5.5.0/api/internal/target/kusttarget.go).
final class TargetBuilder {
  let kustomization: Kustomization
  let root: Root
  let context: BuildContext
  private var origin: Origin?

  init(_ kustomization: Kustomization, _ root: Root, _ context: BuildContext, origin: Origin?) {
    self.kustomization = kustomization
    self.root = root
    self.context = context
    self.origin = origin
  }

  private var reader: ResourceReader { context.reader }

  /// - Parameter accumulator: empty, or what a component is to change.
  func accumulate(into accumulator: Accumulator = Accumulator()) throws(KustomizeError) -> Accumulator {
    let file = kustomization.file
    try accumulateResources(kustomization.resources, into: accumulator)
    try accumulator.mergeStandard(with: try configurations(), file: file)
    for crd in kustomization.crds {
      let document = try document(crd)
      let kinds: TransformerConfiguration
      do throws(TransformerConfiguration.Conflict) {
        kinds = try TransformerConfiguration(customKinds: document)
      } catch {
        throw KustomizeError(at: crd.place, "conflicting fieldspecs: \(error.path)")
      }
      try accumulator.merge(kinds, file: file)
    }
    try runGenerators(accumulator)
    let result = try accumulateComponents(accumulator)
    try runTransformers(result)
    for validator in try plugins(kustomization.validators) { try validate(validator, result) }
    try result.addVariables(kustomization.variables)
    return result
  }

  private func configurations() throws(KustomizeError) -> TransformerConfiguration? {
    guard !kustomization.configurations.isEmpty else { return nil }
    var result = TransformerConfiguration()
    for path in kustomization.configurations {
      let configuration = try TransformerConfiguration(try document(path), file: root.shown(path.text))
      do throws(TransformerConfiguration.Conflict) { try result.merge(configuration) } catch {
        throw KustomizeError(
          at: path.place, "conflicting fieldspecs: \(error.path) is said both to be created and not to be")
      }
    }
    return result
  }

  /// The first document of a file that is neither objects nor a kustomization.
  private func document(_ path: PlacedText) throws(KustomizeError) -> YAMLNode {
    let bytes = try root.load(path.text, namedAt: path.place)
    do throws(YAMLSyntaxError) {
      return try YAMLReader.documents(in: bytes, .init(rules: .version2)).first ?? .null
    } catch {
      throw KustomizeError(error, file: root.shown(path.text))
    }
  }

  // MARK: Resources

  private func accumulateResources(_ paths: [PlacedText], into accumulator: Accumulator) throws(KustomizeError) {
    for path in paths {
      switch root.kind(of: path.text) {
      case .file:
        let bytes = try root.load(path.text, namedAt: path.place)
        let resources = try reader.resources(in: bytes, file: root.shown(path.text))
        if let origin {
          for resource in resources { resource.origin = origin.appending(path.text) }
        }
        try accumulator.set.append(contentsOf: resources)
      case .directory, nil:
        try accumulateDirectory(path, into: accumulator, isComponent: false)
      }
    }
  }

  @discardableResult
  private func accumulateDirectory(
    _ path: PlacedText, into accumulator: Accumulator, isComponent: Bool
  ) throws(KustomizeError) -> Accumulator {
    guard !path.text.isEmpty else { throw KustomizeError(at: path.place, "a path is empty") }
    let child: Root
    do throws(KustomizeError) { child = try root.child(path.text, namedAt: path.place) } catch {
      var error = error
      error.message = "accumulating \(isComponent ? "components" : "resources"): " + error.message
      throw error
    }
    try context.enter()
    var inner: Kustomization
    do throws(KustomizeError) { inner = try Kustomization.load(from: child) } catch {
      guard error.line == 0, error.file == child.shownPath else { throw error }
      throw KustomizeError(at: path.place, "accumulating resources: \(error.file): \(error.message)")
    }
    context.warnings += inner.warnings
    inner.buildMetadata = kustomization.buildMetadata
    try context.chooseSchemas(inner, child)
    guard inner.isComponent == isComponent else {
      throw KustomizeError(
        at: path.place,
        isComponent
          ? "accumulating components: accumulateDirectory: "
            + "\"expected kind 'Component' for path '\(child.shownPath)' but got 'Kustomization'\""
          : "expected kind != 'Component' for path '\(child.shownPath)'",
        remedy: isComponent ? "name it under resources" : "name it under components")
    }
    let builder = TargetBuilder(inner, child, context, origin: origin?.appending(path.text))
    if isComponent {
      let changed = try builder.accumulate(into: accumulator)
      let fresh = Accumulator()
      try fresh.merge(changed, file: kustomization.file)
      return fresh
    }
    try accumulator.merge(try builder.accumulate(), file: kustomization.file)
    return accumulator
  }

  private func accumulateComponents(_ accumulator: Accumulator) throws(KustomizeError) -> Accumulator {
    var result = accumulator
    for path in kustomization.components {
      result = try accumulateDirectory(path, into: result, isComponent: true)
    }
    return result
  }

  // MARK: Generators

  private func runGenerators(_ accumulator: Accumulator) throws(KustomizeError) {
    for (entries, isSecret) in [(kustomization.configMaps, false), (kustomization.secrets, true)] {
      let made = origin?.builtIn(isSecret ? "SecretGenerator" : "ConfigMapGenerator", in: kustomization.fileName)
      for entry in entries {
        var entry = entry
        entry.options = GeneratorOptions.merged(entry.options, over: kustomization.generatorOptions)
        let generator = DataGenerator(entry: entry, isSecret: isSecret, root: root, schemas: context.schemas)
        try run(generator, made, accumulator)
      }
    }
    for resource in try pluginResources(kustomization.generators) {
      let plugins = Plugins(root: root, reader: reader)
      try run(try plugins.generator(resource), origin(of: resource), accumulator)
    }
  }

  private func run(_ generator: any Generator, _ made: Origin?, _ accumulator: Accumulator) throws(KustomizeError) {
    for resource in try generator.generate() {
      if resource.origin == nil { resource.origin = made }
      try accumulator.set.absorb(resource)
    }
  }

  /// The objects under `generators`, `transformers` or `validators`: written there, or in files and directories.
  private func pluginResources(_ entries: [PlacedText]) throws(KustomizeError) -> [Resource] {
    let accumulator = Accumulator()
    var paths: [PlacedText] = []
    for entry in entries {
      guard let resources = try? reader.resources(inline: entry),
        !resources.isEmpty
      else {
        paths.append(entry)
        continue
      }
      for resource in resources { resource.origin = origin?.appending(kustomization.fileName) }
      try accumulator.set.append(contentsOf: resources)
    }
    try accumulateResources(paths, into: accumulator)
    return accumulator.set.resources
  }

  private func origin(of plugin: Resource) -> Origin? {
    guard let origin = plugin.origin else { return nil }
    return Origin(
      configuredIn: origin.path,
      configuredBy: (plugin.apiVersion, plugin.kind, plugin.name, plugin.namespace))
  }

  // MARK: Transformers

  private typealias Step = (transformer: any Transformer, origin: Origin?)

  private func plugins(_ entries: [PlacedText]) throws(KustomizeError) -> [Step] {
    let plugins = Plugins(root: root, reader: reader)
    var steps: [Step] = []
    for resource in try pluginResources(entries) {
      steps.append((try plugins.transformer(resource), origin(of: resource)))
    }
    return steps
  }

  private func runTransformers(_ accumulator: Accumulator) throws(KustomizeError) {
    let configuration = accumulator.configuration
    var steps: [Step] = []
    func add(_ transformer: any Transformer, _ kind: String) {
      steps.append((transformer, origin?.builtIn(kind, in: kustomization.fileName)))
    }
    let place = Place(file: kustomization.file, point: .unknown)
    if !kustomization.strategicPatches.isEmpty {
      add(
        try StrategicPatchTransformer(kustomization.strategicPatches, root, reader), "PatchStrategicMergeTransformer")
    }
    for patch in kustomization.patches { add(try PatchTransformer(patch, root, reader), "PatchTransformer") }
    if !kustomization.namespace.isEmpty {
      add(
        NamespaceTransformer(namespace: kustomization.namespace, specs: configuration.namespace), "NamespaceTransformer"
      )
    }
    if !kustomization.namePrefix.isEmpty {
      add(
        AffixTransformer(prefix: kustomization.namePrefix, isPrefix: true, specs: configuration.namePrefix),
        "PrefixTransformer")
    }
    if !kustomization.nameSuffix.isEmpty {
      add(
        AffixTransformer(suffix: kustomization.nameSuffix, isPrefix: false, specs: configuration.nameSuffix),
        "SuffixTransformer")
    }
    for label in kustomization.labels {
      add(TextsTransformer(label.pairs, try fields(of: label, configuration)), "LabelTransformer")
    }
    if !kustomization.labels.isEmpty || !kustomization.commonLabels.isEmpty {
      add(TextsTransformer(kustomization.commonLabels, configuration.commonLabels), "LabelTransformer")
    }
    if !kustomization.commonAnnotations.isEmpty {
      add(TextsTransformer(kustomization.commonAnnotations, configuration.commonAnnotations), "AnnotationsTransformer")
    }
    for patch in kustomization.jsonPatches {
      add(try PatchTransformer(operations: patch, root, context.schemas), "PatchJson6902Transformer")
    }
    for replica in kustomization.replicas {
      add(ReplicasTransformer(entry: replica, specs: configuration.replicas), "ReplicaCountTransformer")
    }
    for image in kustomization.images {
      add(try ImageTransformer(image, configuration.images, namedAt: place), "ImageTagTransformer")
    }
    if !kustomization.replacements.isEmpty {
      let replacements = try Replacement.load(kustomization.replacements, file: kustomization.file, .strict, root)
      add(ReplacementTransformer(replacements: replacements), "ReplacementTransformer")
    }
    steps += try plugins(kustomization.transformers)
    for step in steps { try run(step, accumulator.set) }
  }

  private func run(_ step: Step, _ set: ResourceSet) throws(KustomizeError) {
    try step.transformer.transform(set)
    if let origin = step.origin {
      for resource in set.resources {
        // What has no origin yet was made by this step.
        if resource.origin == nil { resource.origin = origin } else { resource.transformations.append(origin) }
      }
    }
    set.removeEmpty()
  }

  private func fields(of label: LabelEntry, _ configuration: TransformerConfiguration) throws(KustomizeError)
    -> [FieldSpec]
  {
    var fields = label.fields
    do throws(TransformerConfiguration.Conflict) {
      try TransformerConfiguration.merge(&fields, configuration.labels)
      if label.includesSelectors {
        try TransformerConfiguration.merge(&fields, configuration.commonLabels)
      } else {
        if label.includesTemplates { try TransformerConfiguration.merge(&fields, configuration.templateLabels) }
        try TransformerConfiguration.merge(&fields, [FieldSpec(path: "metadata/labels", creates: true)])
      }
    } catch {
      throw KustomizeError(
        file: kustomization.file,
        "labels: conflicting fieldspecs: \(error.path) is said both to be created and not to be")
    }
    return fields
  }

  private func validate(_ step: Step, _ accumulator: Accumulator) throws(KustomizeError) {
    func texts() throws(KustomizeError) -> [[UInt8]] {
      var texts: [[UInt8]] = []
      for resource in accumulator.set.resources {
        var node = resource.node
        node.removeLabel("validated-by")
        texts.append(try Output.bytes(of: node, file: resource.file))
      }
      return texts
    }
    let before = try texts()
    try step.transformer.transform(accumulator.set)
    guard try texts() == before else {
      throw KustomizeError(file: kustomization.file, "validator shouldn't modify the resource map")
    }
  }
}

extension YAMLNode {
  fileprivate mutating func removeLabel(_ key: String) {
    guard self["metadata"]?["labels"]?[key] != nil else { return }
    _ = updateMap {
      $0.update("metadata") {
        $0.updateMap {
          $0.update("labels") { $0.updateMap { $0[key] = nil } }
          if $0["labels"]?.isEmptyMap == true { $0["labels"] = nil }
        }
      }
    }
  }
}
