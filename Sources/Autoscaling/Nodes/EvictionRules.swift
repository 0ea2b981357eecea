import Kubernetes

/// Whether a pod lets its node go, as cluster-autoscaler asks.
enum EvictionRules {
  enum Answer: Sendable, Hashable {
    /// It belongs to the node, or is over: nobody moves it.
    case ignored
    case movable
    case blocked(String)
  }

  static let safeToEvict = "cluster-autoscaler.kubernetes.io/safe-to-evict"
  static let scaleDownDisabled = "cluster-autoscaler.kubernetes.io/scale-down-disabled"

  /// - Parameter key: the pod's, for words.
  static func answer(_ pod: PodMobility, _ key: NamespacedName, blockingVolumes: Set<String>) -> Answer {
    if pod.isBoundToNode { return .ignored }
    switch pod.isSafeToEvict {
    case true?: return .movable
    case false?: return .blocked("\(key) is annotated as not safe to evict")
    case nil: break
    }
    if !pod.hasController { return .blocked("\(key) has no controller that would replace it") }
    if let kind = pod.volumeKinds.first(where: blockingVolumes.contains) {
      return .blocked("\(key) has a \(kind) volume")
    }
    return .movable
  }
}
