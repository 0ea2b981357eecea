import Kubernetes

/// One pass over pods to be placed: finds a node for each and places it, so that the next pod sees it there.
public struct PlacementSearch: Sendable {
  public struct Options: Sendable {
    /// How many of the nodes, in percent, must be found to fit before the best of them is taken;
    /// 0 lets it fall from 50 (100 nodes) to 5 with the size of the cluster, as upstream does.
    public var percentageOfNodesToScore = 0
    /// Tells equal scores apart.
    public var seed: UInt64 = 0
    /// Whether pods that say nothing are spread by node and zone.
    public var softSpreading = true

    public init() {}
  }

  public private(set) var snapshot: ClusterSnapshot
  public let options: Options
  /// The node at which the next search starts, so that all nodes have their turn.
  public private(set) var start: Int
  private var kinds: [Kind] = []
  private var numbers: [SchedulingTraits: Int] = [:]

  private struct Kind {
    var requirements: PodRequirements
    /// Set where nothing was found: in which state of the snapshot, and why.
    var failure: (placements: Int, removals: Int, summary: FitSummary)?
    /// The state of the snapshot in which no victims were found.
    var preemptionFailedAt: Int?
  }

  public init(_ snapshot: ClusterSnapshot, options: Options = Options(), start: Int = 0) {
    self.snapshot = snapshot
    self.options = options
    self.start = start
  }

  /// The number of the kind that a pod is of: equal pods share what is learned.
  public mutating func kind(of pod: Pod) -> Int { kind(of: SchedulingTraits(pod), PodInfo(pod)) }

  public mutating func kind(of traits: SchedulingTraits, _ pod: PodInfo) -> Int {
    if let number = numbers[traits] { return number }
    let requirements = PodRequirements(traits, pod, in: &snapshot, softSpreading: options.softSpreading)
    kinds.append(Kind(requirements: requirements))
    numbers[traits] = kinds.count - 1
    return kinds.count - 1
  }

  public func traits(ofKind kind: Int) -> SchedulingTraits { kinds[kind].requirements.traits }

  /// Puts a pod on a node without asking: one that is on its way there, or one for which room is kept.
  public mutating func assume(_ pod: PodInfo, onNode node: Int) { snapshot.assume(pod, onNode: node) }

  /// Finds the best node and places the pod there.
  /// - Parameter preferred: a node to take at once where it fits.
  /// - Returns: the node's index; nil where no node fits, see `summary(ofKind:)`.
  public mutating func place(_ pod: PodInfo, kind: Int, preferring preferred: Int? = nil) -> Int? {
    if isKnownToFail(kind) { return nil }
    kinds[kind].requirements.refresh(snapshot)
    let node: Int
    if let preferred, kinds[kind].requirements.fits(preferred, in: snapshot) {
      node = preferred
    } else {
      let feasible = feasibleNodes(kind)
      if feasible.isEmpty {
        kinds[kind].failure = (snapshot.placements, snapshot.removals, summarize(kind))
        return nil
      }
      node = NodeScoring.best(of: feasible, for: &kinds[kind].requirements, in: snapshot, seed: options.seed)
    }
    snapshot.assume(pod, group: kinds[kind].requirements.group, onNode: node)
    return node
  }

  private func isKnownToFail(_ kind: Int) -> Bool {
    guard let failure = kinds[kind].failure, failure.removals == snapshot.removals else { return false }
    return failure.placements == snapshot.placements || !kinds[kind].requirements.improvesWithPlacements
  }

  private mutating func feasibleNodes(_ kind: Int) -> [Int] {
    let count = snapshot.nodes.count
    guard count > 0 else { return [] }
    let wanted = wantedNodes
    var feasible: [Int] = []
    feasible.reserveCapacity(min(wanted, count))
    var index = start % count
    var looked = 0
    while looked < count, feasible.count < wanted {
      if kinds[kind].requirements.fits(index, in: snapshot) { feasible.append(index) }
      index = index + 1 == count ? 0 : index + 1
      looked += 1
    }
    start = index
    return feasible
  }

  private var wantedNodes: Int {
    let count = snapshot.nodes.count
    if count <= 100 { return count }
    let percentage = options.percentageOfNodesToScore > 0 ? options.percentageOfNodesToScore : max(5, 50 - count / 125)
    return max(100, count * min(percentage, 100) / 100)
  }

  private func summarize(_ kind: Int) -> FitSummary {
    var summary = FitSummary()
    for node in snapshot.nodes.indices {
      if let failure = kinds[kind].requirements.failure(onNode: node, in: snapshot) { summary.add(failure) }
    }
    return summary
  }

  /// Why the kind's last search found nothing.
  public func summary(ofKind kind: Int) -> FitSummary { kinds[kind].failure?.summary ?? FitSummary() }

  /// The least harmful pods of lower priority whose end makes room for the pod.
  public mutating func victims(
    forKind kind: Int, budgets: DisruptionAllowance, excluding nodes: Set<Int>
  ) -> Preemption.Candidate? {
    // Pods placed since only make it harder, so one failure is enough for a pass.
    if kinds[kind].preemptionFailedAt == snapshot.removals { return nil }
    let candidate = Preemption.best(
      for: kinds[kind].requirements, in: snapshot, budgets: budgets, excluding: nodes, start: start)
    if candidate == nil { kinds[kind].preemptionFailedAt = snapshot.removals }
    return candidate
  }
}
