/// What a proxy asks or acknowledges on a delta stream, without its wire form.
public struct DeltaQuery: Sendable, Equatable {
  public var kind: ResourceKind
  public var subscribe: [String]
  public var unsubscribe: [String]
  /// What the proxy has from an earlier stream, by name: only on the first query of a kind.
  public var initialVersions: [String: String]
  /// Of the answer that this is about; empty on a query of its own.
  public var nonce: String
  /// Why the answer was refused; nil when it was accepted.
  public var error: String?

  public init(
    _ kind: ResourceKind, subscribe: [String] = [], unsubscribe: [String] = [], initialVersions: [String: String] = [:],
    nonce: String = "", error: String? = nil
  ) {
    self.kind = kind
    self.subscribe = subscribe
    self.unsubscribe = unsubscribe
    self.initialVersions = initialVersions
    self.nonce = nonce
    self.error = error
  }
}

/// What a proxy asks or acknowledges on a state-of-the-world stream.
public struct StateQuery: Sendable, Equatable {
  public var kind: ResourceKind
  /// All that it subscribes to, not a difference.
  public var names: [String]
  public var nonce: String
  public var error: String?

  public init(_ kind: ResourceKind, names: [String] = [], nonce: String = "", error: String? = nil) {
    self.kind = kind
    self.names = names
    self.nonce = nonce
    self.error = error
  }
}

/// What to send to a proxy.
public struct DiscoveryAnswer: Sendable, Equatable {
  public var kind: ResourceKind
  public var nonce: String
  /// Of the whole answer: for people on delta streams, a hash of all names and versions on the others.
  public var version: String
  public var resources: [EncodedResource]
  /// Only on delta streams.
  public var removed: [String] = []
}

/// An answer that a proxy refused, and which of its resources are at fault.
public struct DiscoveryRejection: Sendable, Equatable, CustomStringConvertible {
  public var kind: ResourceKind
  /// Envoy's own words.
  public var message: String
  /// Names of the definitions at fault; they are not sent again until they change.
  public var culprits: [String]
  /// Whether Envoy named them; otherwise all that was new in the answer is held to be at fault.
  public var isNamed: Bool

  public var description: String {
    "\(kind) \(culprits.joined(separator: ", ")) refused\(isNamed ? "" : " (one of them)"): \(message)"
  }
}

/// What came of a query.
public struct DiscoveryOutcome: Sendable, Equatable {
  public var answers: [DiscoveryAnswer] = []
  /// Kind and version of an answer that the query accepted.
  public var accepted: (kind: ResourceKind, version: String)?
  public var rejection: DiscoveryRejection?

  public init() {}

  public static func == (left: DiscoveryOutcome, right: DiscoveryOutcome) -> Bool {
    left.answers == right.answers && left.rejection == right.rejection
      && left.accepted?.kind == right.accepted?.kind && left.accepted?.version == right.accepted?.version
  }
}

/// A proxy that asks for more than a stream will keep track of.
public struct SubscriptionLimitError: Error, Equatable, CustomStringConvertible {
  public var kind: ResourceKind
  public static let namesMax = 10_000
  public var description: String { "more than \(Self.namesMax) names of \(kind) subscribed to on one stream" }
}

enum Refusal {
  /// Names among `sent` that Envoy's message mentions as words of their own; `ns/users` is not in `ns/users-api`.
  static func culprits(among sent: some Sequence<String>, message: String) -> [String] {
    let text = Array(message.utf8)
    return sent.filter { mentions(Array($0.utf8), in: text) }.sorted()
  }

  private static func mentions(_ name: [UInt8], in text: [UInt8]) -> Bool {
    guard !name.isEmpty, text.count >= name.count else { return false }
    for start in 0...(text.count - name.count) where text[start..<start + name.count].elementsEqual(name) {
      let before = start > 0 ? text[start - 1] : 0x20
      let after = start + name.count < text.count ? text[start + name.count] : 0x20
      if !isNameByte(before) && !isNameByte(after) { return true }
    }
    return false
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"),
      UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "/"):
      true
    default: false
    }
  }
}
