import Kubernetes

extension PrescalingDecision {
  /// How room is made where nobody tells of node groups: by placeholder pods, for which whatever node autoscaler the
  /// cluster has boots nodes, and which give way to the pods that the raised floors bring.
  ///
  /// All placeholders live in one namespace, the operator's own: services' quotas are not touched, and the operator
  /// needs no right to create anything among services.
  public struct Headroom: Sendable, Hashable {
    public var namespace: String
    /// Of a container that does nothing, such as `registry.k8s.io/pause:3.10`.
    public var image: String
    /// A PriorityClass below zero whose pods preempt nobody. Not below -10, or Cluster Autoscaler takes its pods for
    /// expendable and boots nothing for them (`--expendable-pods-priority-cutoff`).
    public var priorityClass: String
    /// The Deployment in `namespace` that owns the placeholders, where it is there: with it they go.
    public var owner: String

    public init(
      namespace: String = "sakigake-system", image: String = "registry.k8s.io/pause:3.10",
      priorityClass: String = "sakigake-placeholder", owner: String = "sakigake-operator"
    ) {
      self.namespace = namespace
      self.image = image
      self.priorityClass = priorityClass
      self.owner = owner
    }
  }
}

/// What marks placeholders. None of it is a label of the service's own, so neither its Service nor its ReplicaSet takes
/// a placeholder for one of its pods.
public enum PlaceholderLabel {
  /// `true` on every placeholder Deployment and its pods.
  public static let placeholder = "sakigake.dev/placeholder"
  public static let service = "sakigake.dev/placeholder-for"
  public static let namespace = "sakigake.dev/placeholder-namespace"
  /// An annotation: which template a Deployment was made from.
  static let template = "sakigake.dev/placeholder-template"

  public static func isPlaceholder(_ labels: Labels) -> Bool { labels[placeholder] == "true" }
}

extension ClusterView {
  /// The view as it will be for pods before which placeholders give way.
  var withoutPlaceholders: ClusterView {
    let placeholders = pods.values.filter { PlaceholderLabel.isPlaceholder($0.metadata.labels) }
    guard !placeholders.isEmpty else { return self }
    var copy = self
    for pod in placeholders { copy.removePod(pod.key) }
    return copy
  }
}
