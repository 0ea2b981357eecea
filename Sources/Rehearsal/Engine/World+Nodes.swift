import Autoscaling
import Kubernetes

/// The cloud: nodes asked for, booted, ended.
extension World {
  mutating func resize(_ group: Int, to nodes: Int) {
    let limits = fleet.groups[group].group
    fleet.setTarget(min(max(nodes, limits.minimum), limits.maximum), ofGroup: group)
    fill(group)
  }

  /// Asks the cloud for what a group lacks; of what is too many, those are given up that still boot.
  mutating func fill(_ group: Int) {
    // Nodes under notice count until they are gone: whoever replaces them asks for one more first.
    var missing = fleet.groups[group].group.target - living[group].count
    for node in living[group].reversed() where missing < 0 && nodes[node].state == .booting {
      nodes[node].state = .gone
      nodes[node].endedSeconds = now
      living[group].removeAll { $0 == node }
      missing += 1
    }
    let zones = scenario.cloud.zones.indices.filter { !active.lostZones.contains(scenario.cloud.zones[$0]) }
    let isShort = active.exhausted.contains(fleet.groups[group].name) || zones.isEmpty
    fleet.setRefused(isShort ? max(missing, 0) : 0, ofGroup: group)
    while missing > 0, !isShort {
      let number = nodeCounters[group]
      nodeCounters[group] += 1
      let boot = fleet.groups[group].group.bootSeconds
      let jitter = scenario.cloud.bootJitter * (2 * boots.unit() - 1)
      nodes.append(
        RehearsedNode(
          name: "\(fleet.groups[group].name)-\(number)", group: group, zone: zones[number % zones.count],
          requestedSeconds: now, readySeconds: now + boot * (1 + jitter)))
      living[group].append(nodes.count - 1)
      events.add(.nodeReady(nodes.count - 1), at: nodes[nodes.count - 1].readySeconds)
      missing -= 1
    }
  }

  mutating func join(_ node: Int) {
    guard nodes[node].state == .booting else { return }
    nodes[node].state = .ready
    nodes[node].readySeconds = now
    let traits = NodeTraits(like: templates[nodes[node].group][nodes[node].zone], named: nodes[node].name)
    let slot = fleet.addNode(traits, group: nodes[node].group, createdAt: scenario.start + nodes[node].requestedSeconds)
    nodes[node].slot = slot
    while nodeOfSlot.count <= slot { nodeOfSlot.append(-1) }
    nodeOfSlot[slot] = node
    touch(node: node)
    needsScheduling = true
    if now > 0 {
      prescaling?.prescaler.learnNode(
        ofGroup: fleet.groups[nodes[node].group].name, bootSeconds: now - nodes[node].requestedSeconds)
    }
  }

  /// The node ends with all that is on it.
  /// - Parameter noticedAfter: seconds until anybody replaces the pods.
  mutating func endNode(_ node: Int, noticedAfter seconds: Double = 0) {
    guard nodes[node].state != .gone else { return }
    let lost = nodes[node].pods
    let affected = Set(lost.map { pods[$0].service })
    for pod in lost { lose(pod) }
    nodes[node].pods = []
    if nodes[node].slot >= 0 {
      fleet.removeNode(nodes[node].slot)
      nodeOfSlot[nodes[node].slot] = -1
      nodes[node].slot = -1
    }
    nodes[node].state = .gone
    nodes[node].endedSeconds = now
    living[nodes[node].group].removeAll { $0 == node }
    for service in affected.sorted() {
      if seconds > 0 { events.add(.replicate(service), at: now + seconds) } else { replicate(service) }
    }
  }

  /// The node autoscaler gives a node up.
  mutating func terminate(_ node: Int) {
    guard nodes[node].state != .gone else { return }
    let group = nodes[node].group
    endNode(node)
    fleet.setTarget(max(fleet.groups[group].group.target - 1, fleet.groups[group].group.minimum), ofGroup: group)
  }

  /// The cloud takes an interrupted node back, and gives the group another.
  mutating func takeBack(_ node: Int) {
    guard nodes[node].state != .gone else { return }
    endNode(node)
    fill(nodes[node].group)
  }

  /// Begins with the pods that the load of the first moment needs, on nodes that are there.
  mutating func settle() {
    for service in services.indices { services[service].replicas = firstReplicas(of: service) }
    for service in services.indices { replicate(service) }
    for group in fleet.groups.indices { fill(group) }
    for node in nodes.indices { join(node) }
    schedule()
    for _ in 0..<Self.settlingRoundsMax where !waiting.isEmpty {
      let known = nodes.count
      for action in nodeAutoscaler.pass(&fleet, pending: pendingGroups(), budgets: budgets, at: moment) {
        if case .resize(let group, let size) = action { resize(group, to: size) }
      }
      for node in known..<nodes.count { join(node) }
      schedule()
      if known == nodes.count { break }
    }
    for pod in pods.indices where pods[pod].state == .starting {
      pods[pod].startedSeconds = 0
      pods[pod].readySeconds = 0
      becomeReady(pod)
    }
    for node in nodes.indices { nodes[node].images = nodes[node].images.mapValues { _ in 0 } }
    if waiting.isEmpty { needsScheduling = false }
    capacity.resetLeast()
  }

  private static let settlingRoundsMax = 8

  private func firstReplicas(of service: Int) -> Int {
    let state = services[service]
    let perPod =
      state.behavior.requestsPerSecond
      * scenario.prescaling.utilization(of: scenario.services[service].microservice.spec.capacity)
    let line = traffic.load.services[service]
    let load = strategy == .static ? line.points.map(\.requestsPerSecond).max() ?? 0 : line.value(at: 0)
    return min(max(Sizing.replicas(load: load, perPod: perPod), state.declared), max(state.maximum, 1))
  }

  func pendingGroups() -> [BinPacking.Group] {
    waiting.sorted().map { service in
      BinPacking.Group(shape: services[service].shape, pods: services[service].pending.map { info($0) })
    }
  }
}
