import Autoscaling
import Kubernetes

/// The prescaler in the loop.
extension World {
  /// How often the prescaler looks while something is under way, and while a push is only known.
  private static let lookSeconds = 2.0
  private static let waitSeconds = 30.0

  mutating func announce(_ push: Int) {
    let push = scenario.pushes[push]
    var campaign = PushCampaign()
    campaign.metadata = ObjectMeta(name: push.name, namespace: push.namespace)
    campaign.metadata.creationTimestamp = moment
    campaign.spec.sendAt = push.sendAt
    campaign.spec.audience = push.audience
    campaign.spec.kind = push.kind
    campaign.spec.services = push.services
    prescaling?.campaigns.append(campaign)
    if prescaling?.isLooking != true {
      prescaling?.isLooking = true
      prescale()
    } else {
      // One that comes beside others is looked at when it comes, and with the others from then on.
      look()
    }
  }

  mutating func send(_ index: Int) {
    let push = scenario.pushes[index]
    look()
    var result = PushOutcome(name: push.name, sentAt: push.sendAt)
    let key = NamespacedName(push.namespace, push.name)
    if let status = prescaling?.campaigns.last(where: { $0.key == key })?.status {
      result.message = status.message
      result.readyAt = status.readyAt
      result.pacePerSecond = status.pacePerSecond
    }
    outcome.pushes.append(result)
  }

  mutating func prescale() {
    look()
    guard let state = prescaling else { return }
    if state.hasLiveCampaigns {
      events.add(.prescale, at: now + pause(state))
    } else {
      prescaling?.isLooking = false
    }
  }

  private func pause(_ state: PrescalingState) -> Double {
    let live = state.live
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
    // Moved out and in again, so that it changes in place.
    prescaling = nil
    let decisions = state.prescaler.pass(
      state.campaigns, seen: services.indices.map(seen), fleet: &fleet, waiting: pendingGroups(), at: moment)
    for (index, status) in decisions.statuses.enumerated() {
      if state.campaigns[index].status.phase != status.phase {
        note("prescaler", state.campaigns[index].metadata.name, "\(status.phase): \(status.message)")
      }
      state.campaigns[index].status = status
      tellLoss(status, of: state.campaigns[index].metadata.name)
    }
    fleet.isPushOn = decisions.statuses.contains { PushCampaign.Phase(rawValue: $0.phase)?.holdsFloors == true }
    prescaling = state
    for (group, nodes) in decisions.held.enumerated() { fleet.setFloor(nodes, ofGroup: group) }
    for (group, nodes) in decisions.sizes {
      let group = (number: group, state: fleet.groups[group].group)
      note("prescaler", group.state.name, "\(group.state.target) → \(nodes) nodes, ahead of a push")
      perform(.resize(group: group.number, nodes: nodes))
    }
    for (service, replicas) in decisions.minima {
      let state = services[service]
      let why =
        replicas > state.minimum ? "ahead of a push" : replicas == state.declared ? "as declared" : "with the load"
      note("prescaler", state.key.name, "minReplicas \(state.minimum) → \(replicas), \(why)")
      perform(.minimum(service: service, replicas: replicas))
    }
  }

  /// Notes when the plan of a push that is on says that capacity was lost.
  private mutating func tellLoss(_ status: PushCampaign.Status, of push: String) {
    guard status.phase == PushCampaign.Phase.active.rawValue,
      status.conditions[PushCampaign.ready]?.reason == PushCampaign.capacityLost,
      let index = outcome.pushes.lastIndex(where: { $0.name == push }), outcome.pushes[index].lossToldAt == nil
    else { return }
    outcome.pushes[index].lossToldAt = moment
    note("prescaler", push, status.message)
  }

  private func seen(_ service: Int) -> Prescaler.Seen {
    let (minimum, ready) = (services[service].minimum, services[service].ready)
    let leaving = leavingPods(of: service)
    var observed: Double?
    if let (before, last) = services[service].lastSamples, ready > 0 {
      observed = max(last.tries - before.tries, 0) / max(last.seconds - before.seconds, 1)
    }
    return Prescaler.Seen(
      existing: services[service].pods.count - leaving.all, ready: ready - leaving.ready, leaving: leaving.all,
      waiting: services[service].pending.count, observed: observed, minimum: minimum,
      isRaised: minimum != services[service].declared)
  }

  /// Pods on nodes under notice.
  private func leavingPods(of service: Int) -> (all: Int, ready: Int) {
    guard hasNotices else { return (0, 0) }
    var leaving = (all: 0, ready: 0)
    for pod in services[service].pods where pods[pod].instance >= 0 {
      guard nodes[pods[pod].instance].interruptedSeconds != nil else { continue }
      leaving.all += 1
      if pods[pod].state == .ready { leaving.ready += 1 }
    }
    return leaving
  }

  /// What the prescaler learns from a pod that became ready. Those of the first moment were there before.
  mutating func learn(_ pod: Int) {
    guard now > 0 else { return }
    let record = pods[pod]
    prescaling?.prescaler.learnPod(
      of: record.service, scheduleSeconds: record.scheduledSeconds - record.createdSeconds,
      startSeconds: record.startedSeconds - record.scheduledSeconds, readySeconds: now - record.startedSeconds,
      nodeWasThere: nodes[record.instance].readySeconds <= record.createdSeconds)
  }

  /// An autoscaler's minimum is as the prescaler set it.
  mutating func setMinimum(_ replicas: Int, of service: Int) {
    services[service].minimum = replicas
    touch(service: service)
  }
}
