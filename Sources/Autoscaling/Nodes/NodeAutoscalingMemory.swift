import Kubernetes

/// What the node autoscaler remembers between passes. All of it may be lost: what matters is in the cluster (targets,
/// the scale-down taint), and the rest only delays.
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
  enum Marking: Sendable { case drain, keep }

  private var asked: [String: Asked] = [:]
  private var progress: [String: Progress] = [:]
  private var backoffs: [String: Backoff] = [:]
  private var marked: [String: (marking: Marking, at: Timestamp)] = [:]
  private(set) var terminated: [String: Timestamp] = [:]
  var evictedAt: [String: Timestamp] = [:]
  var unneededSince: [String: Timestamp] = [:]
  var hopeless: [NamespacedName: String] = [:]
  var lastScan: Timestamp?
  var lastScaleUp: Timestamp?
  var lastFailure: Timestamp?

  mutating func forgetOutdated(_ view: ClusterView, at now: Timestamp, after seconds: Double) {
    asked = asked.filter { name, asked in
      now - asked.at < seconds && view.nodeGroups[name]?.target == asked.from
    }
    marked = marked.filter { name, mark in
      guard now - mark.at < seconds, let node = view.nodes[name] else { return false }
      return (node.scaleDownMark != nil) != (mark.marking == .drain)
    }
    // A termination that did not happen is asked for again after twice the time.
    terminated = terminated.filter { now - $0.value < 2 * seconds && view.nodes[$0.key] != nil }
    evictedAt = evictedAt.filter { view.nodes[$0.key] != nil }
    hopeless = hopeless.filter { view.pods[$0.key].map(SchedulingQueue.isWaiting) == true }
    progress = progress.filter { view.nodeGroups[$0.key] != nil }
    backoffs = backoffs.filter { view.nodeGroups[$0.key] != nil }
  }

  func target(of group: NodeGroup) -> Int { asked[group.name]?.size ?? group.target }

  mutating func ask(_ ledger: NodeGroupLedger, size: Int, at now: Timestamp) {
    asked[ledger.name] = Asked(size: size, from: ledger.group.target, at: now)
    progress[ledger.name] = Progress(target: size, present: ledger.present, since: now)
  }

  func isDraining(_ node: Node) -> Bool {
    marked[node.metadata.name].map { $0.marking == .drain } ?? (node.scaleDownMark != nil)
  }

  mutating func mark(_ node: String, _ marking: Marking, at now: Timestamp) { marked[node] = (marking, now) }

  mutating func terminate(_ node: String, at now: Timestamp) {
    terminated[node] = now
    unneededSince[node] = nil
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
