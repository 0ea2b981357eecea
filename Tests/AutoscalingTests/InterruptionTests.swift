import Autoscaling
import Kubernetes
import Testing

/// A fleet that is interrupted, moved on as a cloud, a scheduler and controllers would.
private struct InterruptedFleet {
  var fleet: NodeFleet
  var handler = InterruptionHandler()
  var scheduler = Scheduler()
  var shape: PodShape
  var pending: [PodInfo] = []
  var notices: [InterruptionHandler.Notice] = []
  var now = SchedulingFixture.start
  var booting: [(group: Int, at: Timestamp)] = []
  var made = 0
  var resizes: [String: Int] = [:]
  /// When each pod was evicted, and which nodes were ready then.
  var evictions: [(at: Timestamp, node: Int)] = []
  var terminated: [Int] = []
  var budgets: [PodDisruptionBudget] = []

  init(spot: Int, steady: Int = 0, spotMaximum: Int = 20, cpu: Int64 = 800) {
    func group(_ name: String, _ isSpot: Bool, _ target: Int, _ maximum: Int) -> NodeGroup {
      NodeGroup(
        name: name, instanceType: "m", allocatable: ["cpu": Quantity(milli: 1000), "pods": Quantity(20)],
        maximum: maximum, target: target, bootSeconds: 60, isSpot: isSpot, pricePerHour: isSpot ? 0.3 : 1)
    }
    fleet = NodeFleet(groups: [group("spot", true, spot, spotMaximum), group("steady", false, steady, 20)])
    shape = PodShape(SchedulingFixture.pod("web", cpu: cpu, memoryMiB: 0))
    for _ in 0..<spot { register(0) }
    for _ in 0..<steady { register(1) }
  }

  @discardableResult
  mutating func register(_ group: Int) -> Int {
    made += 1
    return fleet.addNode(
      NodeTraits(fleet.groups[group].group.templateNode(named: "n\(made)")), group: group, createdAt: now)
  }

  mutating func run(on nodes: Range<Int>) {
    for node in nodes {
      made += 1
      fleet.snapshot.assume(PodInfo(key: NamespacedName("default", "p\(made)"), shape: shape), onNode: node)
    }
  }

  mutating func interrupt(_ nodes: Range<Int>, notice: Double = 120) {
    for node in nodes { notices.append(InterruptionHandler.Notice(node: node, endsAt: now + notice)) }
  }

  /// A pass every two seconds, until the notices are over.
  mutating func runOut() {
    while !notices.isEmpty {
      let groups = pending.isEmpty ? [] : [BinPacking.Group(shape: shape, pods: pending)]
      let actions = handler.pass(
        &fleet, notices: notices, pending: groups, budgets: DisruptionAllowance(budgets), at: now)
      for action in actions { carryOut(action) }
      moveOn()
    }
  }

  private mutating func carryOut(_ action: NodeAction) {
    switch action {
    case .resize(let group, let size):
      let missing = size - fleet.groups[group].group.target
      for _ in 0..<missing { booting.append((group, now + 60)) }
      fleet.setTarget(size, ofGroup: group)
      resizes[fleet.groups[group].name] = size
    case .evict(let pod, let node):
      guard fleet.snapshot.forget(pod.key, onNode: node) != nil else { return }
      evictions.append((now, node))
      made += 1
      pending.append(PodInfo(key: NamespacedName("default", "p\(made)"), shape: shape))
    case .terminate(let node):
      terminated.append(node)
      fleet.setTarget(fleet.groups[0].group.target - 1, ofGroup: 0)
      notices.removeAll { $0.node == node }
      fleet.removeNode(node)
    default: break
    }
  }

  private mutating func moveOn() {
    let kind = scheduler.kind(of: shape, in: &fleet.snapshot)
    let placed = scheduler.place(pending, kind: kind, in: &fleet.snapshot)
    pending.removeFirst(placed.count)
    now = now + 2
    for node in booting where node.at <= now { register(node.group) }
    booting.removeAll { $0.at <= now }
    for notice in notices where notice.endsAt <= now {
      fleet.removeNode(notice.node)
      notices.removeAll { $0.node == notice.node }
    }
  }
}

