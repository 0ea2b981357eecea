import Kubernetes

/// What all pushes of one moment are planned on: read once from the view.
struct PrescalingContext {
  let view: ClusterView
  let configuration: PrescalingDecision.Configuration
  let lead: LeadTime
  let now: Timestamp
  private(set) var forecasts: [NamespacedName: CampaignForecast] = [:]
  private(set) var unplannable: [NamespacedName: String] = [:]
  /// By namespace.
  private(set) var pushes: [String: NamespacePushes] = [:]
  private var fleets: [String: Fleet] = [:]
  /// The slowest node that a service's pods may run on, seconds.
  private var nodeLeads: [NamespacedName: Double] = [:]

  init(_ view: ClusterView, _ configuration: PrescalingDecision.Configuration, _ lead: LeadTime, at now: Timestamp) {
    self.view = view
    self.configuration = configuration
    self.lead = lead
    self.now = now
    let live = view.pushCampaigns.values.filter {
      PushCampaign.Phase(rawValue: $0.status.phase)?.isOver != true
    }
    guard !live.isEmpty else { return }
    let pods = PodsByService(view)
    for (namespace, campaigns) in Dictionary(grouping: live, by: \.metadata.namespace) {
      let fleet = Fleet(namespace, view, pods, configuration)
      fleets[namespace] = fleet
      forecast(campaigns, fleet)
    }
    if live.contains(where: { $0.status.phase.isEmpty || $0.status.phase == PushCampaign.Phase.planned.rawValue }) {
      findNodeLeads()
    }
  }

  private mutating func forecast(_ campaigns: [PushCampaign], _ fleet: Fleet) {
    var spreads = Spreads(fleet)
    var known: [CampaignForecast] = []
    for campaign in campaigns.sorted(by: { $0.metadata.name < $1.metadata.name })
    where campaign.metadata.deletionTimestamp == nil && !campaign.spec.cancelled {
      do throws(CampaignForecast.Unplannable) {
        let forecast = try CampaignForecast(campaign, &spreads, configuration)
        forecasts[campaign.key] = forecast
        known.append(forecast)
      } catch { unplannable[campaign.key] = error.message }
    }
    if let namespace = campaigns.first?.metadata.namespace {
      pushes[namespace] = NamespacePushes(known, view.pushCampaigns, at: now)
    }
  }

  private mutating func findNodeLeads() {
    // Which nodes a foreign autoscaler would boot for a pod is its own affair.
    guard configuration.headroom == nil else {
      for service in fleets.values.flatMap(\.services.values) { nodeLeads[service.key] = lead.newNode }
      return
    }
    let nodes = view.nodeGroups.values.filter { $0.maximum > 0 }.map { group in
      (traits: NodeTraits(group.templateNode(named: group.name)), lead: lead.node(of: group))
    }
    for service in fleets.values.flatMap(\.services.values) {
      guard let deployment = view.deployments[service.key] else { continue }
      let pod = SchedulingTraits(deployment.podToCome)
      nodeLeads[service.key] =
        nodes.filter { NodePredicates.failure(of: pod, on: $0.traits) == nil }.map(\.lead).max()
    }
  }

  func fleet(_ namespace: String) -> Fleet {
    fleets[namespace] ?? Fleet(namespace, ClusterView(), PodsByService(ClusterView()), configuration)
  }
}

extension PrescalingContext {
  /// The slowest pod of these floors, seconds.
  func podLead(of floors: [PushCampaign.Floor], in namespace: String) -> Double {
    floors.map { lead.pod(of: NamespacedName(namespace, $0.service)) }.max() ?? 0
  }

  /// The slowest node of these groups, seconds.
  func nodeLead(of groups: Set<String>) -> Double {
    groups.compactMap { view.nodeGroups[$0].map(lead.node) }.max() ?? 0
  }

  /// The lead where every pod needs a new node: what room there is today may be taken by then.
  func cautiousLead(of floors: [PushCampaign.Floor], in fleet: Fleet) -> Double {
    let services = floors.compactMap { fleet.services[$0.service]?.key }
    return (services.map(lead.pod).max() ?? 0) + (services.compactMap { nodeLeads[$0] }.max() ?? 0)
  }

  /// The pods that these floors will bring and that do not exist yet.
  func demands(for wanted: [NamespacedName: Int]) -> [NodeNeed.Demand] {
    wanted.sorted { $0.key < $1.key }.compactMap { entry in
      guard let state = fleets[entry.key.namespace]?.services[entry.key.name],
        let deployment = view.deployments[entry.key],
        entry.value > state.existing
      else { return nil }
      return NodeNeed.Demand(
        service: entry.key, template: deployment.podToCome, count: entry.value - state.existing)
    }
  }

  /// Room for these floors, beside all pods that wait already.
  func nodeNeed(for wanted: [NamespacedName: Int]) -> NodeNeed { NodeNeed(demands(for: wanted), in: view) }
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
