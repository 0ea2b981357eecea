import Kubernetes

/// What nodes cost from a moment on: from each machine's request to its end, booting included.
public struct CloudBill: Sendable, Equatable {
  public struct Entry: Sendable, Equatable {
    /// In the cluster's time.
    public var nodeSeconds = 0.0
    /// In the currency of `pricePerHour`.
    public var cost = 0.0
  }
  public var groups: [String: Entry] = [:]
  public var nodeSeconds: Double { groups.values.reduce(0) { $0 + $1.nodeSeconds } }
  public var cost: Double { groups.values.reduce(0) { $0 + $1.cost } }

  init(_ state: CloudState, prices: [String: Double], since mark: Timestamp?, now: Timestamp, speed: Double) {
    func add(_ group: String, realSeconds: Double) {
      guard realSeconds > 0 else { return }
      groups[group, default: Entry()].nodeSeconds += realSeconds * speed
      groups[group, default: Entry()].cost += realSeconds * speed / 3600 * (prices[group] ?? 0)
    }
    func start(_ from: Timestamp) -> Timestamp { mark.map { max($0, from) } ?? from }
    for ended in state.ended { add(ended.group, realSeconds: ended.to - start(ended.from)) }
    for instance in state.instances.values { add(instance.group, realSeconds: now - start(instance.requestedAt)) }
    // What was folded away is older than any mark that a caller still has in mind.
    if mark == nil { for (group, seconds) in state.billedBefore { add(group, realSeconds: seconds) } }
  }
}
