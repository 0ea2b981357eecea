import Kubernetes

/// What moving some pods so that another one has room is made of.
extension ClusterSnapshot {
  /// Pods of a node, large ones before small ones.
  func largeFirst(_ residents: [NodeInfo.Resident], onNode node: Int) -> [NodeInfo.Resident] {
    let whole = nodes[node].allocatable
    return residents.map { ($0, $0.pod.requests.size(in: whole)) }
      .sorted { $0.1 == $1.1 ? $0.0.pod.key < $1.0.pod.key : $0.1 > $1.1 }
      .map(\.0)
  }

  /// Whether a node has processor, memory and places left for a pod.
  func hasRoom(onNode node: Int, for pod: PodInfo) -> Bool {
    Self.fits(pod.requests, beside: nodes[node].requested, within: nodes[node].allocatable)
  }

  /// So many of some pods of a node, taken in their order, as must leave it for another one to have room; nil where all
  /// of them are not enough.
  func leaving(
    _ node: Int, of residents: [NodeInfo.Resident], for pod: PodInfo,
    where mayLeave: (NodeInfo.Resident) -> Bool = { _ in true }
  ) -> [PodInfo]? {
    let whole = nodes[node].allocatable
    var requested = nodes[node].requested
    func fits() -> Bool { Self.fits(pod.requests, beside: requested, within: whole) }
    var leaving: [PodInfo] = []
    for resident in residents where !fits() && mayLeave(resident) {
      requested -= resident.pod.requests
      leaving.append(resident.pod)
    }
    return fits() ? leaving : nil
  }

  private static func fits(_ pod: Resources, beside others: Resources, within whole: Resources) -> Bool {
    var requested = others
    requested += pod
    return requested.cpuMillicores <= whole.cpuMillicores && requested.memoryBytes <= whole.memoryBytes
      && requested.pods <= whole.pods
  }
}

/// Which groups' nodes take a pod, by its shape; remembered.
struct GroupChoices {
  private let templates: [NodeTemplate]
  private var known: [ObjectIdentifier: [Bool]] = [:]

  init(_ templates: [NodeTemplate]) { self.templates = templates }

  /// By group.
  mutating func of(_ pod: PodInfo) -> [Bool] {
    if let choice = known[ObjectIdentifier(pod.shape)] { return choice }
    let choice = templates.map { NodePredicates.failure(of: pod.shape.traits, on: $0.traits) == nil }
    known[ObjectIdentifier(pod.shape)] = choice
    return choice
  }
}
