import Autoscaling
import Kubernetes
import Testing

/// From dear nodes to cheaper ones: when it pays, in which order, and when not.
@Suite struct NodesConsolidationTests {
  private static func pod(_ name: String, on node: String, cpu: Int64 = 400, _ change: (inout Pod) -> Void = { _ in })
    -> Pod
  { SchedulingFixture.pod(name, cpu: cpu, memoryMiB: 64, on: node, owner: "web", change) }

  /// Two nodes on demand, full of pods that could be on spot.
  private static func dear(_ change: (inout NodeAutoscalingDecision.Configuration) -> Void = { _ in }) -> NodesFixture {
    var world = NodesFixture(change)
    world.addGroup("base", nodes: 2, minimum: 1)
    world.addGroup("spot", isSpot: true, price: 0.3)
    for number in 0..<4 { world.add(pod("p\(number)", on: "base-\(number / 2)")) }
    return world
  }

  @Test func aDearNodeIsReplacedBeforeItIsEmptied() {
    var world = Self.dear()
    #expect(world.run(for: 10) == [.resizeNodeGroup("spot", to: 1)])
    // Until the cheap node is there nothing moves.
    #expect(world.run(for: 120).isEmpty)
    world.register("spot-0", in: "spot")
    let changes = world.run(for: 60)
    #expect(NodesFixture.terminated(changes) == ["base-0"])
    let evicted = changes.compactMap { if case .evict(let pod) = $0 { pod.name } else { nil } }
    #expect(Set(evicted) == ["p0", "p1"])
  }

  @Test func whatMustBeOnDearNodesGetsRoomThereFirst() {
    var world = NodesFixture()
    world.addGroup("base", nodes: 2, minimum: 1)
    world.addGroup("spot", nodes: 1, isSpot: true, price: 0.3)
    for number in 0..<2 { world.add(Self.pod("p\(number)", on: "base-0")) }
    for number in 0..<2 {
      world.add(
        SchedulingFixture.pod("bound\(number)", cpu: 300, memoryMiB: 64, on: "base-1", owner: "bound") {
          $0.spec.nodeSelector = [WellKnown.capacityType: "on-demand"]
        })
    }
    let evicted = world.run(for: 10).compactMap { if case .evict(let pod) = $0 { pod.name } else { nil } }
    #expect(evicted == ["p0"])
  }

  @Test func aNodeThatIsUsedWellGoesWhereItsPodsFitElsewhere() {
    var world = NodesFixture()
    world.addGroup("base", nodes: 3)
    for number in 0..<2 {
      world.add(
        Self.pod("small\(number)", on: "base-0", cpu: 300),
        Self.pod("large\(number)", on: "base-\(number + 1)", cpu: 600))
    }
    #expect(NodesFixture.terminated(world.run(for: 120)) == ["base-0"])
  }

  struct Obstacle: Sendable, CustomTestStringConvertible {
    var name: String
    var change: @Sendable (inout NodesFixture) -> Void
    var testDescription: String { name }
  }

  @Test(arguments: [
    Obstacle(name: "a push is on") { $0.hold("base", 0, phase: .releasing) },
    Obstacle(name: "a push holds the nodes") { $0.hold("base", 2, phase: .ready) },
    Obstacle(name: "pods wait") {
      $0.addPending(1) { $0.spec.nodeSelector = ["no": "where"] }
    },
    Obstacle(name: "the cheap group is full") { $0.view.nodeGroups["spot"]?.maximum = 0 },
    Obstacle(name: "the cloud has none") {
      $0.view.nodeGroups["spot"]?.target = 1
      $0.view.nodeGroups["spot"]?.refused = 1
    },
    Obstacle(name: "it saves too little") { $0.view.nodeGroups["spot"]?.pricePerHour = 0.9 },
    Obstacle(name: "a pod may not move") {
      for number in 0..<4 {
        let key = NamespacedName("default", "p\(number)")
        guard var pod = $0.view.pods[key] else { continue }
        pod.metadata.annotations["cluster-autoscaler.kubernetes.io/safe-to-evict"] = "false"
        $0.view.set(pod)
      }
    },
  ])
  func itIsLeftWhere(_ obstacle: Obstacle) {
    var world = Self.dear()
    obstacle.change(&world)
    #expect(world.run(for: 300).isEmpty)
  }

  @Test func podsWithoutCompanyStay() {
    var world = Self.dear { $0.movedReplicasMin = 5 }
    #expect(world.run(for: 300).isEmpty)
  }

  @Test func nodesOfAPushThatLetThemGoDoNotWait() {
    var world = NodesFixture()
    world.addGroup("spot", nodes: 5, isSpot: true)
    world.hold("spot", 4, phase: .active)
    #expect(world.run(for: 300).isEmpty)
    world.hold("spot", 4, phase: .releasing)
    let changes = world.run(for: 90)
    // The fifth was nobody's, and waits as any other.
    #expect(NodesFixture.terminated(changes).count == 4)
  }

  @Test func whatMayBeAnywhereIsNotTakenForWhatWasAskedForOthers() {
    var world = NodesFixture()
    world.addGroup("base", maximum: 20)
    world.addGroup("spot", maximum: 20, isSpot: true, price: 0.3)
    do {
      // As services with `spot: preferred` are rendered.
      let affinity = try Affinity(
        json: [
          "nodeAffinity": [
            "preferredDuringSchedulingIgnoredDuringExecution": [
              [
                "weight": 50,
                "preference": [
                  "matchExpressions": [["key": .string(WellKnown.capacityType), "operator": "In", "values": ["spot"]]]
                ],
              ]
            ]
          ]
        ])
      world.addPending(4, cpu: 900, owner: "anywhere") { $0.spec.affinity = affinity }
    } catch { Issue.record("\(error)") }
    world.addPending(2, cpu: 900, owner: "bound") { $0.spec.nodeSelector = [WellKnown.capacityType: "on-demand"] }
    #expect(NodesFixture.resizes(world.run(for: 10)) == ["base": 2, "spot": 4])
    // As long as they boot, the same pods ask for nothing more.
    #expect(world.run(for: 100).isEmpty)
  }
}
