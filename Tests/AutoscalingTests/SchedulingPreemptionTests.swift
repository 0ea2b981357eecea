import Autoscaling
import Kubernetes
import Testing

private typealias Fixture = SchedulingFixture

@Suite struct SchedulingPreemptionTests {
  static func victims(_ changes: [Change]) -> [String] {
    var victims: [String] = []
    for case .delete(let target, _, _) in changes { victims.append(target.name) }
    return victims.sorted()
  }

  static func nomination(_ changes: [Change]) -> String? {
    for case .patch(_, _, let body, "status", _) in changes {
      if let node = body[path: ["status", "nominatedNodeName"]]?.stringValue { return node }
    }
    return nil
  }

  @Test func endsTheLeastImportantPods() {
    let nodes = ["a", "b"].map { Fixture.node($0, cpu: 1000) }
    let pods = [
      Fixture.pod("a1", cpu: 900, on: "a", priority: 5), Fixture.pod("b1", cpu: 500, on: "b", priority: 1),
      Fixture.pod("b2", cpu: 400, on: "b", priority: 1), Fixture.pod("vip", cpu: 600, priority: 100),
    ]
    var scheduler = SchedulingDecision()
    let view = Fixture.view(nodes, pods)
    let changes = scheduler.reconcile(view, at: Fixture.start)
    // One of the two on b suffices to go, and b1 is the one whose end makes enough room.
    #expect(Self.victims(changes) == ["b1"])
    #expect(Self.nomination(changes) == "b")
    #expect(Fixture.bindings(changes).isEmpty)
    // Nothing more happens until the view moves.
    #expect(scheduler.reconcile(view, at: Fixture.start + 1).isEmpty)
  }

  @Test func budgetsAreSparedWherePossible() {
    let nodes = ["a", "b"].map { Fixture.node($0, cpu: 1000) }
    var view = Fixture.view(
      nodes,
      [
        Fixture.pod("a1", cpu: 900, on: "a", owner: "guarded", priority: 1),
        Fixture.pod("b1", cpu: 900, on: "b", priority: 2), Fixture.pod("vip", cpu: 600, priority: 100),
      ])
    let budget = Fixture.budget("guard", app: "guarded", allowed: 0)
    view.disruptionBudgets[budget.key] = budget
    var scheduler = SchedulingDecision()
    #expect(Self.victims(scheduler.reconcile(view, at: Fixture.start)) == ["b1"])
  }

  @Test func neverMeansNever() {
    let pods = [
      Fixture.pod("x", cpu: 900, on: "a", priority: 1),
      Fixture.pod("p", cpu: 600, priority: 100) { $0.spec.preemptionPolicy = "Never" },
    ]
    var scheduler = SchedulingDecision()
    let changes = scheduler.reconcile(Fixture.view([Fixture.node("a", cpu: 1000)], pods), at: Fixture.start)
    #expect(Self.victims(changes).isEmpty && Self.nomination(changes) == nil)
  }

  @Test func equalsAreNotPreempted() {
    let pods = [Fixture.pod("x", cpu: 900, on: "a"), Fixture.pod("p", cpu: 600)]
    var scheduler = SchedulingDecision()
    let changes = scheduler.reconcile(Fixture.view([Fixture.node("a", cpu: 1000)], pods), at: Fixture.start)
    #expect(Self.victims(changes).isEmpty)
  }

  @Test func roomIsKeptForTheOneItWasMadeFor() {
    let leaving = Fixture.pod("x", cpu: 900, on: "a", priority: 1) { $0.metadata.deletionTimestamp = Fixture.start }
    let waiting = Fixture.pod("vip", cpu: 900, priority: 100) { $0.status.nominatedNodeName = "a" }
    let other = Fixture.pod("other", cpu: 100, priority: 1)
    var view = Fixture.view([Fixture.node("a", cpu: 1000)], [leaving, waiting, other])
    var scheduler = SchedulingDecision()
    let changes = scheduler.reconcile(view, at: Fixture.start)
    #expect(Self.victims(changes).isEmpty)
    #expect(Fixture.bindings(changes).isEmpty)
    view.removePod(leaving.key)
    let bindings = Fixture.bindings(scheduler.reconcile(view, at: Fixture.start + 1))
    #expect(bindings == ["vip": "a", "other": "a"])
  }

  @Test func hopelessNodesAreLeftInPeace() {
    let node = Fixture.node("a", cpu: 1000, taints: [Taint("k", effect: "NoSchedule")])
    let pods = [Fixture.pod("x", cpu: 900, on: "a", priority: 1), Fixture.pod("vip", cpu: 600, priority: 9)]
    var scheduler = SchedulingDecision()
    #expect(Self.victims(scheduler.reconcile(Fixture.view([node], pods), at: Fixture.start)).isEmpty)
  }

  @Test func antiAffinityCanBeTheReason() {
    let pods = [
      SchedulingPredicateTests.avoiding("x", Fixture.term("vip"), owner: "shy", on: "a"),
      Fixture.pod("p", owner: "vip", priority: 9),
    ]
    var scheduler = SchedulingDecision()
    #expect(Self.victims(scheduler.reconcile(Fixture.view([Fixture.node("a")], pods), at: Fixture.start)) == ["x"])
  }
}
