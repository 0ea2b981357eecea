/// One delta (incremental) stream of a proxy, as a pure state machine: what it subscribed to, what it was sent, what it
/// accepted; queries and newer resources in, answers out.
///
/// - At most one answer of a kind is under way; what changes meanwhile is sent after its ACK, in its newest form.
/// - Make before break: clusters with their endpoints right behind, and only after the clusters' ACK listeners and
///   routes; clusters that nobody needs any more go last.
/// - Endpoints of a changed cluster are sent again, unasked: Envoy warms the new cluster until they come, and holds
///   the ACK of the clusters back so long. That is why endpoints never wait for it.
/// - A proxy has what it accepted, not what it was sent. What it refused is not sent again until it changes; its
///   siblings in the refused answer are, once.
public struct DeltaSession: Sendable {
  private var channels = [ResourceKind: Channel](uniqueKeysWithValues: ResourceKind.allCases.map { ($0, Channel()) })
  private var resources: NodeResources?
  private var answersMade = 0
  /// The proxy had resources before this stream.
  private var isReturning = false

  struct Channel: Sendable {
    var isOpen = false
    var isWildcard = false
    var names: Set<String> = []
    /// Versions by name that the proxy has.
    var accepted: [String: String] = [:]
    /// Versions by name that the proxy refused.
    var refused: [String: String] = [:]
    /// Names to be answered even if the proxy has them.
    var owed: Set<String> = []
    /// An answer is due even if there is nothing to say.
    var owesAnswer = false
    var pending: Pending?

    struct Pending: Sendable {
      var nonce: String
      /// Version by name; nil where it was removed.
      var sent: [String: String?]
    }
  }

  public init() {}

  /// Takes a query.
  /// - Throws: `SubscriptionLimitError`; the stream should then be ended.
  public mutating func receive(_ query: DeltaQuery) throws(SubscriptionLimitError) -> DiscoveryOutcome {
    var outcome = DiscoveryOutcome()
    var channel = channels[query.kind] ?? Channel()
    if !channel.isOpen { open(&channel, query) }
    if let pending = channel.pending, pending.nonce == query.nonce {
      channel.pending = nil
      if let message = query.error {
        outcome.rejection = refuse(&channel, pending, kind: query.kind, message: message)
      } else {
        accept(&channel, pending)
        outcome.accepted = (query.kind, pending.nonce)
      }
    }
    subscribe(&channel, query)
    unsubscribe(&channel, query)
    channels[query.kind] = channel
    guard channel.names.count <= SubscriptionLimitError.namesMax,
      channel.accepted.count <= SubscriptionLimitError.namesMax
    else { throw SubscriptionLimitError(kind: query.kind) }
    outcome.answers = advance()
    return outcome
  }

  /// Takes what the proxy should have from now on.
  public mutating func update(_ resources: NodeResources) -> [DiscoveryAnswer] {
    self.resources = resources
    return advance()
  }

  /// Whether the proxy has all that it should and asked for, as far as it accepts it.
  public var isSettled: Bool {
    resources != nil
      && channels.allSatisfy { kind, channel in
        !channel.isOpen || (channel.pending == nil && !channel.owesAnswer && due(kind).isEmpty)
      }
  }

  /// Versions that the proxy accepted, by name.
  public func accepted(_ kind: ResourceKind) -> [String: String] { channels[kind]?.accepted ?? [:] }
}

// Queries
extension DeltaSession {
  private mutating func open(_ channel: inout Channel, _ query: DeltaQuery) {
    channel.isOpen = true
    channel.accepted = query.initialVersions
    if !query.initialVersions.isEmpty { isReturning = true }
    if query.kind.hasLegacyWildcard, query.subscribe.isEmpty {
      channel.isWildcard = true
      channel.owesAnswer = true
    }
  }

  private func accept(_ channel: inout Channel, _ pending: Channel.Pending) {
    for (name, version) in pending.sent {
      channel.accepted[name] = version
      channel.refused[name] = nil
    }
  }

  private func refuse(
    _ channel: inout Channel, _ pending: Channel.Pending, kind: ResourceKind, message: String
  ) -> DiscoveryRejection {
    let sent = pending.sent.filter { $0.value != nil }
    let named = Refusal.culprits(among: sent.keys, message: message)
    let culprits = named.isEmpty ? sent.keys.sorted() : named
    for name in culprits { channel.refused[name] = sent[name] ?? nil }
    // Removals cannot be at fault: they are taken as done, so that an answer of nothing else does not come again.
    for (name, version) in pending.sent where version == nil { channel.accepted[name] = nil }
    return DiscoveryRejection(kind: kind, message: message, culprits: culprits, isNamed: !named.isEmpty)
  }

