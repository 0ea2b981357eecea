import Kubernetes
import KubernetesClient
import Logging

/// All pods of all process nodes: starts a runner for each, gives it an address, and takes both back.
actor ProcessPodRuntime {
  /// Real seconds that containers have when the whole cluster stops.
  static let shutDownGraceSeconds = 1.0

  private let host: PodHost
  private var runners: [String: PodRunner] = [:]
  private var uids: [NamespacedName: String] = [:]
  private var nodes: [String: String] = [:]  // by uid of the pod
  private var addresses: [String: PodAddresses] = [:]

  init(_ host: PodHost) { self.host = host }

  /// A pod bound to a process node is new or has changed.
  func update(_ pod: Pod, on node: Node) async {
    let uid = pod.metadata.uid
    if let runner = runners[uid] { return await runner.update(pod) }
    if pod.isTerminating { return await deleteUnstarted(pod) }
    if pod.isFinished { return }
    let name = node.metadata.name
    guard let block = NodeBlock(podCIDR: node.spec.podCIDR) else {
      host.events.record(
        pod, isWarning: true, "FailedCreatePodSandBox",
        "node \(name) has no block of loopback addresses: \"\(node.spec.podCIDR)\"")
      return
    }
    guard let address = addresses[name, default: PodAddresses(block)].address(for: uid, preferred: pod.status.podIP)
    else {
      host.events.record(pod, isWarning: true, "FailedCreatePodSandBox", "node \(name) has no address left")
      return
    }
    for container in pod.status.containerStatuses + pod.status.initContainerStatuses where container.hasRun {
      await host.images.note(container.image, on: name)
    }
    guard runners[uid] == nil else { return }
    nodes[uid] = name
    let runner = PodRunner(
      pod, podIP: address,
      node: HostNode(name: name, address: block.nodeAddress, allocatable: node.status.allocatable), host: host)
    runners[uid] = runner
    uids[pod.key] = uid
    await runner.begin()
  }

  /// Who runs a pod; nil where it is none of a process node.
  func runner(of pod: NamespacedName) -> PodRunner? { uids[pod].flatMap { runners[$0] } }

  /// What was being deleted when the host went down has no process any more.
  private func deleteUnstarted(_ pod: Pod) async {
    do {
      try await host.client.delete(Change.Target(pod), uid: pod.metadata.uid, gracePeriodSeconds: 0)
    } catch let error as APIError where error.isNotFound || error.isConflict {
    } catch {
      host.settings.logger.warning("pod \(pod.key) cannot be deleted: \(error)")
    }
    host.logs.remove(pod)
  }

  /// The object is gone.
  func remove(_ uid: String) async {
    guard let runner = runners.removeValue(forKey: uid) else { return }
    uids = uids.filter { $0.value != uid }
    Task {
      // The address is free only when nobody listens on it any more.
      if await !runner.isOver { await runner.kill() }
      self.release(uid)
    }
  }

  private func release(_ uid: String) {
    guard let node = nodes.removeValue(forKey: uid) else { return }
    addresses[node]?.release(uid)
  }

  /// The machine is gone, and what ran on it with it.
  func nodeGone(_ name: String) async {
    await host.images.forget(node: name)
    for uid in nodes.filter({ $0.value == name }).keys {
      guard let runner = runners[uid] else { continue }
      Task { await runner.kill(deletingObject: true) }
    }
  }

  /// Ends every process; objects stay as they are.
  func shutDown() async {
    await withTaskGroup(of: Void.self) { group in
      for runner in runners.values { group.addTask { await runner.shutDown(graceSeconds: Self.shutDownGraceSeconds) } }
    }
    runners = [:]
    uids = [:]
    nodes = [:]
    addresses = [:]
  }
}
