import Autoscaling
import Kubernetes
import Testing

private typealias Fixture = SchedulingFixture

@Suite struct SchedulingDecisionTests {
  @Test func bindsAndSaysSo() {
    var scheduler = SchedulingDecision()
    let changes = scheduler.reconcile(Fixture.view([Fixture.node("a")], [Fixture.pod("p")]), at: Fixture.start)
    #expect(changes.first == .bind(pod: NamespacedName("default", "p"), node: "a"))
    guard case .record(let note)? = changes.last else {
      Issue.record("no event in \(changes)")
      return
    }
    #expect(note.reason == "Scheduled" && !note.isWarning)
    #expect(note.message == "Successfully assigned default/p to a")
  }

  @Test func leavesOthersAlone() {
    var scheduler = SchedulingDecision()
    let pods = [
      Fixture.pod("bound", on: "a"), Fixture.pod("other") { $0.spec.schedulerName = "mine" },
      Fixture.pod("ending") { $0.metadata.deletionTimestamp = Fixture.start },
      Fixture.pod("over") { $0.status.phase = "Failed" },
      Fixture.pod("gated") { $0.spec.unknown["schedulingGates"] = [["name": "wait"]] },
    ]
    #expect(scheduler.reconcile(Fixture.view([Fixture.node("a")], pods), at: Fixture.start).isEmpty)
  }

  @Test func podsOfOnePassSeeEachOther() {
    var scheduler = SchedulingDecision()
    let nodes = ["a", "b"].map { Fixture.node($0, cpu: 1000) }
    let pods = (0..<5).map { Fixture.pod("p\($0)") }
    let bindings = Fixture.bindings(scheduler.reconcile(Fixture.view(nodes, pods), at: Fixture.start))
    #expect(bindings.count == 4)
    #expect(Dictionary(grouping: bindings.values) { $0 }.mapValues(\.count) == ["a": 2, "b": 2])
  }

  @Test func aLaggingViewDoesNotBookTwice() {
    var scheduler = SchedulingDecision()
    let first = Fixture.pod("first", cpu: 600)
    let second = Fixture.pod("second", cpu: 600)
    var view = Fixture.view([Fixture.node("a", cpu: 1000)], [first])
    #expect(Fixture.bindings(scheduler.reconcile(view, at: Fixture.start)) == ["first": "a"])
    view.set(second)
    let changes = scheduler.reconcile(view, at: Fixture.start + 1)
    #expect(Fixture.bindings(changes).isEmpty)
    #expect(!changes.isEmpty)
    // Neither the binding nor the message is repeated while they are on their way.
    #expect(scheduler.reconcile(view, at: Fixture.start + 2).isEmpty)
    // After a while the binding counts as lost.
    #expect(Fixture.bindings(scheduler.reconcile(view, at: Fixture.start + 31)) == ["first": "a"])
  }

  @Test func aNewPodOfTheSameNameIsAnother() {
    var scheduler = SchedulingDecision()
    var view = Fixture.view([Fixture.node("a")], [Fixture.pod("p")])
    _ = scheduler.reconcile(view, at: Fixture.start)
    view.set(Fixture.pod("p") { $0.metadata.uid = "another" })
    #expect(Fixture.bindings(scheduler.reconcile(view, at: Fixture.start + 1)) == ["p": "a"])
  }

  @Test func aShownMessageIsNotRepeated() {
    var scheduler = SchedulingDecision()
    let pod = Fixture.pod("p", cpu: 9000) { pod in
      pod.status.conditions = [
        Condition(
          "PodScheduled", false, reason: "Unschedulable",
          message: "0/1 nodes are available: 1 Insufficient cpu.", at: Fixture.start)
      ]
    }
    #expect(scheduler.reconcile(Fixture.view([Fixture.node("a")], [pod]), at: Fixture.start + 100).isEmpty)
  }

  @Test func priorityThenAge() {
    var scheduler = SchedulingDecision()
    let pods = [
      Fixture.pod("young", cpu: 900),
      Fixture.pod("old", cpu: 900) { $0.metadata.creationTimestamp = Fixture.start - 500 },
      Fixture.pod("important", cpu: 900, priority: 10),
    ]
    let one = Fixture.view([Fixture.node("a", cpu: 1000)], pods)
    #expect(Fixture.bindings(scheduler.reconcile(one, at: Fixture.start)) == ["important": "a"])
    var another = SchedulingDecision()
    let two = Fixture.view([Fixture.node("a", cpu: 1000), Fixture.node("b", cpu: 1000)], pods)
    #expect(Fixture.bindings(another.reconcile(two, at: Fixture.start)).keys.sorted() == ["important", "old"])
  }

  @Test func prefersWhatThePodPrefers() {
    let nodes = [
      Fixture.node("spot", cpu: 2000, labels: [WellKnown.capacityType: "spot"]), Fixture.node("big", cpu: 64000),
    ]
    let pod = Fixture.pod("p") { pod in
      var term = PreferredNodeTerm()
      term.weight = 100
      term.preference.matchExpressions = [LabelRequirement(key: WellKnown.capacityType, op: .in, values: ["spot"])]
      pod.spec.affinity = Affinity()
      pod.spec.affinity?.nodeAffinity = NodeAffinity()
      pod.spec.affinity?.nodeAffinity?.preferred = [term]
    }
    var scheduler = SchedulingDecision()
    #expect(Fixture.bindings(scheduler.reconcile(Fixture.view(nodes, [pod]), at: Fixture.start)) == ["p": "spot"])
  }

  @Test func avoidsWhatTaintsAdviseAgainst() {
    let nodes = [
      Fixture.node("tainted", cpu: 64000, taints: [Taint("old", effect: "PreferNoSchedule")]), Fixture.node("plain"),
    ]
    var scheduler = SchedulingDecision()
    let changes = scheduler.reconcile(Fixture.view(nodes, [Fixture.pod("p")]), at: Fixture.start)
    #expect(Fixture.bindings(changes) == ["p": "plain"])
  }

  @Test func preferredPodsDraw() {
    let nodes = [Fixture.node("a", cpu: 64000), Fixture.node("b")]
    let pod = Fixture.pod("p") { pod in
      var term = WeightedPodAffinityTerm()
      term.weight = 100
      term.podAffinityTerm = Fixture.term("cache")
      pod.spec.affinity = Affinity()
      pod.spec.affinity?.podAffinity = PodAffinity()
      pod.spec.affinity?.podAffinity?.preferred = [term]
    }
    var scheduler = SchedulingDecision()
    let view = Fixture.view(nodes, [Fixture.pod("c", on: "b", owner: "cache"), pod])
    #expect(Fixture.bindings(scheduler.reconcile(view, at: Fixture.start)) == ["p": "b"])
  }

  @Test func theSameInputGivesTheSameAnswer() {
    let nodes = (0..<300).map { Fixture.node("n\($0)", zone: "\($0 % 3)") }
    let pods = (0..<200).map { Fixture.pod("p\($0)", owner: "s\($0 % 7)") }
    func run(_ seed: UInt64) -> [Change] {
      var configuration = SchedulingDecision.Configuration()
      configuration.seed = seed
      var scheduler = SchedulingDecision(configuration: configuration)
      return scheduler.reconcile(Fixture.view(nodes.shuffled(), pods.shuffled()), at: Fixture.start)
    }
    #expect(run(1) == run(1))
    #expect(run(1) != run(2))
    #expect(Fixture.bindings(run(1)).count == 200)
  }

  @Test func speedDividesPeriods() {
    #expect(SchedulingDecision.Configuration().scaled(by: 10).assumeSeconds == 3)
  }
}
