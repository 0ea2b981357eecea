import Kubernetes
import Synchronization

/// Which resources are served: the built-in ones, and those that the stored definitions declare.
final class Registry: Sendable {
  struct Contents: Sendable {
    var builtIn: [RegisteredResource]
    var custom: [RegisteredResource] = []
    /// The definitions, as JSON.
    var definitions: [JSONValue] = []
    private var byPath: [String: RegisteredResource] = [:]

    init(builtIn: [RegisteredResource], definitions: [JSONValue]) {
      self.builtIn = builtIn
      self.definitions = definitions
      custom = definitions.flatMap(CustomDefinition.resources)
      for resource in custom + builtIn { byPath[Self.path(resource.type)] = resource }
    }

    func resource(group: String, version: String, plural: String) -> RegisteredResource? {
      byPath["\(group)/\(version)/\(plural)"]
    }

    func serves(group: String, version: String) -> Bool {
      byPath.keys.contains { $0.hasPrefix("\(group)/\(version)/") }
    }

    private static func path(_ type: ResourceType) -> String { "\(type.group)/\(type.version)/\(type.plural)" }
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
