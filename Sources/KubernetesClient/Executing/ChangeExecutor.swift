import Kubernetes

/// Makes changes: each becomes one request to the API, or to the cloud.
///
/// Changes of one object happen in their order; those of different objects side by side, at most
/// `concurrentChangesMax` at a time, started in their order. A new namespace is there before anything after it starts.
public struct ChangeExecutor: Sendable {
  public static let concurrentChangesMax = 16

  public let client: KubernetesClient
  public let nodeGroups: (any NodeGroupProvider)?
  /// The name in the events that are recorded.
  public let component: String
  private let resources: [String: ResourceType]
  private let events: EventRecorder

  /// - Parameters:
  ///   - resources: further kinds that changes may create or update, beside the built-in and Sakigake's own.
  ///   - now: the moment, for events.
  public init(
    client: KubernetesClient, nodeGroups: (any NodeGroupProvider)? = nil, component: String,
    resources: [ResourceType] = [], now: @escaping @Sendable () -> Timestamp = { .now }
  ) {
    self.client = client
    self.nodeGroups = nodeGroups
    self.component = component
    let known = ResourceType.builtIn + [.microservices, .pushCampaigns] + resources
    self.resources = Dictionary(known.map { ("\($0.apiVersion)/\($0.kind)", $0) }, uniquingKeysWith: { $1 })
    events = EventRecorder(client: client, component: component, now: now)
  }

  /// - Returns: the changes that could not be made, in their order. A patch that meets a conflict is tried again;
  ///   objects gone, existing already or changed by somebody else are reported.
  @discardableResult
  public func execute(_ changes: [Change]) async -> [ChangeFailure] { await perform(changes).failures }

  /// As `execute`, telling also how far a view must have come to show what was written.
  /// - Parameter keeping: the kinds whose objects are wanted as the server answered them.
  public func perform(_ changes: [Change], keeping: Set<ResourceType> = []) async -> Outcome {
    var outcome = Outcome()
    for stage in Self.stages(changes) { outcome.merge(await perform(stage: stage, keeping)) }
    return outcome
  }

  /// What came of a list of changes.
  public struct Outcome: Sendable {
    public var failures: [ChangeFailure] = []
    /// The newest resourceVersion written, by resource.
    public var written: [ResourceType: UInt64] = [:]
    /// The kept objects as last written, in the order of their first change.
    public var objects: [JSONValue] = []

    public mutating func merge(_ other: Outcome) {
      failures += other.failures
      objects += other.objects
      written.merge(other.written) { max($0, $1) }
    }
  }

  private func perform(stage: [[Change]], _ keeping: Set<ResourceType>) async -> Outcome {
    await withTaskGroup(of: (Int, Outcome).self) { group in
      var waiting = stage.enumerated().makeIterator()
      var running = 0
      var outcomes = [Outcome](repeating: Outcome(), count: stage.count)
      while true {
        while running < Self.concurrentChangesMax, let (index, chain) = waiting.next() {
          group.addTask { (index, await perform(chain: chain, keeping)) }
          running += 1
        }
        guard let (index, outcome) = await group.next() else { break }
        outcomes[index] = outcome
        running -= 1
      }
      var whole = Outcome()
      for outcome in outcomes { whole.merge(outcome) }
      return whole
    }
  }

  private func perform(chain: [Change], _ keeping: Set<ResourceType>) async -> Outcome {
    var outcome = Outcome()
    for change in chain {
      do {
        guard let (resource, written) = try await perform(change),
          let version = written[path: ["metadata", "resourceVersion"]]?.stringValue.flatMap({ UInt64($0) })
        else { continue }
        outcome.written[resource] = max(outcome.written[resource] ?? 0, version)
        if keeping.contains(resource) { outcome.objects = [written] }
      } catch {
        outcome.failures.append(ChangeFailure(change: change, error: error))
      }
    }
    return outcome
  }

