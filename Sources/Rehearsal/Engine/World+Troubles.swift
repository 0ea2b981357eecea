import Autoscaling
import Kubernetes

/// What is wrong at the moment.
struct ActiveTroubles {
  var exhausted: Set<String> = []
  var lostZones: Set<String> = []
  var pullFactor = 1.0
  var apiDelaySeconds = 0.0
  var metricsAreMissing = false
}

/// Troubles as they begin and end. Of several of one kind the later one rules until either ends.
extension World {
  /// From a node's failure to the replacement of its pods: the node controller's grace
  /// (`--node-monitor-grace-period`), after which the cloud's controller finds the machine gone.
  private static let failureNoticedSeconds = 40.0

  mutating func begin(trouble index: Int) {
    let trouble = scenario.troubles[index]
    note("world", "\(trouble.kind)", "begins, for \(trouble.durationSeconds) s")
    switch trouble.kind {
    case .spotReclaim(let group, let share): interrupt(chosen(in: group, share))
    case .nodesFail(let group, let share): fail(chosen(in: group, share))
    case .zoneLost(let zone):
      active.lostZones.insert(zone)
      fail(nodes.indices.filter { nodes[$0].state != .gone && scenario.cloud.zones[nodes[$0].zone] == zone })
    case .groupExhausted(let group): active.exhausted.insert(group)
    case .slowRegistry(let factor): active.pullFactor = factor
    case .slowAPI(let delay): active.apiDelaySeconds = delay
    case .metricsMissing: active.metricsAreMissing = true
    }
    if trouble.durationSeconds > 0 { events.add(.troubleEnd(index), at: now + trouble.durationSeconds) }
  }

  mutating func end(trouble index: Int) {
    switch scenario.troubles[index].kind {
    case .spotReclaim, .nodesFail: return
    case .zoneLost(let zone): active.lostZones.remove(zone)
    case .groupExhausted(let group): active.exhausted.remove(group)
    case .slowRegistry: active.pullFactor = 1
    case .slowAPI: active.apiDelaySeconds = 0
    case .metricsMissing: active.metricsAreMissing = false
    }
    for group in fleet.groups.indices { fill(group) }
  }

  /// A share of a group's nodes, at least one.
  private mutating func chosen(in group: String, _ share: Double) -> [Int] {
    guard let index = fleet.index(ofGroup: group) else { return [] }
    var candidates = nodes.indices.filter {
      nodes[$0].group == index && nodes[$0].state == .ready && nodes[$0].interruptedSeconds == nil
    }
    let count = min(max(Int((Double(candidates.count) * share).rounded()), 1), candidates.count)
    candidates.shuffle(using: &victims)
    return candidates.prefix(count).sorted()
  }

  private mutating func interrupt(_ chosen: [Int]) {
    let isHandling = hasNotices
    hasNotices = hasNotices || !chosen.isEmpty
    for node in chosen {
      nodes[node].interruptedSeconds = now + scenario.cloud.interruptionNoticeSeconds
      events.add(.nodeGone(node), at: now + scenario.cloud.interruptionNoticeSeconds)
    }
    if !isHandling { events.add(.handleNotices, at: now) }
  }

  private mutating func fail(_ failed: [Int]) {
    let groups = Set(failed.map { nodes[$0].group })
    for node in failed { endNode(node, noticedAfter: Self.failureNoticedSeconds) }
    for group in groups.sorted() { fill(group) }
  }
}
