public import Kubernetes

/// The prescaler on counts: the steps of `PrescalingDecision` for whoever knows how many pods there are and has no use
/// for an object of each.
///
/// It is told of services and campaigns in an order of the caller's, and answers in the same. What it keeps between
/// passes only saves work and sharpens forecasts.
public struct Prescaler: Sendable {
  /// A service as it is declared.
  public struct Service: Sendable {
    let microservice: Microservice
    let deployment: Deployment
    let autoscaler: HorizontalPodAutoscaler

    public init(_ microservice: Microservice, _ deployment: Deployment, _ autoscaler: HorizontalPodAutoscaler) {
      self.microservice = microservice
      self.deployment = deployment
      self.autoscaler = autoscaler
    }
  }

  /// A service as it is.
  public struct Seen: Sendable {
    /// Pods that are there or on their way, without ending ones and those that are leaving.
    public var existing: Int
    public var ready: Int
    /// Pods on nodes that the cloud is about to take away.
    public var leaving: Int
    /// Of those that exist, pods that have no node.
    public var waiting: Int
    /// Requests per second over all pods; nil where nothing was measured.
    public var observed: Double?
    /// What its autoscaler has as `minReplicas`.
    public var minimum: Int
    /// Whether the prescaler set that last.
    public var isRaised: Bool

    public init(
      existing: Int, ready: Int, leaving: Int = 0, waiting: Int = 0, observed: Double?, minimum: Int, isRaised: Bool
    ) {
      self.existing = existing
      self.ready = ready
      self.leaving = leaving
      self.waiting = waiting
      self.observed = observed
      self.minimum = minimum
      self.isRaised = isRaised
    }
  }

  /// What is to be done, and what the campaigns say from now on.
  public struct Decisions: Sendable {
    /// In the order of the campaigns.
    public var statuses: [PushCampaign.Status] = []
    /// `minReplicas` to set.
    public var minima: [(service: Int, replicas: Int)] = []
    /// Node groups to grow.
    public var sizes: [(group: Int, nodes: Int)] = []
    /// By group, how many nodes are held and not to be taken away.
    public var held: [Int] = []
  }

  public let configuration: PrescalingDecision.Configuration
  /// What was learned, here or elsewhere before.
  public var lead: LeadTime
  /// Without pods.
  private let services: [ServiceState]
  /// The services of each namespace, without pods, and the number of each.
  private let fleets: [String: (fleet: Fleet, numbers: [(place: Int, number: Int)])]
  private var memory = PrescalingContext.Memory()

  public init(configuration: PrescalingDecision.Configuration, services: [Service]) {
    self.configuration = configuration
    lead = LeadTime(declared: configuration.lead)
    let states = services.map { ServiceState(of: $0.microservice, $0.deployment, $0.autoscaler, configuration) }
    let byKey = Dictionary(states.map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first })
    fleets = Dictionary(grouping: states.indices, by: { states[$0].key.namespace }).mapValues { numbers in
      let fleet = Fleet(numbers.map { services[$0].microservice }) { microservice in
        byKey[microservice.key] ?? ServiceState(of: microservice, nil, nil, configuration)
      }
      return (fleet, numbers.compactMap { number in fleet.number(of: states[number].key.name).map { ($0, number) } })
    }
    self.services = states
  }

  /// Learns from a pod that became ready. Seconds of each stage, as `LeadTime` has them.
  /// - Parameter nodeWasThere: before the pod.
  public mutating func learnPod(
    of service: Int, scheduleSeconds: Double, startSeconds: Double, readySeconds: Double, nodeWasThere: Bool
  ) {
    if nodeWasThere { lead.learnSchedule(seconds: scheduleSeconds) }
    lead.learnStart(of: services[service].key, startSeconds: startSeconds, readySeconds: readySeconds)
  }

  /// Learns from a node that became ready, from its request on.
  public mutating func learnNode(ofGroup group: String, bootSeconds: Double) {
    lead.learnBoot(ofGroup: group, seconds: bootSeconds)
  }

  /// - Parameters:
  ///   - campaigns: with their status as the last pass had it.
  ///   - seen: in the order of the services.
  ///   - fleet: as it was when this returns.
  ///   - waiting: pods that have no node.
  public mutating func pass(
    _ campaigns: [PushCampaign], seen: [Seen], fleet: inout NodeFleet, waiting: [BinPacking.Group], at now: Timestamp
  ) -> Decisions {
    let groups = Dictionary(
      fleet.groups.map { ($0.name, $0.group) }, uniquingKeysWith: { first, _ in first })
    let byKey = Dictionary(campaigns.map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first })
    let fleets = fleets
    let ready = fleet.readyNodes
    let context = PrescalingContext(
      byKey, nodeGroups: groups, readyNodes: ready, configuration, lead, &memory, at: now
    ) { Self.counted(fleets[$0], seen, configuration) }
    let steps = CampaignStep.all(of: campaigns, context) { demands in
      NodeNeed(demands, waiting, in: &fleet.snapshot, groups: Array(groups.values)) { ready[$0.name]?.all ?? 0 }
    }
    var decisions = Decisions()
    let statuses = Dictionary(steps.map { ($0.campaign.key, $0.status) }, uniquingKeysWith: { first, _ in first })
    decisions.statuses = campaigns.map { statuses[$0.key] ?? $0.status }
    decisions.minima = minima(CampaignStep.minima(steps), seen)
    decisions.sizes = CampaignStep.resizes(steps, groups).compactMap { size in
      fleet.index(ofGroup: size.group).map { ($0, size.nodes) }
    }
    let held = CampaignStep.heldNodes(steps)
    decisions.held = fleet.groups.map { held[$0.name] ?? 0 }
    return decisions
  }

  private static func counted(
    _ known: (fleet: Fleet, numbers: [(place: Int, number: Int)])?, _ seen: [Seen],
    _ configuration: PrescalingDecision.Configuration
  ) -> Fleet {
    guard let known else { return Fleet([]) { ServiceState(of: $0, nil, nil, configuration) } }
    var fleet = known.fleet
    for (place, number) in known.numbers {
      fleet.services[place].existing = seen[number].existing
      fleet.services[place].ready = seen[number].ready
      fleet.services[place].leaving = seen[number].leaving
      fleet.services[place].waiting = seen[number].waiting
      fleet.services[place].observed = seen[number].observed
    }
    return fleet
  }

  private func minima(_ wanted: [NamespacedName: Int], _ seen: [Seen]) -> [(service: Int, replicas: Int)] {
    services.indices.compactMap { number in
      let state = services[number]
      guard
        let target = MinimumReplicas.target(
          from: seen[number].minimum, maximum: state.maximum, wanted: wanted[state.key], declared: state.declared,
          isOurs: seen[number].isRaised)
      else { return nil }
      return (number, target)
    }
  }
}
