import Kubernetes

/// What decides whether a pod may be moved off its node: see `EvictionRules`.
public struct PodMobility: Sendable, Hashable {
  /// A static pod's mirror, or one that a DaemonSet or a node has made: it belongs to its node.
  public var isBoundToNode: Bool
  public var hasController: Bool
  /// As the annotation says; nil where it says nothing.
  public var isSafeToEvict: Bool?
  /// Of its volumes, such as `hostPath`; sorted.
  public var volumeKinds: [String]

  public init(_ pod: Pod) {
    let owner = pod.metadata.controller
    isBoundToNode =
      pod.metadata.annotations["kubernetes.io/config.mirror"] != nil || owner?.kind == "DaemonSet"
      || owner?.kind == "Node"
    hasController = owner != nil
    switch pod.metadata.annotations[EvictionRules.safeToEvict] {
    case "true"?: isSafeToEvict = true
    case "false"?: isSafeToEvict = false
    default: isSafeToEvict = nil
    }
    let kinds = pod.spec.volumes.flatMap { $0.objectValue?.map(\.key) ?? [] }
    volumeKinds = Set(kinds).subtracting(["name"]).sorted()
  }
}
