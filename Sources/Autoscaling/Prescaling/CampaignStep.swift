import Kubernetes

/// One push taken one step on: from its recorded status and what is seen now to its next status.
///
/// Everything needed to go on stands in the object, so whoever runs this next goes on from there.
struct CampaignStep {
  let campaign: PushCampaign
  let context: PrescalingContext
  var status: PushCampaign.Status
  private(set) var forecast: CampaignForecast?
  private(set) var problems: [String] = []
  private(set) var isLimited = false
  /// Whether room for the floors must be looked for.
  private(set) var asksForNodes = false
  /// Whether pods to come find no room as it is.
  private(set) var lacksRoom = false
  private(set) var hasRaised = false
  /// Whether pods are missing while recipients answer.
  private(set) var isShort = false
  private var unplaced: [NamespacedName: Int] = [:]
  let fleet: Fleet
  /// Whether nodes or pods are gone that were there before.
  private var hasLost = false

  /// Set False, with what to do, while pods find no node; as long, room is looked for again.
  static let nodesAvailable = "NodesAvailable"
  static let ready = PushCampaign.ready
  /// Set while room is made by placeholders: False until minima are raised, and True from then on.
  static let floorsRaised = "FloorsRaised"
  /// Its update time is the last step down.
  static let released = "Released"

  init(_ campaign: PushCampaign, _ context: PrescalingContext) {
    self.campaign = campaign
    self.context = context
    status = campaign.status
    forecast = context.forecasts[campaign.key]
    fleet = context.fleet(campaign.metadata.namespace)
  }

  var phase: PushCampaign.Phase { PushCampaign.Phase(rawValue: status.phase) ?? .planned }
  var now: Timestamp { context.now }
  var configuration: PrescalingDecision.Configuration { context.configuration }

  mutating func advance() {
    guard !phase.isOver else { return }
    if campaign.metadata.deletionTimestamp != nil || campaign.spec.cancelled {
      return end(.cancelled, "Cancelled: what was held for it is given back.")
    }
    guard let forecast else {
      let reason = context.unplannable[campaign.key] ?? ""
      if phase.holdsFloors { return end(.cancelled, reason) }
      status.phase = PushCampaign.Phase.planned.rawValue
      status.floors = []
      status.startAt = nil
      status.readyAt = nil
      status.message = reason
      return
    }
    switch phase {
    case .planned: waitForStart(forecast)
    case .preparing, .ready, .active: hold(forecast)
    case .releasing: release(forecast)
    case .released, .cancelled: break
    }
  }

  private mutating func waitForStart(_ forecast: CampaignForecast) {
    guard now < forecast.load.end else {
      return end(.released, "Announced too late: what it was expected to bring was over at \(forecast.load.end.whole).")
    }
    takeFloors(isReleasing: false, mayLower: true)
    let lead = context.cautiousLead(of: status.floors, in: fleet)
    let start = (forecast.sendAt - lead - configuration.margin).whole
    let earliest = min(start, status.startAt ?? start)
    if now >= earliest || now >= forecast.sendAt {
      status.phase = PushCampaign.Phase.preparing.rawValue
      status.startAt = now.whole
      asksForNodes = true
      return
    }
    status.phase = PushCampaign.Phase.planned.rawValue
    // A start that moves by a little with each pod seen would only be noise.
    if let old = status.startAt, abs(old - start) <= max(1, 0.05 * lead) { return }
    status.startAt = start
    status.readyAt = (start + lead).wholeUp
  }

  private mutating func hold(_ forecast: CampaignForecast) {
    let old = phase
    if now >= forecast.load.plateauEnd {
      status.phase = PushCampaign.Phase.releasing.rawValue
      status.nodeGroups = []
      takeFloors(isReleasing: true, mayLower: false)
      return markStepDown()
    }
    takeFloors(isReleasing: false, mayLower: true)
    let isReady = status.floors.allSatisfy { $0.ready >= $0.replicas }
    switch old {
    case .preparing where isReady:
      status.phase = PushCampaign.Phase.ready.rawValue
      status.readyAt = now.whole
      if configuration.headroom != nil { raise("FloorsMet") }
    case .ready where now >= forecast.sendAt: status.phase = PushCampaign.Phase.active.rawValue
    case .ready where !isReady:
      status.phase = PushCampaign.Phase.preparing.rawValue
      asksForNodes = true
    default: break
    }
    raiseInOrder()
    if phase == .preparing, status.readyAt.map({ $0 <= now }) ?? true { asksForNodes = true }
    if hasLost || !isReady && isRefused { asksForNodes = true }
  }

  /// Whether the cloud has too few nodes of a group that is held.
  private var isRefused: Bool { status.nodeGroups.contains { context.nodeGroups[$0.group]?.refused ?? 0 > 0 } }

