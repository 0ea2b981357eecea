import Kubernetes

/// Keeps a snapshot's pods like those of a view, by what is other than the last time.
struct SnapshotMirror: Sendable {
  private struct Place {
    var pod: Pod
    var nodeName: String
    /// nil where the snapshot has no such node.
    var node: Int?
  }
  private var places: [NamespacedName: Place] = [:]
  private var shapes: [SchedulingTraits: [PodShape]] = [:]
  private static let shapesMax = 10_000

  /// Nodes must be in the snapshot already.
  /// - Parameter nodeName: where a pod takes room; empty for nowhere.
  mutating func follow(_ view: ClusterView, in snapshot: inout ClusterSnapshot, at nodeName: (Pod) -> String) {
    for (key, place) in places where view.pods[key] == nil { forget(key, place, in: &snapshot) }
    var arrived: [(NamespacedName, Pod, String)] = []
    for (key, pod) in view.pods {
      let name = pod.isFinished ? "" : nodeName(pod)
      if let place = places[key] {
        if place.nodeName == name, place.node == snapshot.index(ofNode: name), Self.areEqual(place.pod, pod) {
          continue
        }
        forget(key, place, in: &snapshot)
      }
      if !name.isEmpty { arrived.append((key, pod, name)) }
    }
    // The order of a dictionary is nobody's choice.
    arrived.sort { $0.0 < $1.0 }
    for (key, pod, name) in arrived {
      let node = snapshot.index(ofNode: name)
      if let node { snapshot.assume(PodInfo(pod, shape: shape(of: pod)), onNode: node) }
      places[key] = Place(pod: pod, nodeName: name, node: node)
    }
  }

  /// To be told before a node is taken out of the snapshot, and its pods with it.
  mutating func nodeGoes(_ node: Int, from snapshot: ClusterSnapshot) {
    for resident in snapshot.nodes[node].residents { places[resident.pod.key] = nil }
  }

  private mutating func forget(_ key: NamespacedName, _ place: Place, in snapshot: inout ClusterSnapshot) {
    if let node = place.node { snapshot.forget(key, onNode: node) }
    places[key] = nil
  }

  private static func areEqual(_ left: Pod, _ right: Pod) -> Bool {
    if !left.metadata.resourceVersion.isEmpty, left.metadata.resourceVersion == right.metadata.resourceVersion {
      return left.metadata.uid == right.metadata.uid
    }
    return left == right
  }

  /// Equal pods share one shape.
  private mutating func shape(of pod: Pod) -> PodShape {
    let shape = PodShape(pod, isAnywhere: true)
    if let known = shapes[shape.traits]?.first(where: { $0.mobility == shape.mobility }) { return known }
    if shapes.count >= Self.shapesMax { shapes.removeAll() }
    shapes[shape.traits, default: []].append(shape)
    return shape
  }
}
