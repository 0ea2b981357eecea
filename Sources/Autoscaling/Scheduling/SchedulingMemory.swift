import Kubernetes

/// What the scheduler has asked for and the view does not show yet. Each entry ends when the view catches up, when
/// its pod is gone, or after a while, so it holds at most one entry a pod.
struct SchedulingMemory: Sendable {
  struct Entry<Value: Sendable>: Sendable {
    var uid: String
    var value: Value
    var at: Timestamp
  }
  struct Doomed: Sendable {
    var node: String
    var victims: Set<NamespacedName>
  }

  private(set) var bound: [NamespacedName: Entry<String>] = [:]
  private(set) var reported: [NamespacedName: Entry<String>] = [:]
  private(set) var preempting: [NamespacedName: Entry<Doomed>] = [:]

  mutating func forgetOutdated(_ view: ClusterView, at now: Timestamp, after seconds: Double) {
    func isCurrent<Value>(_ key: NamespacedName, _ entry: Entry<Value>) -> Bool {
      guard let pod = view.pods[key], pod.metadata.uid == entry.uid, !pod.isScheduled, !pod.isFinished else {
        return false
      }
      let age = now - entry.at
      return age >= 0 && age < seconds
    }
    bound = bound.filter { isCurrent($0.key, $0.value) && view.nodes[$0.value.value] != nil }
    reported = reported.filter { isCurrent($0.key, $0.value) }
    preempting = preempting.filter { isCurrent($0.key, $0.value) }
  }

  /// Pods whose deletion was asked for.
  var doomed: Set<NamespacedName> { preempting.values.reduce(into: []) { $0.formUnion($1.value.victims) } }

  mutating func rememberBinding(_ pod: PodInfo, node: String, at now: Timestamp) {
    bound[pod.key] = Entry(uid: pod.uid, value: node, at: now)
    reported[pod.key] = nil
    preempting[pod.key] = nil
  }

  mutating func rememberReport(_ pod: PodInfo, _ message: String, at now: Timestamp) {
    reported[pod.key] = Entry(uid: pod.uid, value: message, at: now)
  }

  mutating func rememberPreemption(_ pod: PodInfo, node: String, victims: [PodInfo], at now: Timestamp) {
    preempting[pod.key] = Entry(
      uid: pod.uid, value: Doomed(node: node, victims: Set(victims.map(\.key))), at: now)
  }
}
