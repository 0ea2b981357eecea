import Autoscaling
import Kubernetes

/// A fleet and its cloud in virtual time: what there is, and what is to happen. Seconds are from the start.
///
/// What happens is in extensions: pods, nodes, autoscaling, prescaling, troubles, and what is written down of it.
struct World {
  enum Event {
    case syncAutoscalers, scanNodes, handleNotices, prescale, record
    case podReady(Int), podGone(Int)
    case nodeReady(Int), nodeGone(Int)
    case announce(Int), send(Int)
    case trouble(Int), troubleEnd(Int)
    /// Lost pods of a service are noticed.
    case replicate(Int)
    /// A decision arrives.
    case action(Action)
  }

  /// What a controller decided, on its way to the cluster.
  enum Action {
    case scale(service: Int, replicas: Int)
    case minimum(service: Int, replicas: Int)
    case resize(group: Int, nodes: Int)
    case terminate(node: Int)
  }

  let scenario: Scenario
  let strategy: Strategy
  let seed: UInt64
  let options: RehearsalOptions
  let scheduledFloors: ScheduledFloors?

  var now = 0.0
  var events = EventQueue<Event>()
  var outcome: Outcome
  var services: [ServiceState] = []
  var pods: [RehearsedPod] = []
  var nodes: [RehearsedNode] = []
  /// Of each slot of the fleet, the node in it.
  var nodeOfSlot: [Int] = []
  var nodeCounters: [Int]
  /// By group, the nodes that are there or on their way, older ones first.
  var living: [[Int]]
  /// A fresh node of each group in each zone.
  var templates: [[NodeTraits]]
  var fleet: NodeFleet
  var scheduler: Scheduler
  var budgets: DisruptionAllowance
  var nodeAutoscaler = NodeAutoscaler()
  var interruptions = InterruptionHandler()
  let horizontal = HorizontalDecision.Configuration()
  var traffic: FleetTraffic
  var capacity: CapacityWatch
  var promises: Promises
  var touched = Touched()
  var prescaling: PrescalingState?
  /// Services with pods that have no node.
  var waiting: Set<Int> = []
  var needsScheduling = false
  /// Whether nodes are under notice.
  var hasNotices = false
  var active = ActiveTroubles()
  var boots: RandomStream
  var faults: RandomStream
  var victims: RandomStream

  var moment: Timestamp { scenario.start + now }

  /// - Parameter sent: the same scenario as senders carry it out, where it differs.
  init(
    _ scenario: Scenario, _ strategy: Strategy, seed: UInt64, _ options: RehearsalOptions, sent: Scenario? = nil
  ) throws(Rehearsal.Impossible) {
    self.scenario = scenario
    self.strategy = strategy
    self.seed = seed
    self.options = options
    outcome = Outcome(strategy: strategy, seed: seed)
    outcome.series.stepSeconds = options.stepSeconds
    fleet = NodeFleet(groups: scenario.cloud.groups)
    nodeCounters = fleet.groups.map { _ in 0 }
    living = fleet.groups.map { _ in [] }
    templates = fleet.groups.map { group in
      scenario.cloud.zones.map { zone in
        var node = group.group.templateNode(named: group.name)
        node.metadata.labels[WellKnown.zone] = zone
        return NodeTraits(node)
      }
    }
    var placing = Scheduler.Options()
    placing.seed = seed
    scheduler = Scheduler(options: placing)
    budgets = DisruptionAllowance(scenario.services.compactMap(\.disruptionBudget))
    let load = OfferedLoad(sent ?? scenario)
    traffic = FleetTraffic(scenario, load, seriesSeconds: options.stepSeconds)
    capacity = CapacityWatch(scenario.services, load)
    promises = Promises(start: scenario.start)
    boots = RandomStream(seed: seed, purpose: "boot")
    faults = RandomStream(seed: seed, purpose: "faults")
    victims = RandomStream(seed: seed, purpose: "victims")
    scheduledFloors = strategy == .scheduled ? ScheduledFloors(scenario) : nil
    var numbers: [String: Int] = [:]
    for service in scenario.services {
      let shape = PodShape(service.pod)
      let kind = scheduler.kind(of: shape, in: &fleet.snapshot)
      let images = service.images.map { name in
        let number = numbers[name] ?? numbers.count
        numbers[name] = number
        return number
      }
      services.append(try ServiceState(service, shape: shape, kind: kind, images: images, horizontal))
    }
    if strategy == .prescaled || strategy == .paced { prescaling = PrescalingState(scenario) }
  }

