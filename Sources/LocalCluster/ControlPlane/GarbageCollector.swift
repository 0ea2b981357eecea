import Kubernetes
import KubernetesClient
import Logging
import Workloads

/// Follows the metadata of everything that the cluster holds, and removes what nobody owns any more: dependents whose
/// owners are gone, and the contents of namespaces that are being deleted.
actor GarbageCollector {
  private nonisolated let client: KubernetesClient
  private nonisolated let executor: ChangeExecutor
  private nonisolated let logger: Logger
  private var graph = ObjectGraph()
  private var namespaces: [String: Namespace] = [:]
  private var uids: [ResourceType: Set<String>] = [:]
  private var synced: Set<ResourceType> = []
  private var wanted: Set<ResourceType> = []
  private var wake: AsyncStream<Void>.Continuation?
  private var newcomers: AsyncStream<ResourceType>.Continuation?

  init(client: KubernetesClient, logger: Logger) {
    self.client = client
    executor = ChangeExecutor(client: client, component: "garbage-collector")
    self.logger = logger
  }

  func run() async {
    let (wakes, wake) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    let (resources, newcomers) = AsyncStream.makeStream(of: ResourceType.self)
    self.wake = wake
    self.newcomers = newcomers
    // The same objects in another form are not looked at twice.
    ResourceType.builtIn.filter { $0 != .newerEvents && $0 != .olderAutoscalers }.forEach(add)
    await withTaskGroup(of: Void.self) { group in
      group.addTask { for await _ in wakes { await self.sweep() } }
      group.addTask {
        while (try? await Task.sleep(for: .seconds(1))) != nil { await self.sweepIfNeeded() }
      }
      // A task for each kind, custom ones as they come.
      group.addTask {
        await withTaskGroup(of: Void.self) { followers in
          for await resource in resources { followers.addTask { await self.follow(resource) } }
        }
      }
      await group.waitForAll()
    }
  }

  private func add(_ resource: ResourceType) {
    guard wanted.insert(resource).inserted else { return }
    newcomers?.yield(resource)
  }

  private nonisolated func follow(_ resource: ResourceType) async {
    while !Task.isCancelled {
      do {
        let (items, version) = try await client.list(resource)
        await replace(resource, items)
        for try await event in client.watch(resource, from: version) { await apply(event, resource) }
      } catch let error as APIError where error.isNotFound {
        await replace(resource, [])
        if (try? await Task.sleep(for: .seconds(1))) == nil { return }
      } catch {
        logger.debug("garbage collection: \(resource.qualifiedPlural): \(error)")
        if (try? await Task.sleep(for: .milliseconds(200))) == nil { return }
      }
    }
  }

  private func replace(_ resource: ResourceType, _ items: [JSONValue]) {
    let now = Timestamp.now
    var present: Set<String> = []
    for item in items {
      guard let uid = set(item, resource, now) else { continue }
      present.insert(uid)
    }
    for uid in uids[resource, default: []].subtracting(present) { graph.remove(uid: uid) }
    uids[resource] = present
    synced.insert(resource)
    wake?.yield()
  }

  private func apply(_ event: WatchEvent, _ resource: ResourceType) {
    switch event.kind {
    case .bookmark: return
    case .added, .modified:
      if let uid = set(event.object, resource, .now) { uids[resource, default: []].insert(uid) }
    case .deleted:
      guard let uid = event.object[path: ["metadata", "uid"]]?.stringValue else { return }
      graph.remove(uid: uid)
      uids[resource]?.remove(uid)
      if resource == .namespaces, let name = event.object[path: ["metadata", "name"]]?.stringValue {
        namespaces[name] = nil
      }
    }
    wake?.yield()
  }

  private func set(_ object: JSONValue, _ resource: ResourceType, _ now: Timestamp) -> String? {
    guard let json = object["metadata"], let metadata = try? ObjectMeta(json: json) else { return nil }
    graph.set(metadata, resource: resource, at: now)
    if resource == .namespaces, let namespace = try? Namespace(json: object) { namespaces[metadata.name] = namespace }
    if resource == .customResourceDefinitions { adopt(object) }
    return metadata.uid
  }

  /// A custom kind is followed from its definition on.
  private func adopt(_ definition: JSONValue) {
    guard let spec = definition["spec"], let group = spec["group"]?.stringValue,
      let plural = spec[path: ["names", "plural"]]?.stringValue, let kind = spec[path: ["names", "kind"]]?.stringValue,
      let version = spec["versions"]?.arrayValue?.first(where: { $0["served"]?.boolValue == true })?["name"]?
        .stringValue
    else { return }
    add(
      ResourceType(
        group: group, version: version, plural: plural, kind: kind,
        isNamespaced: spec["scope"]?.stringValue == "Namespaced"))
  }

  private func sweepIfNeeded() {
    if !graph.isIdle || namespaces.values.contains(where: { $0.metadata.deletionTimestamp != nil }) { wake?.yield() }
  }

  private func sweep() async {
    // Before every kind was seen, an owner may only seem to be missing.
    guard synced.isSuperset(of: wanted) else { return }
    let now = Timestamp.now
    let changes = graph.collect(at: now) + graph.terminate(namespaces, at: now)
    guard !changes.isEmpty else { return }
    for failure in await executor.execute(changes) where !failure.isRace {
      logger.warning("garbage collection: \(failure)")
    }
  }
}
