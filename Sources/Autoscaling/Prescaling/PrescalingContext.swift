import Kubernetes

/// What all pushes of one moment are planned on: services and node groups as they are, counted by whoever sees them.
struct PrescalingContext {
  let configuration: PrescalingDecision.Configuration
  let lead: LeadTime
  let now: Timestamp
  let nodeGroups: [String: NodeGroup]
  /// By group.
  let readyNodes: [String: ReadyNodes]
  private(set) var forecasts: [NamespacedName: CampaignForecast] = [:]
  private(set) var unplannable: [NamespacedName: String] = [:]
  /// By namespace.
  private(set) var pushes: [String: NamespacePushes] = [:]
  private var fleets: [String: Fleet] = [:]
  /// The slowest node that a service's pods may run on, seconds.
  private var nodeLeads: [NamespacedName: Double] = [:]
  private var places = Places()

  /// The groups whose nodes pods may run on: few sets of them, as many services have the same.
  fileprivate struct Places {
    var sets: [Set<String>] = []
    /// By namespace and the fleet's number of the service; nil where it has no deployment.
    var ofServices: [String: [Int?]] = [:]

    mutating func number(of groups: Set<String>) -> Int {
      if let known = sets.firstIndex(of: groups) { return known }
      sets.append(groups)
      return sets.count - 1
    }
  }

  /// What does not change while services and groups are declared as they are: worth keeping where one looks often.
  struct Memory {
    fileprivate var spreads: [String: Spreads] = [:]
    fileprivate var profiles: [String: PushProfiles] = [:]
    /// The groups whose nodes a service's pods may run on.
    fileprivate var groups: [NamespacedName: [String]] = [:]
    fileprivate var nodeLeads = NodeLeads()

    init() {}

    /// The slowest node of each service, as long as no group's lead has changed.
    fileprivate struct NodeLeads {
      var namespaces: Set<String> = []
      var ofGroups: [String: Double] = [:]
      var ofServices: [NamespacedName: Double] = [:]
      var places = Places()
    }
  }

  /// - Parameter fleet: the services of a namespace; asked for only where a push is under way there.
  init(
    _ campaigns: [NamespacedName: PushCampaign], nodeGroups: [String: NodeGroup],
    readyNodes: [String: ReadyNodes], _ configuration: PrescalingDecision.Configuration, _ lead: LeadTime,
    _ memory: inout Memory, at now: Timestamp,
    fleet: (String) -> Fleet
  ) {
    self.configuration = configuration
    self.lead = lead
    self.now = now
    self.nodeGroups = nodeGroups
    self.readyNodes = readyNodes
    let live = campaigns.values.filter { PushCampaign.Phase(rawValue: $0.status.phase)?.isOver != true }
    for (namespace, live) in Dictionary(grouping: live, by: \.metadata.namespace) {
      let fleet = fleet(namespace)
      fleets[namespace] = fleet
      forecast(live, campaigns, fleet, namespace, &memory)
    }
    let isBeforeReady = live.contains { campaign in
      let phase = PushCampaign.Phase(rawValue: campaign.status.phase) ?? .planned
      return phase == .planned || phase == .preparing
    }
    if isBeforeReady { findNodeLeads(&memory) }
  }

  /// Of a view, in which pods are counted.
  init(_ view: ClusterView, _ configuration: PrescalingDecision.Configuration, _ lead: LeadTime, at now: Timestamp) {
    var pods: PodsByService?
    var memory = Memory()
    self.init(
      view.pushCampaigns, nodeGroups: view.nodeGroups, readyNodes: Self.readyNodes(view), configuration, lead, &memory,
      at: now
    ) { namespace in
      let known = pods ?? PodsByService(view)
      pods = known
      return Fleet(namespace, view, known, configuration)
    }
  }

  private mutating func forecast(
    _ live: [PushCampaign], _ campaigns: [NamespacedName: PushCampaign], _ fleet: Fleet, _ namespace: String,
    _ memory: inout Memory
  ) {
    var spreads = memory.spreads[namespace] ?? Spreads(fleet)
    var known: [CampaignForecast] = []
    for campaign in live.sorted(by: { $0.metadata.name < $1.metadata.name })
    where campaign.metadata.deletionTimestamp == nil && !campaign.spec.cancelled {
      do throws(CampaignForecast.Unplannable) {
        let forecast = try CampaignForecast(campaign, &spreads, configuration)
        forecasts[campaign.key] = forecast
        known.append(forecast)
      } catch { unplannable[campaign.key] = error.message }
    }
    memory.spreads[namespace] = spreads
    if memory.profiles[namespace]?.isOf(known) != true { memory.profiles[namespace] = PushProfiles(known, fleet) }
    pushes[namespace] = NamespacePushes(
      known, campaigns, memory.profiles[namespace] ?? PushProfiles(known, fleet), at: now)
  }

