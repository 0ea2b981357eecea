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
    let steps = CampaignStep.all(of: Array(view.pushCampaigns.values), context) { NodeNeed($0, in: view) }
    let wanted = CampaignStep.minima(steps)
    return CampaignStep.resizes(steps, view.nodeGroups).map { .resizeNodeGroup($0.group, to: $0.nodes) }
      + placeholders(steps, context, view) + minima(wanted, view) + steps.flatMap(Self.report)
  }

  public mutating func observe(_ view: ClusterView) { lead.observe(view) }

  /// The answer to a push before anything is written: its floors, when they are ready, and at which pace to send
  /// until then. Nothing is changed.
  public func plan(_ campaign: PushCampaign, _ view: ClusterView, at now: Timestamp) -> PushCampaign.Status {
    var view = view
    view.pushCampaigns[campaign.key] = campaign
    let context = PrescalingContext(view, configuration, lead, at: now)
    let steps = CampaignStep.all(of: [campaign], context) { NodeNeed($0, in: view) }
    return steps.first?.status ?? campaign.status
  }
}

extension PrescalingDecision {
  /// Room is held for the floors of pushes that are being prepared, counted over all that hold one.
  private func placeholders(_ steps: [CampaignStep], _ context: PrescalingContext, _ view: ClusterView) -> [Change] {
    guard let headroom = configuration.headroom else { return [] }
    let preparing = Set(
      steps.filter { $0.phase == .preparing }.flatMap { step in
        step.status.floors.map { NamespacedName(step.campaign.metadata.namespace, $0.service) }
      })
    let wanted = CampaignStep.wanted(steps).filter { preparing.contains($0.key) }
    return HeadroomPlan(
      headroom: headroom, view: view, demands: context.demands(for: wanted),
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
          from: current, maximum: autoscaler.spec.maxReplicas, wanted: wanted[key], declared: declared, isOurs: isOurs)
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