  /// - Returns: the object as written, where the answer has it.
  private func perform(_ change: Change) async throws -> (ResourceType, JSONValue)? {
    switch change {
    case .create(let object):
      let resource = try resource(of: object)
      return (resource, try await client.create(object, resource: resource))
    case .update(let object, let subresource):
      let resource = try resource(of: object)
      return (resource, try await client.replace(object, resource: resource, subresource: subresource))
    case .patch(let target, let type, let body, let subresource, let fieldManager):
      return (target.resource, try await patch(target, type, body, subresource, fieldManager))
    case .delete(let target, let uid, let gracePeriodSeconds):
      try await client.delete(target, uid: uid, gracePeriodSeconds: gracePeriodSeconds)
    case .evict(let pod): try await client.evict(pod)
    case .bind(let pod, let node): try await client.bind(pod: pod, to: node)
    case .resizeNodeGroup(let group, let size): try await cloud().resize(group, to: size)
    case .terminateNode(let node): try await cloud().terminate(node: node)
    case .record(let note): try await events.record(note)
    }
    return nil
  }

  private static let patchAttemptsMax = 4

  /// A patch that does not name the version it is for can be made onto any version.
  private func patch(
    _ target: Change.Target, _ type: PatchType, _ body: JSONValue, _ subresource: String?, _ fieldManager: String?
  ) async throws -> JSONValue {
    var attempt = 1
    while true {
      do {
        return try await client.patch(
          target, type, body, subresource: subresource, fieldManager: fieldManager, force: type == .apply)
      } catch let error as APIError
        where error.isConflict && attempt < Self.patchAttemptsMax && body[path: ["metadata", "resourceVersion"]] == nil
        && body[path: ["metadata", "uid"]] == nil
      {
        try await client.clock.sleep(
          for: Backoff(first: .milliseconds(10), longest: .milliseconds(200)).delay(attempt: attempt))
        attempt += 1
      }
    }
  }

  private func cloud() throws -> any NodeGroupProvider {
    guard let nodeGroups else {
      throw APIError(code: 501, reason: "NotImplemented", message: "\(component) has no node groups to resize")
    }
    return nodeGroups
  }

  private func resource(of object: JSONValue) throws -> ResourceType {
    let apiVersion = object["apiVersion"]?.stringValue ?? ""
    let kind = object["kind"]?.stringValue ?? ""
    guard let resource = resources["\(apiVersion)/\(kind)"] else {
      throw APIError.badRequest("no resource is known for kind \"\(kind)\" of \"\(apiVersion)\"")
    }
    return resource
  }
}

extension ChangeExecutor {
  private enum Subject: Hashable {
    case object(resource: String, NamespacedName)
    case nodeGroup(String)
    case node(String)
    case note(Change.EventNote)
    case single(Int)
  }

  /// Stages that follow one another, each of chains that do not depend on each other.
  static func stages(_ changes: [Change]) -> [[[Change]]] {
    var stages: [[[Change]]] = []
    var stage: [[Change]] = []
    var places: [Subject: Int] = [:]
    for (index, change) in changes.enumerated() {
      let subject = subject(of: change, index)
      if let place = places[subject] {
        stage[place].append(change)
      } else {
        places[subject] = stage.count
        stage.append([change])
      }
      if case .create(let object) = change,
        ["Namespace", "CustomResourceDefinition"].contains(object["kind"]?.stringValue ?? "")
      {
        stages.append(stage)
        stage = []
        places = [:]
      }
    }
    if !stage.isEmpty { stages.append(stage) }
    return stages
  }

  private static func subject(of change: Change, _ index: Int) -> Subject {
    switch change {
    case .create(let object), .update(let object, _):
      let (namespace, name) = KubernetesClient.identity(of: object)
      if name.isEmpty { return .single(index) }
      return .object(resource: object["kind"]?.stringValue ?? "", NamespacedName(namespace, name))
    case .patch(let target, _, _, _, _), .delete(let target, _, _):
      return .object(resource: target.resource.kind, NamespacedName(target.namespace, target.name))
    case .evict(let pod), .bind(let pod, _): return .object(resource: ResourceType.pods.kind, pod)
    case .resizeNodeGroup(let group, _): return .nodeGroup(group)
    case .terminateNode(let node): return .node(node)
    case .record(let note): return .note(note)
    }
  }
}
