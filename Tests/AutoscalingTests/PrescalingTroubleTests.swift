import Autoscaling
import Kubernetes
import Testing

/// What the prescaler says and does when capacity is lost, refused, or about to go.
@Suite struct PrescalingTroubleTests {
  private let audience = 42_000
  private func decision() -> PrescalingDecision { PrescalingDecision(configuration: PrescalingScene.configuration) }

  @Test func nodesThatTheCloudRefusesAreSaidBeforeTheSend() {
    var scene = PrescalingScene()
    var decision = decision()
    scene.announce("big", in: 100, audience: 10 * audience)
    var decided = false
    while !decided, scene.status("big").phase != "Ready" {
      scene.step(&decision)
      decided = scene.status("big").phase == "Preparing"
    }
    let before = scene.status("big")
    #expect(before.pacePerSecond == nil)
    // Two of spot's four are there; there are no others, and on demand has as many as it may.
    scene.view.nodeGroups["spot"]?.refused = 2
    let onDemand = scene.view.nodeGroups["on-demand"]?.target ?? 0
    scene.view.nodeGroups["on-demand"]?.maximum = onDemand
    scene.step(&decision)
    let status = scene.status("big")
    #expect(status.conditions["NodesAvailable"]?.reason == "CloudShort")
    #expect(status.pacePerSecond != nil)
    #expect(status.message.contains("the cloud has no further nodes"))
  }

  @Test func whatSpotRefusesIsAskedForOnDemand() {
    var scene = PrescalingScene()
    var decision = decision()
    scene.announce("big", in: 100, audience: 10 * audience)
    while scene.status("big").phase != "Preparing" { scene.step(&decision) }
    let asked = scene.view.nodeGroups["on-demand"]?.target ?? 0
    scene.view.nodeGroups["spot"]?.refused = 2
    scene.step(&decision)
    #expect(scene.view.nodeGroups["on-demand"]?.target == asked + 2)
  }

  @Test func capacityThatIsLostWhileRecipientsAnswerIsSaidAtOnce() {
    var scene = PrescalingScene()
    var decision = decision()
    scene.announce("breaking", in: 60, audience: audience)
    while scene.status("breaking").phase != "Active" { scene.step(&decision) }
    #expect(scene.status("breaking").conditions["Ready"]?.isTrue == true)
    for pod in scene.view.pods.values.filter({ $0.metadata.name.hasPrefix("articles") }).prefix(5) {
      scene.view.removePod(pod.key)
    }
    scene.step(&decision)
    let status = scene.status("breaking")
    #expect(status.conditions["Ready"]?.reason == "CapacityLost")
    #expect(status.message.contains("capacity was lost"))
    #expect(status.pacePerSecond != nil)
    scene.steps(15, &decision)
    #expect(scene.status("breaking").conditions["Ready"]?.isTrue == true)
    #expect(scene.status("breaking").pacePerSecond == nil)
  }

  @Test func podsOnNodesThatGoDoNotCountAndOthersAreMadeFirst() {
    var scene = PrescalingScene()
    var decision = decision()
    scene.announce("breaking", in: 60, audience: audience)
    while scene.status("breaking").phase != "Ready" { scene.step(&decision) }
    let articles = NamespacedName("news", "articles")
    let minimum = scene.view.autoscalers[articles]?.spec.minReplicas ?? 0
    guard var node = scene.view.nodes.values.max(by: { left, right in
      scene.view.pods(onNode: left.metadata.name).count < scene.view.pods(onNode: right.metadata.name).count
    }) else { return }
    let leaving = scene.view.pods(onNode: node.metadata.name).count {
      $0.metadata.labels[WellKnown.service] == "articles"
    }
    #expect(leaving > 0)
    node.metadata.annotations[Node.endsAtAnnotation] = (scene.now + 120).description
    node.spec.unschedulable = true
    scene.view.set(node)
    scene.step(&decision)
    #expect(scene.status("breaking").phase == "Preparing")
    #expect(scene.view.autoscalers[articles]?.spec.minReplicas == minimum + leaving)
  }

  @Test func podsThatMayBeAnywhereAreMadeAfterThoseThatMayNot() {
    var scene = PrescalingScene()
    let users = NamespacedName("news", "users")
    scene.view.deployments[users]?.spec.template.spec.nodeSelector = [WellKnown.capacityType: "on-demand"]
    var decision = decision()
    scene.announce("huge", in: 200, audience: 10 * audience)
    while scene.status("huge").phase != "Preparing" { scene.step(&decision) }
    func minimum(_ service: String) -> Int {
      scene.view.autoscalers[NamespacedName("news", service)]?.spec.minReplicas ?? 0
    }
    #expect(minimum("users") > 3)
    #expect(minimum("gateway") == 3)
    #expect(scene.status("huge").conditions["FloorsRaised"]?.status == "False")
    while scene.status("huge").phase == "Preparing" { scene.step(&decision) }
    #expect(minimum("gateway") > 3)
    #expect(scene.status("huge").phase == "Ready")
  }
}
