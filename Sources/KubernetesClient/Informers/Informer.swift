import Kubernetes

/// A local copy of one collection that follows the server: listed once, watched from then on, listed again where the
/// history was lost. Reads cost no request.
///
/// Objects are kept as the JSON they came in, which is a fraction of what decoded ones take, and decoded when they are
/// read; `docs/client.md` has figures. There is no resync: what is told is what changed.
///
/// ```swift
/// let informer = Informer(Pod.self, client: client, indexes: [.init("node") { [$0.spec.nodeName] }])
/// async let following: Void = informer.run()
/// for try await event in informer.events() { … }
/// ```
public final class Informer<Object: JSONConvertible>: Sendable {
  /// A way to find objects, by values computed of each.
  public struct Index: Sendable {
    public var name: String
    /// The values under which an object is to be found; none leaves it out.
    public var values: @Sendable (Object) -> [String]

    public init(_ name: String, values: @escaping @Sendable (Object) -> [String]) {
      self.name = name
      self.values = values
    }
  }

  /// A change of one object, as a reader sees it: whoever is slow finds what happened meanwhile summed up.
  public enum Event: Sendable {
    case added(Object)
    case updated(old: Object, new: Object)
    /// As it was last seen.
    case deleted(Object)
  }

  let store: InformerStore
  private let reflector: Reflector
  private let indexes: [Index]
  private let transform: @Sendable (inout JSONValue) -> Void
  private let report: @Sendable (any Error) -> Void

  /// - Parameters:
  ///   - resource: what is followed.
  ///   - namespace: empty for all.
  ///   - transform: changes objects before they are kept: what is left out costs no memory. Without it
  ///     `metadata.managedFields` go.
  ///   - streamsList: asks for the list as a stream (`sendInitialEvents`, Kubernetes 1.32 and later), which costs the
  ///     server less memory; a server that refuses is asked for pages.
  ///   - report: called for what went wrong and is tried again.
  public init(
    _ type: Object.Type = Object.self, client: KubernetesClient, resource: ResourceType, namespace: String = "",
    labelSelector: String = "", fieldSelector: String = "", indexes: [Index] = [],
    transform: @escaping @Sendable (inout JSONValue) -> Void = { $0.removeManagedFields() }, streamsList: Bool = false,
    backoff: Backoff = Backoff(first: .milliseconds(800), longest: .seconds(30)),
    report: @escaping @Sendable (any Error) -> Void = { _ in }
  ) {
    reflector = Reflector(
      client: client, resource: resource, namespace: namespace, labelSelector: labelSelector,
      fieldSelector: fieldSelector, backoff: backoff, streamsList: streamsList)
    self.indexes = indexes
    self.transform = transform
    self.report = report
    store = InformerStore(indexes: indexes.count)
  }

  /// Follows the collection until the task is cancelled. Once only.
  public func run() async {
    await reflector.run(into: self)
    store.end()
  }

  /// Whether the collection was listed once.
  public var hasSynced: Bool { store.hasSynced }

  /// - Throws: `CancellationError` when the task or `run` was cancelled first.
  public func waitUntilSynced() async throws { try await store.waitUntilSynced() }

  /// Of the newest change that is in the store.
  public var resourceVersion: String { store.resourceVersion }

  public var count: Int { store.count }
  public var keys: [NamespacedName] { store.keys }

  /// - Throws: `FieldError` where the object does not fit its type.
  public func object(_ name: String, namespace: String = "") throws -> Object? {
    try store.bytes(NamespacedName(namespace, name)).map(Self.decode)
  }

  /// All objects, in no order; of one namespace where that is given.
  public func objects(namespace: String? = nil) throws -> [Object] {
    try store.all(namespace: namespace).map(Self.decode)
  }

  /// The objects that an index has under a value.
  public func objects(_ index: String, _ value: String) throws -> [Object] {
    guard let position = indexes.firstIndex(where: { $0.name == index }) else { return [] }
    return try store.bytes(index: position, value).map(Self.decode)
  }

  /// What changes, from now on; first everything that is there, as added. Every call is a reader of its own, and the
  /// sequence ends with `run`.
  ///
  /// A reader holds at most one entry for each object. Objects that do not fit their type are reported and left out.
  public func events() -> AsyncStream<Event> {
    let reader = store.subscribe()
    return AsyncStream { [report] in
      while let delta = await reader.next() {
        do { return try Self.event(delta) } catch { report(error) }
      }
      return nil
    }
  }

  private static func event(_ delta: InformerDelta) throws -> Event {
    switch delta {
    case .added(let new): .added(try decode(new))
    case .updated(let old, let new): .updated(old: try decode(old), new: try decode(new))
    case .deleted(let old): .deleted(try decode(old))
    }
  }

  private static func decode(_ bytes: [UInt8]) throws -> Object { try Object(json: try JSONValue(parsing: bytes)) }
}

extension Informer where Object: KubernetesObject {
  public convenience init(
    _ type: Object.Type = Object.self, client: KubernetesClient, namespace: String = "", labelSelector: String = "",
    fieldSelector: String = "", indexes: [Index] = [],
    transform: @escaping @Sendable (inout JSONValue) -> Void = { $0.removeManagedFields() }, streamsList: Bool = false,
    report: @escaping @Sendable (any Error) -> Void = { _ in }
  ) {
    self.init(
      type, client: client, resource: Object.resource, namespace: namespace, labelSelector: labelSelector,
      fieldSelector: fieldSelector, indexes: indexes, transform: transform, streamsList: streamsList, report: report)
  }
}

extension Informer: Mirror {
  func step(for event: WatchEvent) -> InformerStep {
    let (namespace, name) = KubernetesClient.identity(of: event.object)
    let key = NamespacedName(namespace, name)
    switch event.kind {
    case .bookmark: return .passed(version: event.resourceVersion)
    case .deleted: return .remove(key, version: event.resourceVersion)
    case .added, .modified:
      var object = event.object
      transform(&object)
      var values: [[String]] = []
      if !indexes.isEmpty {
        do {
          let decoded = try Object(json: object)
          values = indexes.map { $0.values(decoded) }
        } catch { report(error) }
      }
      return .set(
        key,
        InformerEntry(
          bytes: object.bytes, version: event.resourceVersion,
          uid: object[path: ["metadata", "uid"]]?.stringValue ?? "", indexed: values))
    }
  }

  func replace(with steps: [InformerStep], resourceVersion: String) async {
    store.replace(with: steps, resourceVersion: resourceVersion)
  }
  func apply(_ steps: [InformerStep]) async { store.apply(steps) }
  func missed(_ error: any Error) async { report(error) }
}

extension JSONValue {
  /// Leaves out who owns which field: often half of an object, and of use to appliers only.
  public mutating func removeManagedFields() {
    guard case .object(var object) = self, let index = object.index(of: "metadata") else { return }
    self = .null  // so that `object` is uniquely referenced while it changes
    object.update(at: index) { $0["managedFields"] = nil }
    self = .object(object)
  }
}
