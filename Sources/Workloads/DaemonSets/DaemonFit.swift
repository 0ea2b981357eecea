import Kubernetes

/// Whether a DaemonSet's pod belongs on a node.
struct DaemonFit {
  /// A pod is made there.
  var shouldRun: Bool
  /// One that is there stays.
  var mayContinue: Bool

  /// - Parameters:
  ///   - pod: as it is made, with the tolerations that every such pod has.
  ///   - asked: as the template has it.
  init(of pod: Pod, asked: PodSpec, on node: Node) {
    guard asked.nodeName.isEmpty || asked.nodeName == node.metadata.name, Self.matches(node, asked) else {
      shouldRun = false
      mayContinue = false
      return
    }
    func toleratesAll(_ effects: Set<String>) -> Bool {
      node.spec.taints.filter { effects.contains($0.effect) }.allSatisfy { taint in
        pod.spec.tolerations.contains { $0.tolerates(taint) }
      }
    }
    mayContinue = toleratesAll(["NoExecute"])
    shouldRun = mayContinue && toleratesAll(["NoSchedule"])
  }

  private static func matches(_ node: Node, _ spec: PodSpec) -> Bool {
    let labels = node.metadata.labels
    guard spec.nodeSelector.allSatisfy({ labels[$0.key] == $0.value }) else { return false }
    guard let required = spec.affinity?.nodeAffinity?.required else { return true }
    return required.nodeSelectorTerms.contains { term in
      !(term.matchExpressions.isEmpty && term.matchFields.isEmpty)
        && term.matchExpressions.allSatisfy { $0.matches(labels) }
        && term.matchFields.allSatisfy {
          $0.key == "metadata.name" && $0.matches(["metadata.name": node.metadata.name])
        }
    }
  }

  /// A daemon stays on nodes that are not well (`AddOrUpdateDaemonPodTolerations` upstream).
  static func tolerations(hostNetwork: Bool) -> [Toleration] {
    func toleration(_ key: String, _ effect: String) -> Toleration {
      var toleration = Toleration()
      toleration.key = "node.kubernetes.io/" + key
      toleration.op = "Exists"
      toleration.effect = effect
      return toleration
    }
    let pressures = ["disk-pressure", "memory-pressure", "pid-pressure", "unschedulable"]
    return [toleration("not-ready", "NoExecute"), toleration("unreachable", "NoExecute")]
      + (pressures + (hostNetwork ? ["network-unavailable"] : [])).map { toleration($0, "NoSchedule") }
  }
}
