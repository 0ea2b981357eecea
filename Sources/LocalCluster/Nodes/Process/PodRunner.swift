import ChildProcesses
import Kubernetes
import KubernetesClient
import Logging

/// Runs one pod as processes of this host: init containers in order, sidecars before and after the others, probes,
/// restarts, and the pod's status in the API.
///
/// There are no namespaces and no cgroups: all containers share the host's files and network (each pod has its own
/// loopback address), and limits are not enforced.
actor PodRunner {
  let host: PodHost
  let node: HostNode
  nonisolated let podIP: String
  let volumes: PodVolumes
  var pod: Pod
  var containers: [ContainerRecord]
  var conditions: [Condition] = []
  let startTime: Timestamp
  var isInitialized = false
  /// An init container failed for good.
  var hasFailed = false
  var isTerminating = false
  /// The containers are through, and the sidecars go too.
  var isFinishing = false
  /// The object is gone, or will be by its own: nothing to report any more.
  var isGone = false
  private var flow: Task<Void, Never>?
  private var loops: [Int: Task<Void, Never>] = [:]
  private var ending: Task<Void, Never>?
  private var renewal: Task<Void, Never>?

  // See PodRunner+Exec.swift.
  var executions: [Int32: (container: String, process: ChildProcess)] = [:]

  // See PodRunner+Status.swift.
  var sentStatus: JSONValue?
  var isSending = false

  init(_ pod: Pod, podIP: String, node: HostNode, host: PodHost) {
    self.pod = pod
    self.podIP = podIP
    self.node = node
    self.host = host
    let now = host.settings.now()
    startTime = pod.status.startTime ?? now
    volumes = PodVolumes(
      directory: host.logs.directory(of: pod) + "/volumes", claims: host.settings.dataDirectory + "/claims")
    let previous = Dictionary(
      (pod.status.initContainerStatuses + pod.status.containerStatuses).map { ($0.name, $0) }, uniquingKeysWith: { $1 })
    containers =
      pod.spec.initContainers.map {
        ContainerRecord($0, role: $0.isSidecar ? .sidecar : .initial, previous: previous[$0.name], now: now)
      } + pod.spec.containers.map { ContainerRecord($0, role: .main, previous: previous[$0.name], now: now) }
    conditions = pod.status.conditions.filter { Self.ownConditions.contains($0.type) }
    if pod.spec.restartPolicy == "Never" {
      for index in containers.indices where containers[index].role == .main {
        // What may not run twice is not run again after the host came back.
        guard let ended = containers[index].status.lastState.terminated else { continue }
        containers[index].status.restartCount -= 1
        containers[index].status.lastState = previous[containers[index].spec.name]?.lastState ?? ContainerState()
        containers[index].status.state = ContainerState()
        containers[index].status.state.terminated = ended
        containers[index].isDone = true
      }
    }
  }

  var uid: String { pod.metadata.uid }
  var isOver: Bool { isGone }

  /// Starts the pod; what the API says of it is not ready from now on.
  func begin() {
    publish()
    flow = Task { await self.run() }
  }

  private func run() async {
    guard await prepareVolumes() else { return }
    if let seconds = PodVolumes.renewalSeconds(of: pod) { renewal = Task { await self.renewTokens(every: seconds) } }
    for index in containers.indices where containers[index].role != .main {
      guard canGoOn else { return }
      if containers[index].role == .sidecar {
        launch(index)
        for await _ in containers[index].started {}
      } else {
        launch(index)
        await loops[index]?.value
        if containers[index].status.state.terminated?.exitCode != 0 {
          guard canGoOn else { return }
          hasFailed = true
          await finish()
          return
        }
      }
    }
    guard canGoOn else { return }
    isInitialized = true
    publish()
    let mains = containers.indices.filter { containers[$0].role == .main }
    for index in mains where !containers[index].isDone { launch(index) }
    for index in mains { await loops[index]?.value }
    if canGoOn { await finish() }
  }

  var canGoOn: Bool { !Task.isCancelled && !isTerminating }

  private func launch(_ index: Int) {
    loops[index] = Task { await self.keepRunning(index) }
  }

  /// The containers are through: sidecars have nothing left to serve.
  private func finish() async {
    isFinishing = true
    for index in containers.indices.reversed() where containers[index].role == .sidecar {
      loops[index]?.cancel()
      await stop(index, deadline: .now + .seconds(graceSeconds(nil)), announcing: false)
      await loops[index]?.value
    }
    publish()
  }

  private func prepareVolumes() async -> Bool {
    var failures = 0
    while canGoOn {
      do {
        try PrivateDirectory.create(host.logs.directory(of: pod))
        try await volumes.prepare(downward, from: APIConfiguration(client: host.client))
        return true
      } catch is CancellationError {
        return false
      } catch {
        if !canGoOn { return false }
        failures += 1
        host.events.record(pod, isWarning: true, "FailedMount", "MountVolume.SetUp failed: \(error)")
        await sleep(clusterSeconds: min(120, 0.5 * Double(1 << min(failures, 8))))
      }
    }
    return false
  }

  var downward: DownwardAPI {
    DownwardAPI(pod: pod, podIP: podIP, hostIP: node.address, nodeAllocatable: node.allocatable)
  }

  /// Until then, or until the task is cancelled.
  func sleep(clusterSeconds: Double) async {
    try? await Task.sleep(for: .seconds(clusterSeconds / host.speed))
  }

  /// Tokens live by the API server's clock, whatever the cluster's speed.
  private func renewTokens(every seconds: Double) async {
    var pause = seconds
    while (try? await Task.sleep(for: .seconds(pause))) != nil, !isTerminating {
      do {
        try await volumes.renewTokens(of: pod, from: APIConfiguration(client: host.client))
        pause = seconds
      } catch {
        if Task.isCancelled { return }
        host.settings.logger.warning("the tokens of pod \(pod.key) cannot be renewed yet: \(error)")
        pause = min(seconds, Self.renewalRetrySeconds)
      }
    }
  }

  private static let renewalRetrySeconds = 10.0

  // MARK: The end

  private func cancelWork() {
    flow?.cancel()
    renewal?.cancel()
    for loop in loops.values { loop.cancel() }
  }

  /// Real seconds that containers have between SIGTERM and SIGKILL: the pod's grace in the cluster's time, at least 1.
  func graceSeconds(_ own: Int?) -> Double {
    let grace = own ?? pod.metadata.deletionGracePeriodSeconds ?? pod.spec.terminationGracePeriodSeconds ?? 30
    return max(1, Double(grace) / host.speed)
  }

  /// A newer version of the object.
  func update(_ newer: Pod) {
    pod = newer
    if newer.isTerminating { terminate() }
  }

  /// Ends the pod in peace, then deletes its object for good.
  func terminate() {
    guard !isTerminating else { return }
    isTerminating = true
    publish()
    cancelWork()
    ending = Task {
      await self.stopAll(deadline: .now + .seconds(self.graceSeconds(nil)))
      await self.deleteObject()
      self.cleanUp()
    }
  }

  /// Ends the pod at once, because its object is gone.
  /// - Parameter deletingObject: because its node is gone: then the object goes too.
  func kill(deletingObject: Bool = false) async {
    isTerminating = true
    if !deletingObject { isGone = true }
    cancelWork()
    for record in containers { record.process?.signal(9) }
    if let ending {
      await ending.value
      return
    }
    await stopAll(deadline: .now)
    if deletingObject { await deleteObject() }
    cleanUp()
  }

  /// Ends all processes and leaves the object alone: the cluster itself stops.
  func shutDown(graceSeconds: Double) async {
    isTerminating = true
    isGone = true
    cancelWork()
    await stopAll(deadline: .now + .seconds(graceSeconds), runningHooks: false)
  }

  private func stopAll(deadline: ContinuousClock.Instant, runningHooks: Bool = true) async {
    await withTaskGroup(of: Void.self) { group in
      for index in containers.indices where containers[index].role != .sidecar {
        group.addTask { await self.stop(index, deadline: deadline, runningHooks: runningHooks) }
      }
    }
    for index in containers.indices.reversed() where containers[index].role == .sidecar {
      // A sidecar has at least a moment of its own, however long the others took.
      let own = deadline > .now ? deadline : .now + .milliseconds(isGone ? 0 : 500)
      await stop(index, deadline: own, runningHooks: runningHooks)
    }
    await flow?.value
    for loop in loops.values { await loop.value }
  }

  private func deleteObject() async {
    var failures = 0
    while !isGone {
      do {
        try await host.client.delete(Change.Target(pod), uid: uid, gracePeriodSeconds: 0)
        isGone = true
      } catch let error as APIError where error.isNotFound || error.isConflict {
        isGone = true
      } catch {
        failures += 1
        if failures == 1 { host.settings.logger.warning("pod \(pod.key) cannot be deleted yet: \(error)") }
        if Task.isCancelled { return }
        await sleep(clusterSeconds: min(30, Double(1 << min(failures, 5))))
      }
    }
  }

  private func cleanUp() {
    isGone = true
    host.logs.remove(pod)
  }
}
