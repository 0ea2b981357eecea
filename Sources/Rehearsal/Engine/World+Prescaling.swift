import Autoscaling
import Kubernetes

/// The prescaler in the loop.
extension World {
  /// How often the prescaler looks while something is under way, and while a push is only known.
  private static let lookSeconds = 2.0
  private static let waitSeconds = 30.0

  mutating func touch(_ pod: Int) {
    if prescaling?.isLooking == true { prescaling?.touchedPods.insert(pod) }
  }

  mutating func announce(_ push: Int) {
    let push = scenario.pushes[push]
    var campaign = PushCampaign()
    campaign.metadata = ObjectMeta(name: push.name, namespace: push.namespace)
    campaign.metadata.creationTimestamp = moment
    campaign.spec.sendAt = push.sendAt
    campaign.spec.audience = push.audience
    campaign.spec.kind = push.kind
    prescaling?.view.pushCampaigns[campaign.key] = campaign
    if prescaling?.isLooking != true {
      prescaling?.isLooking = true
      prescaling?.touchedPods = Set(services.flatMap(\.pods))
      prescaling?.touchedNodes = Set(nodes.indices.filter { nodes[$0].state == .ready })
      prescale()
    } else {
      // One that comes beside others is looked at when it comes, and with the others from then on.
      look()
    }
  }

  mutating func send(_ index: Int) {
    let push = scenario.pushes[index]
    if prescaling != nil { look() }
    var result = PushOutcome(name: push.name, sentAt: push.sendAt)
    if let status = prescaling?.view.pushCampaigns[NamespacedName(push.namespace, push.name)]?.status {
      result.message = status.message
      result.readyAt = status.readyAt
      result.pacePerSecond = status.pacePerSecond
    }
    outcome.pushes.append(result)
  }

  mutating func prescale() {
    look()
    guard let state = prescaling else { return }
    guard state.hasLiveCampaigns else {
      prescaling?.isLooking = false
      for key in state.view.pods.keys { prescaling?.view.removePod(key) }
      for name in state.view.nodes.keys { prescaling?.view.removeNode(name) }
      prescaling?.view.metrics.pods = [:]
      return
    }
    events.add(.prescale, at: now + pause(state))
  }

  private func pause(_ state: PrescalingState) -> Double {
    let live = state.view.pushCampaigns.values.filter {
      PushCampaign.Phase(rawValue: $0.status.phase)?.isOver != true
    }
    let isWaiting = live.allSatisfy {
      $0.status.phase == PushCampaign.Phase.planned.rawValue && ($0.status.startAt ?? moment) > moment
    }
    guard isWaiting else { return Self.lookSeconds }
    let soonest = live.compactMap(\.status.startAt).map { $0 - moment }.min() ?? Self.lookSeconds
    return max(min(soonest, Self.waitSeconds), Self.lookSeconds)
  }

  /// Shows the prescaler what there is, and carries out what it decides.
  private mutating func look() {
    guard var state = prescaling else { return }
    // Moved out and in again, so that the view changes in place.
    prescaling = nil
    show(&state)
    let changes = state.decision.reconcile(state.view, at: moment)
    var actions: [Action] = []
    for change in changes { take(change, &state, &actions) }
    fleet.holdFloors(of: state.view.pushCampaigns.values)
    prescaling = state
    for action in actions { perform(action) }
  }

  private mutating func show(_ state: inout PrescalingState) {
    for node in state.touchedNodes.sorted() {
      if nodes[node].state == .ready { state.view.set(shown(node)) } else { state.view.removeNode(nodes[node].name) }
    }
    for pod in state.touchedPods.sorted() {
      let key = info(pod).key
      if pods[pod].state == .gone { state.view.removePod(key) } else { state.view.set(shown(pod: pod, key)) }
    }
    state.touchedNodes = []
    state.touchedPods = []
    state.view.metrics.pods = [:]
    for service in services.indices {
      // What a service serves is the sum over its pods, and one of them carries it here.
      guard let first = services[service].pods.first(where: { pods[$0].state == .ready }),
        let last = services[service].samples.last, services[service].samples.count > 1
      else { continue }
      let before = services[service].samples[services[service].samples.count - 2]
      let rate = max(last.tries - before.tries, 0) / max(last.seconds - before.seconds, 1)
      state.view.metrics.pods[info(first).key] = .init(
        at: scenario.start + last.seconds, windowSeconds: horizontal.syncPeriod, custom: ["requests_per_second": rate])
    }
  }

