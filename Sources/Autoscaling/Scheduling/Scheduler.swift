import Kubernetes

/// Finds a node for one pod after another, each of which sees the others placed.
///
/// It keeps what it has learned between passes: which nodes refuse a kind of pod for good, and why a kind found
/// nothing, so that the next try looks only at nodes that have changed since. All calls must be about the same
/// snapshot, or about one made anew together with the scheduler.
public struct Scheduler: Sendable {
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

  public let options: Options
  /// The node at which the next search starts, so that all nodes have their turn.
  public private(set) var start: Int
  private var kinds: [Kind] = []
  private var numbers: [SchedulingTraits: Int] = [:]
  private var feasible: [Int] = []
  private var scores: [Double] = []

  /// By kind: that nothing was found. Apart from the kinds, as it is asked most often.
  private var failures: [Failure?] = []

  private struct Failure {
    /// Of the snapshot at that time.
    var state: SnapshotState
    let need: RoomNeed
    /// Whether no other pod had a say, so that only nodes that have changed can do better.
    let isOfNodesAlone: Bool
  }

  private struct Kind {
    var requirements: PodRequirements
    /// The state of the snapshot in which no victims were found.
    var preemptionFailedAt: SnapshotState?
    /// Why nothing was found, and in which state.
    var summary: (state: SnapshotState, text: FitSummary)?
  }

  private struct SnapshotState: Equatable {
    var placements: Int
    var improvements: Int

    init(_ snapshot: ClusterSnapshot) {
      placements = snapshot.placements
      improvements = snapshot.improved.end
    }
  }

  public init(options: Options = Options(), start: Int = 0) {
    self.options = options
    self.start = start
  }

  /// The number of the kind that pods of a shape are of: equal pods share what is learned.
  public mutating func kind(of shape: PodShape, in snapshot: inout ClusterSnapshot) -> Int {
    if let number = numbers[shape.traits] { return number }
    let requirements = PodRequirements(shape, in: &snapshot, softSpreading: options.softSpreading)
    kinds.append(Kind(requirements: requirements))
    failures.append(nil)
    numbers[shape.traits] = kinds.count - 1
    return kinds.count - 1
  }

  /// Finds the best node and places the pod there.
  /// - Parameters:
  ///   - kind: of `kind(of:in:)`.
  ///   - preferred: a node to take at once where it fits.
  /// - Returns: the node's index; nil where no node fits, see `summary(ofKind:in:)`.
  public mutating func place(
    _ pod: PodInfo, kind: Int, preferring preferred: Int? = nil, in snapshot: inout ClusterSnapshot
  ) -> Int? {
    guard let node = node(forKind: kind, preferring: preferred, in: snapshot) else { return nil }
    snapshot.assume(pod, group: kinds[kind].requirements.group, onNode: node)
    return node
  }

  /// Places pods of one kind, as many as fit.
  /// - Returns: the node of each, in order; the rest fits nowhere.
  public mutating func place(_ pods: [PodInfo], kind: Int, in snapshot: inout ClusterSnapshot) -> [Int] {
    var nodes: [Int] = []
    for pod in pods {
      guard let node = place(pod, kind: kind, in: &snapshot) else { break }
      nodes.append(node)
    }
    return nodes
  }

  private mutating func node(forKind kind: Int, preferring preferred: Int?, in snapshot: ClusterSnapshot) -> Int? {
    if isKnownToFail(kind, in: snapshot) { return nil }
    kinds[kind].requirements.refresh(snapshot)
    if let preferred, kinds[kind].requirements.fits(preferred, in: snapshot) { return preferred }
    feasible.removeAll(keepingCapacity: true)
    start = kinds[kind].requirements.appendFitting(
      to: &feasible, from: start, wanted: wanted(of: snapshot.nodeCount), in: snapshot)
    if feasible.isEmpty {
      let requirements = kinds[kind].requirements
      failures[kind] = Failure(
        state: SnapshotState(snapshot), need: requirements.need, isOfNodesAlone: requirements.looksOnlyAtTheNode)
      return nil
    }
    failures[kind] = nil
    return NodeScoring.best(
      of: feasible, for: &kinds[kind].requirements, in: snapshot, seed: options.seed, scores: &scores)
  }

  /// Whether a search for this kind would find nothing, as far as that can be told from the last one.
  public mutating func isKnownToFail(_ kind: Int, in snapshot: ClusterSnapshot) -> Bool {
    guard let failure = failures[kind] else { return false }
    let state = SnapshotState(snapshot)
    if failure.state == state { return true }
    guard failure.isOfNodesAlone, let nodes = snapshot.improved.since(failure.state.improvements) else { return false }
    // Only nodes that have got room, or are new, can do better than before.
    for node in nodes where failure.need.fits(snapshot.rooms[Int(node)]) {
      kinds[kind].requirements.refresh(snapshot)
      if kinds[kind].requirements.fits(Int(node), in: snapshot) { return false }
    }
    failures[kind]?.state = state
    return true
  }

  private func wanted(of count: Int) -> Int {
    if count <= 100 { return count }
    let percentage = options.percentageOfNodesToScore > 0 ? options.percentageOfNodesToScore : max(5, 50 - count / 125)
    return max(100, count * min(percentage, 100) / 100)
  }

  /// Why a kind's last search found nothing.
  public mutating func summary(ofKind kind: Int, in snapshot: ClusterSnapshot) -> FitSummary {
    let state = SnapshotState(snapshot)
    if let known = kinds[kind].summary, known.state.improvements == state.improvements { return known.text }
    var summary = FitSummary()
    for node in snapshot.nodes.indices where snapshot.nodes[node].isPresent {
      if let failure = kinds[kind].requirements.failure(onNode: node, in: snapshot) { summary.add(failure) }
    }
    kinds[kind].summary = (state, summary)
    return summary
  }

  /// The least harmful pods of lower priority whose end makes room for a pod of a kind.
  public mutating func victims(
    forKind kind: Int, budgets: DisruptionAllowance, excluding nodes: Set<Int>, in snapshot: inout ClusterSnapshot
  ) -> Preemption.Candidate? {
    // Pods placed since only make it harder, so one failure is enough until something is taken away.
    if let failed = kinds[kind].preemptionFailedAt, failed.improvements == snapshot.improved.end { return nil }
    let candidate = Preemption.best(
      for: kinds[kind].requirements, in: &snapshot, budgets: budgets, excluding: nodes, start: start)
    if candidate == nil { kinds[kind].preemptionFailedAt = SnapshotState(snapshot) }
    return candidate
  }
}
