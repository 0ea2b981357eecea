import Autoscaling
import Kubernetes
import Testing

private typealias Fixture = SchedulingFixture

@Suite struct ClusterSnapshotTests {
  /// Everything that can be asked of a snapshot, by names, so that two with other numbers can be compared.
  static func description(_ snapshot: ClusterSnapshot, probes: [Pod]) -> [String] {
    var snapshot = snapshot
    var lines: [String] = []
    for node in snapshot.nodes where node.isPresent {
      let pods = node.residents.map { "\($0.pod.key)" }.sorted()
      lines.append("\(node.name) \(node.isClosed) \(node.requested) \(pods)")
    }
    for probe in probes {
      let requirements = PodRequirements(probe, in: &snapshot)
      for index in snapshot.nodes.indices where snapshot.nodes[index].isPresent {
        let failure = requirements.failure(onNode: index, in: snapshot)
        lines.append("\(probe.key.name) on \(snapshot.nodes[index].name): \(failure?.reasons ?? [])")
      }
    }
    return lines.sorted()
  }

  static func pod(_ number: Int, _ numbers: inout SeededNumbers) -> Pod {
    let owner = "s\(Int.random(in: 0..<4, using: &numbers))"
    return Fixture.pod("p\(number)", cpu: 100 * Int64.random(in: 0...5, using: &numbers), owner: owner) { pod in
      switch owner {
      case "s0": pod.spec.topologySpreadConstraints = [Fixture.spread(WellKnown.zone, app: owner)]
      case "s1": pod.spec.topologySpreadConstraints = [Fixture.spread(WellKnown.hostname, app: owner)]
      case "s2": NodesEstimatorTests.anti(WellKnown.hostname, to: "s3")(&pod)
      default: NodesEstimatorTests.port(80)(&pod)
      }
    }
  }

  /// After any steps, and trials taken back between them, it answers like one made anew.
  @Test(arguments: 1...20) func answersLikeOneMadeAnew(_ seed: Int) {
    var numbers = SeededNumbers(state: UInt64(seed))
    var snapshot = ClusterSnapshot()
    var nodes: [String: Node] = [:]
    var pods: [NamespacedName: Pod] = [:]
    let probes = (0..<8).map { Self.pod(1000 + $0, &numbers) }
    for step in 0..<120 {
      Self.step(step, &snapshot, &nodes, &pods, &numbers)
      if step % 7 == 0 {
        let before = Self.description(snapshot, probes: probes)
        let trial = snapshot.beginTrial()
        var (triedNodes, triedPods) = (nodes, pods)
        for inner in 0..<6 { Self.step(10_000 + step * 10 + inner, &snapshot, &triedNodes, &triedPods, &numbers) }
        snapshot.rollBack(trial)
        #expect(Self.description(snapshot, probes: probes) == before, "seed \(seed), step \(step)")
      }
    }
    let anew = ClusterSnapshot(Fixture.view(Array(nodes.values), Array(pods.values)))
    #expect(Self.description(snapshot, probes: probes) == Self.description(anew, probes: probes), "seed \(seed)")
  }

  private static func step(
    _ step: Int, _ snapshot: inout ClusterSnapshot, _ nodes: inout [String: Node],
    _ pods: inout [NamespacedName: Pod], _ numbers: inout SeededNumbers
  ) {
    let names = nodes.keys.sorted()
    switch Int.random(in: 0..<10, using: &numbers) {
    case 0, 1:
      let node = Fixture.node("n\(step)", zone: "\(step % 3)")
      nodes[node.metadata.name] = node
      snapshot.addNode(node)
    case 2:
      guard names.count > 2, let name = names.randomElement(using: &numbers), let index = snapshot.index(ofNode: name)
      else { return }
      snapshot.removeNode(index)
      nodes[name] = nil
      for (key, pod) in pods where pod.spec.nodeName == name { pods[key] = nil }
    case 3:
      guard let name = names.randomElement(using: &numbers), let index = snapshot.index(ofNode: name) else { return }
      let other = Fixture.node(name, zone: "\(Int.random(in: 0..<3, using: &numbers))")
      nodes[name] = other
      snapshot.replaceTraits(ofNode: index, with: NodeTraits(other))
    case 4, 5:
      guard let key = pods.keys.sorted().randomElement(using: &numbers), let pod = pods.removeValue(forKey: key),
        let index = snapshot.index(ofNode: pod.spec.nodeName)
      else { return }
      snapshot.forget(key, onNode: index)
    default:
      guard let name = names.randomElement(using: &numbers), let index = snapshot.index(ofNode: name) else { return }
      var pod = pod(step, &numbers)
      pod.spec.nodeName = name
      pods[pod.key] = pod
      snapshot.assume(PodInfo(pod), onNode: index)
    }
  }

