import Autoscaling
import Kubernetes
import Testing

@Suite struct NodesScaleUpTests {
  @Test func growsByWhatThePodsNeed() {
    var world = NodesFixture()
    world.addGroup("g", nodes: 1)
    world.addPending(7)
    // Two fit on the node that is there; five need three more.
    #expect(NodesFixture.resizes(world.pass()) == ["g": 4])
  }

  @Test func doesNotAskTwice() {
    var world = NodesFixture()
    world.addGroup("g")
    world.addPending(4)
    let first = world.pass()
    #expect(NodesFixture.resizes(first) == ["g": 2])
    // The view has not caught up, …
    #expect(world.pass(after: 1).isEmpty)
    for change in first { world.carryOut(change) }
    // … now it has, …
    #expect(world.pass(after: 1).isEmpty)
    // … a node registers, …
    world.register("g-0", in: "g", isReady: false, at: world.now)
    #expect(world.pass(after: 30).isEmpty)
    // … and more pods come than are on their way.
    world.addPending(6, owner: "more")
    #expect(NodesFixture.resizes(world.pass(after: 1)) == ["g": 5])
  }

  @Test func aRestartChangesNothing() {
    var world = NodesFixture()
    world.addGroup("g")
    world.addPending(4)
    for change in world.pass() { world.carryOut(change) }
    world.decision = NodeAutoscalingDecision()
    #expect(world.pass(after: 1).isEmpty)
  }

  @Test func neverBeyondTheMaximum() {
    var world = NodesFixture()
    world.addGroup("g", nodes: 2, maximum: 3)
    world.addPending(50)
    #expect(NodesFixture.resizes(world.pass()) == ["g": 3])
    world.view.nodeGroups["g"]?.target = 3
    #expect(NodesFixture.resizes(world.pass(after: 60)).isEmpty)
  }

  @Test func theLimitOfOnePass() {
    var world = NodesFixture { $0.maxNodesPerScaleUp = 4 }
    world.addGroup("g", maximum: 100)
    world.addPending(50)
    #expect(NodesFixture.resizes(world.pass()) == ["g": 4])
  }

  @Test func theCheapestThatFits() {
    var world = NodesFixture()
    world.addGroup("dear", cpu: 1000, price: 2)
    world.addGroup("cheap", cpu: 1000, price: 1)
    world.addGroup("large", cpu: 8000, price: 9)
    world.addPending(2)
    #expect(NodesFixture.resizes(world.pass()) == ["cheap": 1])
    world.addPending(1, cpu: 4000, owner: "big")
    #expect(NodesFixture.resizes(world.pass(after: 1)) == ["large": 1])
  }

  @Test func leastWasteIsAnotherWay() {
    var world = NodesFixture { $0.expander = .leastWaste }
    world.addGroup("roomy", cpu: 4000, price: 1)
    world.addGroup("tight", cpu: 1000, price: 3)
    world.addPending(2)
    #expect(NodesFixture.resizes(world.pass()) == ["tight": 1])
  }

  static func wantsCapacity(_ type: String, isRequired: Bool) -> (inout Pod) -> Void {
    { pod in
      let requirement = LabelRequirement(key: WellKnown.capacityType, op: .in, values: [type])
      var affinity = NodeAffinity()
      if isRequired {
        affinity.required = NodeSelector()
        affinity.required?.nodeSelectorTerms = [NodeSelectorTerm()]
        affinity.required?.nodeSelectorTerms[0].matchExpressions = [requirement]
      } else {
        var term = PreferredNodeTerm()
        term.weight = 100
        term.preference.matchExpressions = [requirement]
        affinity.preferred = [term]
      }
      pod.spec.affinity = Affinity()
      pod.spec.affinity?.nodeAffinity = affinity
    }
  }

  @Test func spotOnlyWherePodsMayRunThere() {
    var world = NodesFixture()
    world.addGroup("spot", isSpot: true, price: 0.3)
    world.addGroup("steady", price: 1)
    world.addPending(2, owner: "any", Self.wantsCapacity("spot", isRequired: false))
    world.addPending(2, owner: "steady", Self.wantsCapacity("on-demand", isRequired: true))
    #expect(NodesFixture.resizes(world.pass()) == ["spot": 1, "steady": 1])
  }

  @Test func preferenceGoesBeforePrice() {
    var world = NodesFixture()
    world.addGroup("spot", isSpot: true, price: 2)
    world.addGroup("steady", price: 1)
    world.addPending(2, Self.wantsCapacity("spot", isRequired: false))
    #expect(NodesFixture.resizes(world.pass()) == ["spot": 1])
  }

