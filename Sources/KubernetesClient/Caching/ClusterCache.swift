import Kubernetes

/// Several kinds of a cluster, listed once and watched from then on, as a `ClusterView`.
///
/// It survives cut watches (resumed), lost history (listed again, differences applied) and kinds that the server does
/// not have yet (empty until it does). Objects that cannot be read are left out and reported once each.
public actor ClusterCache {
  /// What goes wrong while following a cluster, and is not fatal.
  public struct Problem: Sendable, CustomStringConvertible {
    public var resource: ResourceType
    /// Nil where the kind as a whole is concerned.
    public var object: NamespacedName?
    public var message: String
    public var description: String {
      "\(resource.qualifiedPlural)\(object.map { " \($0)" } ?? ""): \(message)"
    }
  }

  nonisolated let client: KubernetesClient
  nonisolated let namespace: String
  private nonisolated let kinds: [CachedKind]
  private nonisolated let backoff: Backoff
  private nonisolated let report: @Sendable (Problem) -> Void

  /// Objects only; node groups and metrics are filled in by the caller. A copy costs nothing until it is changed.
  public private(set) var view = ClusterView()

  private var progress = Progress()
  private var subscribers: [Int: AsyncStream<Void>.Continuation] = [:]
  private var waiters: [Int: Waiter] = [:]
  private var nextIdentifier = 0
  private var unreadable: [ResourceType: [NamespacedName: String]] = [:]

  /// - Parameters:
  ///   - resources: those that a `ClusterView` has room for; others are reported and left out.
  ///   - namespace: of namespaced kinds; empty for all.
  ///   - report: called for every problem, the same one once only.
  public init(
    client: KubernetesClient, resources: [ResourceType], namespace: String = "",
    backoff: Backoff = Backoff(first: .milliseconds(100), longest: .seconds(5)),
    report: @escaping @Sendable (Problem) -> Void = { _ in }
  ) {
    self.client = client
    self.namespace = namespace
    self.backoff = backoff
    self.report = report
    kinds = resources.compactMap { resource in
      if let kind = CachedKind.all[resource] { return kind }
      report(
        Problem(resource: resource, object: nil, message: "a cluster view has no room for this kind; it is not watched")
      )
      return nil
    }
    progress.pending = Set(kinds.map(\.resource))
  }

  /// Everything that a `ClusterView` has room for.
  public static var everything: [ResourceType] {
    CachedKind.all.keys.sorted { $0.qualifiedPlural < $1.qualifiedPlural }
  }

  /// Follows the cluster until the task is cancelled.
  public func run() async {
    await withTaskGroup(of: Void.self) { group in
      for kind in kinds { group.addTask { await self.follow(kind) } }
    }
    for (_, subscriber) in subscribers { subscriber.finish() }
    subscribers = [:]
    for (_, waiter) in waiters { waiter.continuation.resume(throwing: CancellationError()) }
    waiters = [:]
  }

  /// Waits until every kind was listed once; a kind that the server does not have counts as listed.
  public func waitUntilSynced() async throws { try await wait { $0.pending.isEmpty } }

  /// Waits until the view shows what was written.
  /// - Returns: false when `limit` passed first.
  public func waitUntilSeen(_ written: [ResourceType: UInt64], atMost limit: Duration) async throws -> Bool {
    let relevant = written.filter { CachedKind.all[$0.key] != nil && watches($0.key) }
    if relevant.isEmpty || progress.hasSeen(relevant) { return true }
    return try await withThrowingTaskGroup(of: Bool.self) { group in
      group.addTask {
        try await self.wait { $0.hasSeen(relevant) }
        return true
      }
      group.addTask {
        try await self.client.clock.sleep(for: limit)
        return false
      }
      let first = try await group.next() ?? false
      group.cancelAll()
      return first
    }
  }

  private nonisolated func watches(_ resource: ResourceType) -> Bool { kinds.contains { $0.resource == resource } }

  /// An element per batch of changes, and one at once where the cache is already synced. A reader that is busy finds
  /// one element for all that happened meanwhile.
  public func updates() -> AsyncStream<Void> {
    let (stream, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    let identifier = nextIdentifier
    nextIdentifier += 1
    subscribers[identifier] = continuation
    continuation.onTermination = { [weak self] _ in
      guard let self else { return }
      Task { await self.unsubscribe(identifier) }
    }
    if progress.pending.isEmpty { continuation.yield() }
    return stream
  }

  private func unsubscribe(_ identifier: Int) { subscribers[identifier] = nil }
}

// MARK: - Following one kind

extension ClusterCache {
  /// One kind's part of the view.
  private struct Part: Mirror {
    let cache: ClusterCache
    let kind: CachedKind

    func step(for event: WatchEvent) -> Step {
      switch event.kind {
      case .added, .modified: step(for: event.object)
      case .deleted: .remove(ClusterCache.key(of: event.object), version: event.resourceVersion)
      case .bookmark: .passed(version: event.resourceVersion)
      }
    }

    private func step(for json: JSONValue) -> Step {
      do {
        let (key, version, set) = try kind.decode(json)
        return .set(key, version: version, set)
      } catch {
        let version = json[path: ["metadata", "resourceVersion"]]?.stringValue ?? ""
        return .unreadable(ClusterCache.key(of: json), version: version, "\(error)")
      }
    }

    func replace(with steps: [Step], resourceVersion: String) async {
      await cache.replace(kind, with: steps, version: resourceVersion)
    }

    func apply(_ steps: [Step]) async { await cache.apply(kind, steps) }

    func missed(_ error: any Error) async {
      if (error as? APIError)?.code == 404 {
        await cache.replace(kind, with: [], version: "")
      } else {
        await cache.note(Problem(resource: kind.resource, object: nil, message: "\(error)"))
      }
    }
  }

  private nonisolated func follow(_ kind: CachedKind) async {
    let reflector = Reflector(
      client: client, resource: kind.resource, namespace: kind.resource.isNamespaced ? namespace : "",
      labelSelector: "", fieldSelector: "", backoff: backoff, streamsList: false)
    await reflector.run(into: Part(cache: self, kind: kind))
  }

  fileprivate enum Step: Sendable {
    case set(NamespacedName, version: String, CachedKind.Mutation)
    case remove(NamespacedName, version: String)
    case unreadable(NamespacedName, version: String, String)
    case passed(version: String)
  }

  fileprivate static func key(of json: JSONValue) -> NamespacedName {
    let (namespace, name) = KubernetesClient.identity(of: json)
    return NamespacedName(namespace, name)
  }

  /// Puts a whole list in place of what is known, touching only what differs.
  private func replace(_ kind: CachedKind, with steps: [Step], version: String) {
    let known = kind.versions(view)
    var gone = known
    var changed = progress.pending.remove(kind.resource) != nil
    for step in steps {
      switch step {
      case .set(let key, let version, let set):
        gone[key] = nil
        if version.isEmpty || known[key] != version {
          set(&view)
          unreadable[kind.resource]?[key] = nil
          changed = true
        }
      case .unreadable(let key, let version, let message):
        gone[key] = nil
        changed = drop(kind, key, version: version, message) || changed
      case .remove, .passed: break
      }
    }
    for key in gone.keys {
      kind.remove(&view, key)
      changed = true
    }
    progress.reach(kind.resource, version)
    if changed { announce() } else { resumeWaiters() }
  }

  private func apply(_ kind: CachedKind, _ steps: [Step]) {
    var changed = false
    for step in steps {
      switch step {
      case .set(let key, let version, let set):
        set(&view)
        unreadable[kind.resource]?[key] = nil
        progress.reach(kind.resource, version)
        changed = true
      case .remove(let key, let version):
        kind.remove(&view, key)
        unreadable[kind.resource]?[key] = nil
        progress.reach(kind.resource, version)
        changed = true
      case .unreadable(let key, let version, let message):
        changed = drop(kind, key, version: version, message) || changed
        progress.reach(kind.resource, version)
      case .passed(let version): progress.reach(kind.resource, version)
      }
    }
    if changed { announce() } else { resumeWaiters() }
  }

  /// What cannot be read is as good as absent; an older version of it would mislead.
  private func drop(_ kind: CachedKind, _ key: NamespacedName, version: String, _ message: String) -> Bool {
    if unreadable[kind.resource]?[key] == message { return false }
    // Beyond the limit a repetition is reported again rather than remembered.
    if unreadable[kind.resource, default: [:]].count < Self.unreadableMax {
      unreadable[kind.resource, default: [:]][key] = message
    }
    report(Problem(resource: kind.resource, object: key, message: message))
    kind.remove(&view, key)
    return true
  }

  private func note(_ problem: Problem) {
    let key = NamespacedName("", "")
    if unreadable[problem.resource]?[key] == problem.message { return }
    unreadable[problem.resource, default: [:]][key] = problem.message
    report(problem)
  }

  private static let unreadableMax = 1000
}

// MARK: - Telling and waiting

extension ClusterCache {
  /// How far each kind was followed.
  private struct Progress: Sendable {
    var pending: Set<ResourceType> = []
    var versions: [ResourceType: UInt64] = [:]

    /// Resource versions are numbers that grow, per resource: so Kubernetes declares since 1.35, and so it was before.
    mutating func reach(_ resource: ResourceType, _ version: String) {
      guard let number = UInt64(version) else { return }
      versions[resource] = max(versions[resource] ?? 0, number)
    }

    func hasSeen(_ written: [ResourceType: UInt64]) -> Bool { written.allSatisfy { versions[$0.key] ?? 0 >= $0.value } }
  }

  private struct Waiter {
    var isMet: @Sendable (Progress) -> Bool
    var continuation: CheckedContinuation<Void, any Error>
  }

  private func wait(until isMet: @escaping @Sendable (Progress) -> Bool) async throws {
    if isMet(progress) { return }
    let identifier = nextIdentifier
    nextIdentifier += 1
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
        if Task.isCancelled { return continuation.resume(throwing: CancellationError()) }
        waiters[identifier] = Waiter(isMet: isMet, continuation: continuation)
      }
    } onCancel: {
      Task { await self.abandon(identifier) }
    }
  }

  private func abandon(_ identifier: Int) {
    waiters.removeValue(forKey: identifier)?.continuation.resume(throwing: CancellationError())
  }

  private func announce() {
    for subscriber in subscribers.values { subscriber.yield() }
    resumeWaiters()
  }

  private func resumeWaiters() {
    for (identifier, waiter) in waiters where waiter.isMet(progress) {
      waiters[identifier] = nil
      waiter.continuation.resume()
    }
  }
}