  /// What is known of a class of nodes is not taken for what another one is like that has its number.
  @Test func classesOfNodesThatCameAndWentAreForgotten() {
    var snapshot = ClusterSnapshot()
    var scheduler = Scheduler()
    let shape = PodShape(Fixture.pod("web") { $0.spec.nodeSelector = ["batch": "700"] })
    let kind = scheduler.kind(of: shape, in: &snapshot)
    for batch in 0..<1000 {
      let node = snapshot.addNode(Fixture.node("n", labels: ["batch": "\(batch)"]))
      let place = scheduler.place(
        PodInfo(key: NamespacedName("default", "\(batch)"), shape: shape), kind: kind, in: &snapshot)
      #expect(place == (batch == 700 ? node : nil), "batch \(batch)")
      snapshot.removeNode(node)
    }
  }

  /// Nodes that are alike but for their names are told apart by pods that name one.
  @Test func aPodThatNamesItsNodeGetsThatOne() {
    var snapshot = ClusterSnapshot()
    let template = NodeTraits(Fixture.node("template"))
    for number in 0..<5 { snapshot.addNode(NodeTraits(like: template, named: "n\(number)")) }
    var scheduler = Scheduler()
    for number in [3, 1, 4] {
      let shape = PodShape(
        Fixture.pod("web-\(number)", owner: "web-\(number)") {
          $0.spec.nodeSelector = [WellKnown.hostname: "n\(number)"]
        })
      let kind = scheduler.kind(of: shape, in: &snapshot)
      let pod = PodInfo(key: NamespacedName("default", "\(number)"), shape: shape)
      #expect(scheduler.place(pod, kind: kind, in: &snapshot) == number)
    }
  }

  @Test func aCopyOfAnAllowanceCountsDownByItself() {
    let pods = ["a", "b", "c"].map { PodInfo(Fixture.pod($0)) }
    var budgets = DisruptionAllowance([
      Fixture.budget("api", app: "api", allowed: 0), Fixture.budget("web", app: "web", allowed: 1),
    ])
    var copy = budgets
    let first = [budgets.take(pods[0]), budgets.take(pods[1]), copy.take(pods[1])]
    #expect(first == [true, false, true])
    copy.set(1, forBudget: NamespacedName("default", "web"))
    copy.set(5, forBudget: NamespacedName("default", "nobody"))
    let second = [copy.take(pods[2]), copy.take(pods[0])]
    #expect(second == [true, false])
    copy.giveBack(pods[0])
    copy.giveBack(pods[2])
    let third = copy.take(pods[0])
    #expect(third)
  }

  @Test func aSchedulerRemembersOnlyWhatStaysTrue() {
    var snapshot = ClusterSnapshot(nodes: [Fixture.node("a", cpu: 1000)])
    var scheduler = Scheduler()
    let shape = PodShape(Fixture.pod("web", cpu: 600))
    let kind = scheduler.kind(of: shape, in: &snapshot)
    func pod(_ name: String) -> PodInfo { PodInfo(key: NamespacedName("default", name), shape: shape) }
    let first = scheduler.place(pod("1"), kind: kind, in: &snapshot)
    #expect(first != nil)
    #expect(scheduler.place(pod("2"), kind: kind, in: &snapshot) == nil)
    #expect(scheduler.summary(ofKind: kind, in: snapshot).message == "0/1 nodes are available: 1 Insufficient cpu.")
    snapshot.forget(NamespacedName("default", "1"), onNode: first ?? 0)
    #expect(scheduler.place(pod("3"), kind: kind, in: &snapshot) == first)
    let node = snapshot.addNode(Fixture.node("b", cpu: 1000))
    #expect(scheduler.place([pod("4"), pod("5")], kind: kind, in: &snapshot) == [node])
    snapshot.removeNode(node)
    // Its number goes to a node that refuses such pods.
    let tainted = snapshot.addNode(Fixture.node("c", taints: [Taint("k", effect: "NoSchedule")]))
    #expect(tainted == node)
    #expect(scheduler.place(pod("6"), kind: kind, in: &snapshot) == nil)
  }
}
