import Kubernetes
import Synchronization

/// How many more pods the disruption budgets let go, counted down as pods are chosen.
///
/// A copy counts down by itself, and shares what is known of budgets with the one that it was made from.
public struct DisruptionAllowance: Sendable {
  private let rules: Rules
  /// By budget.
  private var left: [Int]

  /// What budgets speak of, which does not change as pods go.
  private final class Rules: Sendable {
    struct Budget: Sendable {
      var key: NamespacedName
      var selector: LabelSelector
      var disrupted: Set<String>
    }
    /// By key.
    let budgets: [Budget]
    /// The budgets that speak of each shape of pod. A shape is held, so that its identity stays its own.
    private let known = Mutex<[ObjectIdentifier: (shape: PodShape, budgets: [Int])]>([:])
    private static let knownMax = 10_000

    init(_ budgets: [Budget]) { self.budgets = budgets }

    func indexes(for pod: PodInfo) -> [Int] {
      if budgets.isEmpty { return [] }
      let identity = ObjectIdentifier(pod.shape)
      let matching = known.withLock { known in
        if let found = known[identity] { return found.budgets }
        let matching = budgets.indices.filter {
          budgets[$0].key.namespace == pod.key.namespace && budgets[$0].selector.matches(pod.labels)
        }
        if known.count >= Self.knownMax { known.removeAll() }
        known[identity] = (pod.shape, matching)
        return matching
      }
      guard matching.contains(where: { !budgets[$0].disrupted.isEmpty }) else { return matching }
      return matching.filter { !budgets[$0].disrupted.contains(pod.key.name) }
    }

    func index(of key: NamespacedName) -> Int? {
      var (lower, upper) = (0, budgets.count)
      while lower < upper {
        let middle = (lower + upper) / 2
        if budgets[middle].key < key { lower = middle + 1 } else { upper = middle }
      }
      return lower < budgets.count && budgets[lower].key == key ? lower : nil
    }
  }

  public init(_ budgets: some Sequence<PodDisruptionBudget>) {
    let speaking = budgets.filter { $0.spec.selector != nil }.sorted { $0.key < $1.key }
    left = speaking.map(\.status.disruptionsAllowed)
    rules = Rules(
      speaking.compactMap { budget in
        budget.spec.selector.map {
          Rules.Budget(key: budget.key, selector: $0, disrupted: Set(budget.status.disruptedPods.keys))
        }
      })
  }

  /// Says anew how many pods a budget lets go, which the allowance was made with.
  public mutating func set(_ allowed: Int, forBudget key: NamespacedName) {
    if let index = rules.index(of: key) { left[index] = allowed }
  }

  /// Takes the pod from its budgets.
  /// - Returns: whether all of them allowed it.
  public mutating func take(_ pod: PodInfo) -> Bool { take(rules.indexes(for: pod)) }

  private mutating func take(_ indexes: [Int]) -> Bool {
    var isAllowed = true
    for index in indexes {
      if left[index] <= 0 { isAllowed = false }
      left[index] -= 1
    }
    return isAllowed
  }

  /// Takes pods from their budgets as the Eviction API would, which refuses where more than one budget speaks of a pod.
  /// - Returns: whether it allowed all of them; else none is taken.
  mutating func takeAll(_ pods: [PodInfo]) -> Bool {
    for (number, pod) in pods.enumerated() {
      let indexes = rules.indexes(for: pod)
      if indexes.count < 2, take(indexes) { continue }
      if indexes.count < 2 { giveBack(pod) }
      for taken in pods[..<number] { giveBack(taken) }
      return false
    }
    return true
  }

  /// The pod stays after all.
  public mutating func giveBack(_ pod: PodInfo) {
    for index in rules.indexes(for: pod) { left[index] += 1 }
  }
}
