import Kubernetes

/// One state-of-the-world stream of a proxy, as a pure state machine: every answer carries all of its kind that the
/// proxy subscribed to. The rules are those of `DeltaSession`; what differs is that a removal is an absence, that a
/// refused definition is replaced by the one last accepted, and that a proxy asks again for the endpoints of a changed
/// cluster by repeating its acknowledgement.
public struct StateSession: Sendable {
  private var channels = [ResourceKind: Channel](uniqueKeysWithValues: ResourceKind.allCases.map { ($0, Channel()) })
  private var resources: NodeResources?
  private var answersMade = 0

  struct Channel: Sendable {
    var isOpen = false
    var isWildcard = false
    /// Once a name was subscribed to, an empty subscription means none.
    var hadNames = false
    var names: Set<String> = []
    /// What the proxy has.
    var accepted: [String: EncodedResource] = [:]
    var acceptedVersion = ""
    var refused: [String: String] = [:]
    var owesAnswer = false
    /// The nonce of the latest answer, acknowledged or not.
    var nonce = ""
    var pending: Pending?

    struct Pending: Sendable {
      var version: String
      var resources: [String: EncodedResource]
    }
  }

  public init() {}

  /// Takes a query.
  /// - Throws: `SubscriptionLimitError`; the stream should then be ended.
  public mutating func receive(_ query: StateQuery) throws(SubscriptionLimitError) -> DiscoveryOutcome {
    guard query.names.count <= SubscriptionLimitError.namesMax else { throw SubscriptionLimitError(kind: query.kind) }
    var outcome = DiscoveryOutcome()
    var channel = channels[query.kind] ?? Channel()
    if !channel.isOpen {
      channel.isOpen = true
      channel.owesAnswer = true
      subscribe(&channel, query)
    } else if query.nonce == channel.nonce {
      settle(&channel, query, &outcome)
    }  // else: about an answer that a newer one has overtaken
    channels[query.kind] = channel
    outcome.answers = advance()
    return outcome
  }

  private func settle(_ channel: inout Channel, _ query: StateQuery, _ outcome: inout DiscoveryOutcome) {
    let pending = channel.pending
    channel.pending = nil
    if let pending, let message = query.error {
      outcome.rejection = refuse(&channel, pending, kind: query.kind, message: message)
    } else if let pending {
      channel.accepted = pending.resources
      channel.acceptedVersion = pending.version
      outcome.accepted = (query.kind, pending.version)
    }
    switch subscribe(&channel, query) {
    case .grew: channel.owesAnswer = true
    case .unchanged where pending == nil && query.error == nil: channel.owesAnswer = true
    case .unchanged, .shrank: break
    }
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
        !channel.isOpen || (channel.pending == nil && due(kind) == nil)
      }
  }

  public func accepted(_ kind: ResourceKind) -> [String: String] {
    channels[kind]?.accepted.mapValues(\.version) ?? [:]
  }
}

extension StateSession {
  private enum SubscriptionChange { case grew, unchanged, shrank }

  @discardableResult
  private func subscribe(_ channel: inout Channel, _ query: StateQuery) -> SubscriptionChange {
    var names = Set(query.names)
    let isExplicit = names.remove("*") != nil
    if !names.isEmpty { channel.hadNames = true }
    let isLegacy = query.kind.hasLegacyWildcard && names.isEmpty && !channel.hadNames
    let wildcard = isExplicit || isLegacy
    let grew = (wildcard && !channel.isWildcard) || !names.isSubset(of: channel.names)
    let isSame = wildcard == channel.isWildcard && names == channel.names
    channel.isWildcard = wildcard
    channel.names = names
    if !wildcard, channel.accepted.keys.contains(where: { !names.contains($0) }) {
      // What it no longer asks for, it no longer has: nothing to be told of that.
      channel.accepted = channel.accepted.filter { names.contains($0.key) }
      channel.acceptedVersion = Self.version(of: channel.accepted)
    }
    return grew ? .grew : isSame ? .unchanged : .shrank
  }

