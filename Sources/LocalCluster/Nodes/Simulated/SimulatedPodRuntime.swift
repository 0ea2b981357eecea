import Kubernetes
import KubernetesClient
import Logging

/// Pods that are only said to run: ready after a stated time, gone after a moment. For thousands of nodes.
actor SimulatedPodRuntime {
  static let requestsAtOnceMax = 16
  static let secondsToStop = 1.0

  private enum Step: Sendable { case start(Pod, podIP: String, hostIP: String), stop(Pod) }
  private struct Due {
    var at: ContinuousClock.Instant
    var uid: String
    var step: Step
  }

  private let client: KubernetesClient
  private let settings: NodeSettings
  private let alarm = Alarm()
  private var addresses: [String: PodAddresses] = [:]
  private var nodes: [String: String] = [:]
  private var stopping: Set<String> = []
  /// Both in order of time, since each kind always takes equally long.
  private var starts: [Due] = []
  private var stops: [Due] = []

  init(client: KubernetesClient, settings: NodeSettings) {
    self.client = client
    self.settings = settings
  }

  func update(_ pod: Pod, on node: Node) {
    let uid = pod.metadata.uid
    let name = node.metadata.name
    if pod.isTerminating {
      guard stopping.insert(uid).inserted else { return }
      stops.append(Due(at: .now + .seconds(Self.secondsToStop / settings.speed), uid: uid, step: .stop(pod)))
      return alarm.ring()
    }
    guard nodes[uid] == nil, !pod.isFinished, let block = NodeBlock(podCIDR: node.spec.podCIDR),
      let address = addresses[name, default: PodAddresses(block)].address(for: uid, preferred: pod.status.podIP)
    else { return }
    nodes[uid] = name
    if pod.isReady, pod.status.podIP == address { return }  // it was ready before this process began
    starts.append(
      Due(
        at: .now + .seconds(settings.simulatedStartSeconds / settings.speed), uid: uid,
        step: .start(pod, podIP: address, hostIP: block.nodeAddress)))
    alarm.ring()
  }

  func remove(_ uid: String) {
    stopping.remove(uid)
    if let node = nodes.removeValue(forKey: uid) { addresses[node]?.release(uid) }
  }

  /// The pods of a machine that is gone are deleted with it.
  func nodeGone(_ name: String, pods: [Pod]) {
    for pod in pods where stopping.insert(pod.metadata.uid).inserted {
      stops.append(Due(at: .now, uid: pod.metadata.uid, step: .stop(pod)))
    }
    addresses[name] = nil
    alarm.ring()
  }

  /// Writes what is due until the task is cancelled.
  func run() async {
    while !Task.isCancelled {
      let now = ContinuousClock.now
      var due: [Due] = []
      due += Self.take(&starts, before: now).filter { nodes[$0.uid] != nil && !stopping.contains($0.uid) }
      due += Self.take(&stops, before: now)
      if due.isEmpty {
        let next = [starts.first?.at, stops.first?.at].compactMap { $0 }.min()
        await alarm.wait(atMost: next.map { ($0 - now) / .seconds(1) })
      } else {
        await perform(due.map(\.step))
      }
    }
  }

  private static func take(_ queue: inout [Due], before now: ContinuousClock.Instant) -> [Due] {
    let due = queue.prefix { $0.at <= now }
    queue.removeFirst(due.count)
    return Array(due)
  }

  private func perform(_ steps: [Step]) async {
    let client = client
    let settings = settings
    await withTaskGroup(of: Void.self) { group in
      var running = 0
      for step in steps {
        if running == Self.requestsAtOnceMax {
          await group.next()
          running -= 1
        }
        running += 1
        group.addTask { await Self.perform(step, client, settings) }
      }
    }
  }

  private static func perform(_ step: Step, _ client: KubernetesClient, _ settings: NodeSettings) async {
    do {
      switch step {
      case .stop(let pod): try await client.delete(Change.Target(pod), uid: pod.metadata.uid, gracePeriodSeconds: 0)
      case .start(let pod, let podIP, let hostIP):
        let status = readyStatus(pod, podIP: podIP, hostIP: hostIP, at: settings.now())
        _ = try await client.patch(
          Change.Target(pod), .strategic, ["metadata": ["uid": .string(pod.metadata.uid)], "status": status.json],
          subresource: "status")
      }
    } catch let error as APIError where error.isNotFound || error.isConflict {
    } catch is CancellationError {
    } catch {
      settings.logger.warning("a simulated node cannot report: \(error)")
    }
  }

  static func readyStatus(_ pod: Pod, podIP: String, hostIP: String, at now: Timestamp) -> PodStatus {
    var status = PodStatus()
    status.phase = "Running"
    status.hostIP = hostIP
    status.podIP = podIP
    status.podIPs = [["ip": .string(podIP)]]
    status.startTime = now
    status.conditions = pod.status.conditions.filter { PodRunner.ownConditions.contains($0.type) }
    for type in PodRunner.ownConditions { status.conditions.set(Condition(type, true, at: now)) }
    status.initContainerStatuses = pod.spec.initContainers.map { containerStatus($0, pod, isOver: !$0.isSidecar, now) }
    status.containerStatuses = pod.spec.containers.map { containerStatus($0, pod, isOver: false, now) }
    return status
  }

  private static func containerStatus(_ container: Container, _ pod: Pod, isOver: Bool, _ now: Timestamp)
    -> ContainerStatus
  {
    var status = ContainerStatus()
    status.name = container.name
    status.image = container.image
    status.imageID = "simulated://\(ImagePrograms.repository(of: container.image))"
    status.containerID = "simulated://\(pod.metadata.uid)/\(container.name)"
    status.ready = true
    if isOver {
      var ended = ContainerState.Terminated()
      ended.reason = "Completed"
      ended.startedAt = now
      ended.finishedAt = now
      ended.containerID = status.containerID
      status.started = false
      status.state.terminated = ended
    } else {
      var running = ContainerState.Running()
      running.startedAt = now
      status.started = true
      status.state.running = running
    }
    return status
  }
}
