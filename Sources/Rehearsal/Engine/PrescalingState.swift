import Autoscaling
import Kubernetes

/// The prescaler of a rehearsal, and the cluster as it sees it: kept up to date only while there is a push to look at.
struct PrescalingState {
  var decision: PrescalingDecision
  var view = ClusterView()
  /// What differs from the view: of pods and nodes, the rehearsal's numbers.
  var touchedPods: Set<Int> = []
  var touchedNodes: Set<Int> = []
  var isLooking = false
  /// Which service each key is.
  let indices: [NamespacedName: Int]

  init(_ scenario: Scenario) {
    decision = PrescalingDecision(configuration: scenario.prescaling)
    indices = Dictionary(
      scenario.services.enumerated().map { ($1.key, $0) }, uniquingKeysWith: { first, _ in first })
    for service in scenario.services {
      view.microservices[service.key] = service.microservice
      view.deployments[service.key] = service.deployment
      view.autoscalers[service.key] = service.autoscaler
    }
    for group in scenario.cloud.groups { view.nodeGroups[group.name] = group }
  }

  mutating func setReplicas(_ replicas: Int, of service: NamespacedName) {
    view.deployments[service]?.spec.replicas = replicas
  }

  mutating func setTarget(_ group: NodeGroup) { view.nodeGroups[group.name] = group }

  var hasLiveCampaigns: Bool {
    view.pushCampaigns.values.contains { PushCampaign.Phase(rawValue: $0.status.phase)?.isOver != true }
  }
}
