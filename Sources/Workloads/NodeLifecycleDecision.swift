import Kubernetes

/// Taints nodes whose agent went silent, and moves their pods away in the end (pkg/controller/nodelifecycle upstream).
public struct NodeLifecycleDecision: Decision {
  public struct Configuration: Sendable {
    /// A node whose last heartbeat is older than this is Unknown.
    public var graceSeconds = 40.0
    /// For pods without a toleration of their own; the admission default is 300 s.
    public var evictionSeconds = 300.0
    public init() {}

    public func scaled(by speed: Double) -> Configuration {
      var copy = self
      copy.graceSeconds = max(5, graceSeconds / speed)
      copy.evictionSeconds = max(5, evictionSeconds / speed)
      return copy
    }
  }
  private let configuration: Configuration
  /// When each node's heartbeat was last seen to move, by this decision's own clock: nodes' clocks may differ.
  private var lastSeen: [String: (heartbeat: Timestamp?, at: Timestamp)] = [:]

  public init(configuration: Configuration = .init()) { self.configuration = configuration }

  public mutating func reconcile(_ view: ClusterView, at now: Timestamp) -> [Change] {
    var changes: [Change] = []
    lastSeen = lastSeen.filter { view.nodes[$0.key] != nil }
    for node in view.nodes.values.sorted(by: { $0.metadata.name < $1.metadata.name }) {
      let name = node.metadata.name
      let heartbeat = node.status.conditions["Ready"]?.lastHeartbeatTime
      if let seen = lastSeen[name], seen.heartbeat == heartbeat {
        // A simulated node has no agent that could fall silent.
        let isSimulated = node.metadata.annotations[WellKnown.nodeKind] == "simulated"
        if !isSimulated, now - seen.at > configuration.graceSeconds, node.status.conditions["Ready"]?.status != "Unknown" {
          changes.append(unknown(node, now))
        }
      } else {
        lastSeen[name] = (heartbeat, now)
      }
      changes += taints(of: node, now)
      changes += evictions(from: node, view, now)
    }
    changes += orphans(view)
    return changes
  }

  private func unknown(_ node: Node, _ now: Timestamp) -> Change {
    var conditions = node.status.conditions
    var ready = Condition(
      "Ready", false, reason: "NodeStatusUnknown", message: "The node's agent stopped posting its status.", at: now)
    ready.status = "Unknown"
    ready.lastHeartbeatTime = node.status.conditions["Ready"]?.lastHeartbeatTime
    conditions.set(ready)
    return .patch(
      .init(node), .merge, ["status": ["conditions": .array(conditions.map(\.json))]], subresource: "status")
  }

  /// The taints that mirror conditions and `unschedulable`; all others stay as they are.
  private func taints(of node: Node, _ now: Timestamp) -> [Change] {
    var wanted: [Taint] = []
    switch node.status.conditions["Ready"]?.status {
    case "True": break
    case "Unknown":
      wanted += [
        Taint(WellKnown.unreachableTaint, effect: "NoSchedule"), Taint(WellKnown.unreachableTaint, effect: "NoExecute"),
      ]
    default:
      wanted += [
        Taint(WellKnown.notReadyTaint, effect: "NoSchedule"), Taint(WellKnown.notReadyTaint, effect: "NoExecute"),
      ]
    }
    if node.spec.unschedulable { wanted.append(Taint(WellKnown.unschedulableTaint, effect: "NoSchedule")) }
    let ours = [WellKnown.unreachableTaint, WellKnown.notReadyTaint, WellKnown.unschedulableTaint]
    var result = node.spec.taints.filter { !ours.contains($0.key) }
    for var taint in wanted {
      let standing = node.spec.taints.first { $0.key == taint.key && $0.effect == taint.effect }
      taint.timeAdded = standing?.timeAdded ?? (taint.effect == "NoExecute" ? now : nil)
      result.append(taint)
    }
    guard Set(result) != Set(node.spec.taints) else { return [] }
    return [.patch(.init(node), .merge, ["spec": ["taints": .array(result.map(\.json))]])]
  }

  private func evictions(from node: Node, _ view: ClusterView, _ now: Timestamp) -> [Change] {
    let taints = node.spec.taints.filter { $0.effect == "NoExecute" }
    guard !taints.isEmpty else { return [] }
    return view.pods(onNode: node.metadata.name).filter { !$0.isTerminating && !$0.isFinished }.flatMap {
      pod -> [Change] in
      for taint in taints {
        let tolerations = pod.spec.tolerations.filter { $0.tolerates(taint) }
        let seconds = tolerations.map { $0.tolerationSeconds.map(Double.init) ?? .infinity }.min()
        let limit = seconds.map { $0.isInfinite ? $0 : min($0, configuration.evictionSeconds) }
        let isOwn = taint.key == WellKnown.notReadyTaint || taint.key == WellKnown.unreachableTaint
        let patience = limit ?? (isOwn ? configuration.evictionSeconds : 0)
        guard let added = taint.timeAdded, now - added >= patience else { continue }
        return [
          .delete(.init(pod), uid: pod.metadata.uid),
          .record(
            .init(
              about: ObjectReference(to: pod), reason: "TaintManagerEviction",
              message: "Marking for deletion Pod \(pod.key)", component: "taint-eviction-controller")),
        ]
      }
      return []
    }
  }

  /// Pods on nodes that are gone: nobody is left to stop them, so they are removed without grace.
  private func orphans(_ view: ClusterView) -> [Change] {
    guard !view.nodes.isEmpty else { return [] }
    return view.pods.values.filter { !$0.spec.nodeName.isEmpty && view.nodes[$0.spec.nodeName] == nil }
      .sorted { $0.key < $1.key }
      .map { .delete(.init($0), uid: $0.metadata.uid, gracePeriodSeconds: 0) }
  }
}
