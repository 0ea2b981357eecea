import Kubernetes

/// Keeps every StatefulSet's pods, each with its number, its name and its claims (pkg/controller/statefulset upstream).
public struct StatefulSetDecision: Decision {
  public static let component = "statefulset-controller"
  static let podNameLabel = "statefulset.kubernetes.io/pod-name"
  static let podIndexLabel = "apps.kubernetes.io/pod-index"

  public init() {}

  public mutating func reconcile(_ view: ClusterView, at now: Timestamp) -> [Change] {
    var changes: [Change] = []
    for set in view.statefulSets.values.sorted(by: { $0.key < $1.key }) where set.metadata.deletionTimestamp == nil {
      let revisions = TemplateRevisions(set, set.spec.template, among: view.controllerRevisions.values)
      changes += revisions.record()
      let pods = view.pods(ownedBy: set.metadata.uid)
      let sync = StatefulSetSync(owner: set, revisions: revisions, pods: pods, now: now)
      changes += sync.changes()
      let used = pods.compactMap { $0.metadata.labels[TemplateRevisions.label] }
      let prefix = set.metadata.name + "-"
      let named = [set.status.currentRevision, set.status.updateRevision].map { String($0.dropFirst(prefix.count)) }
      changes += revisions.prune(to: set.spec.revisionHistoryLimit ?? 10, used: Set(used + named))
    }
    return changes
  }
}
