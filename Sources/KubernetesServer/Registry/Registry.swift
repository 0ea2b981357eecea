import Kubernetes
import Synchronization

/// Which resources are served: the built-in ones, and those that the stored definitions declare.
final class Registry: Sendable {
  /// Immutable, and asked for with every request: handing it on costs nothing.
  final class Contents: Sendable {
    let builtIn: [RegisteredResource]
    let custom: [RegisteredResource]
    /// The definitions, as JSON.
    let definitions: [JSONValue]
    private let byPlace: [Place: RegisteredResource]

    private struct Place: Hashable, Sendable {
      var group: String
      var version: String
      var plural: String
    }

    init(builtIn: [RegisteredResource], definitions: [JSONValue]) {
      self.builtIn = builtIn
      self.definitions = definitions
      custom = definitions.flatMap(CustomDefinition.resources)
      var byPlace: [Place: RegisteredResource] = [:]
      for resource in custom + builtIn {
        let type = resource.type
        byPlace[Place(group: type.group, version: type.version, plural: type.plural)] = resource
      }
      self.byPlace = byPlace
    }

    func resource(group: String, version: String, plural: String) -> RegisteredResource? {
      byPlace[Place(group: group, version: version, plural: plural)]
    }

    func serves(group: String, version: String) -> Bool {
      byPlace.keys.contains { $0.group == group && $0.version == version }
    }
  }

  private struct Cached: Sendable {
    var contents: Contents
    var version: Int64
  }

  private let store: Store
  private let cached: Mutex<Cached>
  private static let definitionsKey = ResourceType.customResourceDefinitions.qualifiedPlural

  init(store: Store) {
    self.store = store
    cached = Mutex(
      Cached(
        contents: Contents(builtIn: ResourceType.builtIn.map { RegisteredResource(type: $0) }, definitions: []),
        version: 0))
  }

  /// What is served now; read anew after a definition changed.
  var contents: Contents {
    let version = store.version(of: Self.definitionsKey)
    return cached.withLock { cached in
      if cached.version == version { return cached.contents }
      let snapshot = store.snapshot(Self.definitionsKey)
      let definitions = snapshot.objects.compactMap { try? $0.value() }
      cached.contents = Contents(builtIn: cached.contents.builtIn, definitions: definitions)
      cached.version = version
      return cached.contents
    }
  }
}
