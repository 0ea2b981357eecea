import Autoscaling
import Kubernetes
import Testing

/// The decision on views and the prescaler on counts are one algorithm: fed with the same days, they decide the same.
struct PrescalerFeederTests {
  private struct Counted {
    let keys: [NamespacedName]
    var prescaler: Prescaler

    init(_ view: ClusterView) {
      keys = view.microservices.keys.sorted()
      let services = keys.compactMap { key -> Prescaler.Service? in
        guard let service = view.microservices[key], let deployment = view.deployments[key],
          let autoscaler = view.autoscalers[key]
        else { return nil }
        return Prescaler.Service(service, deployment, autoscaler)
      }
      prescaler = Prescaler(configuration: PrescalingScene.configuration, services: services)
    }

    mutating func pass(_ view: ClusterView, _ lead: LeadTime, at now: Timestamp) -> Prescaler.Decisions {
      prescaler.lead = lead
      var fleet = NodeFleet(groups: Array(view.nodeGroups.values))
      for node in view.nodes.values.sorted(by: { $0.metadata.name < $1.metadata.name }) {
        fleet.addNode(NodeTraits(node), group: fleet.index(ofGroup: node.metadata.labels[WellKnown.nodeGroup] ?? ""))
      }
      for pod in view.pods.values where pod.isScheduled {
        if let node = fleet.snapshot.index(ofNode: pod.spec.nodeName) {
          fleet.snapshot.assume(PodInfo(pod), onNode: node)
        }
      }
      let waiting = view.pods.values.filter { !$0.isScheduled }.sorted { $0.key < $1.key }
      let campaigns = view.pushCampaigns.values.sorted { $0.key < $1.key }
      let before = fleet.snapshot.version
      defer { #expect(fleet.snapshot.version == before, "planning leaves the nodes as they are") }
      return prescaler.pass(
        campaigns, seen: keys.map { Self.seen($0, view) }, fleet: &fleet, waiting: BinPacking.Group.of(waiting),
        at: now)
    }

    private static func seen(_ key: NamespacedName, _ view: ClusterView) -> Prescaler.Seen {
      let pods = view.pods.values.filter { $0.metadata.labels[WellKnown.service] == key.name }
        .sorted { $0.key < $1.key }
      let rates = pods.compactMap { view.metrics.pods[$0.key]?.custom["requests_per_second"] }
      let autoscaler = view.autoscalers[key]
      return Prescaler.Seen(
        existing: pods.count, ready: pods.count(where: \.isReady), observed: rates.isEmpty ? nil : rates.reduce(0, +),
        minimum: autoscaler?.spec.minReplicas ?? 1, isRaised: autoscaler?.metadata.unknown["managedFields"] != nil)
    }
  }

  private static func sizes(_ changes: [Change]) -> [String] {
    changes.compactMap { change in
      if case .resizeNodeGroup(let group, let size) = change { "\(group) \(size)" } else { nil }
    }
  }

  private static func minima(_ changes: [Change]) -> [String] {
    changes.compactMap { change in
      guard case .patch(let target, .apply, let body, _, _) = change,
        target.resource == .horizontalPodAutoscalers
      else { return nil }
      return "\(target.name) \(body[path: ["spec", "minReplicas"]]?.integerValue ?? -1)"
    }
  }

  @Test(arguments: [(90.0, 90_000, 4), (20.0, 60_000, 4), (120.0, 200_000, 2)])
  func bothDecideTheSame(lead seconds: Double, audience: Int, spotMaximum: Int) {
    var scene = PrescalingScene(spotMaximum: spotMaximum, onDemandMaximum: 12)
    var decision = PrescalingDecision(configuration: PrescalingScene.configuration)
    var counted = Counted(scene.view)
    scene.announce("first", in: seconds, audience: audience)
    scene.announce("second", in: seconds + 60, audience: 10_000)
    var raised = 0
    for _ in 0..<300 {
      let now = scene.now + 1
      let changes = decision.reconcile(scene.view, at: now)
      let decisions = counted.pass(scene.view, decision.lead, at: now)
      let groups = scene.view.nodeGroups.keys.sorted()
      #expect(decisions.sizes.map { "\(groups[$0.group]) \($0.nodes)" } == Self.sizes(changes))
      #expect(decisions.minima.map { "\(counted.keys[$0.service].name) \($0.replicas)" } == Self.minima(changes))
      raised += decisions.minima.count
      // The scene takes its own look at the same moment, with the same outcome.
      scene.step(&decision)
      let statuses = scene.view.pushCampaigns.values.sorted { $0.key < $1.key }.map(\.status)
      #expect(decisions.statuses == statuses)
    }
    #expect(raised > 6)
    #expect(scene.status("second").phase == PushCampaign.Phase.released.rawValue)
  }
}
