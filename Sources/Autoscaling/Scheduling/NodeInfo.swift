import Kubernetes

/// A node and what is promised on it: one row of a `ClusterSnapshot`.
public struct NodeInfo: Sendable {
  public let traits: NodeTraits
  public internal(set) var requested = Resources()
  public internal(set) var residents: [Resident] = []
  var scoredCPU: Int64 = 0
  var scoredMemory: Int64 = 0
  var usedPorts: [HostPort] = []

  public struct Resident: Sendable {
    public let pod: PodInfo
    /// The snapshot's number of the pod's group.
    let group: Int
  }

  init(_ traits: NodeTraits) { self.traits = traits }

  public var name: String { traits.name }
  public var allocatable: Resources { traits.allocatable }
  /// max(cpu, memory) requested over allocatable.
  public var utilization: Double { requested.utilization(of: traits.allocatable) }

  mutating func add(_ pod: PodInfo, group: Int) {
    requested += pod.requests
    scoredCPU += pod.scoredCPU
    scoredMemory += pod.scoredMemory
    usedPorts += pod.hostPorts
    residents.append(Resident(pod: pod, group: group))
  }

  /// - Returns: the group of the pod that was taken away; nil where it was not here.
  mutating func remove(_ key: NamespacedName) -> Resident? {
    guard let index = residents.lastIndex(where: { $0.pod.key == key }) else { return nil }
    let resident = residents.remove(at: index)
    requested -= resident.pod.requests
    scoredCPU -= resident.pod.scoredCPU
    scoredMemory -= resident.pod.scoredMemory
    for port in resident.pod.hostPorts {
      if let used = usedPorts.firstIndex(of: port) { usedPorts.remove(at: used) }
    }
    return resident
  }
}

/// What does not change of a node while pods come and go; shared between forks of a snapshot.
public final class NodeTraits: Sendable {
  public let name: String
  public let labels: Labels
  /// NoSchedule and NoExecute; a node that is not Ready counts as tainted, as the node lifecycle would have it soon.
  public let repellingTaints: [Taint]
  /// PreferNoSchedule.
  public let softTaints: [Taint]
  public let isUnschedulable: Bool
  public let isReady: Bool
  public let allocatable: Resources
  /// FNV-1a of the name, by which equal scores are told apart.
  let nameHash: UInt64

  public init(_ node: Node) {
    name = node.metadata.name
    labels = node.metadata.labels
    var repelling = node.spec.taints.filter { $0.effect == "NoSchedule" || $0.effect == "NoExecute" }
    if !node.isReady, !repelling.contains(where: { $0.key == WellKnown.notReadyTaint }) {
      repelling.append(Taint(WellKnown.notReadyTaint, effect: "NoSchedule"))
    }
    repellingTaints = repelling
    softTaints = node.spec.taints.filter { $0.effect == "PreferNoSchedule" }
    isUnschedulable = node.spec.unschedulable
    isReady = node.isReady
    var allocatable = Resources(node.status.allocatable)
    // A node that does not say takes kubelet's default number of pods.
    if node.status.allocatable["pods"] == nil { allocatable.pods = 110 }
    self.allocatable = allocatable
    nameHash = name.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
  }
}
