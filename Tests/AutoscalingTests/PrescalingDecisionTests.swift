import Autoscaling
import Kubernetes
import Testing

struct PrescalingDecisionTests {
  private func decision() -> PrescalingDecision { PrescalingDecision(configuration: PrescalingScene.configuration) }

  private func notes(_ scene: PrescalingScene, about kind: String = "PushCampaign") -> [String] {
    scene.log.compactMap { entry in
      if case .record(let note) = entry.change, note.about.kind == kind { note.reason } else { nil }
    }
  }

  /// 52,500 people, 10 % of whom open: 100 a second at the edge while it holds, on top of the scene's 20.
  private let audience = 52_500

  @Test func aPlannedPushIsReadyBeforeItIsSentAndGivenBackAfter() {
    var scene = PrescalingScene()
    var decision = decision()
    scene.announce("breaking", in: 300, audience: audience)
    let sendAt = scene.now + 300
    let crowd = CampaignLoad(sendAt: sendAt, responses: 5250, shape: PrescalingScene.shape)
    scene.edgeLoad = { 20 + crowd.load(at: $0) }
    scene.step(&decision)
    #expect(scene.status("breaking").phase == "Planned")
    #expect(scene.status("breaking").startAt == sendAt - 48)
    #expect(scene.minimum("gateway") == 3)
    // ceil(120 / 35), ceil(120 / 28), ceil(240 / 56); ranking is not reached.
    #expect(scene.status("breaking").floors.map(\.service) == ["articles", "gateway", "users"])
    #expect(scene.status("breaking").floors.map(\.replicas) == [5, 4, 5])
    #expect(scene.status("breaking").floors.map(\.declared) == [3, 3, 3])
    #expect(scene.status("breaking").floors.map(\.peakLoad) == [100, 100, 200])

    scene.steps(298, &decision)
    #expect(scene.now < sendAt)
    #expect(scene.status("breaking").phase == "Ready")
    #expect(scene.status("breaking").readyAt.map { $0 < sendAt } == true)
    #expect((scene.ready("articles"), scene.ready("gateway"), scene.ready("users")) == (5, 4, 5))
    #expect(scene.minimum("articles") == 5)
    #expect(scene.minimum("ranking") == 3)

    scene.steps(3, &decision)
    #expect(scene.status("breaking").phase == "Active")
    for _ in 0..<120 {
      scene.step(&decision)
      let load = scene.edgeLoad(scene.now)
      #expect(Double(scene.ready("articles")) * 40 >= load)
      #expect(Double(scene.ready("users")) * 80 >= 2 * load)
    }
    #expect(scene.status("breaking").phase == "Released")
    #expect(scene.status("breaking").releasedAt != nil)
    #expect(scene.status("breaking").nodeGroups.isEmpty)
    for service in ["gateway", "articles", "users", "ranking"] { #expect(scene.minimum(service) == 3) }
    #expect(notes(scene) == ["Planned", "Preparing", "Ready", "Active", "Releasing", "Released"])
    let quiet = decision.reconcile(scene.view, at: scene.now + 1)
    #expect(quiet.isEmpty)
  }

  @Test func nodesAreAskedForFirstSpotBeforeOnDemand() {
    var scene = PrescalingScene()
    var decision = decision()
    scene.announce("huge", in: 200, audience: 10 * audience)
    let sendAt = scene.now + 200
    scene.steps(199, &decision)
    // 30 gateways, 37 articles, 37 users of half a core; eight on a node, the spot group ends at four.
    let acts = scene.log.filter { entry in
      switch entry.change {
      case .resizeNodeGroup, .patch(_, .apply, _, _, _): true
      default: false
      }
    }
    #expect(Set(acts.map(\.at)).count == 1)
    let first = acts.prefix(2).map(\.change)
    #expect(first.last == .resizeNodeGroup("spot", to: 4))
    guard case .resizeNodeGroup("on-demand", let size) = first.first else { Issue.record("\(first)"); return }
    #expect(size == 10)
    #expect(acts.dropFirst(2).allSatisfy { if case .patch = $0.change { true } else { false } })
    #expect(scene.status("huge").nodeGroups.map(\.nodes) == [10, 4])
    #expect(scene.status("huge").phase == "Ready")
    #expect(scene.now < sendAt)
    #expect(scene.status("huge").pacePerSecond == nil)
  }

  @Test func theSameViewTwiceChangesNothing() {
    var scene = PrescalingScene()
    var decision = decision()
    scene.announce("breaking", in: 100, audience: audience)
    for _ in 0..<260 {
      scene.step(&decision)
      var copy = decision
      let again = copy.reconcile(scene.view, at: scene.now)
      // What the world did meanwhile may be reported, but nothing is asked for twice.
      #expect(again.allSatisfy { if case .patch(_, .merge, _, "status", _) = $0 { true } else { isNote($0) } })
      for change in again { scene.take(change) }
      #expect(copy.reconcile(scene.view, at: scene.now).filter { !isNote($0) }.count <= again.count)
    }
    #expect(scene.status("breaking").phase == "Released")
  }

  private func isNote(_ change: Change) -> Bool { if case .record = change { true } else { false } }

  @Test func announcedAgainItIsTheSame() {
    var scene = PrescalingScene()
    var decision = decision()
    scene.announce("breaking", in: 100, audience: audience)
    let campaign = scene.view.pushCampaigns[NamespacedName("news", "breaking")]
    scene.steps(80, &decision)
    let before = scene.log.count
    let spec = campaign?.spec ?? .init()
    scene.view.pushCampaigns[NamespacedName("news", "breaking")]?.spec = spec
    scene.step(&decision)
    #expect(scene.log.count == before)
  }

  @Test func overlappingPushesAddUpAndEachGivesItsPartBack() {
    var scene = PrescalingScene()
    var decision = decision()
    scene.announce("one", in: 100, audience: audience)
    scene.announce("two", in: 110, audience: audience)
    scene.steps(95, &decision)
    // 20 + 100 + 100 requests a second.
    #expect(scene.floor("one", "articles") == 8)
    #expect(scene.floor("two", "articles") == 8)
    #expect(scene.minimum("articles") == 8)
    #expect(scene.minimum("users") == 8)
    scene.view.pushCampaigns[NamespacedName("news", "two")]?.spec.cancelled = true
    scene.steps(3, &decision)
    #expect(scene.status("two").phase == "Cancelled")
    #expect(scene.minimum("articles") == 5)
    scene.steps(150, &decision)
    #expect(scene.status("one").phase == "Released")
    #expect(scene.minimum("articles") == 3)
  }

  @Test func cancelledOrDeletedEverythingIsGivenBackAtOnce() {
    for isDeleted in [false, true] {
      var scene = PrescalingScene()
      var decision = decision()
      scene.announce("breaking", in: 60, audience: audience)
      scene.steps(40, &decision)
      #expect(scene.minimum("articles") == 5)
      if isDeleted {
        scene.view.pushCampaigns = [:]
      } else {
        scene.view.pushCampaigns[NamespacedName("news", "breaking")]?.spec.cancelled = true
      }
      // By another operator, which knows nothing but the objects.
      decision = self.decision()
      scene.step(&decision)
      for service in ["gateway", "articles", "users"] { #expect(scene.minimum(service) == 3) }
      #expect(decision.reconcile(scene.view, at: scene.now + 1).filter { !isNote($0) }.count <= (isDeleted ? 0 : 1))
    }
  }

  @Test func aMinimumThatSomebodyElseSetIsLeftAlone() {
    var scene = PrescalingScene()
    var decision = decision()
    let ranking = NamespacedName("news", "ranking")
    let articles = NamespacedName("news", "articles")
    scene.view.autoscalers[ranking]?.spec.minReplicas = 9
    scene.view.autoscalers[ranking]?.metadata.unknown["managedFields"] = [
      ["manager": "kubectl-edit", "fieldsV1": ["f:spec": ["f:minReplicas": [:]]]]
    ]
    scene.view.autoscalers[articles]?.spec.minReplicas = 20
    scene.announce("breaking", in: 60, audience: audience)
    scene.steps(250, &decision)
    #expect(scene.status("breaking").phase == "Released")
    #expect(scene.minimum("ranking") == 9)
    #expect(scene.minimum("articles") == 20)
  }

  @Test func aChangedDeclarationIsFollowedAfterThePush() {
    var scene = PrescalingScene()
    var decision = decision()
    let articles = NamespacedName("news", "articles")
    func declare(_ minimum: Int) {
      scene.view.autoscalers[articles]?.metadata.annotations["sakigake.dev/min-replicas"] = "\(minimum)"
    }
    scene.announce("breaking", in: 60, audience: audience)
    scene.steps(40, &decision)
    #expect(scene.minimum("articles") == 5)
    declare(4)
    scene.steps(200, &decision)
    #expect(scene.status("breaking").phase == "Released")
    #expect(scene.minimum("articles") == 4)
    // What nobody else has set since is still the prescaler's, for one that was not there either.
    for (minimum, isNew) in [(7, false), (2, false), (6, true), (3, true)] {
      declare(minimum)
      if isNew { decision = self.decision() }
      scene.step(&decision)
      #expect(scene.minimum("articles") == minimum)
      #expect(decision.reconcile(scene.view, at: scene.now + 1).isEmpty)
    }
    // The API takes no minimum above the maximum, so none is asked for.
    declare(90)
    scene.step(&decision)
    #expect(scene.minimum("articles") == 60)
    #expect(decision.reconcile(scene.view, at: scene.now + 1).isEmpty)
  }

  @Test func aDeclarationAboveTheFloorIsTakenWhileThePushIsOn() {
    var scene = PrescalingScene()
    var decision = decision()
    let articles = NamespacedName("news", "articles")
    scene.announce("breaking", in: 60, audience: audience)
    scene.steps(40, &decision)
    #expect(scene.minimum("articles") == 5)
    scene.view.autoscalers[articles]?.metadata.annotations["sakigake.dev/min-replicas"] = "8"
    scene.step(&decision)
    #expect(scene.minimum("articles") == 8)
  }

  @Test func whatIsNotItsOwnIsNotFollowed() {
    var scene = PrescalingScene()
    var decision = decision()
    scene.announce("breaking", in: 60, audience: audience)
    let ranking = NamespacedName("news", "ranking")
    scene.view.autoscalers[ranking]?.metadata.annotations["sakigake.dev/min-replicas"] = "9"
    scene.steps(250, &decision)
    #expect(scene.status("breaking").phase == "Released")
    #expect(scene.minimum("ranking") == 3)
  }

  @Test(arguments: [1, 30, 55, 75, 101, 120, 148, 160, 170])
  func anOperatorThatRestartsGoesOn(_ moment: Int) {
    var scene = PrescalingScene()
    var decision = decision()
    scene.announce("breaking", in: 100, audience: audience)
    scene.steps(moment, &decision)
    decision = self.decision()
    let before = (0...3).map { scene.minimum(["gateway", "articles", "users", "ranking"][$0]) }
    scene.step(&decision)
    let after = (0...3).map { scene.minimum(["gateway", "articles", "users", "ranking"][$0]) }
    // A floor may be due exactly now, but none falls early.
    if moment < 145 { #expect(zip(before, after).allSatisfy { $0 <= $1 }) }
    scene.steps(max(98 - moment, 0), &decision)
    if moment < 98 {
      #expect(scene.status("breaking").phase == "Ready")
      #expect(scene.ready("articles") == 5)
    }
    scene.steps(120, &decision)
    #expect(scene.status("breaking").phase == "Released")
    for service in ["gateway", "articles", "users"] { #expect(scene.minimum(service) == 3) }
  }

  @Test func aSurpriseIsAnsweredWithWhenAndAtWhichPace() {
    let scene = PrescalingScene()
    let campaign = PrescalingScene.campaign("surprise", sendAt: scene.now, audience: 4 * audience)
    let status = decision().plan(campaign, scene.view, at: scene.now)
    #expect(status.phase == "Preparing")
    // A node boots in 30 s, a pod is ready 8 s after.
    #expect(status.readyAt == scene.now + 38)
    // Three articles take 3 × 40 × 0.7 = 84 a second, less the 20 that are there; a tenth of the recipients opens.
    #expect(status.sendRate == 64)
    #expect(status.pacePerSecond == 640)
    #expect(status.message.contains("38 s after the send"))
    #expect(status.message.contains("at most 640 notifications a second"))
    #expect(status.nodeGroups.map(\.group).contains("spot"))
  }

  @Test func aSurpriseThatWaitsIsHeldUntilItsOwnEnd() {
    var scene = PrescalingScene()
    var decision = decision()
    scene.announce("surprise", in: 0, audience: audience)
    scene.steps(45, &decision)
    #expect(scene.status("surprise").phase == "Active")
    let readyAt = scene.status("surprise").readyAt ?? scene.now
    #expect(readyAt > PrescalingScene.begin)
    while scene.now < readyAt + 45 {
      scene.step(&decision)
      #expect(scene.minimum("articles") == 5 || scene.now > readyAt + 45)
    }
    scene.steps(60, &decision)
    #expect(scene.status("surprise").phase == "Released")
  }

  @Test func aMaximumThatIsTooSmallIsSaidWithThePace() {
    var scene = PrescalingScene()
    var decision = decision()
    let articles = NamespacedName("news", "articles")
    scene.view.autoscalers[articles]?.spec.maxReplicas = 6
    scene.announce("big", in: 100, audience: 4 * audience)
    scene.steps(95, &decision)
    #expect(scene.floor("big", "articles") == 6)
    #expect(scene.status("big").phase == "Ready")
    #expect(scene.status("big").message.contains("articles needs 15 pods and may have 6"))
    // 6 × 28 − 20
    #expect(scene.status("big").sendRate == 148)
    #expect(scene.status("big").pacePerSecond == 1480)
  }

  @Test func fullNodeGroupsAreSaidWithThePace() {
    let scene = PrescalingScene(spotMaximum: 3, onDemandMaximum: 0)
    let status = decision().plan(
      PrescalingScene.campaign("big", sendAt: scene.now + 20, audience: 10 * audience), scene.view, at: scene.now)
    #expect(status.conditions["NodesAvailable"]?.status == "False")
    #expect(status.message.contains("no node group may grow further"))
    #expect(status.pacePerSecond != nil)
    #expect(status.nodeGroups.map(\.nodes) == [3])
  }

  @Test func whatCannotBePlannedIsSaid() {
    var scene = PrescalingScene()
    var decision = decision()
    for campaign in [
      PrescalingScene.campaign("timeless", sendAt: nil, audience: 1),
      PrescalingScene.campaign("empty", sendAt: scene.now + 10, audience: 0),
      PrescalingScene.campaign("missed", sendAt: scene.now - 1000, audience: audience),
    ] { scene.view.pushCampaigns[campaign.key] = campaign }
    scene.steps(3, &decision)
    #expect(scene.status("timeless").message.contains("sendAt"))
    #expect(scene.status("empty").message.contains("audience"))
    #expect(scene.status("missed").phase == "Released")
    #expect(scene.status("missed").message.contains("too late"))
    #expect(scene.minimum("articles") == 3)
    #expect(decision.reconcile(scene.view, at: scene.now).isEmpty)
  }

  @Test func anUnknownCapacityKeepsTheMaximumReady() {
    var scene = PrescalingScene()
    scene.view.microservices[NamespacedName("news", "users")]?.spec.capacity = nil
    let campaign = PrescalingScene.campaign("breaking", sendAt: scene.now + 300, audience: audience)
    let status = decision().plan(campaign, scene.view, at: scene.now)
    #expect(status.floors.first { $0.service == "users" }?.replicas == 60)
    #expect(status.message.contains("what a pod of users can take is not declared"))
    scene.view.microservices[NamespacedName("news", "users")]?.spec.scale.on = [["requestsPerSecond": 60]]
    let better = decision().plan(campaign, scene.view, at: scene.now)
    #expect(better.floors.first { $0.service == "users" }?.replicas == 4)
  }

  @Test func floorsStayAboveWhatIsObserved() {
    var scene = PrescalingScene()
    var decision = decision()
    scene.announce("breaking", in: 60, audience: audience)
    scene.steps(60, &decision)
    // The crowd stays three times as long as expected.
    let until = scene.now + 200
    scene.edgeLoad = { $0 < until ? 120 : 20 }
    while scene.now < until {
      scene.step(&decision)
      if scene.status("breaking").phase != "Released" { #expect(scene.minimum("articles") >= 5) }
      if scene.now < until { #expect(scene.ready("articles") >= 5) }
    }
    scene.steps(60, &decision)
    #expect(scene.status("breaking").phase == "Released")
    #expect(scene.minimum("articles") == 3)
  }

  @Test func aPreviewTakesUnderAMillisecond() {
    let scene = PrescalingScene()
    let decision = decision()
    let campaign = PrescalingScene.campaign("surprise", sendAt: scene.now, audience: 4 * audience)
    let clock = ContinuousClock()
    let times = (0..<50).map { _ in clock.measure { _ = decision.plan(campaign, scene.view, at: scene.now) } }.sorted()
    // Debug builds are some ten times slower than what is shipped.
    #expect(times[25] < .milliseconds(20), "\(times[25])")
  }
}
