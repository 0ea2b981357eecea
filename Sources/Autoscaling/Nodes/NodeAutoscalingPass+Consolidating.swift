import Kubernetes

/// How the cluster comes to cheaper nodes: new ones first, then room is made, then the dear node is emptied.
extension NodeAutoscalingPass {
  /// Only in calm: nothing waits, nothing comes or goes, and no push holds nodes.
  mutating func consolidate(_ pending: [BinPacking.Group], _ budgets: DisruptionAllowance) {
    if fleet.isPushOn { memory.consolidating.pushSeenAt = now }
    let version = fleet.snapshot.version
    guard configuration.consolidates, pending.isEmpty, actions.isEmpty, isCalm, !isResting,
      memory.consolidating.isDue(configuration, version: version, now)
    else { return }
    memory.consolidating.lookedAt = now
    var consolidation = Consolidation(configuration, ledgers, fleet)
    guard let plan = consolidation.plan(&fleet) else { return memory.consolidating.rest(at: version) }
    if plan.additions.contains(where: { $0 > 0 }) {
      memory.consolidating.step(Self.growthSteps, now)
      for group in ledgers.indices where plan.additions[group] > 0 {
        resize(group, to: ledgers[group].target + plan.additions[group])
      }
    } else if !plan.displaced.isEmpty {
      memory.consolidating.step(1, now)
      displace(plan.displaced, budgets)
    } else {
      memory.consolidating.steps = 0
      fleet.ask(true, node: plan.node, at: now)
      actions.append(.drain(node: plan.node))
    }
  }

  /// Growing again and again without an end to it costs more than it saves.
  private static let growthSteps = 20

  private var isCalm: Bool {
    ledgers.allSatisfy { ledger in
      ledger.floor == 0 && ledger.lost == 0 && ledger.draining.isEmpty && ledger.booting == 0 && ledger.missing == 0
    }
  }

  private mutating func displace(_ pods: [(pod: PodInfo, node: Int)], _ budgets: DisruptionAllowance) {
    var budgets = budgets
    for (pod, node) in pods {
      guard budgets.takeAll([pod]) else { continue }
      actions.append(.evict(pod, node: node))
    }
  }
}

/// How far consolidation is, so that it does not go on for ever where it comes to nothing.
struct ConsolidatingMemory: Sendable {
  private static let stepsMax = 60
  var lookedAt: Timestamp?
  /// When a push was on last.
  var pushSeenAt: Timestamp?
  /// Of the nodes and pods with which nothing paid.
  private var fruitless: Int?
  /// Since a node could go.
  var steps = 0
  private var restsUntil: Timestamp?

  mutating func step(_ count: Int, _ now: Timestamp) {
    steps += count
    if steps >= Self.stepsMax {
      steps = 0
      restsUntil = now + 3600
    }
  }

  mutating func rest(at version: Int) {
    steps = 0
    fruitless = version
  }

  func isDue(_ configuration: NodeAutoscalingDecision.Configuration, version: Int, _ now: Timestamp) -> Bool {
    if version == fruitless { return false }
    if let restsUntil, now < restsUntil { return false }
    if let pushSeenAt, now - pushSeenAt < configuration.afterPushSeconds { return false }
    return lookedAt.map { now - $0 >= configuration.consolidationSeconds } ?? true
  }
}