  private mutating func findNodeLeads(_ memory: inout Memory) {
    // Which nodes a foreign autoscaler would boot for a pod is its own affair.
    guard configuration.headroom == nil else {
      for fleet in fleets.values { for service in fleet.services { nodeLeads[service.key] = lead.newNode } }
      return
    }
    let usable = nodeGroups.values.filter { $0.maximum > 0 }
    let leads = Dictionary(usable.map { ($0.name, lead.node(of: $0)) }, uniquingKeysWith: { first, _ in first })
    let namespaces = Set(fleets.keys)
    if memory.nodeLeads.ofGroups == leads, memory.nodeLeads.namespaces == namespaces {
      nodeLeads = memory.nodeLeads.ofServices
      places = memory.nodeLeads.places
      return
    }
    defer {
      memory.nodeLeads = Memory.NodeLeads(
        namespaces: namespaces, ofGroups: leads, ofServices: nodeLeads, places: places)
    }
    let nodes = usable.map { (name: $0.name, traits: NodeTraits($0.templateNode(named: $0.name))) }
    for (namespace, fleet) in fleets {
      places.ofServices[namespace] = fleet.services.map { findPlace(of: $0, nodes, leads, &memory) }
    }
  }

  /// - Returns: the number of its place.
  private mutating func findPlace(
    of service: ServiceState, _ nodes: [(name: String, traits: NodeTraits)], _ leads: [String: Double],
    _ memory: inout Memory
  ) -> Int? {
    guard let template = service.podToCome else { return nil }
    let groups: [String]
    if let known = memory.groups[service.key] {
      groups = known
    } else {
      let pod = SchedulingTraits(template.pod)
      groups = nodes.filter { NodePredicates.failure(of: pod, on: $0.traits) == nil }.map(\.name)
      memory.groups[service.key] = groups
    }
    nodeLeads[service.key] = groups.compactMap { leads[$0] }.max()
    return places.number(of: Set(groups))
  }

  func fleet(_ namespace: String) -> Fleet {
    fleets[namespace] ?? Fleet([]) { ServiceState(of: $0, nil, nil, configuration) }
  }
}

extension PrescalingContext {
  private static func readyNodes(_ view: ClusterView) -> [String: ReadyNodes] {
    var ready: [String: ReadyNodes] = [:]
    for node in view.nodes.values where node.isReady && node.metadata.deletionTimestamp == nil {
      let group = node.metadata.labels[WellKnown.nodeGroup] ?? ""
      ready[group, default: ReadyNodes()].all += 1
      if node.endsAt != nil { ready[group]?.leaving += 1 }
    }
    return ready
  }

  /// Of which floors pods could take nodes that pods of others must have, since those may be nowhere else.
  /// - Parameter groups: in which nodes are to come.
  func flexible(_ floors: [PushCampaign.Floor], in namespace: String, booting groups: Set<String>) -> [Bool] {
    var finder = ServiceFinder(fleet(namespace))
    let known = places.ofServices[namespace] ?? []
    let mine = floors.map { floor in finder.number(of: floor.service).flatMap { $0 < known.count ? known[$0] : nil } }
    let bound = Set(mine.compactMap(\.self).filter { !places.sets[$0].isDisjoint(with: groups) })
    let flexible = places.sets.map { place in bound.contains { places.sets[$0].isStrictSubset(of: place) } }
    return mine.map { $0.map { flexible[$0] } ?? false }
  }

  /// The slowest pod of these floors, seconds.
  func podLead(of floors: [PushCampaign.Floor], in namespace: String) -> Double {
    floors.map { lead.pod(of: NamespacedName(namespace, $0.service)) }.max() ?? 0
  }

  /// The slowest node of these groups, seconds.
  func nodeLead(of groups: Set<String>) -> Double {
    groups.compactMap { nodeGroups[$0].map(lead.node) }.max() ?? 0
  }

  /// The lead where every pod needs a new node: what room there is today may be taken by then.
  func cautiousLead(of floors: [PushCampaign.Floor], in fleet: Fleet) -> Double {
    var finder = ServiceFinder(fleet)
    let services = floors.compactMap { floor in finder.number(of: floor.service).map { fleet.services[$0].key } }
    return (services.map(lead.pod).max() ?? 0) + (services.compactMap { nodeLeads[$0] }.max() ?? 0)
  }

  /// The pods that these floors will bring and that do not exist yet.
  func demands(for wanted: [NamespacedName: Int]) -> [NodeNeed.Demand] {
    wanted.sorted { $0.key < $1.key }.compactMap { entry in
      guard let state = fleets[entry.key.namespace]?[entry.key.name],
        let template = state.podToCome, entry.value > state.existing
      else { return nil }
      return NodeNeed.Demand(service: entry.key, template: template.pod, count: entry.value - state.existing)
    }
  }
}

extension Deployment {
  /// A pod as the deployment will make it, without a name.
  var podToCome: Pod {
    var pod = Pod()
    pod.metadata.namespace = metadata.namespace
    pod.metadata.labels = spec.template.metadata.labels
    pod.spec = spec.template.spec
    return pod
  }
}
