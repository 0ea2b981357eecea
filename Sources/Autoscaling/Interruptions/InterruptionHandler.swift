import Kubernetes

/// Replaces and drains nodes that a cloud takes back: the replacement is asked for first, and pods move when there is
/// room for them, within their disruption budgets and the notice.
///
/// Pods of interrupted nodes are bin-packed together with those that wait already: into free room, into nodes that are
/// on their way, then into new ones by the node autoscaler's own rules; on demand where spot is short. aws-node-
/// termination-handler does not do the first, which is what its users ask for (its issue 858, Karpenter's 2985).
public struct InterruptionHandler: Sendable {
  /// A node that ends.
  public struct Notice: Sendable {
    public var node: Int
    public var endsAt: Timestamp

    public init(node: Int, endsAt: Timestamp) {
      self.node = node
      self.endsAt = endsAt
    }
  }

  public let configuration: Configuration
  private var memory = NodeAutoscalingMemory()
  private var mover = PodMover()
  private var shortUntil: [String: Timestamp] = [:]
  private var told: Set<Int> = []
  private var evictedAt: [NamespacedName: Timestamp] = [:]

  public init(configuration: Configuration = Configuration()) { self.configuration = configuration }

  /// To be called where the next pass has a fleet that was made anew.
  mutating func forgetNodes() {
    mover = PodMover()
    told = []
  }

  /// - Parameters:
  ///   - notices: all nodes under notice, until they are gone.
  ///   - pending: pods that have no node.
  public mutating func pass(
    _ fleet: inout NodeFleet, notices: [Notice], pending: [BinPacking.Group], budgets: DisruptionAllowance,
    at now: Timestamp
  ) -> [NodeAction] {
    if notices.isEmpty {
      evictedAt = [:]
      told = []
      return []
    }
    memory.forgetOutdated(fleet, at: now, after: configuration.nodes.assumeSeconds)
    let notices = notices.sorted { ($0.endsAt, $0.node) < ($1.endsAt, $1.node) }
    var actions: [NodeAction] = []
    for notice in notices where !told.contains(notice.node) {
      fleet.setLost(notice.node)
      actions.append(.cordon(node: notice.node))
    }
    told = Set(notices.map(\.node))
    var ledgers = ledgers(fleet, at: now)
    let plan = plan(&fleet, notices, pending, ledgers, at: now)
    for group in ledgers.indices where plan.additions[group] > 0 {
      let size = ledgers[group].target + plan.additions[group]
      memory.ask(ledgers[group], size: size, at: now)
      ledgers[group].target = size
      actions.append(.resize(group: group, to: size))
    }
    actions += evictions(plan.leaving, budgets, at: now)
    // Where nothing could be asked for, the cloud is left to fill the group up again.
    if plan.isHelped { actions += terminations(&fleet, notices, &ledgers, at: now) }
    return actions
  }

  // MARK: Replacing

  private struct Plan {
    /// Pods that are to be evicted now, in order.
    var leaving: [(pod: PodInfo, node: Int)] = []
    /// New nodes by group.
    var additions: [Int] = []
    /// Whether there is or will be room for all.
    var isHelped = true
  }

  /// Groups as they are, without those of which the cloud is short.
  private mutating func ledgers(_ fleet: NodeFleet, at now: Timestamp) -> [NodeGroupLedger] {
    var ledgers = NodeGroupLedger.all(
      fleet, memory, bootingFor: configuration.nodes.provisionTimeoutSeconds, at: now)
    for index in ledgers.indices {
      let ledger = ledgers[index]
      let share = Double(ledger.lost) / Double(max(1, ledger.present))
      if ledger.group.isSpot, ledger.lost > 1, share >= configuration.shortageShare {
        shortUntil[ledger.name] = now + configuration.shortageSeconds
      }
      ledgers[index].isBackedOff = shortUntil[ledger.name].map { now < $0 } ?? false
    }
    return ledgers
  }

