import Kubernetes

/// How many more pods the disruption budgets let go, counted down as pods are chosen.
public struct DisruptionAllowance: Sendable {
  private struct Budget {
    var namespace: String
    var selector: LabelSelector
    var disrupted: Set<String>
    var left: Int
  }
  private var budgets: [Budget]

  public init(_ budgets: some Sequence<PodDisruptionBudget>) {
    self.budgets = budgets.sorted { $0.key < $1.key }.compactMap { budget in
      guard let selector = budget.spec.selector else { return nil }
      return Budget(
        namespace: budget.metadata.namespace, selector: selector, disrupted: Set(budget.status.disruptedPods.keys),
        left: budget.status.disruptionsAllowed)
    }
  }

  private func indexes(for pod: PodInfo) -> [Int] {
    budgets.indices.filter {
      budgets[$0].namespace == pod.key.namespace && budgets[$0].selector.matches(pod.labels)
        && !budgets[$0].disrupted.contains(pod.key.name)
    }
  }

  /// How many budgets speak of the pod; the Eviction API refuses more than one.
  public func count(for pod: PodInfo) -> Int { indexes(for: pod).count }

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
}
