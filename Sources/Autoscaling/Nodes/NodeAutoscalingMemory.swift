import Kubernetes

/// What the node autoscaler remembers of groups between passes. All of it may be lost: what matters is in the cluster
/// (targets, the scale-down taint), and the rest only delays.
struct NodeAutoscalingMemory: Sendable {
  private struct Asked: Sendable {
    var size: Int
    /// The target at that time: while the view still shows it, the answer is pending.
    var from: Int
    var at: Timestamp
  }
  private struct Progress: Sendable {
    var target: Int
    var present: Int
    var since: Timestamp
  }
  private struct Backoff: Sendable {
    var until: Timestamp
    var seconds: Double
  }
  private var asked: [String: Asked] = [:]
  private var progress: [String: Progress] = [:]
  private var backoffs: [String: Backoff] = [:]
  /// Why pods were told that nothing helps them.
  var hopeless: [NamespacedName: String] = [:]
  var lastScan: Timestamp?
  var lastScaleUp: Timestamp?
  var lastFailure: Timestamp?
  var consolidating = ConsolidatingMemory()
  var relieving = RelievingMemory()
  /// What campaigns held of each group when last seen.
  private var floors: [String: Int] = [:]
  private var released: [String: Released] = [:]

  private struct Released: Sendable {
    var nodes: Int
    var until: Timestamp
  }

  mutating func forgetOutdated(_ fleet: NodeFleet, at now: Timestamp, after seconds: Double) {
    guard !asked.isEmpty || !progress.isEmpty || !backoffs.isEmpty else { return }
    let targets = Dictionary(uniqueKeysWithValues: fleet.groups.map { ($0.name, $0.group.target) })
    asked = asked.filter { name, asked in now - asked.at < seconds && targets[name] == asked.from }
    progress = progress.filter { targets[$0.key] != nil }
    backoffs = backoffs.filter { targets[$0.key] != nil }
  }

  /// Sees which nodes campaigns have let go.
  mutating func note(_ ledger: NodeGroupLedger, releasedFor seconds: Double, at now: Timestamp) {
    let before = floors.updateValue(ledger.floor, forKey: ledger.name) ?? 0
    if let known = released[ledger.name], now >= known.until { released[ledger.name] = nil }
    guard ledger.floor < before else { return }
    let nodes = (released[ledger.name]?.nodes ?? 0) + before - ledger.floor
    released[ledger.name] = Released(nodes: nodes, until: now + seconds)
  }

  /// How many nodes of a group were held by pushes until lately.
  func releasedNodes(of group: String) -> Int { released[group]?.nodes ?? 0 }

  mutating func takeReleased(of group: String) { released[group]?.nodes -= 1 }

  func target(of group: NodeGroup) -> Int { asked[group.name]?.size ?? group.target }

  mutating func ask(_ ledger: NodeGroupLedger, size: Int, at now: Timestamp) {
    asked[ledger.name] = Asked(size: size, from: ledger.group.target, at: now)
    progress[ledger.name] = Progress(target: size, present: ledger.present, since: now)
  }

  func isBackedOff(_ group: String, at now: Timestamp) -> Bool { backoffs[group].map { now < $0.until } ?? false }

  /// Watches nodes come.
  /// - Returns: whether the group failed to deliver in time.
  mutating func observe(
    _ ledger: NodeGroupLedger, _ configuration: NodeAutoscalingDecision.Configuration, at now: Timestamp
  ) -> Bool {
    let name = ledger.name
    let now = (target: ledger.target, present: ledger.present, moment: now)
    if let known = progress[name] {
      if now.target > known.target { lastScaleUp = now.moment }
      if now.present > known.present { backoffs[name] = nil }
      if ledger.missing > 0, now.target <= known.target, now.present <= known.present {
        progress[name] = Progress(target: now.target, present: now.present, since: known.since)
        guard now.moment - known.since > configuration.provisionTimeoutSeconds,
          !isBackedOff(name, at: now.moment)
        else { return false }
        let seconds = backoffs[name].map { $0.seconds * 2 } ?? configuration.initialBackoffSeconds
        let bounded = min(seconds, configuration.maximumBackoffSeconds)
        backoffs[name] = Backoff(until: now.moment + bounded, seconds: bounded)
        progress[name]?.since = now.moment + bounded
        return true
      }
    }
    progress[name] = Progress(target: now.target, present: now.present, since: now.moment)
    return false
  }
}
