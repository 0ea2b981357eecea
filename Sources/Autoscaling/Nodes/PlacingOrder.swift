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
}

/// Nodes, those first that a pod prefers, else in the order that they have. Worked out once for pods that prefer alike.
struct PreferredNodes {
  private let nodes: [Int]
  /// Of each of them, its group's place among the templates, or beyond those its own.
  private let kinds: [Int]
  /// A node of each kind.
  private let kindTraits: [NodeTraits]
  private var known: [[Int]: [Int]] = [:]

  /// - Parameters:
  ///   - groups: of each node; -1 where it is of none.
  ///   - templates: a fresh node of each group.
  init(_ nodes: [Int], ofGroups groups: [Int], _ templates: [NodeTraits], in snapshot: ClusterSnapshot) {
    self.nodes = nodes
    var kindTraits = templates
    kinds = zip(nodes, groups).map { node, group in
      if group >= 0 { return group }
      kindTraits.append(snapshot.nodes[node].traits)
      return kindTraits.count - 1
    }
    self.kindTraits = kindTraits
  }

  mutating func order(by pod: SchedulingTraits) -> [Int] {
    if pod.preferredNodes.isEmpty { return nodes }
    let weights = kindTraits.map { pod.preference(for: $0) }
    if let known = known[weights] { return known }
    var order: [Int] = []
    order.reserveCapacity(nodes.count)
    for weight in Set(weights).sorted(by: >) {
      for (node, kind) in zip(nodes, kinds) where weights[kind] == weight { order.append(node) }
    }
    known[weights] = order
    return order
  }
}
