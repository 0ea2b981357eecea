import Kubernetes

/// What the pushes of one moment come to together.
extension CampaignStep {
  /// Takes each campaign a step on, in the order of their names.
  /// - Parameter need: which nodes pods to come need, beside all that there is; asked for at most once.
  static func all(
    of campaigns: [PushCampaign], _ context: PrescalingContext, need: ([NodeNeed.Demand]) -> NodeNeed
  ) -> [CampaignStep] {
    var steps = campaigns.sorted { $0.key < $1.key }.map { CampaignStep($0, context) }
    for index in steps.indices { steps[index].advance() }
    if steps.contains(where: \.asksForNodes) {
      let need = need(context.demands(for: wanted(steps)))
      for index in steps.indices where steps[index].asksForNodes { steps[index].settle(need) }
    }
    for index in steps.indices { steps[index].conclude() }
    return steps
  }

  /// The greatest floor of each service over all pushes that hold one. Floors already count overlapping pushes.
  static func wanted(_ steps: [CampaignStep]) -> [NamespacedName: Int] {
    let holding = steps.filter(\.phase.holdsFloors)
    var wanted: [NamespacedName: Int] = [:]
    wanted.reserveCapacity(holding.map(\.status.floors.count).max() ?? 0)
    for step in holding {
      for floor in step.status.floors {
        let key = NamespacedName(step.campaign.metadata.namespace, floor.service)
        wanted.raise(key, to: floor.replicas)
      }
    }
    return wanted
  }

  /// How many nodes of each group are held: each push counts the others in, so the greatest number holds.
  static func heldNodes(_ steps: [CampaignStep]) -> [String: Int] {
    var held: [String: Int] = [:]
    for step in steps where step.phase.holdsFloors {
      for floor in step.status.nodeGroups { held.raise(floor.group, to: floor.nodes) }
    }
    return held
  }

  /// The groups that must grow, by name.
  static func resizes(_ steps: [CampaignStep], _ groups: [String: NodeGroup]) -> [(group: String, nodes: Int)] {
    heldNodes(steps).sorted { $0.key < $1.key }.compactMap { name, nodes in
      guard let group = groups[name], group.target < min(nodes, group.maximum) else { return nil }
      return (name, min(nodes, group.maximum))
    }
  }
}

extension Dictionary where Value == Int {
  /// Gives a key a greater value, where it is greater; a key that is not there has 0.
  mutating func raise(_ key: Key, to value: Int) {
    func raise(_ known: inout Int) { known = Swift.max(known, value) }
    raise(&self[key, default: 0])
  }
}
