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
  /// The fewest pods in any domain that has some, and how many domains have as few; none where it must be counted anew.
  private var minimum: Int32 = 0
  private var atMinimum = 0

  init(_ picker: PodPicker, topology: Int) {
    self.picker = picker
    self.topology = topology
  }

  mutating func add(_ change: Int, domain: Int32, of domainCount: Int) {
    let index = Int(domain)
    while counts.count <= index { counts.append(0) }
    let before = counts[index]
    let after = before + Int32(change)
    counts[index] = after
    total += change
    if before == 0, after > 0 { domainsInUse += 1 }
    if before > 0, after == 0 { domainsInUse -= 1 }
    if atMinimum > 0 {
      if before == minimum { atMinimum -= 1 }
      if after > 0 {
        if after < minimum {
          minimum = after
          atMinimum = 1
        } else if after == minimum {
          atMinimum += 1
        }
      }
    }
    if domainsInUse == domainCount, atMinimum == 0 { recount() }
  }

  /// To be told where the topology has other domains than before.
  mutating func domainsChanged(_ domainCount: Int) {
    if domainsInUse > 0, domainsInUse == domainCount, atMinimum == 0 { recount() }
  }

  private mutating func recount() {
    minimum = Int32.max
    atMinimum = 0
    for count in counts where count > 0 {
      if count < minimum {
        minimum = count
        atMinimum = 1
      } else if count == minimum {
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
