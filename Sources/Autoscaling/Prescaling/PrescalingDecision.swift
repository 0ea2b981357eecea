import Kubernetes

/// A decision that can say beforehand what it is going to decide about a push.
public protocol PlanningDecision: Decision {
  /// Learns from a view without deciding anything.
  mutating func observe(_ view: ClusterView)
  /// The status that the next look would write for a campaign.
  func plan(_ campaign: PushCampaign, _ view: ClusterView, at now: Timestamp) -> PushCampaign.Status
}

/// Capacity before the push: nodes first, then floors in `minReplicas`, held while the push is on and given back after.
///
/// Where node groups are told of, nodes are asked for by size and floors raised with them. Elsewhere (`Headroom`)
/// placeholder pods ask for nodes, and floors are raised when those are there, or when the pods need all the time that
/// is left.
///
/// It reads PushCampaigns, Microservices, autoscalers, deployments, pods, nodes and node groups, and
/// `requests_per_second` of each pod. It never lowers a minimum that is not its own, nor below the declared one.
/// What it must know to go on stands in the campaigns' status; what it keeps (seen lead times) only sharpens forecasts.
public struct PrescalingDecision: PlanningDecision {
  /// The field manager of raised minima and of campaign status.
  public static let fieldManager = MinimumReplicas.fieldManager

  public var configuration: Configuration {
    didSet { lead.declared = configuration.lead }
  }
  /// What was learned of how long capacity takes.
  public private(set) var lead: LeadTime
  /// Minima as this value set them last, for objects that do not tell who set them.
  private var raised: [NamespacedName: Int] = [:]

  public init(configuration: Configuration = Configuration()) {
    self.configuration = configuration
    lead = LeadTime(declared: configuration.lead)
  }

  public mutating func reconcile(_ view: ClusterView, at now: Timestamp) -> [Change] {
    lead.observe(view)
    let context = PrescalingContext(view, configuration, lead, at: now)
    let steps = Self.steps(of: view.pushCampaigns.values.sorted { $0.key < $1.key }, context)
    return resizes(steps, view) + placeholders(steps, context) + minima(Self.wanted(steps.filter(\.raisesFloors)), view)
      + steps.flatMap(Self.report)
  }

  public mutating func observe(_ view: ClusterView) { lead.observe(view) }

  /// The answer to a push before anything is written: its floors, when they are ready, and at which pace to send
  /// until then. Nothing is changed.
  public func plan(_ campaign: PushCampaign, _ view: ClusterView, at now: Timestamp) -> PushCampaign.Status {
    var view = view
    view.pushCampaigns[campaign.key] = campaign
    let context = PrescalingContext(view, configuration, lead, at: now)
    return Self.steps(of: [campaign], context).first?.status ?? campaign.status
  }

  private static func steps(of campaigns: [PushCampaign], _ context: PrescalingContext) -> [CampaignStep] {
    var steps = campaigns.map { CampaignStep($0, context) }
    for index in steps.indices { steps[index].advance() }
    if steps.contains(where: \.asksForNodes) {
      let need = context.nodeNeed(for: wanted(steps))
      for index in steps.indices where steps[index].asksForNodes { steps[index].settle(need) }
    }
    for index in steps.indices { steps[index].conclude() }
    return steps
  }

  /// The greatest floor of each service over all pushes that hold one. Floors already count overlapping pushes.
  private static func wanted(_ steps: [CampaignStep]) -> [NamespacedName: Int] {
    var wanted: [NamespacedName: Int] = [:]
    for step in steps where step.phase.holdsFloors {
      for floor in step.status.floors {
        let key = NamespacedName(step.campaign.metadata.namespace, floor.service)
        wanted[key] = max(wanted[key] ?? 0, floor.replicas)
      }
    }
    return wanted
  }
}

extension PrescalingDecision {
  private func resizes(_ steps: [CampaignStep], _ view: ClusterView) -> [Change] {
    var sizes: [String: Int] = [:]
    for step in steps where step.phase.holdsFloors {
      for floor in step.status.nodeGroups { sizes[floor.group] = max(sizes[floor.group] ?? 0, floor.nodes) }
    }
    return sizes.sorted { $0.key < $1.key }.compactMap { name, nodes in
      guard let group = view.nodeGroups[name], group.target < min(nodes, group.maximum) else { return nil }
      return .resizeNodeGroup(name, to: min(nodes, group.maximum))
    }
  }

  /// Room is held for the floors of pushes that are being prepared, counted over all that hold one.
  private func placeholders(_ steps: [CampaignStep], _ context: PrescalingContext) -> [Change] {
    guard let headroom = configuration.headroom else { return [] }
    let preparing = Set(
      steps.filter { $0.phase == .preparing }.flatMap { step in
        step.status.floors.map { NamespacedName(step.campaign.metadata.namespace, $0.service) }
      })
    let wanted = Self.wanted(steps).filter { preparing.contains($0.key) }
    return HeadroomPlan(
      headroom: headroom, view: context.view, demands: context.demands(for: wanted),
      lacksRoom: steps.contains(where: \.lacksRoom)
    ).changes
  }

  private mutating func minima(_ wanted: [NamespacedName: Int], _ view: ClusterView) -> [Change] {
    for key in raised.keys where view.autoscalers[key] == nil { raised[key] = nil }
    var changes: [Change] = []
    for (key, autoscaler) in view.autoscalers.sorted(by: { $0.key < $1.key }) {
      let current = autoscaler.spec.minReplicas ?? 1
      let isOurs = MinimumReplicas.isOurs(autoscaler) ?? (raised[key] == current)
      guard autoscaler.metadata.deletionTimestamp == nil, wanted[key] != nil || isOurs else { continue }
      let declared = DeclaredMinimum.of(autoscaler, view.microservices[key])
      guard
        let target = MinimumReplicas.target(
          of: autoscaler, wanted: wanted[key], declared: declared, isOurs: isOurs)
      else { continue }
      raised[key] = target
      changes.append(MinimumReplicas.apply(target, to: autoscaler))
      let (reason, why) =
        target == declared
        ? ("FloorReturned", ", as declared")
        : target > current ? ("FloorRaised", " ahead of a push") : ("FloorLowered", "")
      changes.append(
        ObjectNote.change(
          about: autoscaler, reason: reason, message: "minReplicas \(current) → \(target)\(why)",
          component: Self.fieldManager))
    }
    return changes
  }

  private static func report(_ step: CampaignStep) -> [Change] {
    let campaign = step.campaign
    // Most stand as they were, and comparing is cheaper than writing both down.
    guard campaign.status != step.status,
      let patch = StatusPatch.change(
        of: campaign, from: campaign.status.json, to: step.status.json, fieldManager: fieldManager)
    else { return [] }
    var changes = [patch]
    if campaign.status.phase != step.status.phase {
      changes.append(
        ObjectNote.change(
          about: campaign, isWarning: step.isLimited || step.status.pacePerSecond != nil, reason: step.status.phase,
          message: step.status.message, component: fieldManager))
    }
    if let lack = step.status.conditions[CampaignStep.nodesAvailable], lack.status == "False",
      campaign.status.conditions[CampaignStep.nodesAvailable]?.status != "False"
    {
      changes.append(
        ObjectNote.change(
          about: campaign, isWarning: true, reason: "CapacityShort", message: lack.message, component: fieldManager))
    }
    return changes
  }
}