  private func refuse(
    _ channel: inout Channel, _ pending: Channel.Pending, kind: ResourceKind, message: String
  ) -> DiscoveryRejection {
    let fresh = pending.resources.values.filter { channel.accepted[$0.name]?.version != $0.version }.map(\.name)
    let named = Refusal.culprits(among: pending.resources.keys, message: message)
    let culprits = named.isEmpty ? fresh.sorted() : named
    for name in culprits { channel.refused[name] = pending.resources[name]?.version }
    return DiscoveryRejection(kind: kind, message: message, culprits: culprits, isNamed: !named.isEmpty)
  }

  /// All that an answer of a kind carries now.
  private func effective(_ kind: ResourceKind, _ channel: Channel) -> [String: EncodedResource] {
    let wanted = resources?[kind] ?? [:]
    var found = channel.isWildcard ? wanted : wanted.filter { channel.names.contains($0.key) }
    for (name, version) in channel.refused where found[name]?.version == version {
      found[name] = channel.accepted[name]
    }
    // A cluster that goes stays until nothing points to it; endpoints and routes go with those who asked for them.
    if !kind.hasLegacyWildcard || (kind == .cluster && !areDependentsSettled) {
      for (name, resource) in channel.accepted where found[name] == nil && wanted[name] == nil {
        found[name] = resource
      }
    }
    return found
  }

  private func due(_ kind: ResourceKind) -> Channel.Pending? {
    guard let channel = channels[kind], channel.isOpen, resources != nil else { return nil }
    let found = effective(kind, channel)
    let version = Self.version(of: found)
    guard channel.owesAnswer || version != channel.acceptedVersion else { return nil }
    // Nobody waits for an answer about names that do not exist, except the first of a wildcard.
    guard channel.isWildcard || !found.isEmpty || !channel.acceptedVersion.isEmpty else { return nil }
    return Channel.Pending(version: version, resources: found)
  }

  private static func version(of resources: [String: EncodedResource]) -> String {
    var hash = FNV1a()
    for (name, resource) in resources.sorted(by: { $0.key < $1.key }) {
      hash.add(name.utf8)
      hash.add(resource.version.utf8)
    }
    return String(hash.value, radix: 16)
  }

  private mutating func advance() -> [DiscoveryAnswer] {
    guard resources != nil else { return [] }
    var answers: [DiscoveryAnswer] = []
    for kind in ResourceKind.allCases where channels[kind]?.pending == nil && isFree(kind) {
      guard let pending = due(kind) else { continue }
      answersMade += 1
      let nonce = String(answersMade)
      channels[kind]?.pending = pending
      channels[kind]?.nonce = nonce
      channels[kind]?.owesAnswer = false
      answers.append(
        DiscoveryAnswer(
          kind: kind, nonce: nonce, version: pending.version,
          resources: pending.resources.values.sorted { $0.name < $1.name }))
    }
    return answers
  }

  /// Listeners and routes wait until the clusters that they may need are accepted.
  private func isFree(_ kind: ResourceKind) -> Bool {
    guard kind == .listener || kind == .route, let clusters = channels[.cluster], clusters.isOpen else { return true }
    return clusters.pending == nil && !lacksClusters(clusters)
  }

  private func lacksClusters(_ channel: Channel) -> Bool {
    (resources?.clusters ?? [:]).contains { name, resource in
      (channel.isWildcard || channel.names.contains(name)) && channel.accepted[name]?.version != resource.version
        && channel.refused[name] != resource.version
    }
  }

  private var areDependentsSettled: Bool {
    [ResourceKind.listener, .route].allSatisfy { kind in
      guard let channel = channels[kind], channel.isOpen else { return true }
      return channel.pending == nil && Self.version(of: effective(kind, channel)) == channel.acceptedVersion
    }
  }
}
