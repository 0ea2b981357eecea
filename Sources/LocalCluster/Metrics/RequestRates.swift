import AsyncHTTPClient
public import Kubernetes
import KubernetesClient
import Mesh
import NIOCore
import NIOHTTP1

/// Requests per second of every pod, from its sidecar's own counters.
public actor RequestRates {
  private struct Sample {
    var uid: String
    var stats: EnvoyStats
    var at: Timestamp
  }

  /// What one reading of one sidecar may take.
  private static let timeout = TimeAmount.milliseconds(800)
  private static let bodyBytesMax = 1 << 20
  private static let readingsAtOnceMax = 8
  /// Where a sidecar's admin page is.
  private static let adminPort = 15000

  private var last: [NamespacedName: Sample] = [:]
  private var rates: [NamespacedName: ClusterView.PodMetrics] = [:]

  public init() {}

  /// The custom metrics of every pod that was read lately.
  public var metrics: [NamespacedName: ClusterView.PodMetrics] { rates }

  /// Reads every sidecar each `periodSeconds` until the task is cancelled.
  public func run(periodSeconds: Double, pods: @escaping @Sendable () async -> [Pod]) async {
    while (try? await Task.sleep(for: .seconds(periodSeconds))) != nil { await read(pods()) }
  }

  private func read(_ pods: [Pod]) async {
    let proxied = pods.filter { pod in
      !pod.status.podIP.isEmpty && pod.status.phase == "Running"
        && (pod.spec.initContainers + pod.spec.containers).contains { $0.name == "envoy" }
    }
    let keys = Set(proxied.map(\.key))
    last = last.filter { keys.contains($0.key) }
    rates = rates.filter { keys.contains($0.key) }
    await withTaskGroup(of: (Pod, EnvoyStats?).self) { group in
      var waiting = proxied[...]
      func start() {
        guard let pod = waiting.popFirst() else { return }
        group.addTask { (pod, await Self.stats(of: pod.status.podIP)) }
      }
      for _ in 0..<Self.readingsAtOnceMax { start() }
      while let (pod, stats) = await group.next() {
        if let stats { record(pod, stats, at: .now) }
        start()
      }
    }
  }

  private func record(_ pod: Pod, _ stats: EnvoyStats, at now: Timestamp) {
    defer { last[pod.key] = Sample(uid: pod.metadata.uid, stats: stats, at: now) }
    guard let earlier = last[pod.key], earlier.uid == pod.metadata.uid, now > earlier.at else { return }
    let seconds = now - earlier.at
    let rate = EnvoyStats.requestsPerSecond(previous: earlier.stats, current: stats, seconds: seconds)
    rates[pod.key] = ClusterView.PodMetrics(at: now, windowSeconds: seconds, custom: ["requests_per_second": rate])
  }

  private static func stats(of address: String) async -> EnvoyStats? {
    do {
      let request = HTTPClientRequest(url: "http://\(address):\(adminPort)\(EnvoyStats.path)")
      let response = try await HTTPClient.shared.execute(request, timeout: timeout)
      guard response.status == .ok else { return nil }
      let body = try await response.body.collect(upTo: bodyBytesMax)
      return EnvoyStats(parsing: String(buffer: body))
    } catch {
      // A pod that is starting or ending has no admin page; it simply has no reading.
      return nil
    }
  }
}
