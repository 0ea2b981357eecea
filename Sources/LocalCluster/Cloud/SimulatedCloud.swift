import Autoscaling
import Kubernetes
import KubernetesClient
import Logging

/// A cloud that keeps groups of nodes at the size asked for: each node boots for as long as its group declares, then
/// registers. It remembers what it has in `cloud.json`, and goes on from there after a restart.
public actor SimulatedCloud: NodeGroupProvider {
  static let requestsAtOnceMax = 16

  private let configuration: CloudConfiguration
  private let client: KubernetesClient
  private let cache: ClusterCache
  private let declared: [String: CloudGroup]
  private var state: CloudState
  private let alarm = Alarm()
  private var addresses = AddressClaims()
  /// Nodes whose machine is gone and whose object could not be deleted yet.
  private var departing: Set<String> = []
  private var path: String { configuration.dataDirectory + "/cloud.json" }

  /// Reads what a cloud of this directory had before.
  /// - Parameter cache: must follow nodes and pods; only asked which nodes have fewest pods.
  /// - Throws: where `cloud.json` cannot be read; `CloudError.addressesTaken` where another cluster has its addresses.
  public init(_ configuration: CloudConfiguration, client: KubernetesClient, cache: ClusterCache) throws {
    self.configuration = configuration
    self.client = client
    self.cache = cache
    declared = Dictionary(configuration.groups.map { ($0.group.name, $0) }, uniquingKeysWith: { $1 })
    try PrivateDirectory.create(configuration.dataDirectory)
    state =
      try PrivateDirectory.read(configuration.dataDirectory + "/cloud.json")
      .map { try CloudState(json: JSONValue(parsing: $0)) } ?? CloudState()
    for region in Set(state.instances.values.map { AddressClaims.region(of: $0.block) }).sorted() {
      guard addresses.claim(region) else { throw CloudError.addressesTaken("127.\(16 + region).0.0/16") }
    }
    for (name, group) in declared {
      let wanted = state.targets[name] ?? group.group.target
      state.targets[name] = max(group.group.minimum, min(group.group.maximum, wanted))
    }
  }

  // MARK: NodeGroupProvider

  public func groups() -> [String: NodeGroup] {
    declared.mapValues { declared in
      var group = declared.group
      group.target = state.targets[group.name] ?? group.target
      // Whoever plans with it plans in real seconds.
      group.bootSeconds /= configuration.speed
      return group
    }
  }

  /// Nodes boot, or the emptiest go.
  /// - Throws: `CloudError`; an error of the file system where the new size cannot be kept.
  public func resize(_ group: String, to size: Int) async throws {
    guard let bounds = declared[group]?.group else { throw CloudError.unknownGroup(group) }
    guard (bounds.minimum...bounds.maximum).contains(size) else {
      throw CloudError.outOfBounds(group: group, size: size, minimum: bounds.minimum, maximum: bounds.maximum)
    }
    guard state.targets[group] != size else { return }
    state.targets[group] = size
    fill(group)
    let surplus = await surplus(of: group)
    try save()
    alarm.ring()
    try await remove(surplus)
  }

  /// Ends a node and makes its group one smaller.
  /// - Throws: `CloudError` where there is no such node, or its group may not shrink.
  public func terminate(node: String) async throws {
    guard let instance = state.instances[node] else { throw CloudError.unknownNode(node) }
    let target = state.targets[instance.group] ?? 0
    let bounds = declared[instance.group]?.group
    if let bounds, target - 1 < bounds.minimum {
      throw CloudError.outOfBounds(
        group: instance.group, size: target - 1, minimum: bounds.minimum, maximum: bounds.maximum)
    }
    state.targets[instance.group] = max(0, target - 1)
    try await remove([node])
  }

  // MARK: Further doors

  /// Takes a spot node away as a cloud does: cordoned now and told when it ends, gone after the notice, then replaced
  /// unless its group was made smaller.
  public func interrupt(node: String) async throws {
    guard var instance = state.instances[node] else { throw CloudError.unknownNode(node) }
    guard instance.interruptedAt == nil else { return }
    let endsAt = configuration.now() + configuration.interruptionNoticeSeconds / configuration.speed
    instance.interruptedAt = endsAt
    state.instances[node] = instance
    try save()
    alarm.ring()
    let notice: JSONValue = [
      "metadata": ["annotations": [Node.endsAtAnnotation: .string(endsAt.description)]],
      "spec": ["unschedulable": true],
    ]
    _ = try await client.patch(Change.Target(.nodes, name: node), .merge, notice)
  }

  /// What was used since a moment, or since the beginning.
  public func bill(since mark: Timestamp?) -> CloudBill {
    CloudBill(
      state, prices: declared.mapValues(\.group.pricePerHour), since: mark, now: configuration.now(),
      speed: configuration.speed)
  }

  /// Nodes that were asked for and are not there yet, with the moment at which each will be.
  public func booting() -> [String: Timestamp] {
    state.instances.values.filter { !$0.isRegistered }.reduce(into: [:]) { $0[$1.name] = $1.readyAt }
  }

  /// Boots nodes until the task is cancelled.
  /// - Throws: an error of the file system where the cloud's memory cannot be kept.
  public func run() async throws {
    defer { releaseAddresses() }
    for name in declared.keys.sorted() {
      fill(name)
      // A configuration may allow fewer than there are.
      try await remove(await surplus(of: name))
    }
    for instance in state.instances.values where declared[instance.group] == nil { try await remove([instance.name]) }
    try save()
    try await adopt()
    while !Task.isCancelled {
      let now = configuration.now()
      let ended = state.instances.values.filter { $0.interruptedAt.map { $0 <= now } ?? false }
      if !ended.isEmpty {
        try await remove(ended.map(\.name))
        for instance in ended { fill(instance.group) }
        try save()
      }
      let due = state.instances.values.filter { !$0.isRegistered && $0.readyAt <= now }
      if !due.isEmpty {
        try await register(due.sorted { $0.name < $1.name })
        continue
      }
      await deleteDeparting()
      let next = state.instances.values.compactMap { $0.isRegistered ? $0.interruptedAt : $0.readyAt }.min()
      // Deleting is tried again after a second.
      if !departing.isEmpty {
        try? await Task.sleep(for: .seconds(1))
      } else {
        await alarm.wait(atMost: next.map { $0 - now })
      }
    }
  }

  /// Gives the cluster's addresses back, so that another cloud may go on from the same directory.
  package func releaseAddresses() { addresses = AddressClaims() }

  // MARK: Booting

  private func fill(_ group: String) {
    guard let declared = declared[group], let target = state.targets[group] else { return }
    let now = configuration.now()
    // One that is interrupted is there until it ends: whoever wants its replacement sooner asks for one node more.
    var missing = target - state.instances(of: group).count
    var taken = Set(state.instances.values.map(\.block))
    while missing > 0, let block = addresses.freeBlock(taken: taken) {
      taken.insert(block)
      let number = state.counters[group] ?? 0
      state.counters[group] = number + 1
      let name = "\(group)-\(number)"
      let jitter = configuration.bootJitter * Self.unit(configuration.seed, name)
      let boot = declared.group.bootSeconds * (1 + jitter) / configuration.speed
      state.instances[name] = CloudState.Instance(
        name: name, group: group, block: block, zone: configuration.zones[number % configuration.zones.count],
        requestedAt: now, readyAt: now + boot)
      missing -= 1
    }
    if missing > 0 {
      configuration.logger.error("node group \(group) lacks \(missing) nodes: no block of addresses is left")
    }
  }

  /// Between −1 and 1, always the same for the same seed and name.
  static func unit(_ seed: UInt64, _ name: String) -> Double {
    var hash = FNV1a(from: FNV1a.start ^ seed)
    hash.add(name.utf8)
    return Double(SplitMix64.mixed(hash.value) >> 11) / Double(1 << 52) - 1
  }

  private func register(_ instances: [CloudState.Instance]) async throws {
    let client = client
    let configuration = configuration
    let declared = declared
    let registered = await withTaskGroup(of: String?.self) { group in
      var names: [String] = []
      var running = 0
      for instance in instances {
        guard let cloudGroup = declared[instance.group] else { continue }
        if running == Self.requestsAtOnceMax, let name = await group.next() {
          running -= 1
          if let name { names.append(name) }
        }
        running += 1
        group.addTask { await Self.register(instance, cloudGroup, client, configuration) ? instance.name : nil }
      }
      for await name in group { if let name { names.append(name) } }
      return names
    }
    for name in registered { state.instances[name]?.isRegistered = true }
    // One that was taken away while it registered leaves no object behind.
    let orphans = registered.filter { state.instances[$0] == nil }
    try save()
    try await remove(orphans)
    if registered.count < instances.count, !Task.isCancelled {
      // The API does not take it now: the machine tries again in a moment, as a kubelet does.
      try? await Task.sleep(for: .seconds(1))
    }
  }

  private static func register(
    _ instance: CloudState.Instance, _ group: CloudGroup, _ client: KubernetesClient,
    _ configuration: CloudConfiguration
  ) async -> Bool {
    guard let node = CloudNode.make(instance, of: group, region: configuration.region) else { return false }
    do {
      var created: Node
      do { created = try await client.create(node) } catch let error as APIError where error.isAlreadyExists {
        created = try await client.get(Node.self, instance.name)
      }
      // An API server may leave the status out of what is created.
      var status = node.status.json
      status["conditions"] = nil
      _ = try await client.patch(Change.Target(created), .merge, ["status": status], subresource: "status")
      created.status.conditions = []
      try await NodeHeartbeats.report(created, client, configuration.now())
      return true
    } catch {
      if !(error is CancellationError) {
        configuration.logger.warning("node \(instance.name) cannot register: \(error)")
      }
      return false
    }
  }

  /// After a restart: a node that was registered but has no object any more was deleted by somebody, so its machine
  /// goes; an object of ours that no machine stands behind goes too.
  private func adopt() async throws {
    let (nodes, _) = try await client.list(Node.self)
    let present = Set(nodes.map(\.metadata.name))
    for instance in state.instances.values where instance.isRegistered && !present.contains(instance.name) {
      state.end(instance.name, at: configuration.now())
      fill(instance.group)
    }
    for node in nodes where NodeKind(node) != nil && state.instances[node.metadata.name] == nil {
      departing.insert(node.metadata.name)
    }
    try save()
  }

  // MARK: Going

  /// The nodes above a group's size: those that boot first, the last asked for first; then those with fewest pods.
  private func surplus(of group: String) async -> [String] {
    let present = state.instances(of: group)
    let instances = present.filter { $0.interruptedAt == nil }
    let excess = min(instances.count, present.count - (state.targets[group] ?? 0))
    guard excess > 0 else { return [] }
    let view = await cache.view
    let ranked = instances.map { instance in
      let pods = view.pods(onNode: instance.name).filter { !$0.isFinished && !$0.isTerminating }.count
      return (instance, instance.isRegistered ? pods + 1 : 0)
    }.sorted { ($0.1, $1.0.requestedAt, $1.0.name) < ($1.1, $0.0.requestedAt, $0.0.name) }
    return ranked.prefix(excess).map(\.0.name)
  }

  private func remove(_ names: [String]) async throws {
    guard !names.isEmpty else { return }
    let now = configuration.now()
    for name in names { state.end(name, at: now) }
    try save()
    departing.formUnion(names)
    await deleteDeparting()
  }

  private func deleteDeparting() async {
    for name in departing.sorted() {
      do {
        try await client.delete(Change.Target(.nodes, name: name))
        departing.remove(name)
      } catch let error as APIError where error.isNotFound {
        departing.remove(name)
      } catch {
        configuration.logger.warning("node \(name) cannot be deleted yet: \(error)")
        alarm.ring()
        return
      }
    }
  }

  private func save() throws { try PrivateDirectory.replace(path, with: Array((state.json.prettyText + "\n").utf8)) }
}