  private mutating func plan(
    _ fleet: inout NodeFleet, _ notices: [Notice], _ pending: [BinPacking.Group], _ ledgers: [NodeGroupLedger],
    at now: Timestamp
  ) -> Plan {
    var plan = Plan()
    let trial = fleet.snapshot.beginTrial()
    defer { fleet.snapshot.rollBack(trial) }
    mover.open(fleet)
    var missing = BinPacking.fill(pending, into: &fleet.snapshot, on: mover.openNodes)
    for notice in notices {
      let isLastCall = notice.endsAt - now <= configuration.lastCallSeconds
      let (leaving, staying) = move(from: notice.node, &fleet.snapshot)
      plan.leaving += (leaving + (isLastCall ? staying : [])).map { ($0, notice.node) }
      // Nobody makes a bare pod again.
      missing += BinPacking.Group.of(staying.filter(\.shape.mobility.hasController))
    }
    missing = fleet.placeExpecting(missing, ledgers)
    plan.additions = ledgers.map { _ in 0 }
    if !missing.isEmpty {
      var scaleUp = ScaleUp(missing, ledgers, fleet.groups.map(\.template), configuration.nodes)
      scaleUp.run(on: &fleet.snapshot)
      plan.additions = scaleUp.additions
      plan.isHelped = scaleUp.remaining.isEmpty
    }
    for (group, ledger) in ledgers.enumerated() where ledger.lost > 0 && !ledger.isBackedOff {
      // A group that is held at a size is held at it without the nodes that go.
      let lacking = ledger.leastSize - (ledger.ready + ledger.booting + ledger.upcoming + plan.additions[group])
      plan.additions[group] += max(0, min(lacking, ledger.group.maximum - ledger.target - plan.additions[group]))
    }
    return plan
  }

  /// - Returns: the pods for which there is room on other nodes now, where they were put, and the others.
  private mutating func move(
    from node: Int, _ snapshot: inout ClusterSnapshot
  ) -> (leaving: [PodInfo], staying: [PodInfo]) {
    var leaving: [PodInfo] = []
    var staying: [PodInfo] = []
    var start = 0
    var lastShape: PodShape?
    let pods = snapshot.nodes[node].residents.map(\.pod).filter { !$0.isTerminating && isMovable($0) }
    for pod in pods.sorted(by: { $0.key < $1.key }) {
      snapshot.forget(pod.key, onNode: node)
      if lastShape !== pod.shape { start = 0 }
      lastShape = pod.shape
      let hasPlace = mover.place(pod, from: &start, in: &snapshot) != nil
      // One that is said to be unsafe to evict is left alone until the end.
      if hasPlace, !isBlocked(pod) { leaving.append(pod) } else { staying.append(pod) }
    }
    return (leaving, staying)
  }

  private func answer(_ pod: PodInfo) -> EvictionRules.Answer {
    EvictionRules.answer(pod.shape.mobility, pod.key, blockingVolumes: configuration.nodes.blockingVolumes)
  }

  private func isMovable(_ pod: PodInfo) -> Bool { answer(pod) != .ignored }

  private func isBlocked(_ pod: PodInfo) -> Bool { answer(pod) != .movable }

  // MARK: Draining

  private mutating func evictions(
    _ leaving: [(pod: PodInfo, node: Int)], _ budgets: DisruptionAllowance, at now: Timestamp
  ) -> [NodeAction] {
    var budgets = budgets
    var asked: [NamespacedName: Timestamp] = [:]
    var actions: [NodeAction] = []
    for (pod, node) in leaving {
      if let moment = evictedAt[pod.key], now - moment < configuration.evictionRetrySeconds {
        asked[pod.key] = moment
        continue
      }
      guard budgets.take(pod) else {
        budgets.giveBack(pod)
        continue
      }
      asked[pod.key] = now
      actions.append(.evict(pod, node: node))
    }
    evictedAt = asked
    return actions
  }

  /// Nodes that are empty, or at their end, leave their groups; so no further node comes in their place.
  private func terminations(
    _ fleet: inout NodeFleet, _ notices: [Notice], _ ledgers: inout [NodeGroupLedger], at now: Timestamp
  ) -> [NodeAction] {
    var actions: [NodeAction] = []
    for notice in notices {
      let member = fleet.members[notice.node]
      guard member.terminatedAt == nil else { continue }
      let isEmpty = !fleet.snapshot.nodes[notice.node].residents.contains { isMovable($0.pod) }
      guard isEmpty || notice.endsAt - now <= configuration.endMarginSeconds else { continue }
      if member.group >= 0 {
        // A group at its minimum is filled up by the cloud.
        guard ledgers[member.group].target > ledgers[member.group].group.minimum else { continue }
        ledgers[member.group].target -= 1
      }
      fleet.terminate(notice.node, at: now)
      actions.append(.terminate(node: notice.node))
    }
    return actions
  }
}
