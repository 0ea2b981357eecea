import Kubernetes

/// When minima are raised, and how far.
extension CampaignStep {
  /// So much of the margin is left when minima are raised whatever has come.
  private static let raisingShare = 0.5

  /// Floors to which minima are raised, not only room made for them.
  var raised: [PushCampaign.Floor] {
    guard phase.holdsFloors else { return [] }
    guard phase == .preparing, let condition = status.conditions[Self.floorsRaised] else {
      return phase != .preparing || configuration.headroom == nil ? status.floors : []
    }
    if condition.isTrue { return status.floors }
    guard configuration.headroom == nil else { return [] }
    return zip(status.floors, areWaiting).filter { !$1 }.map(\.0)
  }

  /// Of which floors pods are made when others have their nodes: they could be anywhere.
  private var areWaiting: [Bool] {
    context.flexible(
      status.floors, in: campaign.metadata.namespace, booting: Set(status.nodeGroups.map(\.group)))
  }

  /// Pods that could be anywhere are made when those that must have nodes of one kind are on theirs: a scheduler gives
  /// a new node to whichever pod waits.
  /// - Parameter booting: groups of which nodes are to come.
  mutating func holdBack(_ booting: Set<String>) {
    guard configuration.headroom == nil, phase == .preparing, !isSendNear else { return }
    guard context.flexible(lacking, in: campaign.metadata.namespace, booting: booting).contains(true) else { return }
    status.conditions.set(
      Condition(
        Self.floorsRaised, false, reason: "WaitingForNodes",
        message: "pods that may be on any node are made after those that may not", at: now.whole))
  }

  /// Makes the pods that were held back, when their turn has come.
  mutating func raiseInOrder() {
    guard configuration.headroom == nil, phase == .preparing, status.conditions[Self.floorsRaised]?.status == "False"
    else { return }
    let arePlaced = zip(status.floors, areWaiting).allSatisfy { floor, isWaiting in
      guard floor.ready < floor.replicas, !isWaiting, let state = fleet[floor.service] else { return true }
      return state.waiting == 0 && state.existing >= floor.replicas
    }
    if arePlaced { raise("NodesReady") } else if isSendNear { raise("SendIsNear") }
  }

  private var lacking: [PushCampaign.Floor] { status.floors.filter { $0.ready < $0.replicas } }

  private var isSendNear: Bool {
    guard let forecast else { return true }
    let pods = context.podLead(of: lacking, in: campaign.metadata.namespace)
    return now >= forecast.sendAt - pods - Self.raisingShare * configuration.margin
  }

  /// The minimum that each service is to have: the greatest of all pushes that hold one. Pods on nodes that the cloud
  /// is about to take away do not count, so that others are there before they go.
  static func minima(_ steps: [CampaignStep]) -> [NamespacedName: Int] {
    var minima: [NamespacedName: Int] = [:]
    for step in steps {
      let raised = step.raised
      let replaces = step.phase != .releasing && step.fleet.services.contains { $0.leaving > 0 }
      minima.reserveCapacity(raised.count)
      for floor in raised {
        let leaving = replaces ? step.fleet[floor.service]?.leaving ?? 0 : 0
        let key = NamespacedName(step.campaign.metadata.namespace, floor.service)
        minima.raise(key, to: floor.replicas + leaving)
      }
    }
    return minima
  }
}
