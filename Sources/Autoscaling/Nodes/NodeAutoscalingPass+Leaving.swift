import Kubernetes

/// How nodes leave: unneeded for a while, marked, emptied, terminated.
extension NodeAutoscalingPass {
  /// Nodes on their way out come back where a minimum or a campaign wants them.
  mutating func keepHeldNodes() {
    for group in ledgers.indices {
      let ledger = ledgers[group]
      let lacking = ledger.leastSize - (ledger.ready + ledger.booting + ledger.upcoming)
      for node in ledger.draining.prefix(max(0, lacking)) { keep(node, because: "its group must not get smaller") }
    }
  }

  mutating func keep(_ node: Int, because reason: String) {
    let member = fleet.members[node]
    ledgers[member.group].draining.removeAll { $0 == node }
    if member.isReady { ledgers[member.group].ready += 1 } else { ledgers[member.group].broken += 1 }
    fleet.ask(false, node: node, at: now)
    if member.isMarked { actions.append(.keep(node: node, reason: reason)) }
  }

  /// Evicts what is left on marked nodes, and ends those that are empty.
  mutating func continueDrains() {
    for node in ledgers.flatMap(\.draining) {
      // Only once the mark is seen: then nothing new is put there.
      guard fleet.members[node].isMarked else { continue }
      var waiting: [PodInfo] = []
      var blocked: String?
      for resident in fleet.snapshot.nodes[node].residents {
        let pod = resident.pod
        switch EvictionRules.answer(pod.shape.mobility, pod.key, blockingVolumes: configuration.blockingVolumes) {
        case .ignored: continue
        case .blocked(let reason): if !pod.isTerminating { blocked = reason }
        case .movable: break
        }
        waiting.append(pod)
      }
      if waiting.isEmpty {
        end(node)
      } else if let blocked {
        fail(node, because: blocked)
      } else if let since = fleet.members[node].markedAt, now - since > configuration.drainTimeoutSeconds {
        fail(node, because: "it could not be emptied in time")
      } else {
        evict(waiting.filter { !$0.isTerminating }.sorted { $0.key < $1.key }, from: node)
      }
    }
  }

  private mutating func end(_ node: Int) {
    ledgers[fleet.members[node].group].draining.removeAll { $0 == node }
    fleet.terminate(node, at: now)
    actions.append(.terminate(node: node))
  }

  private mutating func fail(_ node: Int, because reason: String) {
    memory.lastFailure = now
    keep(node, because: reason)
  }

  private mutating func evict(_ pods: [PodInfo], from node: Int) {
    if let last = fleet.members[node].evictedAt, now - last < configuration.scanPeriodSeconds { return }
    guard !pods.isEmpty else { return }
    fleet.setEvicted(node, at: now)
    actions += pods.map { .evict($0, node: node) }
  }

  /// - Returns: nodes that have been unneeded for long enough, the best to go first.
  mutating func scanForUnneeded(needed: Set<Int>, _ budgets: DisruptionAllowance) -> [ScaleDown.Candidate] {
    if let last = memory.lastScan, now - last < configuration.scanPeriodSeconds { return [] }
    memory.lastScan = now
    let unneeded = scaleDown.run(&fleet, ledgers, needed: needed, budgets, at: now)
    return unneeded.filter { candidate in
      hasWaited(candidate, configuration.unneededSeconds)
        || isReleased(candidate) && hasWaited(candidate, configuration.releasedUnneededSeconds)
    }
  }

  private func hasWaited(_ candidate: ScaleDown.Candidate, _ seconds: Double) -> Bool {
    fleet.members[candidate.node].unneededSince.map { now - $0 >= seconds } == true
  }

  /// Whether a push held such a node, and it stands empty now: nobody needs to wait whether it is needed again.
  private func isReleased(_ candidate: ScaleDown.Candidate) -> Bool {
    candidate.isEmpty && memory.releasedNodes(of: ledgers[candidate.group].name) > 0
  }

  /// Whether nodes came lately, or could not be emptied.
  var isResting: Bool {
    memory.lastScaleUp.map { now - $0 < configuration.afterAddSeconds } == true
      || memory.lastFailure.map { now - $0 < configuration.afterFailureSeconds } == true
  }

  mutating func startLeaving(_ candidates: [ScaleDown.Candidate]) {
    if candidates.isEmpty { return }
    let isResting = isResting
    let leaving = ledgers.flatMap(\.draining)
    var room = configuration.maximumLeaving - leaving.count
    var drains = configuration.maximumDrains - leaving.count { fleet.snapshot.loads[$0].movablePods > 0 }
    for candidate in candidates where room > 0 {
      if isResting || !hasWaited(candidate, configuration.unneededSeconds) {
        guard isReleased(candidate) else { continue }
        memory.takeReleased(of: ledgers[candidate.group].name)
      }
      if !candidate.isEmpty {
        guard drains > 0 else { continue }
        drains -= 1
      }
      room -= 1
      fleet.ask(true, node: candidate.node, at: now)
      actions.append(.drain(node: candidate.node))
    }
  }
}
