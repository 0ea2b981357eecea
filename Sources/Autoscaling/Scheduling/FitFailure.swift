/// Why a pod may not run on a node, in the words that `kubectl describe` users know.
public enum FitFailure: Sendable, Hashable {
  case unschedulable
  case nodeName
  case taint(key: String, value: String)
  case nodeAffinity
  case ports
  case insufficient(Shortage)
  case spreadMissingLabel
  case spread
  case affinity
  case antiAffinity
  case existingAntiAffinity

  public var reasons: [String] {
    switch self {
    case .unschedulable: ["node(s) were unschedulable"]
    case .nodeName: ["node(s) didn't match the requested node name"]
    case .taint(let key, let value): ["node(s) had untolerated taint {\(key): \(value)}"]
    case .nodeAffinity: ["node(s) didn't match Pod's node affinity/selector"]
    case .ports: ["node(s) didn't have free ports for the requested pod ports"]
    case .insufficient(let shortage): shortage.reasons
    case .spreadMissingLabel: ["node(s) didn't match pod topology spread constraints (missing required label)"]
    case .spread: ["node(s) didn't match pod topology spread constraints"]
    case .affinity: ["node(s) didn't match pod affinity rules"]
    case .antiAffinity: ["node(s) didn't match pod anti-affinity rules"]
    case .existingAntiAffinity: ["node(s) didn't satisfy existing pods anti-affinity rules"]
    }
  }

  /// Whether a topology spread constraint is the reason.
  var isOfSpread: Bool { self == .spread || self == .spreadMissingLabel }

  /// Whether the node might do once other pods have left it.
  public var yieldsToPreemption: Bool {
    switch self {
    case .unschedulable, .nodeName, .taint, .nodeAffinity, .spreadMissingLabel: false
    case .ports, .insufficient, .spread, .affinity, .antiAffinity, .existingAntiAffinity: true
    }
  }
}

/// How often each reason was met: the sentence in a pod's `PodScheduled` condition.
public struct FitSummary: Sendable, Hashable {
  public private(set) var counts: [String: Int] = [:]
  public private(set) var nodes = 0

  public init() {}

  public mutating func add(_ failure: FitFailure) {
    nodes += 1
    for reason in failure.reasons { counts[reason, default: 0] += 1 }
  }

  /// `0/3 nodes are available: 2 Insufficient cpu, 1 node(s) had untolerated taint {dedicated: gpu}.`
  /// The most frequent reason comes first, because that is the one to look at.
  public var message: String {
    if nodes == 0 { return "no nodes available to schedule pods" }
    let reasons = counts.sorted { $0.value == $1.value ? $0.key < $1.key : $0.value > $1.value }
      .map { "\($0.value) \($0.key)" }
    return "0/\(nodes) nodes are available: \(reasons.joined(separator: ", "))."
  }
}
