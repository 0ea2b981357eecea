import Kubernetes

/// How many more pods the disruption budgets let go, counted down as pods are chosen.
public struct DisruptionAllowance: Sendable {
  private struct Budget {
    var key: NamespacedName
    var selector: LabelSelector
    var disrupted: Set<String>
    var left: Int
  }
  private var budgets: [Budget]
  /// The budgets that speak of each shape of pod. A shape is held, so that its identity stays its own.
  private var known: [ObjectIdentifier: (shape: PodShape, budgets: [Int])] = [:]
  private static let knownMax = 10_000

  public init(_ budgets: some Sequence<PodDisruptionBudget>) {
    self.budgets = budgets.sorted { $0.key < $1.key }.compactMap { budget in
      guard let selector = budget.spec.selector else { return nil }
      return Budget(
        key: budget.key, selector: selector, disrupted: Set(budget.status.disruptedPods.keys),
        left: budget.status.disruptionsAllowed)
    }
  }

  /// Says anew how many pods a budget lets go, which the allowance was made with.
  public mutating func set(_ allowed: Int, forBudget key: NamespacedName) {
    if let index = budgets.firstIndex(where: { $0.key == key }) { budgets[index].left = allowed }
  }

  private mutating func indexes(for pod: PodInfo) -> [Int] {
    if budgets.isEmpty { return [] }
    let identity = ObjectIdentifier(pod.shape)
    let matching: [Int]
    if let found = known[identity] {
      matching = found.budgets
    } else {
      matching = budgets.indices.filter {
        budgets[$0].key.namespace == pod.key.namespace && budgets[$0].selector.matches(pod.labels)
      }
      if known.count >= Self.knownMax { known.removeAll() }
      known[identity] = (pod.shape, matching)
    }
    return matching.filter { !budgets[$0].disrupted.contains(pod.key.name) }
  }

  /// How many budgets speak of the pod; the Eviction API refuses more than one.
  public mutating func count(for pod: PodInfo) -> Int { indexes(for: pod).count }

  /// Takes the pod from its budgets.
  /// - Returns: whether all of them allowed it.
  public mutating func take(_ pod: PodInfo) -> Bool {
    var isAllowed = true
    for index in indexes(for: pod) {
      if budgets[index].left <= 0 { isAllowed = false }
      budgets[index].left -= 1
    }
    return isAllowed
  }

  /// The pod stays after all.
  public mutating func giveBack(_ pod: PodInfo) {
    for index in indexes(for: pod) { budgets[index].left += 1 }
  }
}
