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

  static func answer(_ pod: Pod, blockingVolumes: Set<String>) -> Answer {
    if pod.isFinished || pod.metadata.annotations["kubernetes.io/config.mirror"] != nil { return .ignored }
    let owner = pod.metadata.controller
    if owner?.kind == "DaemonSet" || owner?.kind == "Node" { return .ignored }
    switch pod.metadata.annotations[safeToEvict] {
    case "true"?: return .movable
    case "false"?: return .blocked("\(pod.key) is annotated as not safe to evict")
    default: break
    }
    if owner == nil { return .blocked("\(pod.key) has no controller that would replace it") }
    for volume in pod.spec.volumes {
      for kind in blockingVolumes where volume[kind] != nil {
        return .blocked("\(pod.key) has a \(kind) volume")
      }
    }
    return .movable
  }
}
