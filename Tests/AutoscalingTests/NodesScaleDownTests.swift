import Autoscaling
import Kubernetes
import Testing

@Suite struct NodesScaleDownTests {
  static func pod(
    _ name: String, on node: String, cpu: Int64 = 200, owner: String = "web", _ change: (inout Pod) -> Void = { _ in }
  ) -> Pod {
    SchedulingFixture.pod(name, cpu: cpu, memoryMiB: 64, on: node, owner: owner, change)
  }

  @Test func emptyNodesGoAfterAWhile() {
    var world = NodesFixture()
    world.addGroup("g", nodes: 3, minimum: 1)
    world.add(Self.pod("p", on: "g-1", cpu: 900))
    #expect(world.run(for: 600).isEmpty)
    #expect(NodesFixture.terminated(world.run(for: 60)) == ["g-0", "g-2"])
    #expect(world.view.nodeGroups["g"]?.target == 1)
    #expect(world.run(for: 2000).isEmpty)
  }

  @Test func aNodeIsMarkedBeforeItEnds() {
    var world = NodesFixture()
    world.addGroup("g", nodes: 1)
    _ = world.pass()
    let marking = world.pass(after: 600)
    #expect(NodesFixture.terminated(marking).isEmpty)
    guard case .patch(let target, .merge, let body, nil, _)? = marking.first else {
      Issue.record("no mark in \(marking)")
      return
    }
    #expect(target.name == "g-0")
    #expect(body[path: ["metadata", "resourceVersion"]] == "7")
    // The view does not show the mark yet: nothing is repeated, nothing ends.
    #expect(world.pass(after: 10).isEmpty)
    for change in marking { world.carryOut(change) }
    let ending = world.pass(after: 1)
    #expect(NodesFixture.terminated(ending) == ["g-0"])
    #expect(world.pass(after: 1).isEmpty)
  }

  @Test func aRestartedAutoscalerGoesOn() {
    var world = NodesFixture()
    world.addGroup("g", nodes: 1)
    _ = world.pass()
    for change in world.pass(after: 600) { world.carryOut(change) }
    world.decision = NodeAutoscalingDecision()
    #expect(NodesFixture.terminated(world.pass(after: 1)) == ["g-0"])
  }

  @Test func podsMoveBeforeTheirNodeEnds() {
    var world = NodesFixture()
    world.addGroup("g", nodes: 2)
    world.add(Self.pod("p", on: "g-0"), Self.pod("q", on: "g-1", cpu: 400))
    let changes = world.run(for: 640)
    #expect(changes.contains(.evict(NamespacedName("default", "p"))))
    #expect(NodesFixture.terminated(changes) == ["g-0"])
    #expect(!changes.contains(.evict(NamespacedName("default", "q"))))
  }

  struct Blocker: Sendable, CustomTestStringConvertible {
    var name: String
    var isBlocking: Bool
    var change: @Sendable (inout Pod) -> Void
    var testDescription: String { name }
  }

  static let blockers = [
    Blocker(name: "an ordinary pod", isBlocking: false) { _ in },
    Blocker(name: "a bare pod", isBlocking: true) { $0.metadata.ownerReferences = [] },
    Blocker(name: "a bare pod said to be safe", isBlocking: false) { pod in
      pod.metadata.ownerReferences = []
      pod.metadata.annotations["cluster-autoscaler.kubernetes.io/safe-to-evict"] = "true"
    },
    Blocker(name: "a pod said not to be safe", isBlocking: true) {
      $0.metadata.annotations["cluster-autoscaler.kubernetes.io/safe-to-evict"] = "false"
    },
    Blocker(name: "hostPath", isBlocking: true) { $0.spec.volumes = [["name": "v", "hostPath": ["path": "/var"]]] },
    Blocker(name: "emptyDir", isBlocking: false) { $0.spec.volumes = [["name": "v", "emptyDir": [:]]] },
    Blocker(name: "a DaemonSet's pod", isBlocking: false) { $0.metadata.ownerReferences[0].kind = "DaemonSet" },
    Blocker(name: "a node selector that nothing else has", isBlocking: true) {
      $0.spec.nodeSelector = [WellKnown.hostname: "g-0"]
    },
    Blocker(name: "a guarded pod", isBlocking: true) { $0.metadata.labels["app"] = "guarded" },
    Blocker(name: "a guarded pod with leave", isBlocking: false) { $0.metadata.labels["app"] = "lenient" },
    Blocker(name: "too much for elsewhere", isBlocking: true) {
      $0.spec.containers[0].resources.requests["memory"] = Quantity(bytes: 2 << 30)
    },
  ]

  @Test(arguments: blockers) func whatKeepsANode(_ blocker: Blocker) {
    var world = NodesFixture()
    world.addGroup("g", nodes: 2)
    for budget in [
      SchedulingFixture.budget("a", app: "guarded", allowed: 0),
      SchedulingFixture.budget("b", app: "lenient", allowed: 1),
    ] { world.view.disruptionBudgets[budget.key] = budget }
    world.add(Self.pod("p", on: "g-0", blocker.change))
    world.add(
      SchedulingFixture.pod("big", cpu: 600, memoryMiB: 3000, on: "g-1", owner: "big"))
    #expect(NodesFixture.terminated(world.run(for: 700)) == (blocker.isBlocking ? [] : ["g-0"]))
  }

