import Autoscaling
import Kubernetes

/// Nodes under notice: replaced first, then drained, by the decision that production runs.
extension World {
  /// Between two looks while nodes are under notice.
  private static let lookSeconds = 2.0

  mutating func handleNotices() {
    let notices = nodes.indices.compactMap { node in
      nodes[node].state == .ready
        ? nodes[node].interruptedSeconds.map {
          InterruptionHandler.Notice(node: nodes[node].slot, endsAt: scenario.start + $0)
        } : nil
    }
    setBudgets()
    let actions = interruptions.pass(
      &fleet, notices: notices, pending: pendingGroups(), budgets: budgets, at: moment)
    for action in actions { take(action, by: "interruption-handler") }
    hasNotices = !notices.isEmpty
    if !notices.isEmpty { events.add(.handleNotices, at: now + Self.lookSeconds) }
  }
}
