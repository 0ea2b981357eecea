/// A kustomization file, read and checked, with its deprecated fields moved to where they belong
/// (https://github.com/kubernetes-sigs/kustomize/blob/kustomize/v5.5.0/api/types/kustomization.go).
struct Kustomization {
  var file: String
  var fileName: String
  var isComponent = false
  var resources: [PlacedText] = []
  var components: [PlacedText] = []
  var crds: [PlacedText] = []
  var configurations: [PlacedText] = []
  var generators: [PlacedText] = []
  var transformers: [PlacedText] = []
  var validators: [PlacedText] = []
  var openAPIPath: PlacedText?
  var openAPIVersion: PlacedText?
  var namePrefix = ""
  var nameSuffix = ""
  var namespace = ""
  var commonLabels: [(key: String, text: String)] = []
  var labels: [LabelEntry] = []
  var commonAnnotations: [(key: String, text: String)] = []
  var strategicPatches: [PlacedText] = []
  var jsonPatches: [PatchEntry] = []
  var patches: [PatchEntry] = []
  var images: [ImageEntry] = []
  var replicas: [ReplicaEntry] = []
  var replacements: [YAMLNode] = []
  var variables: [Variable] = []
  var sortOptions: SortOptions?
  var configMaps: [GeneratorEntry] = []
  var secrets: [GeneratorEntry] = []
  var generatorOptions: GeneratorOptions?
  var buildMetadata: Set<String> = []
  /// Deprecated fields that are used.
  var warnings: [String] = []

  static let fileNames = ["kustomization.yaml", "kustomization.yml", "Kustomization"]
}

struct LabelEntry {
  var pairs: [(key: String, text: String)] = []
  var includesSelectors = false
  var includesTemplates = false
  var fields: [FieldSpec] = []
}

struct PatchEntry {
  var path: PlacedText?
  var patch: PlacedText?
  var target: Selector?
  var allowsNameChange = false
  var allowsKindChange = false
  var place: Place
}

struct ImageEntry {
  var name = ""
  var newName = ""
  var newTag = ""
  var tagSuffix = ""
  var digest = ""
}

struct ReplicaEntry {
  var name = ""
  var count = 0
  var place: Place
}

struct Variable {
  var name = ""
  var gvk = GVK()
  var objectName = ""
  var objectNamespace = ""
  var fieldPath = "metadata.name"
  var place: Place
}

struct SortOptions {
  var order = ""
  var legacy: (first: [String], last: [String])?
  var place: Place
}

struct GeneratorEntry {
  var name = ""
  var namespace = ""
  var behavior = GenerationBehavior.unspecified
  var literals: [PlacedText] = []
  var files: [PlacedText] = []
  var envs: [PlacedText] = []
  var options: GeneratorOptions?
  /// Of a Secret.
  var type = ""
  var place: Place
}

struct GeneratorOptions {
  var labels: [(key: String, text: String)] = []
  var annotations: [(key: String, text: String)] = []
  var disablesHash = false
  var isImmutable = false

  /// The options of one generator on top of those of all.
  static func merged(_ own: GeneratorOptions?, over common: GeneratorOptions?) -> GeneratorOptions? {
    guard let common else { return own }
    guard var result = own else { return common }
    for pair in common.labels where !result.labels.contains(where: { $0.key == pair.key }) {
      result.labels.append(pair)
    }
    for pair in common.annotations where !result.annotations.contains(where: { $0.key == pair.key }) {
      result.annotations.append(pair)
    }
    result.disablesHash = result.disablesHash || common.disablesHash
    result.isImmutable = result.isImmutable || common.isImmutable
    return result
  }
}

/// What resources a patch or replacement is for; empty parts match everything.
struct Selector {
  var id = ResourceID(gvk: GVK(), name: "", namespace: "")
  var labels = ""
  var annotations = ""
  var place: Place
}

/// Fields of some kinds: a path, and the kinds that have it.
struct FieldSpec: Equatable {
  var gvk = GVK()
  var path = ""
  var creates = false
}
