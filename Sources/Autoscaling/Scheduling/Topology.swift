import Kubernetes

/// Nodes by the value of one of their labels. Shared by all counters that ask about the same nodes.
struct Topology: Sendable {
  let scope: TopologyScope
  /// By node: its domain; -1 for none.
  private(set) var domainOfNode: [Int32] = []
  private var numbers: [String: Int32] = [:]
  private var values: [String] = []
  private var free: [Int32] = []
  private var nodesInDomain: [Int32] = []
  /// Domains that have a node.
  private(set) var domainCount = 0

  init(_ scope: TopologyScope) { self.scope = scope }

  /// Sets or replaces what a node is; nil where it is gone. Its pods must not be counted at that time.
  /// - Returns: whether there are other domains than before.
  mutating func set(_ node: NodeTraits?, at slot: Int) -> Bool {
    while domainOfNode.count <= slot { domainOfNode.append(-1) }
    let before = domainOfNode[slot]
    let value = node.flatMap { scope.includes($0) ? $0.labels[scope.key] : nil }
    if before >= 0, values[Int(before)] == value { return false }
    if before >= 0 {
      nodesInDomain[Int(before)] -= 1
      if nodesInDomain[Int(before)] == 0 {
        domainCount -= 1
        numbers[values[Int(before)]] = nil
        free.append(before)
      }
    }
    guard let value else {
      domainOfNode[slot] = -1
      return before >= 0
    }
    let domain = numbers[value] ?? addDomain(value)
    nodesInDomain[Int(domain)] += 1
    domainOfNode[slot] = domain
    return true
  }

  private mutating func addDomain(_ value: String) -> Int32 {
    domainCount += 1
    let domain: Int32
    if let reused = free.popLast() {
      domain = reused
      values[Int(domain)] = value
    } else {
      domain = Int32(values.count)
      values.append(value)
      nodesInDomain.append(0)
    }
    numbers[value] = domain
    return domain
  }
}

/// Which nodes have which domains.
struct TopologyScope: Sendable, Hashable {
  /// The label.
  var key: String
  /// nil: every node that has the label.
  var eligibility: NodeEligibility?

  func includes(_ node: NodeTraits) -> Bool { eligibility?.includes(node) ?? true }
}

/// Which nodes make up the domains of a spread constraint.
struct NodeEligibility: Sendable, Hashable {
  /// The node must have all of these labels.
  var keys: [String]
  var nodeSelector: Labels
  var affinity: NodeSelector?
  /// nil where taints are ignored.
  var tolerations: [Toleration]?

  func includes(_ node: NodeTraits) -> Bool {
    for key in keys where node.labels[key] == nil { return false }
    guard NodePredicates.matches(node, selector: nodeSelector, affinity: affinity) else { return false }
    guard let tolerations else { return true }
    return NodePredicates.untoleratedTaint(of: node, by: tolerations) == nil
  }
}
