import Kubernetes

/// Room for an important pod by the end of less important ones, with the least harm
/// (kube-scheduler's `DefaultPreemption`).
public enum Preemption {
  public struct Candidate: Sendable {
    public var node: Int
    /// Empty where it suffices to wait for pods that are on their way out.
    public var victims: [PodInfo]
    /// Victims that a disruption budget would have kept.
    public var violations: Int
  }

  /// - Parameter start: the node at which looking starts; at most max(100, a tenth) of candidates are compared.
  static func best(
    for pod: PodRequirements, in snapshot: inout ClusterSnapshot, budgets: DisruptionAllowance, excluding: Set<Int>,
    start: Int
  ) -> Candidate? {
    guard pod.traits.mayPreempt, !snapshot.nodes.isEmpty else { return nil }
    var requirements = pod
    requirements.refresh(snapshot)
    let count = snapshot.nodes.count
    let limit = max(100, count / 10)
    var found = 0
    var best: Candidate?
    for offset in 0..<count where found < limit {
      let node = (start + offset) % count
      guard !excluding.contains(node),
        snapshot.nodes[node].residents.contains(where: { $0.pod.priority < pod.traits.priority }),
        let failure = requirements.failure(onNode: node, in: snapshot), failure.yieldsToPreemption,
        let candidate = victims(on: node, for: &requirements, in: &snapshot, budgets: budgets)
      else { continue }
      found += 1
      if best.map({ isLessHarmful(candidate, than: $0, snapshot) }) ?? true { best = candidate }
    }
    return best
  }

  private static func victims(
    on node: Int, for pod: inout PodRequirements, in snapshot: inout ClusterSnapshot, budgets: DisruptionAllowance
  ) -> Candidate? {
    let residents = snapshot.nodes[node].residents.map(\.pod).filter { $0.priority < pod.traits.priority }
    let leaving = residents.filter(\.isTerminating)
    let lesser = residents.filter { !$0.isTerminating }
    let trial = snapshot.beginTrial()
    defer { snapshot.rollBack(trial) }
    for resident in leaving + lesser { snapshot.forget(resident.key, onNode: node) }
    pod.refresh(snapshot)
    guard pod.failure(onNode: node, in: snapshot) == nil else { return nil }
    // The most important ones are spared first, those that a budget protects before all.
    var budgets = budgets
    var protected: [PodInfo] = []
    var others: [PodInfo] = []
    for resident in lesser.sorted(by: isMoreImportant) {
      if budgets.take(resident) { others.append(resident) } else { protected.append(resident) }
    }
    var candidate = Candidate(node: node, victims: [], violations: 0)
    for (isProtected, resident) in protected.map({ (true, $0) }) + others.map({ (false, $0) }) {
      snapshot.assume(resident, onNode: node)
      pod.refresh(snapshot)
      if pod.failure(onNode: node, in: snapshot) == nil { continue }
      snapshot.forget(resident.key, onNode: node)
      candidate.victims.append(resident)
      if isProtected { candidate.violations += 1 }
    }
    candidate.victims.sort(by: isMoreImportant)
    return candidate
  }

  /// Higher priority, then the longer run, then the name.
  private static func isMoreImportant(_ left: PodInfo, than right: PodInfo) -> Bool {
    if left.priority != right.priority { return left.priority > right.priority }
    if left.startedAt != right.startedAt {
      guard let first = left.startedAt else { return false }
      guard let second = right.startedAt else { return true }
      return first < second
    }
    return left.key < right.key
  }

  private static func isLessHarmful(_ left: Candidate, than right: Candidate, _ snapshot: ClusterSnapshot) -> Bool {
    if left.violations != right.violations { return left.violations < right.violations }
    if left.victims.isEmpty != right.victims.isEmpty { return left.victims.isEmpty }
    let highest = (left.victims.first?.priority ?? Int.min, right.victims.first?.priority ?? Int.min)
    if highest.0 != highest.1 { return highest.0 < highest.1 }
    // Shifted so that more victims of negative priority do not look like less harm.
    let sums = (sum(left.victims), sum(right.victims))
    if sums.0 != sums.1 { return sums.0 < sums.1 }
    if left.victims.count != right.victims.count { return left.victims.count < right.victims.count }
    let starts = (left.victims.first?.startedAt, right.victims.first?.startedAt)
    if let first = starts.0, let second = starts.1, first != second { return first > second }
    return snapshot.nodes[left.node].name < snapshot.nodes[right.node].name
  }

  private static func sum(_ victims: [PodInfo]) -> Int {
    victims.reduce(0) { $0 + $1.priority + Int(Int32.max) + 1 }
  }
}
