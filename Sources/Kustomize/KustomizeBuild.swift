/// What a build is asked for, beside the kustomization itself.
public struct KustomizeOptions: Sendable {
  /// Whether kustomizations may read files that are not in or below their own directory.
  public var allowsFilesOutside = false
  /// Whether every object gets the label `app.kubernetes.io/managed-by`.
  public var addsManagedByLabel = false

  public init() {}
}

/// What a build gives.
public struct KustomizeResult: Sendable {
  /// The objects as YAML, as `kustomize build` prints them.
  public var yaml: [UInt8]
  /// The objects one by one, in their order.
  public var objects: [Object]
  /// Deprecated fields and variables that nothing uses.
  public var warnings: [String]

  public struct Object: Sendable {
    /// Where its text stands in `yaml`.
    public var range: Range<Int>
    /// As kustomize calls the object's file: `apps_v1_deployment_web.yaml`.
    public var fileName: String
    /// `default` where none is written; nil for objects that have none.
    public var namespace: String?
    /// Where it was read, before anything was changed; line 0 where it was generated.
    public var file: String
    public var line: Int
  }
}

/// Builds kustomizations as kustomize 5.5 does, byte for byte
/// (https://github.com/kubernetes-sigs/kustomize/tree/kustomize/v5.5.0).
///
/// ```swift
/// let tree = FileTree(memory: ["/app/kustomization.yaml": Array("resources: [deployment.yaml]".utf8), …])
/// let result = try Kustomize.build("/app", files: tree)
/// ```
public enum Kustomize {
  /// As `kubectl kustomize` has it, whose builder has no version of its own.
  private static let managedBy = (key: "app.kubernetes.io/managed-by", text: "kustomize-(devel)")

  /// - Parameters:
  ///   - directory: absolute; the one that holds the kustomization.
  ///   - shownPath: what messages call it.
  /// - Throws: `KustomizeError`: where something is wrong, and what to do about it.
  public static func build(
    _ directory: String, shownAs shownPath: String? = nil, files: FileTree, _ options: KustomizeOptions = .init()
  ) throws(KustomizeError) -> KustomizeResult {
    let root = try Root.top(
      directory, shownAs: shownPath ?? directory, files: files, allowsFilesOutside: options.allowsFilesOutside)
    let context = BuildContext()
    let kustomization = try Kustomization.load(from: root)
    context.warnings += kustomization.warnings
    try context.chooseSchemas(kustomization, root)
    let origin = kustomization.buildMetadata.isEmpty ? nil : Origin()
    let builder = TargetBuilder(kustomization, root, context, origin: origin)
    let accumulator = try builder.accumulate()
    let set = accumulator.set
    try HashTransformer().transform(set)
    try ReferenceTransformer(references: accumulator.configuration.nameReference).transform(set)
    try context.resolveVariables(of: accumulator)
    for resource in set.resources { try resource.checkIsWhole() }
    set.keep { resource in
      guard let local = resource.annotation("config.kubernetes.io/local-config") else { return true }
      return local == "false"
    }
    let sort = kustomization.sortOptions ?? SortOptions(order: "legacy", place: Place(file: "", point: .unknown))
    try SortTransformer(options: sort, place: sort.place).transform(set)
    if options.addsManagedByLabel || kustomization.buildMetadata.contains("managedByLabel") {
      try TextsTransformer([managedBy], [FieldSpec(path: "metadata/labels", creates: true)]).transform(set)
    }
    for resource in set.resources { resource.finishAnnotations(kustomization.buildMetadata) }
    return try Output.result(set.resources, warnings: context.warnings)
  }
}

/// What all kustomizations of one build share.
final class BuildContext {
  let schemas = SchemaChoice()
  var warnings: [String] = []
  /// How many kustomizations have been read: many may name the same ones over and over.
  private var entered = 0
  private static let kustomizationsMax = 50_000

  var reader: ResourceReader { ResourceReader(schemas: schemas) }

  func enter() throws(KustomizeError) {
    entered += 1
    guard entered <= Self.kustomizationsMax else {
      throw KustomizeError(file: "", "more than \(Self.kustomizationsMax) kustomizations are built for one")
    }
  }

  /// The schemas that a kustomization names; the first one that names some decides.
  func chooseSchemas(_ kustomization: Kustomization, _ root: Root) throws(KustomizeError) {
    var bytes: [UInt8]?
    if let path = kustomization.openAPIPath { bytes = try root.load(path.text, namedAt: path.place) }
    guard !schemas.isChosen else { return }
    let version = kustomization.openAPIVersion
    if let bytes, let path = kustomization.openAPIPath {
      if let version {
        throw KustomizeError(at: version.place, "builtin version and custom schema provided, cannot use both")
      }
      do throws(YAMLSyntaxError) {
        let document = try YAMLReader.documents(in: bytes, .init(rules: .version2, lastMemberCounts: true)).first
        schemas.choose(document: document ?? .null)
      } catch {
        throw KustomizeError(error, file: root.shown(path.text))
      }
      return
    }
    guard let version, !version.text.isEmpty else { return }
    guard version.text == "v1.21.2" else {
      throw KustomizeError(
        at: version.place, "the specified OpenAPI version is not built in: \(version.text)", remedy: "v1.21.2 is")
    }
    schemas.chooseBuiltIn()
  }

