import Kubernetes

/// What all pushes of one moment are planned on: read once from the view.
struct PrescalingContext {
  let view: ClusterView
  let configuration: PrescalingDecision.Configuration
  let lead: LeadTime
  let now: Timestamp
  private(set) var forecasts: [NamespacedName: CampaignForecast] = [:]
  private(set) var unplannable: [NamespacedName: String] = [:]
  private var fleets: [String: Fleet] = [:]

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
    for namespace in Set(live.map(\.metadata.namespace)) {
      fleets[namespace] = Fleet(namespace, view, pods, configuration)
    }
    for campaign in live where campaign.metadata.deletionTimestamp == nil && !campaign.spec.cancelled {
      do throws(CampaignForecast.Unplannable) {
        forecasts[campaign.key] = try CampaignForecast(
          campaign, fleet(campaign.metadata.namespace), configuration)
      } catch { unplannable[campaign.key] = error.message }
    }
  }

  func fleet(_ namespace: String) -> Fleet {
    fleets[namespace] ?? Fleet(namespace, ClusterView(), PodsByService(ClusterView()), configuration)
  }

  /// By name, so that sums are made in the same order each time.
  func forecasts(in namespace: String) -> [CampaignForecast] {
    forecasts.values.filter { $0.key.namespace == namespace }.sorted { $0.key < $1.key }
  }

  /// What other pushes of the namespace were sized on, by service.
  func bases(besides key: NamespacedName) -> [String: Double] {
    var bases: [String: Double] = [:]
    for other in forecasts.keys where other != key && other.namespace == key.namespace {
      for floor in view.pushCampaigns[other]?.status.floors ?? [] {
        bases[floor.service] = max(bases[floor.service] ?? 0, floor.baseLoad)
      }
    }
    return bases
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
    let templates = floors.compactMap { fleet.services[$0.service]?.deployment }.map { SchedulingTraits($0.podToCome) }
    let usable = view.nodeGroups.values.filter { group in
      let node = NodeTraits(group.templateNode(named: group.name))
      return group.maximum > 0 && templates.contains { NodePredicates.failure(of: $0, on: node) == nil }
    }
    let pods = floors.compactMap { fleet.services[$0.service]?.key }.map(lead.pod).max() ?? 0
    return pods + (usable.map(lead.node).max() ?? 0)
  }

  /// Room for these floors, beside all pods that wait already.
  func nodeNeed(for wanted: [NamespacedName: Int]) -> NodeNeed {
    let demands = wanted.sorted { $0.key < $1.key }.compactMap { entry -> NodeNeed.Demand? in
      guard let state = fleets[entry.key.namespace]?.services[entry.key.name], let deployment = state.deployment,
        entry.value > state.existing
      else { return nil }
      return NodeNeed.Demand(
        service: entry.key, template: deployment.podToCome, count: entry.value - state.existing)
    }
    return NodeNeed(demands, in: view)
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