  private mutating func release(_ forecast: CampaignForecast) {
    let last = status.conditions[Self.released]?.lastUpdateTime ?? status.startAt ?? now
    let mayLower = now >= last + configuration.releaseInterval
    let plan = takeFloors(isReleasing: true, mayLower: mayLower)
    if plan.hasLowered {
      markStepDown()
    } else if mayLower, now >= forecast.load.end {
      end(.released, "Over: every service has its own minimum back.")
    }
  }

  private mutating func markStepDown() {
    var condition = Condition(
      Self.released, false, reason: "FollowingLoad", message: "floors follow the load down", at: now.whole)
    condition.lastUpdateTime = now.whole
    status.conditions.set(condition)
  }

  @discardableResult
  private mutating func takeFloors(isReleasing: Bool, mayLower: Bool) -> FloorPlanner.Plan {
    guard let forecast else { return FloorPlanner.Plan() }
    let planner = FloorPlanner(
      forecast: forecast, pushes: context.pushes[campaign.metadata.namespace] ?? NamespacePushes(), fleet: fleet,
      recorded: status.floors, now: now)
    let plan = planner.plan(isReleasing: isReleasing, mayLower: mayLower)
    hasRaised = plan.hasRaised
    // When the load falls, what is missing all the same is for the node autoscaler to see.
    let holdsNodes = phase.holdsFloors && phase != .releasing
    if plan.hasRaised, holdsNodes { asksForNodes = true }
    hasLost = plan.hasLost || countNodes()
    // How far a foreign autoscaler is can only be seen.
    if configuration.headroom != nil, phase == .preparing { asksForNodes = true }
    status.floors = plan.floors
    problems = forecast.problems + plan.problems
    isLimited = plan.isLimited
    if holdsNodes, status.conditions[Self.nodesAvailable]?.status == "False" { asksForNodes = true }
    return plan
  }

  /// - Returns: whether some are gone that are held.
  private mutating func countNodes() -> Bool {
    var hasLost = false
    for (index, floor) in status.nodeGroups.enumerated() {
      let ready = context.readyNodes[floor.group]?.staying ?? 0
      if ready < min(floor.ready, floor.nodes) { hasLost = true }
      status.nodeGroups[index].ready = ready
    }
    return hasLost
  }

  private mutating func end(_ phase: PushCampaign.Phase, _ message: String) {
    let held = self.phase.holdsFloors
    status.phase = phase.rawValue
    for index in status.floors.indices {
      status.floors[index].replicas = status.floors[index].declared
      if let state = fleet[status.floors[index].service] { status.floors[index].ready = state.ready }
    }
    status.nodeGroups = []
    status.sendRate = nil
    status.pacePerSecond = nil
    if held || phase == .released { status.releasedAt = now.whole }
    status.conditions.removeAll { [Self.nodesAvailable, Self.floorsRaised].contains($0.type) }
    status.conditions.set(Condition(Self.released, true, reason: phase.rawValue, at: now.whole))
    status.message = message
    asksForNodes = false
  }
}

extension CampaignStep {
  /// Takes the nodes that the floors need, and promises when they are there.
  mutating func settle(_ need: NodeNeed) {
    var sizes = status.nodeGroups.reduce(into: [:]) { $0[$1.group] = $1.nodes }
    var hasGrown = false
    for (group, size) in need.sizes {
      if size > sizes[group] ?? 0, size > context.nodeGroups[group]?.target ?? 0 { hasGrown = true }
      sizes[group] = max(sizes[group] ?? 0, size)
    }
    status.nodeGroups = sizes.sorted { $0.key < $1.key }.map { entry in
      var floor = PushCampaign.NodeFloor()
      floor.group = entry.key
      floor.nodes = entry.value
      floor.ready = context.readyNodes[entry.key]?.staying ?? 0
      return floor
    }
    unplaced = need.unplaced.filter { entry in
      entry.key.namespace == campaign.metadata.namespace && status.floors.contains { $0.service == entry.key.name }
    }
    lacksRoom = !unplaced.isEmpty
    guard configuration.headroom == nil else { return settleHeadroom() }
    tellOfRoom(
      isRefused ? "CloudShort" : "NodeGroupsFull",
      isRefused ? "and the cloud has no further nodes" : "and no node group may grow further for them")
    if hasJustBegun { holdBack(need.booting) }
    guard phase == .preparing else { return }
    let lacking = status.floors.filter { $0.ready < $0.replicas }
    let isOverdue = status.readyAt.map { $0 <= now } ?? true
    guard hasJustBegun || hasRaised || hasLost || isOverdue || hasGrown else { return }
    let nodes = lacking.isEmpty ? 0 : context.nodeLead(of: need.booting)
    promise(now + context.podLead(of: lacking, in: campaign.metadata.namespace) + nodes)
  }

