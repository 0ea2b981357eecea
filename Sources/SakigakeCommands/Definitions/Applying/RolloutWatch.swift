import Kubernetes
import KubernetesClient
import Workloads

/// Waits until what was applied is there, and says what is in the way meanwhile.
struct RolloutWatch {
  var client: KubernetesClient
  var namespace: String
  var limit: Duration
  /// How long something in the way that waiting will not help against is waited for all the same.
  static let patience = Duration.seconds(30)
  private static let period = Duration.milliseconds(500)

  /// - Parameters:
  ///   - deployments: by name, with the least that their autoscalers bring them to.
  ///   - jobs: by name.
  ///   - say: told whenever something is different.
  /// - Throws: `CommandFailure` with what is in the way, where it lasts, or where the time is up.
  func wait(deployments: [String: Int], jobs: [String], say: ([String]) -> Void) async throws {
    guard !deployments.isEmpty || !jobs.isEmpty else { return }
    let start = ContinuousClock.now
    var last: [String] = []
    /// Since when each has a lasting obstacle.
    var stuckSince: [String: Duration] = [:]
    while true {
      let progress = try await progress(deployments, jobs)
      let lines = progress.map(Self.line)
      if lines != last { say(lines) }
      last = lines
      let open = progress.filter { $0.progress.phase != .ready }
      if open.isEmpty { return }
      if open.contains(where: { $0.progress.phase == .failed }) { throw Self.failure(open, "did not come up") }
      let now = ContinuousClock.now - start
      let stuck = Set(open.filter { $0.progress.obstacles.first?.isLasting == true }.map(\.name))
      stuckSince = stuckSince.filter { stuck.contains($0.key) }
      for name in stuck where stuckSince[name] == nil { stuckSince[name] = now }
      if let since = stuckSince.values.min(), now - since >= Self.patience {
        throw Self.failure(open, "cannot come up")
      }
      if now >= limit { throw Self.failure(open, "is not there after \(Int(limit / .seconds(1)))s") }
      try await Task.sleep(for: Self.period)
    }
  }

  private typealias Named = (name: String, progress: RolloutProgress)

  private func progress(_ deployments: [String: Int], _ jobs: [String]) async throws -> [Named] {
    let pods = try await client.list(Pod.self, namespace: namespace)
      .items
    let events = try await client.list(Event.self, namespace: namespace, fieldSelector: "type=Warning").items
    var found: [Named] = []
    if !deployments.isEmpty {
      let sets = try await client.list(ReplicaSet.self, namespace: namespace).items
      for (name, minimum) in deployments.sorted(by: { $0.key < $1.key }) {
        let deployment = try await client.get(Deployment.self, name, namespace: namespace)
        found.append(
          (
            "deployment/\(name)",
            RolloutProgress(
              of: deployment, minimum: minimum, replicaSets: sets, pods: pods, events: events)
          ))
      }
    }
    for name in jobs {
      let job = try await client.get(Job.self, name, namespace: namespace)
      found.append(("job/\(name)", RolloutProgress(of: job, pods: pods, events: events)))
    }
    return found
  }

  private static func line(_ named: Named) -> String {
    let why = named.progress.obstacles.first.map { " (\($0.kind.rawValue): \($0.message))" } ?? ""
    return "\(named.name): \(named.progress.text)\(why)"
  }

  private static func failure(_ open: [Named], _ what: String) -> CommandFailure {
    let lines = open.flatMap { named in
      ["error: \(named.name) \(what): \(named.progress.text)"]
        + named.progress.obstacles.prefix(5).map { "  \($0.kind.rawValue): \($0.message)" }
        + (named.name.hasPrefix("job/") && named.progress.phase == .failed
          ? ["  delete \(named.name) to have it run again"] : [])
    }
    return CommandFailure(.foundProblems, lines.joined(separator: "\n"))
  }
}
