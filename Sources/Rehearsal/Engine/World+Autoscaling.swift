import Autoscaling
import Kubernetes

/// The loops of the autoscalers, on the cores that production runs.
extension World {
  // MARK: Replicas

  mutating func syncAutoscalers() {
    for service in services.indices {
      observe(service)
      guard strategy != .static else { continue }
      services[service].scheduled = scheduledFloors?.floor(of: service, at: now) ?? 0
      if let (replicas, reason) = wanted(service) {
        let state = services[service]
        note("horizontal-pod-autoscaler", state.key.name, "\(state.replicas) → \(replicas): \(reason)")
        perform(.scale(service: service, replicas: replicas))
      }
    }
  }

  private mutating func observe(_ service: Int) {
    let tries = traffic.tries(of: service, until: now)
    capacity.look(at: service, until: now)
    services[service].samples.append(.init(seconds: now, tries: tries, ready: services[service].ready))
    let kept = Int(scenario.cloud.metricsDelaySeconds / horizontal.syncPeriod) + 3
    if services[service].samples.count > kept { services[service].samples.removeFirst() }
  }

  /// What its autoscaler sets now; nil where it leaves things as they are (`AutoscalerSync`).
  private mutating func wanted(_ service: Int) -> (Int, String)? {
    // Field by field: a copy of the state would make its history be copied with each entry.
    let (current, minimum, maximum) = (
      services[service].replicas, services[service].minimum, services[service].maximum
    )
    if services[service].history.recommendations.isEmpty {
      services[service].history.recommendations = [.init(at: moment, replicas: current)]
    }
    if current == 0, minimum != 0 { return nil }
    if current > maximum { return (maximum, "above the maximum") }
    if current < minimum { return (minimum, "below the minimum of \(minimum)") }
    guard let proposed = proposal(service) else { return nil }
    let scaling = services[service].scaling
    let (_, limited) = ReplicaLimits.settle(
      max(proposed, services[service].scheduled), current: current, minimum: minimum, maximum: maximum, scaling,
      downscaleSeconds: horizontal.downscaleStabilization, history: &services[service].history, at: moment)
    guard limited.replicas != current else { return nil }
    if let scaling {
      services[service].history.record(from: current, to: limited.replicas, within: scaling, at: moment)
    }
    return (limited.replicas, "metrics ask for \(proposed); \(limited.message)")
  }

  /// The greatest count of all metrics; nil where none can be read.
  private func proposal(_ service: Int) -> Int? {
    guard !active.metricsAreMissing, let window = window(of: service) else { return nil }
    var best: Int?
    for metric in services[service].metrics {
      let usage = usage(of: service, metric, window)
      do throws(MetricProblem) {
        let count = try services[service].calculator.weigh(metric.target, usage, current: services[service].replicas)
        best = max(best ?? 0, count.replicas)
      } catch {
        // One that cannot be read forbids to go down, not up.
        best = max(best ?? 0, services[service].replicas)
      }
    }
    return best
  }

  private struct Window {
    var rate: Double
    var ready: Int
  }

  /// What was measured last, as old as measurements are when they are read.
  private func window(of service: Int) -> Window? {
    let samples = services[service].samples
    let newest = now - scenario.cloud.metricsDelaySeconds + 0.001
    guard let end = samples.lastIndex(where: { $0.seconds <= newest }), end > 0 else { return nil }
    let (from, to) = (samples[end - 1], samples[end])
    guard to.seconds > from.seconds else { return nil }
    return Window(rate: max(to.tries - from.tries, 0) / (to.seconds - from.seconds), ready: to.ready)
  }

  private func usage(of service: Int, _ metric: ServiceState.ScaledMetric, _ window: Window) -> UsageSummary {
    let ready = services[service].ready
    let measured = min(window.ready, ready)
    var (running, waiting) = (ready - measured, 0)
    if services[service].pods.count > ready {
      for pod in services[service].pods where pods[pod].state != .ready {
        if pods[pod].state == .starting, pods[pod].startedSeconds <= now { running += 1 } else { waiting += 1 }
      }
    }
    let behavior = services[service].behavior
    let perPod = window.rate / Double(max(window.ready, 1))
    let request: Int64
    let used: Double
    switch metric.source {
    case .requests: (request, used) = (0, perPod * 1000)
    case .cpu:
      request = services[service].requestMillicores
      used = behavior.idleMillicores + behavior.millicoresPerRequest * min(perPod, behavior.requestsPerSecond)
    case .memory: (request, used) = (services[service].requestMemoryMilli, behavior.memoryBytes * 1000)
    }
    func part(_ count: Int, _ used: Double) -> UsageSummary.Part {
      UsageSummary.Part(
        count: count, used: Int128((used * Double(count)).rounded(.up)), requested: Int128(request) * Int128(count))
    }
    // Processor use of a pod that starts is not its load, and does not count.
    if metric.source == .cpu { (running, waiting) = (0, waiting + running) }
    return UsageSummary(
      ready: measured, trusted: part(measured, used),
      missing: part(running, Double(metric.target.cautious(request: request))), unready: part(waiting, 0))
  }

  // MARK: Nodes

  /// How many pods may go of each service, as its budget has it now.
  mutating func setBudgets() {
    for service in services.indices {
      let now = (replicas: services[service].replicas, ready: services[service].ready)
      guard let budget = services[service].budget, services[service].budgeted != now else { continue }
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
