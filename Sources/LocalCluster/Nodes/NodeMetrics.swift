import ChildProcesses
import Kubernetes

/// Measures what containers use, from /proc, at an interval; a container counts from its second measurement on.
actor NodeMetrics {
  private struct Sample {
    var cpuNanoseconds: Int64
    var at: ContinuousClock.Instant
  }

  private let host: PodHost
  private var last: [Int32: Sample] = [:]
  private(set) var current = ClusterView.Metrics()

  init(_ host: PodHost) { self.host = host }

  /// Measures until the task is cancelled.
  func run() async {
    while !Task.isCancelled {
      measure()
      try? await Task.sleep(for: .seconds(host.settings.metricsSeconds / host.speed))
    }
  }

  func measure() {
    let owners = host.processes.all
    let usage = ProcessTable.usage(ofSessions: Set(owners.keys))
    let instant = ContinuousClock.now
    let now = host.settings.now()
    var next: [Int32: Sample] = [:]
    var metrics = ClusterView.Metrics()
    for (pid, owner) in owners {
      guard let used = usage[pid] else { continue }
      next[pid] = Sample(cpuNanoseconds: used.cpuNanoseconds, at: instant)
      guard let before = last[pid] else { continue }
      let window = (instant - before.at) / .seconds(1)
      guard window > 0 else { continue }
      let millicores = Int64((Double(max(0, used.cpuNanoseconds - before.cpuNanoseconds)) / window / 1e6).rounded())
      let measured = ClusterView.Usage(
        cpuMillicores: millicores, memoryBytes: used.memoryBytes, at: now, windowSeconds: window)
      metrics.pods[owner.pod, default: .init(at: now, windowSeconds: window)].containers[owner.container] = measured
      var node = metrics.nodes[owner.node] ?? .init(cpuMillicores: 0, memoryBytes: 0, at: now, windowSeconds: window)
      node.cpuMillicores += measured.cpuMillicores
      node.memoryBytes += measured.memoryBytes
      metrics.nodes[owner.node] = node
    }
    last = next
    current = metrics
  }
}