  private mutating func tellOfRoom(_ reason: String, _ why: String) {
    if unplaced.isEmpty {
      status.conditions.removeAll { $0.type == Self.nodesAvailable }
    } else {
      let pods = unplaced.sorted { $0.key < $1.key }.map { "\($0.value) of \($0.key.name)" }.joined(separator: ", ")
      status.conditions.set(
        Condition(
          Self.nodesAvailable, false, reason: reason, message: "there is no room for \(pods), \(why)", at: now.whole))
    }
  }

  var hasJustBegun: Bool { campaign.status.phase != status.phase }

  /// A promise once made is only moved back, never forward; and where nothing new is asked for, not for ever: a push
  /// ends some time though its capacity never came.
  private mutating func promise(_ moment: Timestamp) {
    var moment = moment
    if !hasJustBegun, !hasRaised, let forecast {
      moment = min(moment, max(forecast.sendAt, status.startAt ?? now) + 2 * longestLead)
    }
    let promise = moment.wholeUp
    status.readyAt = hasJustBegun ? promise : max(status.readyAt ?? promise, promise)
  }

  /// Of a pod that needs a node, whatever node that is.
  private var longestLead: Double {
    let node =
      configuration.headroom == nil
      ? context.nodeLead(of: Set(context.nodeGroups.keys)) : context.lead.newNode
    return context.podLead(of: status.floors, in: campaign.metadata.namespace) + node
  }

  /// Where placeholders ask for nodes: what finds no room yet may still come, for as long as a node takes.
  private mutating func settleHeadroom() {
    guard phase == .preparing, let forecast else {
      unplaced = [:]
      lacksRoom = false
      return tellOfRoom("", "")
    }
    let nodesBy = (status.startAt ?? now) + context.lead.newNode
    let podLead = context.podLead(
      of: status.floors.filter { $0.ready < $0.replicas }, in: campaign.metadata.namespace)
    if hasJustBegun || hasRaised || status.readyAt.map({ $0 < now }) ?? true {
      let nodes = !lacksRoom ? now : nodesBy > now ? nodesBy : now + context.lead.newNode
      promise(nodes + podLead)
    }
    if !lacksRoom {
      raise("NodesReady")
    } else if now >= forecast.sendAt - podLead - configuration.margin {
      raise("SendIsNear")
    } else if status.conditions[Self.floorsRaised] == nil {
      status.conditions.set(
        Condition(
          Self.floorsRaised, false, reason: "WaitingForNodes", message: "placeholder pods ask for nodes", at: now.whole)
      )
    }
    if nodesBy > now { unplaced = [:] }
    tellOfRoom("NodesMissing", "and no node came for their placeholders")
  }

  mutating func raise(_ reason: String) {
    guard status.conditions[Self.floorsRaised]?.isTrue != true else { return }
    status.conditions.set(Condition(Self.floorsRaised, true, reason: reason, at: now.whole))
  }

  /// The pace and the words, once floors, phase and promise stand.
  mutating func conclude() {
    guard let forecast, !phase.isOver else { return }
    let isWaiting = phase == .planned || phase == .preparing
    let isLate = isWaiting && (now > forecast.sendAt || (status.readyAt.map { $0 > forecast.sendAt } ?? false))
    // Capacity that was lost while recipients answer: what is left is all that there is.
    isShort = phase == .active && status.floors.contains { $0.ready < $0.replicas }
    var pace: SendPace?
    if isLate || isShort {
      pace = SendPace(forecast, status.floors, fleet) { min($0.ready, $0.replicas) }
    } else if phase != .releasing, isLimited || !unplaced.isEmpty {
      pace = SendPace(forecast, status.floors, fleet) { floor in
        floor.replicas - (unplaced[NamespacedName(campaign.metadata.namespace, floor.service)] ?? 0)
      }
    }
    status.sendRate = pace?.edgeRate
    status.pacePerSecond = pace?.notificationsPerSecond
    let isReady = phase == .ready || phase == .active && !isShort
    let lack = isShort ? PushCampaign.capacityLost : phase == .releasing ? "Releasing" : "FloorsNotMet"
    let reason = isReady ? "FloorsMet" : lack
    status.conditions.set(Condition(Self.ready, isReady, reason: reason, at: now.whole))
    let room = status.conditions[Self.nodesAvailable]?.message
    status.message = CampaignMessage.text(
      phase, status, sendAt: forecast.sendAt, isLate: isLate, isShort: isShort,
      problems: problems + (room.map { [$0] } ?? []))
  }
}
