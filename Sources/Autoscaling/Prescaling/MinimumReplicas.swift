import Kubernetes

/// The floor in an autoscaler's `minReplicas`, which is raised under a field manager of its own and given back.
enum MinimumReplicas {
  static let fieldManager = "sakigake-prescaler"

  /// Whether our manager holds the field; nil where the object does not tell.
  static func isOurs(_ autoscaler: HorizontalPodAutoscaler) -> Bool? {
    guard let entries = autoscaler.metadata.unknown["managedFields"]?.arrayValue, !entries.isEmpty else { return nil }
    return entries.contains { entry in
      entry["manager"]?.stringValue == fieldManager && entry[path: ["fieldsV1", "f:spec", "f:minReplicas"]] != nil
    }
  }

  /// What to set; nil where it stands as it should, or is not ours to change: of a minimum that is not, only a push
  /// makes more. One that is follows what is declared, also when that changes after the push.
  /// - Parameter wanted: the greatest floor of all pushes; nil where none holds one.
  static func target(from current: Int, maximum: Int, wanted: Int?, declared: Int, isOurs: Bool) -> Int? {
    let target = min(max(wanted ?? declared, declared), max(maximum, 1))
    if target > current, let wanted, wanted > declared { return target }
    return target != current && isOurs ? target : nil
  }

  static func apply(_ replicas: Int, to autoscaler: HorizontalPodAutoscaler) -> Change {
    .patch(
      Change.Target(autoscaler), .apply,
      [
        "apiVersion": .string(ResourceType.horizontalPodAutoscalers.apiVersion),
        "kind": .string(ResourceType.horizontalPodAutoscalers.kind),
        "metadata": [
          "name": .string(autoscaler.metadata.name), "namespace": .string(autoscaler.metadata.namespace),
        ],
        "spec": ["minReplicas": .integer(Int64(replicas))],
      ], fieldManager: fieldManager)
  }
}
