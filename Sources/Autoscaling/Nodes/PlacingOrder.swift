import Kubernetes

/// In which order pods are expected to take room, and where each would rather be.
///
/// Pods that few groups take go first: else pods that could be anywhere are thought to be on nodes that were asked for
/// others, for whom one then asks for more.
struct PlacingOrder {
  /// A fresh node of each group.
  private let templates: [NodeTraits]

  init(_ templates: [NodeTraits]) { self.templates = templates }

  /// Groups of pods by number: the most important first, then those with the least choice.
  /// - Parameter smallFirst: of equal ones small pods go first, which leaves the least room for the others; else they
  ///   go in the order that they have.
  func order(of pods: [BinPacking.Group], smallFirst: Bool = false) -> [Int] {
    let whole = templates.first?.allocatable ?? Resources()
    let sizes = pods.map { smallFirst ? $0.traits.requests.size(in: whole) : 0 }
    let choices = pods.map { pod in
      templates.count { NodePredicates.failure(of: pod.traits, on: $0) == nil }
    }
    return pods.indices.sorted { left, right in
      let priorities = (pods[left].traits.priority, pods[right].traits.priority)
      if priorities.0 != priorities.1 { return priorities.0 > priorities.1 }
      if choices[left] != choices[right] { return choices[left] < choices[right] }
      return sizes[left] == sizes[right] ? left < right : sizes[left] < sizes[right]
    }
  }

  /// Those first that a pod prefers, else in the order that they have.
  /// - Parameter group: of a node; -1 where it is of none.
  func preferred(
    _ nodes: [Int], by pod: SchedulingTraits, in snapshot: ClusterSnapshot, group: (Int) -> Int
  ) -> [Int] {
    if pod.preferredNodes.isEmpty { return nodes }
    let weights = templates.map { pod.preference(for: $0) }
    var byWeight: [Int: [Int]] = [:]
    for node in nodes {
      let group = group(node)
      let weight = group >= 0 ? weights[group] : pod.preference(for: snapshot.nodes[node].traits)
      byWeight[weight, default: []].append(node)
    }
    return byWeight.sorted { $0.key > $1.key }.flatMap(\.value)
  }
}
