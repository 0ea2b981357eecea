import Autoscaling
import Kubernetes

/// Pods: made, placed, started, serving, ended.
extension World {
  func info(_ pod: Int) -> PodInfo {
    let service = pods[pod].service
    return PodInfo(
      key: key(of: pod), shape: services[service].shape, createdAt: scenario.start + pods[pod].createdSeconds)
  }

  func key(of pod: Int) -> NamespacedName { NamespacedName(services[pods[pod].service].key.namespace, pods[pod].name) }

  /// The pod that an action of the node autoscaler is about.
  func index(of pod: PodInfo) -> Int? { Int(pod.key.name.dropFirst()) }

  mutating func scale(_ service: Int, to replicas: Int) {
    guard services[service].replicas != replicas else { return }
    services[service].replicas = replicas
    touch(service: service)
    replicate(service)
  }

  /// Makes as many pods as are wanted, or ends those that are too many: first those without a node, then those that do
  /// not serve yet, then the younger ones (`ReplicaSetDecision`).
  mutating func replicate(_ service: Int) {
    let wanted = services[service].replicas
    var missing = wanted - services[service].pods.count
    while missing > 0 {
      let pod = pods.count
      pods.append(RehearsedPod(name: "p\(pod)", service: service, createdSeconds: now))
      services[service].pods.append(pod)
      services[service].pending.append(pod)
      waiting.insert(service)
      needsScheduling = true
      missing -= 1
    }
    guard missing < 0 else { return }
    func rank(_ pod: Int) -> Int {
      switch pods[pod].state {
      case .pending: 0
      case .starting: pods[pod].startedSeconds > now ? 1 : 2
      default: 3
      }
    }
    let surplus = services[service].pods.sorted { left, right in
      let (one, other) = (rank(left), rank(right))
      return one == other ? left > right : one < other
    }.prefix(-missing)
    for pod in surplus { end(pod) }
  }

  mutating func schedule() {
    needsScheduling = false
    for service in waiting.sorted() {
      let kind = services[service].kind
      if scheduler.isKnownToFail(kind, in: fleet.snapshot) { continue }
      var placed = 0
      while placed < services[service].pending.count {
        let pod = services[service].pending[placed]
        guard let slot = scheduler.place(info(pod), kind: kind, in: &fleet.snapshot) else { break }
        bind(pod, to: nodeOfSlot[slot])
        placed += 1
      }
      services[service].pending.removeFirst(placed)
      if services[service].pending.isEmpty { waiting.remove(service) }
    }
  }

  private mutating func bind(_ pod: Int, to node: Int) {
    let service = pods[pod].service
    let behavior = services[service].behavior
    let pulled = pullImages(of: service, on: node)
    if options.checksPromises {
      let before = pods[pod].instance
      promises.placed("pod \(pod)", besides: before >= 0 ? before : nil, at: now)
    }
    nodes[node].pods.append(pod)
    touch(node: node)
    pods[pod].instance = node
    pods[pod].state = .starting
    pods[pod].scheduledSeconds = now
    pods[pod].startedSeconds = pulled
    pods[pod].readySeconds = pods[pod].startedSeconds + behavior.startSeconds
    events.add(.podReady(pod), at: pods[pod].readySeconds)
  }

  /// One after another, as containers start in their order (a sidecar before the application); one that another pod has
  /// pulled or pulls already is waited for at most.
  /// - Returns: when the last is there, in seconds.
  private mutating func pullImages(of service: Int, on node: Int) -> Double {
    let seconds = services[service].behavior.imagePullSeconds * active.pullFactor
    var there = now
    for image in services[service].images {
      there = max(nodes[node].images[image] ?? there + seconds, there)
      nodes[node].images[image] = there
    }
    return there
  }

  mutating func becomeReady(_ pod: Int) {
    guard pods[pod].state == .starting else { return }
    pods[pod].state = .ready
    addReady(1, pods[pod].service)
    learn(pod)
  }

  mutating func addReady(_ change: Int, _ service: Int) {
    services[service].ready += change
    touch(service: service)
    capacity.set(services[service].ready, of: service, at: now)
    traffic.setReady(services[service].ready, of: service, at: now)
  }

  /// Ends a pod in order: it serves nobody from now on, and leaves when its grace is over.
  mutating func end(_ pod: Int) {
    let service = pods[pod].service
    let state = pods[pod].state
    guard state != .ending, state != .gone else { return }
    if let index = services[service].pods.lastIndex(of: pod) { services[service].pods.remove(at: index) }
    if state == .pending {
      services[service].pending.removeAll { $0 == pod }
      if services[service].pending.isEmpty { waiting.remove(service) }
      pods[pod].state = .gone
    } else {
      let slot = nodes[pods[pod].instance].slot
      fleet.snapshot.end(key(of: pod), onNode: slot)
      touch(node: pods[pod].instance)
      pods[pod].state = .ending
      events.add(.podGone(pod), at: now + ServiceState.endSeconds)
      if state == .ready { addReady(-1, service) }
    }
  }

  mutating func leave(_ pod: Int) {
    guard pods[pod].state == .ending else { return }
    let node = pods[pod].instance
    fleet.snapshot.forget(key(of: pod), onNode: nodes[node].slot)
    nodes[node].pods.removeAll { $0 == pod }
    touch(node: node)
    pods[pod].state = .gone
    if !waiting.isEmpty { needsScheduling = true }
  }

  /// Its node is gone, and so is it.
  mutating func lose(_ pod: Int) {
    let service = pods[pod].service
    let state = pods[pod].state
    if state != .ending {
      outcome.evictions += 1
      if let index = services[service].pods.lastIndex(of: pod) { services[service].pods.remove(at: index) }
    }
    pods[pod].state = .gone
    if state == .ready { addReady(-1, service) }
  }
}
