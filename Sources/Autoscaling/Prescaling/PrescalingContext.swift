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
  /// The groups whose nodes a service's pods may run on.
  private var places: [NamespacedName: Set<String>] = [:]

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
      var places: [NamespacedName: Set<String>] = [:]
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
    let services = fleets.values.flatMap(\.services)
    // Which nodes a foreign autoscaler would boot for a pod is its own affair.
    guard configuration.headroom == nil else {
      for service in services { nodeLeads[service.key] = lead.newNode }
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
    for service in services {
      guard let template = service.podToCome else { continue }
      let groups: [String]
      if let known = memory.groups[service.key] {
        groups = known
      } else {
        let pod = SchedulingTraits(template.pod)
        groups = nodes.filter { NodePredicates.failure(of: pod, on: $0.traits) == nil }.map(\.name)
        memory.groups[service.key] = groups
      }
      places[service.key] = Set(groups)
      nodeLeads[service.key] = groups.compactMap { leads[$0] }.max()
    }
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

  /// Services whose pods could take nodes that pods of others must have, since those may be nowhere else.
  /// - Parameter groups: in which nodes are to come.
  func flexible(_ floors: [PushCampaign.Floor], in namespace: String, booting groups: Set<String>) -> Set<String> {
    let places = floors.map { self.places[NamespacedName(namespace, $0.service)] ?? [] }
    let bound = Set(places.filter { !$0.isDisjoint(with: groups) })
    return Set(
      zip(floors, places).filter { _, mine in
        bound.contains { $0.isStrictSubset(of: mine) }
      }.map(\.0.service))
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
    let services = floors.compactMap { fleet[$0.service]?.key }
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
