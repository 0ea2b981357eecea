import Kubernetes

/// Random trees of kustomizations: a base, and now and then a second one, a component and overlays on top.
struct RandomKustomizations {
  struct Tree {
    /// Texts by their absolute path.
    var files: [String: String] = [:]
    /// The directory to build.
    var root = "/"
    /// Whether what is built says more than its objects: names that are hashed, annotations of the build, an order.
    var isBare = true
  }

  private let objects = RandomObjects()
  private let patches = RandomPatches()

  func tree(_ random: inout SeededRandom) -> Tree {
    var tree = Tree()
    var all: [JSONValue] = []
    var below = [layer("/base", of: [], components: [], &tree, &all, &random)]
    if random.oneIn(4) { below.append(layer("/other", of: [], components: [], &tree, &all, &random)) }
    var components: [String] = []
    if random.oneIn(3) {
      components = [layer("/component", of: [], components: [], &tree, &all, &random)]
    }
    for name in ["/middle", "/overlay"] where random.oneIn(2) {
      below = [layer(name, of: below, components: random.oneIn(2) ? components : [], &tree, &all, &random)]
    }
    tree.root = below[0]
    return tree
  }

  /// Writes one kustomization and what it names.
  /// - Returns: its directory.
  private func layer(
    _ directory: String, of bases: [String], components: [String], _ tree: inout Tree, _ all: inout [JSONValue],
    _ random: inout SeededRandom
  ) -> String {
    let isComponent = directory == "/component"
    let own = (0..<(bases.isEmpty && !isComponent ? 1 + random.below(4) : random.below(2))).map { _ in
      objects.object(&random)
    }
    all += own
    var resources = bases.map { ".." + $0 }
    if !own.isEmpty {
      tree.files["\(directory)/objects.yaml"] = own.map { YAMLSpelling.text(of: $0, &random) }.joined(
        separator: "---\n")
      resources.append("objects.yaml")
    }
    var kustomization: JSONObject = [:]
    if isComponent {
      kustomization["apiVersion"] = "kustomize.config.k8s.io/v1alpha1"
      kustomization["kind"] = "Component"
    }
    kustomization["resources"] = .array(resources.map(JSONValue.string))
    if !components.isEmpty { kustomization["components"] = .array(components.map { .string(".." + $0) }) }
    for _ in 0..<(isComponent ? 1 : 0) + random.below(4) {
      let (field, value) = patches.field(for: all, in: directory, &tree, &random)
      if case .array(let more) = value, case .array(let some) = kustomization[field] {
        kustomization[field] = .array(some + more)
      } else {
        kustomization[field] = value
      }
    }
    tree.files["\(directory)/kustomization.yaml"] = YAMLSpelling.text(of: .object(kustomization), &random)
    return directory
  }
}
