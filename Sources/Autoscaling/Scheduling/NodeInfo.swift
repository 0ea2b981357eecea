import Kubernetes

/// A node and what is promised on it: one row of a `ClusterSnapshot`.
public struct NodeInfo: Sendable {
  public internal(set) var traits: NodeTraits
  /// Whether there is a node in this row; a row is used again.
  public internal(set) var isPresent = true
  /// Whether nothing more is put there, whatever it tolerates: the node is on its way out.
  public internal(set) var isClosed = false
  public internal(set) var requested = Resources()
  /// In no particular order.
  public internal(set) var residents: [Resident] = []
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
    if !pod.shape.traits.hostPorts.isEmpty { usedPorts += pod.shape.traits.hostPorts }
    residents.append(Resident(pod: pod, group: group))
  }

  /// - Returns: the pod that was taken away; nil where it was not here.
  mutating func remove(_ key: NamespacedName) -> Resident? {
    guard let index = residents.lastIndex(where: { $0.pod.key == key }) else { return nil }
    residents.swapAt(index, residents.count - 1)
    let resident = residents.removeLast()
    requested -= resident.pod.requests
    for port in resident.pod.shape.traits.hostPorts {
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
  /// What the conditions on a node that pods have ask of, but for its name. Shared by nodes made alike.
  let likeness: NodeLikeness
  /// Of the name, by which equal scores are told apart.
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
    likeness = NodeLikeness(labels: labels, repellingTaints: repellingTaints, isUnschedulable: isUnschedulable)
    nameHash = FNV1a(name.utf8).value
  }

  /// A node like another one, under its own name.
  public init(like other: NodeTraits, named name: String) {
    self.name = name
    var labels = other.labels
    labels[WellKnown.hostname] = name
    self.labels = labels
    repellingTaints = other.repellingTaints
    softTaints = other.softTaints
    isUnschedulable = other.isUnschedulable
    isReady = other.isReady
    allocatable = other.allocatable
    likeness = other.likeness
    nameHash = FNV1a(name.utf8).value
  }

  /// The same node, cordoned.
  public init(cordoned other: NodeTraits) {
    name = other.name
    labels = other.labels
    repellingTaints = other.repellingTaints
    softTaints = other.softTaints
    isUnschedulable = true
    isReady = other.isReady
    allocatable = other.allocatable
    likeness = NodeLikeness(labels: labels, repellingTaints: repellingTaints, isUnschedulable: true)
    nameHash = other.nameHash
  }

  /// Whether both say the same.
  func isEqual(to other: NodeTraits) -> Bool {
    name == other.name && labels == other.labels && repellingTaints == other.repellingTaints
      && softTaints == other.softTaints && isUnschedulable == other.isUnschedulable && isReady == other.isReady
      && allocatable == other.allocatable
  }

  /// What stands in a row without a node.
  static let none = NodeTraits(Node())
}