  @Test func busyNodesStay() {
    var world = NodesFixture()
    world.addGroup("g", nodes: 2)
    world.add(Self.pod("p", on: "g-0", cpu: 510), Self.pod("q", on: "g-1", cpu: 510))
    #expect(world.run(for: 1000).isEmpty)
  }

  @Test func campaignsHoldNodes() {
    var world = NodesFixture()
    world.addGroup("g", nodes: 5)
    // Each states the whole that its time needs, the others counted in: the largest holds.
    world.hold("g", 2, campaign: "one", phase: .preparing)
    world.hold("g", 4, campaign: "two", phase: .active)
    world.hold("g", 9, campaign: "three", phase: .released)
    #expect(NodesFixture.terminated(world.run(for: 1000)).count == 1)
    world.hold("g", 4, campaign: "two", phase: .released)
    #expect(NodesFixture.terminated(world.run(for: 1000)).count == 2)
    world.hold("g", 2, campaign: "one", phase: .cancelled)
    #expect(NodesFixture.terminated(world.run(for: 1000)).count == 2)
  }

  @Test func aCampaignCallsNodesBack() {
    var world = NodesFixture()
    world.addGroup("g", nodes: 2)
    _ = world.pass()
    for change in world.pass(after: 600) { world.carryOut(change) }
    #expect(world.view.nodes.values.allSatisfy { !$0.spec.taints.isEmpty })
    world.hold("g", 2)
    for change in world.pass(after: 1) { world.carryOut(change) }
    #expect(world.view.nodes.count == 2)
    #expect(world.view.nodes.values.allSatisfy { $0.spec.taints.isEmpty })
  }

  @Test func waitingPodsCallNodesBack() {
    var world = NodesFixture()
    world.addGroup("g", nodes: 1)
    world.add(Self.pod("p", on: "g-0", cpu: 100, { $0.metadata.deletionTimestamp = SchedulingFixture.start }))
    _ = world.pass()
    for change in world.pass(after: 600) { world.carryOut(change) }
    #expect(world.view.nodes["g-0"]?.spec.taints.isEmpty == false)
    world.addPending(1)
    let changes = world.pass(after: 1)
    for change in changes { world.carryOut(change) }
    #expect(NodesFixture.resizes(changes).isEmpty)
    #expect(world.view.nodes["g-0"]?.spec.taints.isEmpty == true)
  }

  @Test func nodesOfWaitingPodsStay() {
    var world = NodesFixture()
    world.addGroup("g", nodes: 1)
    world.addPending(1)
    #expect(NodesFixture.terminated(world.run(for: 1000)).isEmpty)
  }

  @Test func growingPutsShrinkingOff() {
    var world = NodesFixture()
    world.addGroup("g", nodes: 2)
    world.add(Self.pod("p", on: "g-0", cpu: 900))
    _ = world.run(for: 500)
    world.addPending(1, cpu: 1000, owner: "big")
    world.view.removePod(NamespacedName("default", "big-0"))
    world.view.nodeGroups["g"]?.target = 3
    world.register("g-2", in: "g", at: world.now)
    #expect(world.run(for: 590).isEmpty)
    #expect(NodesFixture.terminated(world.run(for: 60)).count == 2)
  }

  @Test func aDrainThatHangsIsGivenUp() {
    var world = NodesFixture()
    world.addGroup("g", nodes: 2)
    world.add(Self.pod("p", on: "g-0"), Self.pod("q", on: "g-1", cpu: 400))
    var evictions = 0
    var ended: [String] = []
    for _ in 0..<(1700 / 10) {
      for change in world.pass(after: 10) {
        // The Eviction API keeps refusing.
        if case .evict = change { evictions += 1 } else { world.carryOut(change) }
        if case .terminateNode(let name) = change { ended.append(name) }
      }
    }
    #expect(ended.isEmpty)
    #expect(evictions > 80)
    #expect(world.view.nodes["g-0"]?.spec.taints.isEmpty == true)
  }

  @Test func oneDrainAtATime() {
    var world = NodesFixture()
    world.addGroup("g", nodes: 4)
    for number in 0..<4 { world.add(Self.pod("p\(number)", on: "g-\(number)")) }
    _ = world.pass()
    for change in world.pass(after: 600) { world.carryOut(change) }
    #expect(world.view.nodes.values.count { !$0.spec.taints.isEmpty } == 1)
  }

  @Test func withoutGroupsNothingHappens() {
    var world = NodesFixture()
    world.addPending(3)
    #expect(world.pass().isEmpty)
  }

  @Test func speedDividesPeriods() {
    let scaled = NodeAutoscalingDecision.Configuration().scaled(by: 10)
    #expect(scaled.scanPeriodSeconds == 1 && scaled.unneededSeconds == 60 && scaled.provisionTimeoutSeconds == 90)
    #expect(scaled.utilizationThreshold == 0.5)
  }
}
