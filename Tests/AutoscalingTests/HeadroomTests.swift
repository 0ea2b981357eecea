import Autoscaling
import Kubernetes
import Testing

/// Room made by placeholder pods, where nobody tells of node groups.
struct HeadroomTests {
  private static let headroom = PrescalingDecision.Headroom()
  private let audience = 525_000

  private func decision() -> PrescalingDecision {
    var configuration = PrescalingScene.configuration
    configuration.headroom = Self.headroom
    configuration.lead.node = 40
    return PrescalingDecision(configuration: configuration)
  }

  private func replicas(_ scene: PrescalingScene) -> [String: Int] {
    Dictionary(
      uniqueKeysWithValues: scene.placeholders.map {
        ($0.metadata.labels[PlaceholderLabel.service] ?? "", $0.spec.replicas ?? 0)
      })
  }

  @Test func nodesComeBeforeTheFloorsAndTheFloorsBeforeTheSend() {
    var scene = PrescalingScene(isForeign: true)
    var decision = decision()
    scene.announce("huge", in: 200, audience: audience)
    let sendAt = scene.now + 200
    let crowd = CampaignLoad(sendAt: sendAt, responses: 52_500, shape: PrescalingScene.shape)
    scene.edgeLoad = { 20 + crowd.load(at: $0) }
    scene.step(&decision)
    // 40 for a node, 8 for a pod, 10 of margin.
    #expect(scene.status("huge").startAt == sendAt - 58)
    #expect(scene.placeholders.isEmpty)

    while scene.status("huge").phase != "Preparing", scene.now < sendAt { scene.step(&decision) }
    // 30 gateways, 37 articles, 37 users are wanted, three of each are there.
    #expect(replicas(scene) == ["articles": 34, "gateway": 27, "users": 34])
    #expect(scene.minimum("gateway") == 3)
    #expect(scene.status("huge").readyAt.map { $0 < sendAt } == true)
    #expect(scene.status("huge").pacePerSecond == nil)

    var raisedAt: Timestamp?
    while scene.now < sendAt + -1 {
      scene.step(&decision)
      if raisedAt == nil, scene.minimum("gateway") > 3 { raisedAt = scene.now }
    }
    #expect(raisedAt.map { $0 < sendAt - 18 } == true, "floors waited for the nodes, not for the last moment")
    #expect(scene.status("huge").phase == "Ready")
    #expect((scene.ready("articles"), scene.ready("gateway"), scene.ready("users")) == (37, 30, 37))
    #expect(scene.placeholders.isEmpty)

    scene.steps(200, &decision)
    #expect(scene.status("huge").phase == "Released")
    for service in ["gateway", "articles", "users"] { #expect(scene.minimum(service) == 3) }
    #expect(scene.placeholders.isEmpty)
    #expect(decision.reconcile(scene.view, at: scene.now).isEmpty)
  }

  @Test func aSecondLookAndANewOperatorChangeNothing() {
    var scene = PrescalingScene(isForeign: true)
    var first = decision()
    scene.announce("huge", in: 50, audience: audience)
    scene.steps(3, &first)
    #expect(replicas(scene)["gateway"] == 27)
    let again = first.reconcile(scene.view, at: scene.now)
    #expect(again.isEmpty, "\(again)")
    var second = decision()
    let taken = second.reconcile(scene.view, at: scene.now)
    #expect(taken.isEmpty, "\(taken)")
  }

  @Test func whoComesAfterADeathFinishesTheWork() {
    for seconds in stride(from: 1, through: 130, by: 7) {
      var scene = PrescalingScene(isForeign: true)
      var first = decision()
      scene.announce("huge", in: 60, audience: audience)
      scene.steps(seconds, &first)
      var second = decision()
      scene.steps(70 - min(seconds, 70), &second)
      #expect(scene.minimum("gateway") >= 30 || seconds > 70, "died after \(seconds)")
      scene.steps(250, &second)
      #expect(scene.status("huge").phase == "Released", "died after \(seconds)")
      #expect(scene.placeholders.isEmpty, "died after \(seconds)")
      for service in ["gateway", "articles", "users"] { #expect(scene.minimum(service) == 3, "died after \(seconds)") }
    }
  }

  @Test func aSurprisePushRaisesAtOnceAndAsksForNodesBesides() {
    var scene = PrescalingScene(isForeign: true)
    var decision = decision()
    scene.announce("now", in: 0, audience: audience)
    scene.step(&decision)
    #expect(scene.minimum("gateway") == 30)
    #expect(scene.status("now").pacePerSecond != nil)
    #expect(scene.status("now").readyAt.map { $0 - scene.now >= 40 } == true)
    scene.steps(1, &decision)
    // The pods came at once here, so nothing is held beside them.
    #expect(scene.placeholders.allSatisfy { $0.spec.replicas == 0 } || scene.placeholders.isEmpty)
  }

  @Test func whatFindsRoomNeedsNoPlaceholder() {
    var scene = PrescalingScene(isForeign: true)
    var decision = decision()
    scene.announce("small", in: 30, audience: 20_000)
    scene.step(&decision)
    #expect(scene.status("small").phase == "Preparing")
    #expect(scene.placeholders.isEmpty)
    #expect(scene.minimum("gateway") > 2)
  }

  @Test func overlappingPushesAddUp() {
    var one = PrescalingScene(isForeign: true)
    var decision = decision()
    one.announce("a", in: 50, audience: audience)
    one.steps(2, &decision)
    let alone = replicas(one)["gateway"] ?? 0
    one.announce("b", in: 48, audience: audience)
    one.steps(2, &decision)
    #expect(replicas(one)["gateway"] ?? 0 > alone + 20)
  }

  @Test func cancellingTakesThePlaceholdersAway() {
    var scene = PrescalingScene(isForeign: true)
    var decision = decision()
    scene.announce("huge", in: 50, audience: audience)
    scene.steps(2, &decision)
    #expect(!scene.placeholders.isEmpty)
    scene.view.pushCampaigns[NamespacedName("news", "huge")]?.spec.cancelled = true
    scene.steps(2, &decision)
    #expect(scene.placeholders.isEmpty)
    #expect(scene.view.pods.values.allSatisfy { !PlaceholderLabel.isPlaceholder($0.metadata.labels) })
  }

  @Test func whereNoNodeComesTheSenderIsTold() {
    var scene = PrescalingScene(isForeign: true)
    scene.foreignNodesMax = 0
    var decision = decision()
    scene.announce("huge", in: 60, audience: audience)
    scene.steps(55, &decision)
    let status = scene.status("huge")
    #expect(status.conditions["NodesAvailable"]?.status == "False")
    #expect(status.conditions["NodesAvailable"]?.reason == "NodesMissing")
    #expect(status.pacePerSecond != nil)
    #expect(scene.minimum("gateway") == 30, "floors are raised in time all the same")
    let notes = scene.log.compactMap { entry in
      if case .record(let note) = entry.change, note.about.kind == "PushCampaign" { note.reason } else { nil }
    }
    #expect(notes.filter { $0 == "CapacityShort" }.count == 1)

    // Hope ends, and with it the push.
    scene.steps(300, &decision)
    #expect(scene.status("huge").phase == "Released")
    #expect(scene.minimum("gateway") == 3 && scene.placeholders.isEmpty)
  }

  @Test func whatWasLeftBehindGoes() throws {
    var scene = PrescalingScene(isForeign: true)
    var decision = decision()
    var orphan = Deployment()
    orphan.metadata = ObjectMeta(
      name: "headroom-gone", namespace: Self.headroom.namespace,
      labels: [PlaceholderLabel.placeholder: "true", PlaceholderLabel.service: "gone"])
    orphan.metadata.uid = "u"
    scene.view.deployments[orphan.key] = orphan
    let changes = decision.reconcile(scene.view, at: scene.now)
    #expect(changes == [.delete(Change.Target(orphan), uid: "u")])
  }
}