  private func shown(_ node: Int) -> Node {
    var shown = fleet.groups[nodes[node].group].group.templateNode(named: nodes[node].name)
    shown.metadata.uid = nodes[node].name
    shown.metadata.labels[WellKnown.zone] = scenario.cloud.zones[nodes[node].zone]
    shown.metadata.creationTimestamp = scenario.start + nodes[node].requestedSeconds
    shown.status.conditions = [Condition("Ready", true, at: scenario.start + nodes[node].readySeconds)]
    return shown
  }

  private func shown(pod: Int, _ key: NamespacedName) -> Pod {
    let record = pods[pod]
    var shown = scenario.services[record.service].pod
    shown.metadata.name = key.name
    shown.metadata.uid = key.name
    shown.metadata.creationTimestamp = scenario.start + record.createdSeconds
    shown.status.phase = "Pending"
    guard record.state != .pending else { return shown }
    if record.state == .ending { shown.metadata.deletionTimestamp = moment }
    shown.spec.nodeName = nodes[record.instance].name
    shown.status.conditions = [
      Condition("PodScheduled", true, at: scenario.start + record.scheduledSeconds)
    ]
    if record.startedSeconds <= now {
      shown.status.phase = "Running"
      shown.status.startTime = scenario.start + record.startedSeconds
      var status = ContainerStatus()
      status.state.running = .init()
      status.state.running?.startedAt = scenario.start + record.startedSeconds
      shown.status.containerStatuses = [status]
    }
    let isReady = record.state == .ready
    shown.status.conditions.append(
      Condition("Ready", isReady, at: scenario.start + (isReady ? record.readySeconds : record.scheduledSeconds)))
    return shown
  }

  private mutating func take(_ change: Change, _ state: inout PrescalingState, _ actions: inout [Action]) {
    switch change {
    case .resizeNodeGroup(let name, let size):
      guard let group = fleet.index(ofGroup: name) else { return }
      note("prescaler", name, "\(fleet.groups[group].group.target) → \(size) nodes, ahead of a push")
      actions.append(.resize(group: group, nodes: size))
    case .patch(let target, .apply, let body, _, _):
      guard let service = state.indices[NamespacedName(target.namespace, target.name)],
        let replicas = body[path: ["spec", "minReplicas"]]?.integerValue
      else { return }
      actions.append(.minimum(service: service, replicas: Int(replicas)))
    case .patch(let target, .merge, let body, "status", _):
      let key = NamespacedName(target.namespace, target.name)
      guard let old = state.view.pushCampaigns[key] else { return }
      let merged = old.status.json.applying(mergePatch: body["status"] ?? [:])
      do throws(FieldError) { state.view.pushCampaigns[key]?.status = try .init(json: merged) } catch {
        outcome.violations.append("\(moment.rfc3339): the status of \(key) cannot be read again: \(error)")
      }
    case .record(let event): note("prescaler", event.about.name, "\(event.reason): \(event.message)")
    default: outcome.violations.append("\(moment.rfc3339): the prescaler asked for what is not rehearsed: \(change)")
    }
  }

  /// An autoscaler's minimum is as the prescaler set it.
  mutating func setMinimum(_ replicas: Int, of service: Int) {
    services[service].minimum = replicas
    let key = services[service].key
    prescaling?.view.autoscalers[key]?.spec.minReplicas = replicas
    prescaling?.view.autoscalers[key]?.metadata.unknown["managedFields"] = [
      ["manager": .string(PrescalingDecision.fieldManager), "fieldsV1": ["f:spec": ["f:minReplicas": [:]]]]
    ]
  }
}