  @Test func onDemandWhereSpotIsAtItsEnd() {
    var world = NodesFixture()
    world.addGroup("spot", maximum: 1, isSpot: true, price: 0.3)
    world.addGroup("steady", price: 1)
    world.addPending(6, Self.wantsCapacity("spot", isRequired: false))
    #expect(NodesFixture.resizes(world.pass()) == ["spot": 1, "steady": 2])
  }

  @Test func onDemandWhereSpotDoesNotDeliver() {
    var world = NodesFixture()
    world.addGroup("spot", isSpot: true, price: 0.3)
    world.addGroup("steady", price: 1)
    world.addPending(2)
    for change in world.pass() { world.carryOut(change) }
    #expect(world.view.nodeGroups["spot"]?.target == 1)
    #expect(world.pass(after: 890).isEmpty)
    let changes = world.pass(after: 20)
    #expect(NodesFixture.resizes(changes) == ["spot": 0, "steady": 1])
    for change in changes { world.carryOut(change) }
    // In its back-off the group is not asked again, after it it is.
    world.addPending(2, owner: "later")
    #expect(NodesFixture.resizes(world.pass(after: 60)) == ["steady": 2])
    world.view.nodeGroups["steady"]?.target = 2
    world.addPending(2, owner: "muchLater")
    #expect(NodesFixture.resizes(world.pass(after: 300)) == ["spot": 1])
  }

  @Test func aHeldGroupIsNotTakenBackButNotCountedOn() {
    var world = NodesFixture()
    world.addGroup("spot", isSpot: true, price: 0.3)
    world.addGroup("steady", price: 1)
    world.hold("spot", 2)
    world.view.nodeGroups["spot"]?.target = 2
    world.addPending(2)
    #expect(world.pass().isEmpty)
    #expect(NodesFixture.resizes(world.pass(after: 910)) == ["steady": 1])
  }

  @Test func similarGroupsGrowEvenly() {
    var world = NodesFixture()
    for zone in ["a", "b", "c"] { world.addGroup("g-\(zone)", nodes: zone == "a" ? 2 : 0, zone: zone) }
    world.addPending(14)
    // Two nodes' room is there; five more make the sizes 3, 2, 2.
    #expect(NodesFixture.resizes(world.pass()) == ["g-a": 3, "g-b": 2, "g-c": 2])
  }

  @Test func spreadOverZonesGrowsEveryZone() {
    var world = NodesFixture()
    for zone in ["a", "b", "c"] { world.addGroup("g-\(zone)", zone: zone) }
    world.addPending(12) { $0.spec.topologySpreadConstraints = [SchedulingFixture.spread(WellKnown.zone)] }
    #expect(NodesFixture.resizes(world.pass()) == ["g-a": 2, "g-b": 2, "g-c": 2])
  }

  @Test func whatDaemonsTakeIsNotThere() {
    var world = NodesFixture()
    world.addGroup("g", nodes: 1)
    world.add(
      SchedulingFixture.pod("agent", cpu: 100, on: "g-0", owner: "agent") {
        $0.metadata.ownerReferences[0].kind = "DaemonSet"
      })
    world.addPending(4)
    // One pod a node beside the agent.
    #expect(NodesFixture.resizes(world.pass()) == ["g": 4])
  }

  @Test func podsThatDoNotCount() {
    var world = NodesFixture { $0.newPodScaleUpDelaySeconds = 60 }
    world.addGroup("g")
    world.addPending(1, owner: "young") { $0.metadata.creationTimestamp = SchedulingFixture.start - 10 }
    world.addPending(1, owner: "ending") { $0.metadata.deletionTimestamp = SchedulingFixture.start }
    world.addPending(1, owner: "expendable") { $0.spec.priority = -100 }
    world.addPending(1, owner: "foreign") { $0.spec.schedulerName = "other" }
    #expect(world.pass().isEmpty)
    #expect(NodesFixture.resizes(world.pass(after: 60)) == ["g": 1])
  }

  @Test func saysWhyNothingHelps() {
    var world = NodesFixture()
    world.addGroup("g", maximum: 0)
    world.addGroup("small", cpu: 100)
    world.addPending(1)
    let changes = world.pass()
    guard case .record(let note)? = changes.last else {
      Issue.record("no event in \(changes)")
      return
    }
    #expect(note.reason == "NotTriggerScaleUp")
    #expect(note.message == "pod didn't trigger scale-up: 1 Insufficient cpu, 1 max node group size reached")
    #expect(world.pass(after: 10).isEmpty)
  }

  @Test func holdsTheMinimum() {
    var world = NodesFixture()
    world.addGroup("g", minimum: 2)
    #expect(NodesFixture.resizes(world.pass()) == ["g": 2])
  }
}
