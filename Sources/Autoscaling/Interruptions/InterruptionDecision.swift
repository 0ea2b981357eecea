import Kubernetes

/// Replaces and drains interrupted nodes: `InterruptionHandler`, fed from views.
///
/// A node is interrupted where `Node.endsAtAnnotation` says when it ends. Emits `spec.unschedulable`, `resizeNodeGroup`, evictions,
/// `terminateNode` and events.
public struct InterruptionDecision: Decision {
  public let configuration: InterruptionHandler.Configuration
  private var handler: InterruptionHandler
  private var follower = FleetFollower(.asExpected)
  private var isAtWork = false

  public init(configuration: InterruptionHandler.Configuration = .init()) {
    self.configuration = configuration
    handler = InterruptionHandler(configuration: configuration)
  }

  public mutating func reconcile(_ view: ClusterView, at now: Timestamp) -> [Change] {
    let ends = view.nodes.values.compactMap { node in node.endsAt.map { (node.metadata.name, $0) } }
    // Nothing is followed while nothing is interrupted.
    if ends.isEmpty, !isAtWork { return [] }
    isAtWork = !ends.isEmpty
    if follower.follow(view) { handler.forgetNodes() }
    let notices = ends.compactMap { name, endsAt in
      follower.fleet.snapshot.index(ofNode: name).map { InterruptionHandler.Notice(node: $0, endsAt: endsAt) }
    }
    let waiting = view.pods.values.filter(SchedulingQueue.isWaiting).sorted(by: SchedulingQueue.precedes)
    let actions = handler.pass(
      &follower.fleet, notices: notices, pending: BinPacking.Group.of(waiting),
      budgets: DisruptionAllowance(view.disruptionBudgets.values), at: now)
    let writer = NodeActionWriter(
      view: view, fleet: follower.fleet, component: "interruption-handler",
      endMessage: "node was interrupted and is given back", now: now)
    return actions.flatMap(writer.changes)
  }
}

extension Node {
  /// When a cloud takes the node away, RFC 3339.
  public static let endsAtAnnotation = "sakigake.dev/ends-at"

  /// nil where nobody is going to take it away.
  public var endsAt: Timestamp? {
    metadata.annotations[Self.endsAtAnnotation].flatMap { Timestamp(parsing: $0) }
  }
}
