import Kubernetes

/// Pods that look the same to every selector and carry the same terms: counted together, matched once.
struct PodGroup: Sendable, Hashable {
  var namespace: String
  var labels: Labels
  var ownerUID: String
  var isTerminating: Bool
  var antiAffinity: [PodTerm]
  var attractions: [WeightedPodTerm]

  init(_ pod: PodInfo) { self.init(pod.shape, isTerminating: pod.isTerminating) }

  init(_ shape: PodShape, isTerminating: Bool = false) {
    namespace = shape.traits.namespace
    labels = shape.traits.labels
    ownerUID = shape.traits.ownerUID
    self.isTerminating = isTerminating
    antiAffinity = shape.traits.antiAffinity
    attractions = shape.attractions
  }

  func hash(into hasher: inout Hasher) {
    // An owner's pods are nearly always equal, so the owner suffices; equality still compares all.
    hasher.combine(namespace)
    hasher.combine(isTerminating)
    if ownerUID.isEmpty { hasher.combine(labels) } else { hasher.combine(ownerUID) }
  }
}

/// Which groups of pods a topology counter counts.
enum PodPicker: Sendable, Hashable {
  /// Pods of a namespace that are not on their way out, as topology spread counts them. nil picks nothing.
  case spread(namespace: String, selector: LabelSelector?)
  /// A controller's pods that are not on their way out.
  case owned(namespace: String, ownerUID: String)
  /// Pods that match every term.
  case matching([PodTerm])
  /// Pods that carry this term as required anti-affinity.
  case repelling(PodTerm)
  /// Pods that carry this term as an attraction.
  case drawing(WeightedPodTerm)

  func picks(_ group: PodGroup, namespaceLabels: [String: Labels]) -> Bool {
    switch self {
    case .spread(let namespace, let selector):
      return group.namespace == namespace && !group.isTerminating && selector?.matches(group.labels) == true
    case .owned(let namespace, let ownerUID):
      return group.namespace == namespace && group.ownerUID == ownerUID && !group.isTerminating
    case .matching(let terms):
      return terms.allSatisfy {
        $0.matches(namespace: group.namespace, labels: group.labels, namespaceLabels: namespaceLabels)
      }
    case .repelling(let term): return group.antiAffinity.contains(term)
    case .drawing(let term): return group.attractions.contains(term)
    }
  }
}