  mutating func run() -> Outcome {
    begin()
    while let next = events.nextSeconds, next < scenario.durationSeconds, let (seconds, event) = events.popFirst() {
      now = seconds
      take(event)
      if needsScheduling { schedule() }
      if options.checksPromises { checkPromises() }
    }
    now = scenario.durationSeconds
    return finish()
  }

  private mutating func begin() {
    settle()
    events.add(.syncAutoscalers, at: Self.phase("horizontal", seed) * horizontal.syncPeriod)
    events.add(.scanNodes, at: Self.phase("nodes", seed) * nodeAutoscaler.configuration.scanPeriodSeconds)
    events.add(.record, at: 0)
    for (index, push) in scenario.pushes.enumerated() {
      if prescaling != nil { events.add(.announce(index), at: max(push.announcedAt - scenario.start, 0)) }
      events.add(.send(index), at: max(push.sendAt - scenario.start, 0))
    }
    for (index, trouble) in scenario.troubles.enumerated() {
      events.add(.trouble(index), at: max(trouble.at - scenario.start, 0))
    }
  }

  /// Where in its period a loop happens to be when a rehearsal begins, 0 to 1.
  private static func phase(_ loop: String, _ seed: UInt64) -> Double {
    var stream = RandomStream(seed: seed, purpose: loop)
    return stream.unit()
  }

  private mutating func take(_ event: Event) {
    switch event {
    case .syncAutoscalers:
      syncAutoscalers()
      events.add(.syncAutoscalers, at: now + horizontal.syncPeriod)
    case .scanNodes:
      scanNodes()
      events.add(.scanNodes, at: now + nodeAutoscaler.configuration.scanPeriodSeconds)
    case .handleNotices: handleNotices()
    case .prescale: prescale()
    case .record:
      record()
      touched.everything = true
      events.add(.record, at: now + options.stepSeconds)
    case .podReady(let pod): becomeReady(pod)
    case .podGone(let pod): leave(pod)
    case .nodeReady(let node): join(node)
    case .nodeGone(let node): takeBack(node)
    case .announce(let push): announce(push)
    case .send(let push): send(push)
    case .trouble(let trouble): begin(trouble: trouble)
    case .troubleEnd(let trouble): end(trouble: trouble)
    case .replicate(let service): replicate(service)
    case .action(let action): carryOut(action)
    }
  }

  // MARK: From a decision to its effect

  /// Sends a decision to the cluster, which a real API may delay, lose or carry out twice.
  mutating func perform(_ action: Action) {
    let delay = active.apiDelaySeconds
    switch options.faults?.fate(&faults) ?? .obeyed {
    case .obeyed: arrive(action, after: delay)
    case .delayed(let seconds): arrive(action, after: delay + seconds)
    case .repeated(let seconds):
      arrive(action, after: delay)
      arrive(action, after: delay + max(seconds, 1))
    case .dropped: break
    }
  }

  private mutating func arrive(_ action: Action, after seconds: Double) {
    if seconds > 0 { events.add(.action(action), at: now + seconds) } else { carryOut(action) }
  }

  private mutating func carryOut(_ action: Action) {
    switch action {
    case .scale(let service, let replicas): scale(service, to: replicas)
    case .minimum(let service, let replicas): setMinimum(replicas, of: service)
    case .resize(let group, let nodes): resize(group, to: nodes)
    case .terminate(let node): terminate(node)
    }
  }

  mutating func note(_ controller: String, _ about: String, _ text: String) {
    guard options.keepsNotes else { return }
    outcome.notes.append(DecisionNote(at: moment, controller: controller, about: about, text: text))
  }
}
