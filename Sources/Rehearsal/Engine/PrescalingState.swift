import Autoscaling
import Kubernetes

/// The prescaler of a rehearsal, and the pushes that were announced to it.
struct PrescalingState {
  var prescaler: Prescaler
  /// In the order in which they were announced.
  var campaigns: [PushCampaign] = []
  /// Whether another look is on its way.
  var isLooking = false

  init(_ scenario: Scenario) {
    prescaler = Prescaler(
      configuration: scenario.prescaling,
      services: scenario.services.map { .init($0.microservice, $0.deployment, $0.autoscaler) })
  }

  /// Those that are not over.
  var live: [PushCampaign] { campaigns.filter { PushCampaign.Phase(rawValue: $0.status.phase)?.isOver != true } }
  var hasLiveCampaigns: Bool { !live.isEmpty }
}
