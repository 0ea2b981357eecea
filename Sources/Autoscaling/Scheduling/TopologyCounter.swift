import Kubernetes

/// What a topology counter is asked to count: pods picked, by domain.
struct TopologyQuestion: Sendable, Hashable {
  var scope: TopologyScope
  var picker: PodPicker

  init(key: String, picker: PodPicker, eligibility: NodeEligibility? = nil) {
    scope = TopologyScope(key: key, eligibility: eligibility)
    self.picker = picker
  }
}

/// Pods counted by topology domain, kept up to date as pods are placed and taken away.
struct TopologyCounter: Sendable {
  let picker: PodPicker
  /// The snapshot's number of the topology.
  let topology: Int
  /// By domain; those beyond have none.
  private(set) var counts: [Int32] = []
  /// All picked pods in domains.
  private(set) var total = 0
  private var domainsInUse = 0
  /// The fewest pods in any domain that has nodes, and how many domains have as few; known while none is empty.
  private var minimum: Int32 = 0
  private var atMinimum = 0

  init(_ picker: PodPicker, topology: Int) {
    self.picker = picker
    self.topology = topology
  }

  /// - Returns: whether `recount` must follow.
  mutating func add(_ change: Int, domain: Int32, of domainCount: Int) -> Bool {
    let index = Int(domain)
    while counts.count <= index { counts.append(0) }
    let before = counts[index]
    let after = before + Int32(change)
    counts[index] = after
    total += change
    if before == 0, after > 0 { domainsInUse += 1 }
    if before > 0, after == 0 { domainsInUse -= 1 }
    guard domainsInUse == domainCount else { return false }
    if before == 0 { return true }
    if before == minimum, after > before {
      atMinimum -= 1
      return atMinimum == 0
    }
    if after < minimum {
      minimum = after
      atMinimum = 1
    } else if after == minimum {
      atMinimum += 1
    }
    return false
  }

  /// To be told where the topology has other domains than before.
  mutating func domainsChanged(_ topology: Topology) {
    if domainsInUse > 0, domainsInUse == topology.domainCount { recount(topology.nodesInDomain) }
  }

  mutating func recount(_ nodesInDomain: [Int32]) {
    minimum = Int32.max
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
  @inline(__always)
  func fewest(ofAtLeast wantedDomains: Int, _ domainCount: Int) -> Int {
    domainCount < wantedDomains || domainsInUse < domainCount || domainCount == 0 ? 0 : Int(minimum)
  }

  @inline(__always)
  func count(inDomain domain: Int32) -> Int { Int(domain) < counts.count ? Int(counts[Int(domain)]) : 0 }
}