  private func subscribe(_ channel: inout Channel, _ query: DeltaQuery) {
    for name in query.subscribe {
      if name == "*" {
        channel.isWildcard = true
        channel.owesAnswer = true
      } else {
        channel.names.insert(name)
        // A proxy that subscribes wants to hear of it, unless it says in the same breath what it has.
        if query.initialVersions[name] == nil { channel.owed.insert(name) }
      }
    }
  }

  private func unsubscribe(_ channel: inout Channel, _ query: DeltaQuery) {
    for name in query.unsubscribe {
      if name == "*" {
        channel.isWildcard = false
        channel.accepted = channel.accepted.filter { channel.names.contains($0.key) }
        continue
      }
      channel.names.remove(name)
      if channel.isWildcard {
        // The wildcard still covers it: it is sent again, or said to be gone.
        channel.owed.insert(name)
      } else {
        channel.accepted[name] = nil
        channel.refused[name] = nil
        channel.owed.remove(name)
      }
    }
  }
}

// Answers
extension DeltaSession {
  private struct Due {
    var upserts: [EncodedResource] = []
    var removals: [String] = []
    var isEmpty: Bool { upserts.isEmpty && removals.isEmpty }
  }

  /// What a proxy lacks of a kind, and what it has that it should not.
  private func due(_ kind: ResourceKind) -> Due {
    guard let channel = channels[kind], channel.isOpen, let wanted = resources?[kind] else { return Due() }
    var due = Due()
    func consider(_ resource: EncodedResource) {
      let isNew = channel.accepted[resource.name] != resource.version || channel.owed.contains(resource.name)
      if isNew, channel.refused[resource.name] != resource.version { due.upserts.append(resource) }
    }
    if channel.isWildcard {
      for resource in wanted.values { consider(resource) }
    } else {
      for name in channel.names { if let resource = wanted[name] { consider(resource) } }
    }
    due.upserts.sort { $0.name < $1.name }
    var gone = channel.owed.filter { wanted[$0] == nil && (channel.isWildcard || channel.names.contains($0)) }
    // Endpoints and routes go with their clusters and listeners; Envoy does not act on their removal.
    if kind.hasLegacyWildcard { gone.formUnion(channel.accepted.keys.filter { wanted[$0] == nil }) }
    due.removals = gone.sorted()
    return due
  }

  /// Sends all that may be sent now.
  private mutating func advance() -> [DiscoveryAnswer] {
    guard resources != nil else { return [] }
    var answers: [DiscoveryAnswer] = []
    for kind in ResourceKind.allCases where channels[kind]?.pending == nil && isOpenAndFree(kind) {
      var due = due(kind)
      if kind == .cluster, !due.removals.isEmpty, !areDependentsSettled { due.removals = [] }
      guard !due.isEmpty || channels[kind]?.owesAnswer == true else { continue }
      answers.append(send(kind, due))
    }
    return answers
  }

  private func isOpenAndFree(_ kind: ResourceKind) -> Bool {
    guard channels[kind]?.isOpen == true else { return false }
    guard kind == .listener || kind == .route, let clusters = channels[.cluster] else { return true }
    // A proxy that comes back asks for its clusters last while some of them warm.
    guard clusters.isOpen else { return !isReturning }
    return clusters.pending == nil && due(.cluster).upserts.isEmpty
  }

  /// Whether no listener and no route can still point to a cluster that is to go.
  private var areDependentsSettled: Bool {
    [ResourceKind.listener, .route].allSatisfy { kind in
      channels[kind].map { $0.pending == nil && due(kind).isEmpty } ?? true
    }
  }

  private mutating func send(_ kind: ResourceKind, _ due: Due) -> DiscoveryAnswer {
    answersMade += 1
    let nonce = String(answersMade)
    var sent: [String: String?] = [:]
    for resource in due.upserts { sent[resource.name] = .some(resource.version) }
    for name in due.removals { sent[name] = .some(nil) }
    channels[kind]?.pending = Channel.Pending(nonce: nonce, sent: sent)
    channels[kind]?.owesAnswer = false
    channels[kind]?.owed.subtract(sent.keys)
    if kind == .cluster {
      for resource in due.upserts where resources?.endpoints[resource.name] != nil {
        channels[.endpoints]?.owed.insert(resource.name)
      }
      for name in due.removals { channels[.endpoints]?.owed.remove(name) }
    }
    return DiscoveryAnswer(kind: kind, nonce: nonce, version: nonce, resources: due.upserts, removed: due.removals)
  }
}
