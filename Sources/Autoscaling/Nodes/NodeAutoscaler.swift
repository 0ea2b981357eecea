import Kubernetes

/// Grows node groups for pods that fit nowhere, and shrinks them where nodes are not needed: the algorithm itself, on a
/// `NodeFleet` that is kept between passes.
///
/// The behaviour is cluster-autoscaler's. Nodes that were asked for and have not come are counted as if they were
/// there. A pass in which nothing has changed costs a look at each node's numbers.
public struct NodeAutoscaler: Sendable {
  public let configuration: NodeAutoscalingDecision.Configuration
  private var memory = NodeAutoscalingMemory()
  private var scaleDown: ScaleDown

  public init(configuration: NodeAutoscalingDecision.Configuration = .init()) {
    self.configuration = configuration
    scaleDown = ScaleDown(configuration)
  }

  /// To be called where the next pass has a fleet that was made anew.
  mutating func forgetNodes() { scaleDown = ScaleDown(configuration) }

  /// - Parameters:
  ///   - pending: pods that have no node, equal ones together, the most important first.
  ///   - nominated: pods for which room is being made on a node.
  public mutating func pass(
    _ fleet: inout NodeFleet, pending: [BinPacking.Group], nominated: [(pod: PodInfo, node: Int)] = [],
    budgets: DisruptionAllowance, at now: Timestamp
  ) -> [NodeAction] {
    memory.forgetOutdated(fleet, at: now, after: configuration.assumeSeconds)
    fleet.forgetOutdated(at: now, after: configuration.assumeSeconds)
    var pass = NodeAutoscalingPass(configuration, memory, scaleDown, now)
    // Moved, not copied: a second owner would cost a copy of all nodes.
    swap(&pass.fleet, &fleet)
    scaleDown = ScaleDown(configuration)
    pass.run(pending, nominated, budgets)
    swap(&pass.fleet, &fleet)
    memory = pass.memory
    scaleDown = pass.scaleDown
    return pass.actions
  }
}

/// One pass of the node autoscaler under way.
struct NodeAutoscalingPass {
  let configuration: NodeAutoscalingDecision.Configuration
  let now: Timestamp
  var fleet = NodeFleet(groups: [])
  var memory: NodeAutoscalingMemory
  var scaleDown: ScaleDown
  var ledgers: [NodeGroupLedger] = []
  var actions: [NodeAction] = []

  init(
    _ configuration: NodeAutoscalingDecision.Configuration, _ memory: NodeAutoscalingMemory, _ scaleDown: ScaleDown,
    _ now: Timestamp
  ) {
    self.configuration = configuration
    self.memory = memory
    self.scaleDown = scaleDown
    self.now = now
  }

  mutating func run(
    _ pending: [BinPacking.Group], _ nominated: [(pod: PodInfo, node: Int)], _ budgets: DisruptionAllowance
  ) {
    ledgers = NodeGroupLedger.all(fleet, memory, bootingFor: configuration.provisionTimeoutSeconds, at: now)
    for ledger in ledgers { memory.note(ledger, releasedFor: configuration.releasedSeconds, at: now) }
    giveUpOnMissingNodes()
    holdMinimum()
    keepHeldNodes()
    var trial = fleet.snapshot.beginTrial()
    var unplaced = placeWaiting(pending, nominated)
    if !unplaced.isEmpty, ledgers.contains(where: { !$0.draining.isEmpty }) {
      // Nodes that are leaving are there already: sooner than any new one.
      fleet.snapshot.rollBack(trial)
      for node in ledgers.flatMap(\.draining) { keep(node, because: "pods are waiting for room") }
      trial = fleet.snapshot.beginTrial()
      unplaced = placeWaiting(pending, nominated)
    }
    var needed = fleet.snapshot.nodesGivenPods(since: trial)
    let stuck = grow(unplaced)
    if !stuck.isEmpty {
      let planned = pending.flatMap(\.pods).map(\.key) + nominated.map(\.pod.key)
      needed.formUnion(relieve(stuck, planned: Set(planned), budgets))
    }
    let unneeded = scanForUnneeded(needed: needed, budgets)
    fleet.snapshot.rollBack(trial)
    continueDrains()
    startLeaving(unneeded)
    consolidate(pending, budgets)
  }

  // MARK: Groups

  /// A group that did not deliver is left alone for a while, and what was asked of it is taken back.
  private mutating func giveUpOnMissingNodes() {
    for group in ledgers.indices where memory.observe(ledgers[group], configuration, at: now) {
      ledgers[group].isBackedOff = true
      let size = max(ledgers[group].present, ledgers[group].leastSize)
      if size < ledgers[group].target { resize(group, to: size) }
    }
  }

  private mutating func holdMinimum() {
    for group in ledgers.indices where ledgers[group].target < ledgers[group].group.minimum {
      resize(group, to: ledgers[group].group.minimum)
    }
  }

  mutating func resize(_ group: Int, to size: Int) {
    memory.ask(ledgers[group], size: size, at: now)
    ledgers[group].target = size
    actions.append(.resize(group: group, to: size))
  }

  // MARK: Pods

  /// - Returns: those that fit nowhere.
  private mutating func placeWaiting(
    _ pending: [BinPacking.Group], _ nominated: [(pod: PodInfo, node: Int)]
  ) -> [BinPacking.Group] {
    for (pod, node) in nominated { fleet.snapshot.assume(pod, onNode: node) }
    return fleet.placeExpecting(pending, ledgers)
  }

  // MARK: Growing

  /// - Returns: those that no group's growth helps.
  private mutating func grow(_ unplaced: [BinPacking.Group]) -> [BinPacking.Group] {
    if unplaced.isEmpty {
      memory.hopeless = [:]
      return []
    }
    var scaleUp = ScaleUp(unplaced, ledgers, fleet.groups.map(\.template), configuration)
    scaleUp.run(on: &fleet.snapshot)
    var sizes: [String] = []
    for group in ledgers.indices where scaleUp.additions[group] > 0 {
      let ledger = ledgers[group]
      // Nodes beyond the target are there already, and what a campaign holds is being asked for by others.
      let wanted = max(max(ledger.target, ledger.present) + scaleUp.additions[group], ledger.leastSize)
      let size = min(ledger.group.maximum, wanted)
      sizes.append("{\(ledger.name) \(ledger.target)->\(size) (max: \(ledger.group.maximum))}")
      resize(group, to: size)
    }
    if !sizes.isEmpty {
      memory.lastScaleUp = now
      let message = "pod triggered scale-up: [\(sizes.joined(separator: " "))]"
      actions.append(.helped(Array(scaleUp.helped.prefix(Self.eventsPerPass)), message: message))
    }
    var hopeless: [NamespacedName: String] = [:]
    for group in scaleUp.remaining.prefix(Self.eventsPerPass) {
      guard let pod = group.pods.first else { continue }
      let message = "pod didn't trigger scale-up: \(scaleUp.reasons(for: group))"
      hopeless[pod.key] = message
      if memory.hopeless[pod.key] != message { actions.append(.hopeless(pod, message: message)) }
    }
    memory.hopeless = hopeless
    return scaleUp.remaining
  }

  /// Equal pods have equal events; a few of them tell it all.
  private static let eventsPerPass = 20
}
