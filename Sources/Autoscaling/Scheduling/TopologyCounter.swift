import Kubernetes

/// What a topology counter is asked to count: pods picked, by the value of a node label, over the nodes that count.
struct TopologyQuestion: Sendable, Hashable {
  var key: String
  var picker: PodPicker
  /// nil: every node that has the label.
  var eligibility: NodeEligibility?
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

/// Pods counted by topology domain, kept up to date as pods are placed and taken away.
struct TopologyCounter: Sendable {
  let question: TopologyQuestion
  private(set) var domainOfNode: [Int32] = []
  private var domains: [String: Int32] = [:]
  private(set) var counts: [Int] = []
  private var nodesInDomain: [Int32] = []
  /// All picked pods in domains.
  private(set) var total = 0
  private(set) var domainCount = 0
  private var minimum = Int.max
  private var atMinimum = 0
  /// By group number: 1 picked, 0 not.
  private var picked: [UInt8] = []

  init(_ question: TopologyQuestion) { self.question = question }

  mutating func addNode(_ node: NodeTraits) {
    guard let value = node.labels[question.key], question.eligibility?.includes(node) ?? true else {
      return domainOfNode.append(-1)
    }
    let domain: Int32
    if let known = domains[value] {
      domain = known
    } else {
      domain = Int32(counts.count)
      domains[value] = domain
      counts.append(0)
      nodesInDomain.append(0)
    }
    nodesInDomain[Int(domain)] += 1
    domainOfNode.append(domain)
    guard nodesInDomain[Int(domain)] == 1 else { return }
    domainCount += 1
    let count = counts[Int(domain)]
    if count < minimum {
      minimum = count
      atMinimum = 1
    } else if count == minimum {
      atMinimum += 1
    }
  }

  /// Takes the last node back, which must be empty.
  mutating func removeLastNode() {
    guard let domain = domainOfNode.popLast(), domain >= 0 else { return }
    nodesInDomain[Int(domain)] -= 1
    if nodesInDomain[Int(domain)] == 0 {
      domainCount -= 1
      recount()
    }
  }

  mutating func addGroup(_ group: PodGroup, namespaceLabels: [String: Labels]) {
    picked.append(question.picker.picks(group, namespaceLabels: namespaceLabels) ? 1 : 0)
  }

  @inline(__always)
  func picks(_ group: Int) -> Bool { picked[group] == 1 }

  mutating func add(_ change: Int, group: Int, node: Int) {
    guard picked[group] == 1 else { return }
    let domain = Int(domainOfNode[node])
    guard domain >= 0 else { return }
    let before = counts[domain]
    counts[domain] = before + change
    total += change
    let after = before + change
    if before == minimum, after > before {
      atMinimum -= 1
      if atMinimum == 0 { recount() }
    } else if after < minimum {
      minimum = after
      atMinimum = 1
    } else if after == minimum {
      atMinimum += 1
    }
  }

  /// Of the domains that have nodes.
  private mutating func recount() {
    minimum = Int.max
    atMinimum = 0
    for domain in counts.indices where nodesInDomain[domain] > 0 {
      if counts[domain] < minimum {
        minimum = counts[domain]
        atMinimum = 1
      } else if counts[domain] == minimum {
        atMinimum += 1
      }
    }
  }

  /// The fewest pods in any domain; 0 where there are fewer domains than wanted.
  func fewest(ofAtLeast wantedDomains: Int) -> Int {
    domainCount < wantedDomains || domainCount == 0 ? 0 : minimum
  }

  /// The pods in a node's domain; nil where the node is in none.
  @inline(__always)
  func count(onNode node: Int) -> Int? {
    let domain = domainOfNode[node]
    return domain < 0 ? nil : counts[Int(domain)]
  }
}
