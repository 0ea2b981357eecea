import Kubernetes
import Mesh

/// Keeps every stream at what the newest view asks of it. One actor: a query costs microseconds, and an endpoint change
/// is encoded once, however many proxies get it.
actor MeshHub {
  typealias StreamID = UInt64

  /// A stream's answers that were not yet written. At most one of each kind is under way, so more than a few means a
  /// proxy that asks without reading.
  static let answersMax = 16

  private var state: MeshState
  private var hasView = false
  private var streams: [StreamID: Stream] = [:]
  private var lastID: StreamID = 0
  private let streamsMax: Int
  private let report: @Sendable (MeshEvent) -> Void

  private final class Stream {
    let outbox: AsyncThrowingStream<DiscoveryAnswer, any Error>.Continuation
    var node: ProxyNode?
    var session: Session
    var blueprint: NodeBlueprint?
    /// The view had the proxy's pod once.
    var hadPod = false
    var rejections: [ResourceKind: DiscoveryRejection] = [:]

    init(_ session: Session, _ outbox: AsyncThrowingStream<DiscoveryAnswer, any Error>.Continuation) {
      self.session = session
      self.outbox = outbox
    }
  }

  enum Session {
    case delta(DeltaSession)
    case state(StateSession)

    mutating func update(_ resources: NodeResources) -> [DiscoveryAnswer] {
      switch self {
      case .delta(var session):
        self = .delta(DeltaSession())  // so that `session` is uniquely referenced while it changes
        defer { self = .delta(session) }
        return session.update(resources)
      case .state(var session):
        self = .state(StateSession())
        defer { self = .state(session) }
        return session.update(resources)
      }
    }

    mutating func receive(_ query: Query) throws(SubscriptionLimitError) -> DiscoveryOutcome {
      switch (self, query) {
      case (.delta(var session), .delta(let query)):
        self = .delta(DeltaSession())
        defer { self = .delta(session) }
        return try session.receive(query)
      case (.state(var session), .state(let query)):
        self = .state(StateSession())
        defer { self = .state(session) }
        return try session.receive(query)
      default:
        preconditionFailure("a stream's queries are all of its own form")
      }
    }

    var isSettled: Bool {
      switch self {
      case .delta(let session): session.isSettled
      case .state(let session): session.isSettled
      }
    }
  }

  enum Query: Sendable {
    case delta(DeltaQuery)
    case state(StateQuery)

    var kind: ResourceKind {
      switch self {
      case .delta(let query): query.kind
      case .state(let query): query.kind
      }
    }
  }

  init(policy: TrafficPolicy, streamsMax: Int, report: @escaping @Sendable (MeshEvent) -> Void) {
    state = MeshState(policy: policy)
    self.streamsMax = streamsMax
    self.report = report
  }
}

// Streams
extension MeshHub {
  /// - Throws: `StreamRefusal`
  func open(_ session: Session) throws(StreamRefusal) -> (StreamID, AsyncThrowingStream<DiscoveryAnswer, any Error>) {
    guard streams.count < streamsMax else { throw refuse(.full(max: streamsMax)) }
    let (answers, outbox) = AsyncThrowingStream<DiscoveryAnswer, any Error>.makeStream(
      bufferingPolicy: .bufferingOldest(Self.answersMax))
    lastID += 1
    streams[lastID] = Stream(session, outbox)
    return (lastID, answers)
  }

  func close(_ id: StreamID) {
    guard let stream = streams.removeValue(forKey: id) else { return }
    stream.outbox.finish()
    if let node = stream.node { report(.disconnected(node)) }
  }

  /// Who a stream's proxy is: on its first message at the latest.
  /// - Throws: `StreamRefusal`
  func identify(_ id: StreamID, as message: Envoy_Config_Core_V3_Node?) throws(StreamRefusal) {
    guard let stream = streams[id], stream.node == nil else { return }
    guard let message else { throw refuse(.anonymous) }
    let node: ProxyNode
    do throws(ProxyNodeError) { node = try ProxyNode(message) } catch { throw refuse(.unusable(error)) }
    stream.node = node
    report(.connected(node))
    refresh(stream, changed: nil)
  }

  /// - Throws: `StreamRefusal`
  func receive(_ id: StreamID, _ query: Query) throws(StreamRefusal) {
    guard let stream = streams[id], let node = stream.node else { return }
    let outcome: DiscoveryOutcome
    do throws(SubscriptionLimitError) { outcome = try stream.session.receive(query) } catch {
      throw refuse(.overSubscribed(node, error))
    }
    if let accepted = outcome.accepted {
      stream.rejections[accepted.kind] = nil
      report(.accepted(node, accepted.kind, version: accepted.version))
    }
    if let rejection = outcome.rejection {
      stream.rejections[rejection.kind] = rejection
      report(.rejected(node, rejection))
    }
    deliver(outcome.answers, to: stream)
  }

  private func refuse(_ refusal: StreamRefusal) -> StreamRefusal {
    report(.refused(reason: refusal.description))
    return refusal
  }

  var proxies: [ProxyStatus] {
    streams.values.compactMap { stream in
      stream.node.map { node in
        ProxyStatus(
          node: node, isSettled: stream.session.isSettled,
          rejections: stream.rejections.sorted { $0.key < $1.key }.map(\.value))
      }
    }.sorted { $0.node.id < $1.node.id }
  }
}

// Views
extension MeshHub {
  func apply(_ view: ClusterView) {
    let changed = state.update(view)
    hasView = true
    for stream in streams.values { refresh(stream, changed: changed) }
  }

  /// Holds a stream against the newest view; nothing is made for one that nothing changed for.
  private func refresh(_ stream: Stream, changed: Set<String>?) {
    guard hasView, let node = stream.node else { return }
    var isNew = changed == nil
    if let facts = facts(of: node, stream), facts != stream.blueprint?.facts {
      stream.blueprint = NodeBlueprint(node, facts, state.policy)
      isNew = true
    }
    guard let blueprint = stream.blueprint else { return }
    guard isNew || changed.map({ blueprint.serviceClusters.contains(where: $0.contains) }) == true else { return }
    deliver(stream.session.update(state.resources(for: blueprint)), to: stream)
  }

  /// A pod that is gone from the view may still serve for its last seconds: its proxy keeps what it has.
  private func facts(of node: ProxyNode, _ stream: Stream) -> NodeFacts? {
    if let pod = node.pod {
      let hasPod = state.view.pods[pod] != nil
      if stream.hadPod, !hasPod { return nil }
      stream.hadPod = hasPod
    }
    return state.facts(of: node)
  }

  private func deliver(_ answers: [DiscoveryAnswer], to stream: Stream) {
    for answer in answers {
      if case .dropped = stream.outbox.yield(answer) {
        stream.outbox.finish(throwing: refuse(.doesNotRead(stream.node?.id ?? "")))
      }
    }
  }
}

/// Why a stream is ended by the control plane.
enum StreamRefusal: Error, CustomStringConvertible {
  case full(max: Int)
  case anonymous
  case unusable(ProxyNodeError)
  case overSubscribed(ProxyNode, SubscriptionLimitError)
  case doesNotRead(String)

  var description: String {
    switch self {
    case .full(let max): "\(max) streams are open already"
    case .anonymous: "the first message of a stream must carry its node"
    case .unusable(let error): error.description
    case .overSubscribed(let node, let error): "\(node): \(error)"
    case .doesNotRead(let node): "\(node) asks without reading the answers"
    }
  }
}
