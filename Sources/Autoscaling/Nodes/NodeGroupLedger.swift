import Kubernetes

/// One node group as it is: what was asked for, what is there, what is leaving, and what must stay.
struct NodeGroupLedger: Sendable {
  let group: NodeGroup
  /// The size asked for last, by anybody.
  var target: Int
  /// Taking pods.
  var ready = 0
  /// Registered, young and not Ready yet.
  var booting = 0
  /// Not Ready although old enough.
  var broken = 0
  /// Marked by this autoscaler to be emptied.
  var draining: [Int] = []
  /// Interrupted, and gone soon.
  var lost = 0
  /// The most that any campaign holds.
  var floor = 0
  var isBackedOff = false

  var name: String { group.name }
  var present: Int { ready + booting + broken + draining.count + lost }
  /// Asked for and not registered yet.
  var missing: Int { max(0, target - present) }
  /// Those of the missing that may be counted on.
  var upcoming: Int {
    group.refused > 0 ? max(0, missing - group.refused) : isBackedOff ? 0 : missing
  }
  var leastSize: Int { max(group.minimum, floor) }
  /// How many nodes may be taken away.
  var removable: Int { max(0, ready + booting - leastSize) }

  /// Phases in which a campaign's nodes are not to be taken away. Each campaign states totals that count the others in,
  /// so the largest holds. When the load falls, nodes go as they become empty.
  static let holdingPhases: Set<String> = Set(
    [PushCampaign.Phase.preparing, .ready, .active].map(\.rawValue))

  static func floors(_ campaigns: some Sequence<PushCampaign>) -> [String: Int] {
    var floors: [String: Int] = [:]
    for campaign in campaigns where holdingPhases.contains(campaign.status.phase) {
      for floor in campaign.status.nodeGroups { floors[floor.group] = max(floors[floor.group] ?? 0, floor.nodes) }
    }
    return floors
  }

  /// All groups of a fleet; nodes that were already told to end are left out.
  static func all(
    _ fleet: NodeFleet, _ memory: NodeAutoscalingMemory, bootingFor seconds: Double, at now: Timestamp
  ) -> [NodeGroupLedger] {
    var ledgers = fleet.groups.map { group in
      var ledger = NodeGroupLedger(group: group.group, target: memory.target(of: group.group))
      ledger.floor = min(group.floor, group.group.maximum)
      // A cloud that says that it has none need not be waited for.
      ledger.isBackedOff = group.group.refused > 0 || memory.isBackedOff(group.name, at: now)
      return ledger
    }
    for (node, member) in fleet.members.enumerated() where member.counts {
      if member.isLost {
        ledgers[member.group].lost += 1
      } else if member.isDraining {
        ledgers[member.group].draining.append(node)
      } else if member.isReady {
        ledgers[member.group].ready += 1
      } else if member.createdAt.map({ now - $0 < seconds }) ?? true {
        ledgers[member.group].booting += 1
      } else {
        ledgers[member.group].broken += 1
      }
    }
    return ledgers
  }
}
