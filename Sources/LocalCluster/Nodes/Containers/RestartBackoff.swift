import Kubernetes

/// How long a container that ends waits until it may start again: not at all the first time, then 10 s doubling to
/// 300 s; forgotten after 10 minutes of running (the kubelet's values; kubernetes.io, "Container restart policy").
package struct RestartBackoff: Sendable {
  static let secondsFirst = 10.0
  static let secondsMax = 300.0
  static let secondsUntilReset = 600.0

  private(set) var failures = 0

  package init() {}

  /// Notes an end.
  /// - Parameter ranSeconds: since its start, in the cluster's time.
  /// - Returns: seconds to wait, in the cluster's time.
  package mutating func next(ranSeconds: Double) -> Double {
    if ranSeconds >= Self.secondsUntilReset { failures = 0 }
    failures += 1
    if failures == 1 { return 0 }
    return min(Self.secondsMax, Self.secondsFirst * Double(1 << min(failures - 2, 16)))
  }
}
