import Kubernetes

/// One node group as it is: what was asked for, what is there, what is leaving, and what must stay.
struct NodeGroupLedger: Sendable {
  let group: NodeGroup
  /// The size asked for last, by anybody.
  var target: Int
  /// Taking pods.
  var ready: [String] = []
  /// Registered, young and not Ready yet.
  var booting: [String] = []
  /// Not Ready although old enough.
  var broken: [String] = []
  /// Marked by this autoscaler to be emptied.
  var draining: [String] = []
  /// The most that any campaign holds.
  var floor = 0
  var isBackedOff = false

  var name: String { group.name }
  var present: Int { ready.count + booting.count + broken.count + draining.count }
  /// Asked for and not registered yet.
  var missing: Int { max(0, target - present) }
  /// Those of the missing that may be counted on.
  var upcoming: Int { isBackedOff ? 0 : missing }
  var leastSize: Int { max(group.minimum, floor) }
  /// How many nodes may be taken away.
  var removable: Int { max(0, ready.count + booting.count - leastSize) }

  /// Phases in which a campaign's nodes are not to be taken away. Each campaign states totals that count the others in,
  /// so the largest holds.
  static let holdingPhases: Set<String> = Set(
    [PushCampaign.Phase.preparing, .ready, .active, .releasing].map(\.rawValue))

  static func floors(_ campaigns: some Sequence<PushCampaign>) -> [String: Int] {
    var floors: [String: Int] = [:]
    for campaign in campaigns where holdingPhases.contains(campaign.status.phase) {
      for floor in campaign.status.nodeGroups { floors[floor.group] = max(floors[floor.group] ?? 0, floor.nodes) }
    }
    return floors
  }

  /// All groups of a view by name; nodes that were already told to end are left out.
  static func all(
    _ view: ClusterView, _ memory: NodeAutoscalingMemory, bootingFor seconds: Double, at now: Timestamp
  ) -> [String: NodeGroupLedger] {
    let floors = floors(view.pushCampaigns.values)
    var ledgers: [String: NodeGroupLedger] = [:]
    for (name, group) in view.nodeGroups {
      var ledger = NodeGroupLedger(group: group, target: memory.target(of: group))
      ledger.floor = min(floors[name] ?? 0, group.maximum)
      ledger.isBackedOff = memory.isBackedOff(name, at: now)
      ledgers[name] = ledger
    }
    for node in view.nodes.values.sorted(by: { $0.metadata.name < $1.metadata.name }) {
      let name = node.metadata.name
      guard let group = node.metadata.labels[WellKnown.nodeGroup], ledgers[group] != nil,
        node.metadata.deletionTimestamp == nil, memory.terminated[name] == nil
      else { continue }
      if memory.isDraining(node) {
        ledgers[group]?.draining.append(name)
      } else if node.isReady {
        ledgers[group]?.ready.append(name)
      } else if node.metadata.creationTimestamp.map({ now - $0 < seconds }) ?? true {
        ledgers[group]?.booting.append(name)
      } else {
        ledgers[group]?.broken.append(name)
      }
    }
    return ledgers
  }
}

extension Node {
  /// The mark of a node that the autoscaler empties; `timeAdded` tells since when, also after a restart.
  static let scaleDownTaint = "sakigake.dev/scale-down"

  var scaleDownMark: Taint? { spec.taints.first { $0.key == Node.scaleDownTaint } }

  /// The node as it will be when it has booted.
  func booted(as template: Node) -> Node {
    let startupTaints: Set<String> = [
      WellKnown.notReadyTaint, WellKnown.unreachableTaint, "node.cloudprovider.kubernetes.io/uninitialized",
    ]
    var node = self
    node.spec.taints.removeAll { startupTaints.contains($0.key) }
    node.status.conditions.removeAll { $0.type == "Ready" }
    node.status.conditions.append(Condition("Ready", true, reason: "Template"))
    if node.status.allocatable.isEmpty { node.status.allocatable = template.status.allocatable }
    return node
  }
}
