import Kubernetes

extension NodeFleet {
  /// Holds the nodes that campaigns under way ask for, and lets go what none does any more.
  public mutating func holdFloors(of campaigns: some Sequence<PushCampaign>) {
    let floors = NodeGroupLedger.floors(campaigns)
    for index in groups.indices { setFloor(floors[groups[index].name] ?? 0, ofGroup: index) }
  }
}