  func resolveVariables(of accumulator: Accumulator) throws(KustomizeError) {
    if accumulator.variables.isEmpty { return }
    var values: [String: YAMLScalar] = [:]
    var owners: [String: Resource] = [:]
    for resource in accumulator.set.resources {
      for name in resource.variableNames where owners[name] == nil { owners[name] = resource }
    }
    for variable in accumulator.variables.values.sorted(by: { $0.name < $1.name }) {
      guard let owner = owners[variable.name] else {
        throw KustomizeError(
          at: variable.place, "var '\(variable.name)' cannot be mapped to a field in the set of known resources",
          remedy: "check objref")
      }
      var value: YAMLNode?
      do throws(FieldVisitor.Failure) {
        value = try FieldLookup(Self.variablePath(variable.fieldPath)).find(in: owner.node)
      } catch {
        throw KustomizeError(at: variable.place, "fieldPath \(variable.fieldPath): \(error.message)")
      }
      guard let value else {
        throw KustomizeError(
          at: variable.place,
          "field specified in var '\(variable.name)' not found in corresponding resource: \(variable.fieldPath)")
      }
      // A list or a map cannot stand in a text; its variable stays as it is written.
      if let scalar = value.scalar { values[variable.name] = scalar }
    }
    let used = try VariableTransformer(values, accumulator.configuration.varReference).transform(accumulator.set)
    let unused = accumulator.variables.keys.filter { !used.contains($0) }.sorted()
    if !unused.isEmpty {
      warnings.append("well-defined vars that were never replaced: \(unused.joined(separator: ","))")
    }
  }

  /// `spec.containers[0].image` as well as `spec.containers.[name=a].image`.
  private static func variablePath(_ path: String) -> [String] {
    FieldPath.splitBrackets(path).flatMap { part -> [String] in
      guard part.hasSuffix("]"), let open = part.lastIndex(of: "["),
        let index = Int(part[part.index(after: open)...].dropLast()), index >= 0
      else { return [part] }
      return (open > part.startIndex ? [String(part[..<open])] : []) + [String(index)]
    }
  }
}

extension Resource {
  /// - Throws: where patches or replacements took away what every object needs.
  fileprivate func checkIsWhole() throws(KustomizeError) {
    guard !kind.isEmpty else { throw KustomizeError(at: place, "missing kind in object: nothing of it is left") }
    guard kind.hasSuffix("List") || !name.isEmpty else {
      throw KustomizeError(at: place, "missing metadata.name in object: nothing of it is left in the \(kind)")
    }
  }

  /// Annotations of the build itself, which no output has.
  private static let buildAnnotations: Set<String> = [
    "internal.config.kubernetes.io/previousKinds", "internal.config.kubernetes.io/previousNames",
    "internal.config.kubernetes.io/prefixes", "internal.config.kubernetes.io/suffixes",
    "internal.config.kubernetes.io/previousNamespaces", "internal.config.kubernetes.io/allowNameChange",
    "internal.config.kubernetes.io/allowKindChange", "internal.config.kubernetes.io/refBy",
    "internal.config.kubernetes.io/generatorBehavior", "internal.config.kubernetes.io/needsHashSuffix",
    "internal.config.kubernetes.io/path", "internal.config.kubernetes.io/index",
    "internal.config.kubernetes.io/seqindent", "internal.config.kubernetes.io/id",
    "internal.config.kubernetes.io/annotations-migration-resource-id", "config.kubernetes.io/path",
    "config.kubernetes.io/index", "config.k8s.io/id",
  ]

  /// Writes what `buildMetadata` asks for and removes what is the build's own; every annotation is a text then.
  func finishAnnotations(_ metadata: Set<String>) {
    var all = annotations().filter { !Self.buildAnnotations.contains($0.key) }
    func set(_ key: String, _ text: String?) {
      all.removeAll { $0.key == key }
      if let text { all.append((key, text)) }
    }
    if metadata.contains("originAnnotations") {
      if let origin { set(Origin.annotation, origin.text) }
    } else {
      set(Origin.annotation, nil)
    }
    if metadata.contains("transformerAnnotations") {
      if !transformations.isEmpty { set(Origin.transformationsAnnotation, Origin.text(transformations)) }
    } else {
      set(Origin.transformationsAnnotation, nil)
    }
    setTexts("annotations", all)
  }
}