@Suite struct InterruptionTests {
  @Test func theReplacementComesFirst() {
    var world = InterruptedFleet(spot: 6)
    world.run(on: 0..<6)
    world.interrupt(0..<1)
    let start = world.now
    world.runOut()
    // One node more is asked for at once; the pod goes when it is there; then the old one is given back.
    #expect(world.resizes == ["spot": 7])
    #expect(world.evictions.count == 1)
    #expect(world.evictions.allSatisfy { $0.at - start >= 60 && $0.at - start <= 66 })
    #expect(world.terminated == [0])
    #expect(world.fleet.groups[0].group.target == 6)
    #expect(world.pending.isEmpty)
  }

  @Test func podsGoAtOnceWhereThereIsRoom() {
    var world = InterruptedFleet(spot: 3)
    world.run(on: 0..<2)
    world.interrupt(0..<1)
    let start = world.now
    world.runOut()
    #expect(world.resizes.isEmpty)
    #expect(world.evictions.map { $0.at - start } == [0])
    #expect(world.fleet.groups[0].group.target == 2)
  }

  @Test func onDemandWhereSpotIsShort() {
    var world = InterruptedFleet(spot: 5, steady: 1)
    world.run(on: 0..<6)
    world.interrupt(0..<3)
    world.runOut()
    #expect(world.resizes == ["steady": 4])
    #expect(world.fleet.groups.map(\.group.target) == [2, 4])
    #expect(world.pending.isEmpty)
  }

  @Test func onDemandWhereSpotIsAtItsMaximum() {
    var world = InterruptedFleet(spot: 6, spotMaximum: 6)
    world.run(on: 0..<6)
    world.interrupt(0..<1)
    world.runOut()
    #expect(world.resizes == ["steady": 1])
  }

  @Test func budgetsSlowItDown() {
    var world = InterruptedFleet(spot: 8)
    world.budgets = [SchedulingFixture.budget("web", app: "web", allowed: 1)]
    world.run(on: 0..<2)
    world.interrupt(0..<2)
    world.runOut()
    let moments = Set(world.evictions.map(\.at))
    #expect(world.evictions.count == 2 && moments.count == 2)
  }

  @Test func aBudgetThatAllowsNothingIsKept() {
    var world = InterruptedFleet(spot: 3)
    world.budgets = [SchedulingFixture.budget("web", app: "web", allowed: 0)]
    world.run(on: 0..<1)
    world.interrupt(0..<1)
    world.runOut()
    #expect(world.evictions.isEmpty)
    // At its end the node is given back all the same, so that no second one takes its place.
    #expect(world.fleet.groups[0].group.target == 2)
  }

  @Test func whereNothingComesInTimePodsEndInOrder() {
    var world = InterruptedFleet(spot: 4)
    world.run(on: 0..<4)
    world.interrupt(0..<1, notice: 50)
    let start = world.now
    world.runOut()
    #expect(world.evictions.map { $0.at - start } == [36])
  }

  @Test func aGroupThatIsHeldKeepsItsSize() {
    var world = InterruptedFleet(spot: 6)
    world.fleet.setFloor(6, ofGroup: 0)
    world.interrupt(0..<1)
    world.runOut()
    #expect(world.resizes == ["spot": 7])
  }

  @Test func fromViewsItDoesTheSame() {
    var world = NodesFixture()
    world.addGroup("spot", nodes: 3, isSpot: true)
    for number in 0..<3 { world.add(NodesScaleDownTests.pod("p\(number)", on: "spot-\(number)", cpu: 800)) }
    var decision = InterruptionDecision()
    #expect(decision.reconcile(world.view, at: world.now).isEmpty)
    var node = Node()
    for name in ["spot-0"] { node = world.view.nodes[name] ?? node }
    node.metadata.annotations[Node.endsAtAnnotation] = (world.now + 120).description
    world.view.set(node)
    let first = decision.reconcile(world.view, at: world.now)
    let cordon = Change.patch(Change.Target(node), .merge, ["spec": ["unschedulable": true]])
    #expect(NodesFixture.actions(first) == [cordon, .resizeNodeGroup("spot", to: 4)])
    world.view.nodeGroups["spot"]?.target = 4
    #expect(NodesFixture.actions(decision.reconcile(world.view, at: world.now + 2)).isEmpty)
    world.register("spot-3", in: "spot")
    let evicting = decision.reconcile(world.view, at: world.now + 60)
    #expect(NodesFixture.actions(evicting) == [.evict(NamespacedName("default", "p0"))])
    world.view.removePod(NamespacedName("default", "p0"))
    world.add(NodesScaleDownTests.pod("again", on: "spot-3", cpu: 800))
    #expect(NodesFixture.terminated(decision.reconcile(world.view, at: world.now + 62)) == ["spot-0"])
  }
}
