import Autoscaling
import Kubernetes

/// The loops of the autoscalers, on the cores that production runs.
extension World {
  // MARK: Replicas

  mutating func syncAutoscalers() {
    let sync = ServiceState.Sync(
      seconds: now, at: moment, horizontal, delaySeconds: scenario.cloud.metricsDelaySeconds,
      metricsAreMissing: active.metricsAreMissing)
    for service in services.indices {
      let tries = traffic.tries(of: service, until: now)
      capacity.look(at: service, until: now)
      services[service].observe(tries: tries, sync)
      guard strategy != .static else { continue }
      if let scheduledFloors { services[service].scheduled = scheduledFloors.floor(of: service, at: now) }
      if let (replicas, reason) = services[service].wanted(sync, among: pods) {
        if options.keepsNotes {
          let before = services[service].replicas
          note("horizontal-pod-autoscaler", services[service].key.name, "\(before) → \(replicas): \(reason)")
        }
        perform(.scale(service: service, replicas: replicas))
      }
    }
  }

  // MARK: Nodes

  /// How many pods may go of each service, as its budget has it now.
  mutating func setBudgets() {
    for service in services.indices {
      let now = (replicas: services[service].replicas, ready: services[service].ready)
      guard services[service].budgeted != now, let budget = services[service].budget else { continue }
      services[service].budgeted = now
      budgets.set(budget.allowed(expected: now.replicas, healthy: now.ready), forBudget: services[service].key)
    }
  }

  mutating func scanNodes() {
    setBudgets()
    for action in nodeAutoscaler.pass(&fleet, pending: pendingGroups(), budgets: budgets, at: moment) {
      take(action, by: "node-autoscaler")
    }
  }

  mutating func take(_ action: NodeAction, by controller: String) {
    switch action {
    case .resize(let group, let size):
      note(controller, fleet.groups[group].name, "\(fleet.groups[group].group.target) → \(size) nodes")
      perform(.resize(group: group, nodes: size))
    case .cordon(let slot): note(controller, nodes[nodeOfSlot[slot]].name, "interrupted: nothing new is put there")
    case .drain(let slot):
      note(controller, nodes[nodeOfSlot[slot]].name, "not needed: nothing new is put there")
      fleet.setMark(true, since: moment, node: slot)
    case .keep(let slot, let reason):
      note(controller, nodes[nodeOfSlot[slot]].name, "stays: \(reason)")
      fleet.setMark(false, node: slot)
    case .evict(let info, _):
      guard let pod = index(of: info), pods[pod].state == .ready || pods[pod].state == .starting else { return }
      // As the Eviction API has it: who is refused asks again.
      setBudgets()
      guard budgets.take(info) else { return budgets.giveBack(info) }
      note(controller, services[pods[pod].service].key.name, "a pod moves away from \(nodes[pods[pod].instance].name)")
      outcome.evictions += 1
      end(pod)
      replicate(pods[pod].service)
    case .terminate(let slot):
      guard nodeOfSlot[slot] >= 0 else { return }
      note(controller, nodes[nodeOfSlot[slot]].name, "empty: it ends")
      perform(.terminate(node: nodeOfSlot[slot]))
    case .helped(let pods, let message): note(controller, "\(pods.count) pods", message)
    case .hopeless(let pod, let message): note(controller, pod.key.name, message)
    }
  }
}
