import Autoscaling
import Kubernetes

/// What must always hold, looked at after every step: for what the step has touched, and every so often for all.
extension World {
  /// What has changed since promises were looked at last.
  struct Touched {
    var services: Set<Int> = []
    var nodes: Set<Int> = []
    /// Whether all is to be looked at, touched or not.
    var everything = true
  }

  /// Replicas, ready pods or the minimum of a service are other than before.
  mutating func touch(service: Int) {
    if options.checksPromises { touched.services.insert(service) }
  }

  /// A node has other pods than before.
  mutating func touch(node: Int) {
    if options.checksPromises { touched.nodes.insert(node) }
  }

  mutating func checkPromises() {
    let touched = touched
    self.touched = Touched(everything: false)
    if touched.everything {
      for service in services.indices { check(service: service) }
    } else {
      for service in touched.services.sorted() { check(service: service) }
    }
    for group in fleet.groups where group.group.target > group.group.maximum || group.group.target < 0 {
      promises.broken("group", about: group.name, at: now, "it is to have \(group.group.target) nodes")
    }
    if touched.everything {
      for node in nodes.indices { check(node: node) }
    } else {
      for node in touched.nodes.sorted() { check(node: node) }
    }
  }

  private mutating func check(service: Int) {
    let (name, replicas) = (services[service].key.name, services[service].replicas)
    promises.wants(replicas, of: service, named: name, maximum: services[service].maximum, at: now)
    if services[service].ready < 0 {
      promises.broken("ready", about: name, at: now, "\(services[service].ready) pods are ready")
    }
    if services[service].minimum < services[service].declared {
      promises.broken("minimum", about: name, at: now, "its minimum is below the declared one")
    }
  }

  /// A node has no more than it has room for, and what the scheduler thinks that it has.
  private mutating func check(node: Int) {
    guard nodes[node].state == .ready else { return }
    let (slot, pods) = (nodes[node].slot, nodes[node].pods.count)
    let residents = fleet.snapshot.nodes[slot].residents.count
    if residents != pods {
      promises.broken(
        "places", about: nodes[node].name, at: now, "\(pods) pods are there, \(residents) by the scheduler")
    }
    let (asked, there) = (fleet.snapshot.nodes[slot].requested, fleet.snapshot.nodes[slot].allocatable)
    promises.left(
      millicores: there.cpuMillicores - asked.cpuMillicores, bytes: there.memoryBytes - asked.memoryBytes,
      pods: there.pods - asked.pods, on: nodes[node].name, at: now)
  }

  mutating func checkEnd() {
    let isHeld = prescaling?.hasLiveCampaigns ?? false
    for service in services {
      promises.ends(minimum: service.minimum, declared: service.declared, isHeld: isHeld, of: service.key.name, at: now)
    }
  }
}
