import Kubernetes
import KubernetesClient
import LocalCluster
import Synchronization
import Traffic

/// Watches the fleet while traffic flows, and tells a person how it goes.
final class DemoMonitor: Sendable {
  private let strategy: DemoRun.Strategy
  private let cache: ClusterCache
  private let cloud: SimulatedCloud
  private let services: [String]
  private let taken = Mutex<[DemoRun.Sample]>([])
  private let failed = Mutex(0)

  init(strategy: DemoRun.Strategy, cache: ClusterCache, cloud: SimulatedCloud, services: [String]) {
    self.strategy = strategy
    self.cache = cache
    self.cloud = cloud
    self.services = services
  }

  var samples: [DemoRun.Sample] { taken.withLock { $0 } }

  /// Takes a sample each `period` until the task is cancelled.
  func sample(every period: Duration, from start: ContinuousClock.Instant) async {
    repeat {
      let view = await cache.view
      let groups = await cloud.groups()
      let elapsed = ContinuousClock.now - start
      let sample = DemoRun.Sample(
        second: Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) / 1e18,
        ready: Self.readyPods(view, services),
        desired: Dictionary(
          uniqueKeysWithValues: services.map { name in
            (name, view.deployments.values.first { $0.metadata.name == name }?.spec.replicas ?? 0)
          }), nodesReady: view.nodes.values.count(where: \.isReady),
        nodesAsked: groups.values.reduce(0) { $0 + $1.target })
      taken.withLock { $0.append(sample) }
    } while (try? await Task.sleep(for: period)) != nil
  }

  static func readyPods(_ view: ClusterView, _ services: [String]) -> [String: Int] {
    var ready = Dictionary(uniqueKeysWithValues: services.map { ($0, 0) })
    for pod in view.pods.values where pod.isReady && !pod.isTerminating {
      if let service = pod.metadata.labels[WellKnown.service] { ready[service]? += 1 }
    }
    return ready
  }

  /// One line a second.
  func show(_ record: TrafficRecord) {
    let total = failed.withLock { sum in
      sum += record.failed
      return sum
    }
    let sample = samples.last
    let ready = sample?.ready.values.reduce(0, +) ?? 0
    let wanted = sample?.desired.values.reduce(0, +) ?? 0
    Console.progress(
      "\(strategy.rawValue)  \(record.second) s  \(record.sent) requests/s  failed \(record.failed) (\(total) in all)  "
        + "pods \(ready) ready of \(wanted)  nodes \(sample?.nodesReady ?? 0) of \(sample?.nodesAsked ?? 0)")
  }

  func finish() { Console.progress("\(strategy.rawValue)  done", isLast: true) }
}
