public import Kubernetes

/// How far what was applied has come, and what keeps it from going on: for people who wait for it.
public struct RolloutProgress: Sendable, Hashable {
  public enum Phase: Sendable, Hashable { case waiting, ready, failed }

  /// Why something is not there yet.
  public struct Obstacle: Sendable, Hashable {
    public enum Kind: String, Sendable {
      case imagePull = "image", configuration, crash, quota, room = "no room", probe, deadline, failure
    }
    public var kind: Kind
    public var message: String
    /// Whether waiting will most likely not help.
    public var isLasting: Bool

    public init(_ kind: Kind, _ message: String, isLasting: Bool = false) {
      self.kind = kind
      self.message = message
      self.isLasting = isLasting
    }
  }

  public var phase: Phase
  /// `2 of 3 pods are ready`
  public var text: String
  /// The one that tells most first.
  public var obstacles: [Obstacle]

  public init(_ phase: Phase, _ text: String, obstacles: [Obstacle] = []) {
    self.phase = phase
    self.text = text
    self.obstacles = obstacles
  }
}

extension RolloutProgress {
  /// As `kubectl rollout status` counts: every pod is of the newest revision, and available.
  /// - Parameters:
  ///   - minimum: what its autoscaler will bring it to at least.
  ///   - replicaSets, pods: of the deployment's namespace; others are left out.
  ///   - events: warnings, which alone tell how a probe fails, and why a job gets no pod.
  public init(
    of deployment: Deployment, minimum: Int = 0, replicaSets: [ReplicaSet], pods: [Pod], events: [Event] = []
  ) {
    let wanted = max(deployment.spec.replicas ?? 1, minimum)
    let status = deployment.status
    let isSeen = status.observedGeneration >= deployment.metadata.generation
    let ready = isSeen ? min(status.availableReplicas, status.updatedReplicas, wanted) : 0
    let text = "\(ready) of \(wanted) pods are ready"
    if isSeen, status.updatedReplicas >= wanted, status.replicas <= wanted, status.availableReplicas >= wanted {
      self.init(.ready, text)
      return
    }
    var obstacles: [Obstacle] = []
    let own = replicaSets.filter { $0.metadata.ownerReferences.contains { $0.uid == deployment.metadata.uid } }
    let newest = own.max { Self.revision($0) < Self.revision($1) }
    if let failure = newest?.status.conditions["ReplicaFailure"], failure.isTrue {
      obstacles.append(Self.refusal(failure.message))
    }
    if let newest {
      obstacles += Self.obstacles(
        of: pods.filter { pod in pod.metadata.ownerReferences.contains { $0.uid == newest.metadata.uid } }, events)
    }
    let progressing = deployment.status.conditions["Progressing"]
    let isLate = isSeen && progressing?.isTrue == false && progressing?.reason == "ProgressDeadlineExceeded"
    if isLate { obstacles.append(Obstacle(.deadline, progressing?.message ?? "", isLasting: true)) }
    self.init(isLate ? .failed : .waiting, text, obstacles: Self.ranked(obstacles))
  }

  public init(of job: Job, pods: [Pod], events: [Event] = []) {
    if job.status.conditions["Complete"]?.isTrue == true {
      self.init(.ready, "has succeeded")
      return
    }
    let own = pods.filter { pod in pod.metadata.ownerReferences.contains { $0.uid == job.metadata.uid } }
    if let failure = job.status.conditions["Failed"], failure.isTrue {
      let ends = own.filter(\.isFinished).compactMap(Self.end)
      self.init(
        .failed, "has failed",
        obstacles: [Obstacle(.failure, ([failure.message] + ends.prefix(1)).joined(separator: "; "), isLasting: true)])
      return
    }
    let failed = job.status.failed
    var obstacles = Self.obstacles(of: own, events)
    // A job has no condition for it, as a replica set has.
    let refused = events.filter { $0.involvedObject.uid == job.metadata.uid && $0.reason == "FailedCreate" }
    if job.status.active == 0, let last = refused.max(by: Self.isEarlier) {
      obstacles.append(Self.refusal(last.message))
    }
    self.init(
      .waiting, failed > 0 ? "runs, after \(failed) failures" : "runs", obstacles: Self.ranked(obstacles))
  }

  private static func revision(_ set: ReplicaSet) -> Int {
    set.metadata.annotations[DeploymentDecision.revisionAnnotation].flatMap { Int($0) } ?? 0
  }

  private static func isEarlier(_ left: Event, _ right: Event) -> Bool {
    (left.lastTimestamp?.seconds ?? 0) < (right.lastTimestamp?.seconds ?? 0)
  }

  private static func refusal(_ message: String) -> Obstacle {
    // The words of the quota's admission.
    message.contains("exceeded quota")
      ? Obstacle(.quota, message, isLasting: true) : Obstacle(.failure, message, isLasting: true)
  }

  /// Each once, those that waiting does not help against first.
  private static func ranked(_ obstacles: [Obstacle]) -> [Obstacle] {
    var seen: Set<Obstacle> = []
    let distinct = obstacles.filter { seen.insert($0).inserted }
    return distinct.filter(\.isLasting) + distinct.filter { !$0.isLasting }
  }
}

/// What pods say.
extension RolloutProgress {
  private static func obstacles(of pods: [Pod], _ events: [Event]) -> [Obstacle] {
    pods.filter { !$0.isReady && !$0.isFinished && !$0.isTerminating }.sorted { $0.key < $1.key }.flatMap { pod in
      let unscheduled = pod.status.conditions["PodScheduled"].flatMap { $0.isTrue ? nil : $0 }
      if let unscheduled, !pod.isScheduled {
        // A node for it may be on its way.
        return [Obstacle(.room, unscheduled.message)]
      }
      let statuses = pod.status.initContainerStatuses + pod.status.containerStatuses
      let waiting = statuses.compactMap(obstacle)
      if !waiting.isEmpty { return waiting }
      let probed = events.filter { $0.involvedObject.uid == pod.metadata.uid && $0.reason == "Unhealthy" }
      return probed.max(by: isEarlier).map { [Obstacle(.probe, $0.message)] } ?? []
    }
  }

  private static let imageReasons: Set<String> = [
    "ErrImagePull", "ImagePullBackOff", "InvalidImageName", "ErrImageNeverPull", "ImageInspectError",
  ]
  private static let configurationReasons: Set<String> = [
    "CreateContainerConfigError", "CreateContainerError", "RunContainerError",
  ]

  private static func obstacle(_ status: ContainerStatus) -> Obstacle? {
    guard let waiting = status.state.waiting else { return nil }
    let name = "container \(status.name)"
    if imageReasons.contains(waiting.reason) {
      let message = waiting.message.isEmpty ? waiting.reason : waiting.message
      return Obstacle(.imagePull, "\(name): \(message)", isLasting: true)
    }
    if configurationReasons.contains(waiting.reason) {
      return Obstacle(.configuration, "\(name): \(waiting.message)", isLasting: true)
    }
    guard waiting.reason == "CrashLoopBackOff" else { return nil }
    let end = status.lastState.terminated.map { ended in
      " with \(ended.reason == "OOMKilled" ? "no memory left" : "exit code \(ended.exitCode)")"
    }
    return Obstacle(.crash, "\(name) ends again and again\(end ?? "")", isLasting: true)
  }

  private static func end(of pod: Pod) -> String? {
    let failed = pod.status.containerStatuses.first { ($0.state.terminated?.exitCode ?? 0) != 0 }
    return failed.map { "container \($0.name) ended with exit code \($0.state.terminated?.exitCode ?? 0)" }
  }
}
