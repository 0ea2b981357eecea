import Autoscaling
import Kubernetes
import Testing

/// Pods that could be on cheaper nodes make room for those that could not, where their nodes' group grows no further.
@Suite struct NodesReliefTests {
  /// Nodes on demand, which are all that there may be, full of pods that could be on spot, and pods that may not.
  private static func taken(nodes: Int = 1, spot: Int, bound: Int = 1) -> NodesFixture {
    var world = NodesFixture()
    world.addGroup("base", nodes: nodes, maximum: nodes)
    world.addGroup("spot", nodes: spot, isSpot: true, price: 0.3)
    for number in 0..<2 * nodes {
      world.add(
        SchedulingFixture.pod("p\(number)", cpu: 400, memoryMiB: 64, on: "base-\(number / 2)", owner: "web"))
    }
    world.addPending(bound, cpu: 300, owner: "bound") { $0.spec.nodeSelector = [WellKnown.capacityType: "on-demand"] }
    return world
  }

  private static func evicted(_ changes: [Change]) -> [String] {
    changes.compactMap { if case .evict(let pod) = $0 { pod.name } else { nil } }
  }

  @Test func theLastNodesOfAKindAreForThoseThatMayBeNowhereElse() {
    var world = Self.taken(spot: 1)
    let changes = world.run(for: 10)
    #expect(Self.evicted(changes) == ["p0"])
    #expect(NodesFixture.resizes(changes).isEmpty)
  }

  @Test func whoMakesRoomHasANodeBefore() {
    var world = Self.taken(spot: 0)
    let changes = world.run(for: 60)
    // It is asked for once, and nothing moves until it is there.
    #expect(changes == [.resizeNodeGroup("spot", to: 1)])
    world.register("spot-0", in: "spot")
    #expect(Self.evicted(world.run(for: 30)).first == "p0")
  }

  /// However many wait, only those that could go are counted, and each once.
  @Test func nodesAreAskedForThoseThatGoAndNotForThoseThatWait() {
    var world = Self.taken(spot: 0, bound: 10)
    #expect(world.run(for: 120) == [.resizeNodeGroup("spot", to: 1)])
    world.register("spot-0", in: "spot")
    let changes = world.run(for: 300)
    #expect(Set(Self.evicted(changes)) == ["p0", "p1"])
    #expect(NodesFixture.resizes(changes).isEmpty)
  }

  @Test func oneNodeIsAskedForInOneOfSeveralGroups() {
    var world = Self.taken(spot: 0)
    world.addGroup("spot-b", zone: "b", isSpot: true, price: 0.3)
    #expect(world.run(for: 120).count == 1)
  }

  /// It is on the dear node in thought only.
  @Test func whoWaitsItselfIsNotEvicted() {
    var world = Self.taken(nodes: 2, spot: 1, bound: 2)
    world.addPending(2, cpu: 150, owner: "small") { $0.spec.priority = 10 }
    let evicted = Self.evicted(world.run(for: 60))
    #expect(!evicted.isEmpty)
    #expect(evicted.allSatisfy { $0.hasPrefix("p") })
  }

  /// Nor is one chosen that would be the first to go, were it there.
  @Test func whoIsThereInThoughtOnlyMakesNoRoom() {
    var world = NodesFixture()
    world.addGroup("base", nodes: 1, maximum: 1)
    world.addGroup("spot", isSpot: true, price: 0.3)
    for number in 0..<2 {
      world.add(SchedulingFixture.pod("p\(number)", cpu: 300, memoryMiB: 64, on: "base-0", owner: "web"))
    }
    world.addPending(1, cpu: 350, owner: "waiting")
    world.addPending(1, cpu: 500, owner: "bound") { $0.spec.nodeSelector = [WellKnown.capacityType: "on-demand"] }
    #expect(Self.evicted(world.run(for: 60)).isEmpty)
    world.register("spot-0", in: "spot")
    #expect(Self.evicted(world.pass(after: 10)) == ["p0", "p1"])
  }

  @Test func twoGroupsThatTakeThoseThatWaitAreNoObstacle() {
    var world = Self.taken(spot: 1)
    world.addGroup("small", maximum: 0, price: 0.9)
    #expect(Self.evicted(world.run(for: 10)) == ["p0"])
  }

  struct Obstacle: Sendable, CustomTestStringConvertible {
    var name: String
    var spot = 0
    var change: @Sendable (inout NodesFixture) -> Void
    var testDescription: String { name }
  }

  private static func changePods(_ world: inout NodesFixture, _ change: (inout Pod) -> Void) {
    for number in 0..<2 {
      guard var pod = world.view.pods[NamespacedName("default", "p\(number)")] else { continue }
      change(&pod)
      world.view.set(pod)
    }
  }

  @Test(arguments: [
    Obstacle(name: "nothing cheaper may grow") { $0.view.nodeGroups["spot"]?.maximum = 0 },
    Obstacle(name: "those that are there may not move", spot: 1) { world in
      changePods(&world) { $0.metadata.annotations["cluster-autoscaler.kubernetes.io/safe-to-evict"] = "false" }
    },
    Obstacle(name: "those that are there may be nowhere else either", spot: 1) { world in
      changePods(&world) { $0.spec.nodeSelector = [WellKnown.capacityType: "on-demand"] }
    },
    Obstacle(name: "those that are there are more important", spot: 1) { world in
      changePods(&world) { $0.spec.priority = 100 }
    },
    Obstacle(name: "the budget lets none go", spot: 1) { world in
      changePods(&world) { $0.metadata.labels["app"] = "web" }
      let budget = SchedulingFixture.budget("web", app: "web", allowed: 0)
      world.view.disruptionBudgets[budget.key] = budget
    },
  ])
  func nobodyMakesRoomWhere(_ obstacle: Obstacle) {
    var world = Self.taken(spot: obstacle.spot)
    obstacle.change(&world)
    let changes = world.run(for: 120)
    #expect(Self.evicted(changes).isEmpty)
    #expect(NodesFixture.resizes(changes).isEmpty)
  }

  /// Where somebody else takes the room again and again, it ends.
  @Test func itDoesNotGoOnForEver() {
    var world = Self.taken(spot: 1)
    var evictions = 0
    for round in 0..<200 {
      for _ in Self.evicted(world.run(for: 20)) {
        evictions += 1
        world.add(
          SchedulingFixture.pod("again\(round)", cpu: 400, memoryMiB: 64, on: "base-0", owner: "web"))
      }
    }
    #expect(evictions > 10)
    #expect(evictions <= 2 * 60)
  }
}
