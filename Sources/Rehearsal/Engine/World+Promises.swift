import Autoscaling
import Kubernetes

/// What must always hold, looked at after every step.
extension World {
  mutating func checkPromises() {
    for service in services.indices {
      let state = services[service]
      promises.wants(state.replicas, of: service, named: state.key.name, maximum: state.maximum, at: now)
      if state.ready < 0 {
        promises.broken("ready", about: state.key.name, at: now, "\(state.ready) pods are ready")
      }
      if state.minimum < state.declared {
        promises.broken("minimum", about: state.key.name, at: now, "its minimum is below the declared one")
      }
    }
    for group in fleet.groups where group.group.target > group.group.maximum || group.group.target < 0 {
      promises.broken("group", about: group.name, at: now, "it is to have \(group.group.target) nodes")
    }
    checkPlaces()
  }

  /// Each pod is on one node, and a node has no more than it has room for.
  private mutating func checkPlaces() {
    var seen: Set<Int> = []
    for node in nodes.indices where nodes[node].state == .ready {
      for pod in nodes[node].pods {
        promises.placed("pod \(pod)", besides: seen.insert(pod).inserted ? nil : node, at: now)
      }
      let info = fleet.snapshot.nodes[nodes[node].slot]
      if info.residents.count != nodes[node].pods.count {
        promises.broken(
          "places", about: nodes[node].name, at: now,
          "\(nodes[node].pods.count) pods are there, \(info.residents.count) by the scheduler")
      }
      let (asked, there) = (info.requested, info.allocatable)
      promises.left(
        millicores: there.cpuMillicores - asked.cpuMillicores, bytes: there.memoryBytes - asked.memoryBytes,
        pods: there.pods - asked.pods, on: nodes[node].name, at: now)
    }
  }

  mutating func checkEnd() {
    let isHeld = prescaling?.hasLiveCampaigns ?? false
    for service in services {
      promises.ends(minimum: service.minimum, declared: service.declared, isHeld: isHeld, of: service.key.name, at: now)
    }
  }
}
