import Kubernetes

/// A pod affinity term as it is evaluated: its namespaces made explicit, its label keys filled in from the pod.
public struct PodTerm: Sendable, Hashable {
  public var topologyKey: String
  public var namespaces: Set<String>
  /// Also the namespaces whose labels match; an empty selector means all of them.
  public var namespaceSelector: LabelSelector?
  /// nil picks nothing.
  public var selector: LabelSelector?

  public init(_ term: PodAffinityTerm, of pod: Pod) {
    topologyKey = term.topologyKey
    namespaceSelector = term.unknown["namespaceSelector"].flatMap { try? LabelSelector(json: $0) }
    namespaces = Set(term.namespaces)
    if namespaces.isEmpty, namespaceSelector == nil { namespaces = [pod.metadata.namespace] }
    selector = term.labelSelector
    selector?.require(term.unknown["matchLabelKeys"], of: pod.metadata.labels, op: .in)
    selector?.require(term.unknown["mismatchLabelKeys"], of: pod.metadata.labels, op: .notIn)
  }

  /// - Parameter namespaceLabels: labels by namespace, for namespace selectors.
  func matches(namespace: String, labels: Labels, namespaceLabels: [String: Labels]) -> Bool {
    guard let selector else { return false }
    guard
      namespaces.contains(namespace)
        || namespaceSelector.map({ $0.matches(namespaceLabels[namespace] ?? [:]) }) == true
    else { return false }
    return selector.matches(labels)
  }
}

/// A term and how much it attracts (above 0) or repels (below 0).
public struct WeightedPodTerm: Sendable, Hashable {
  public var term: PodTerm
  public var weight: Int
}

extension LabelSelector {
  /// Adds `key in (the pod's own value)` for each of `matchLabelKeys` that the pod has.
  mutating func require(_ keys: JSONValue?, of labels: Labels, op: LabelRequirement.Operator) {
    for key in keys?.arrayValue?.compactMap(\.stringValue) ?? [] {
      if let value = labels[key] { matchExpressions.append(LabelRequirement(key: key, op: op, values: [value])) }
    }
  }
}
