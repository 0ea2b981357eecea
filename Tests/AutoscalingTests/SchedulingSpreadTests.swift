import Autoscaling
import Kubernetes
import Testing

private typealias Fixture = SchedulingFixture

@Suite struct SchedulingSpreadTests {
  static let zones = [Fixture.node("a", zone: "1"), Fixture.node("b", zone: "2"), Fixture.node("c", zone: "3")]
  static let skewed = ["node(s) didn't match pod topology spread constraints"]

  static func spreading(_ name: String, _ constraint: TopologySpreadConstraint, on node: String = "") -> Pod {
    Fixture.pod(name, on: node) { $0.spec.topologySpreadConstraints = [constraint] }
  }

  @Test func skewIsAgainstTheEmptiestDomain() {
    let constraint = Fixture.spread(WellKnown.zone)
    let view = Fixture.view(Self.zones, [Fixture.pod("x", on: "a"), Fixture.pod("y", on: "b")])
    #expect(Fixture.failures(Self.spreading("p", constraint), view) == ["a": Self.skewed, "b": Self.skewed])
  }

  @Test func terminatingPodsDoNotCount() {
    let leaving = Fixture.pod("x", on: "a") { $0.metadata.deletionTimestamp = Fixture.start }
    let view = Fixture.view(Self.zones, [leaving])
    #expect(Fixture.failures(Self.spreading("p", Fixture.spread(WellKnown.zone)), view).isEmpty)
  }

  @Test func tooFewDomainsCountAsAnEmptyOne() {
    let constraint = Fixture.spread(WellKnown.zone, minDomains: 4)
    let view = Fixture.view(Self.zones, ["a", "b", "c"].map { Fixture.pod("on-\($0)", on: $0) })
    #expect(Fixture.failures(Self.spreading("p", constraint), view).count == 3)
    #expect(Fixture.failures(Self.spreading("p", Fixture.spread(WellKnown.zone, minDomains: 3)), view).isEmpty)
  }

  @Test func nodesWithoutTheLabelAreRefused() {
    var bare = Fixture.node("bare")
    bare.metadata.labels[WellKnown.zone] = nil
    let failures = Fixture.failures(
      Self.spreading("p", Fixture.spread(WellKnown.zone)), Fixture.view(Self.zones + [bare]))
    #expect(
      failures == ["bare": ["node(s) didn't match pod topology spread constraints (missing required label)"]])
  }

  @Test func nodesOutsideTheAffinityAreNoDomains() {
    var constraint = Fixture.spread(WellKnown.zone)
    let pods = ["a", "b"].map { Fixture.pod("on-\($0)", on: $0) }
    var nodes = Self.zones
    for index in 0..<2 { nodes[index].metadata.labels["pool"] = "x" }
    func pod() -> Pod {
      Fixture.pod("p") { pod in
        pod.spec.nodeSelector = ["pool": "x"]
        pod.spec.topologySpreadConstraints = [constraint]
      }
    }
    #expect(Fixture.failures(pod(), Fixture.view(nodes, pods)).keys.sorted() == ["c"])
    constraint.nodeAffinityPolicy = "Ignore"
    #expect(Fixture.failures(pod(), Fixture.view(nodes, pods)).count == 3)
  }

  @Test func taintedNodesAreDomainsUnlessHonored() {
    var constraint = Fixture.spread(WellKnown.zone)
    var nodes = Self.zones
    nodes[2].spec.taints = [Taint("k", effect: "NoSchedule")]
    let pods = ["a", "b"].map { Fixture.pod("on-\($0)", on: $0) }
    #expect(Fixture.failures(Self.spreading("p", constraint), Fixture.view(nodes, pods)).count == 3)
    constraint.nodeTaintsPolicy = "Honor"
    #expect(Fixture.failures(Self.spreading("p", constraint), Fixture.view(nodes, pods)).keys.sorted() == ["c"])
  }

  @Test func labelKeysSeparateRevisions() {
    var constraint = Fixture.spread(WellKnown.hostname)
    constraint.unknown["matchLabelKeys"] = ["rev"]
    let old = Fixture.pod("old", on: "a") { $0.metadata.labels["rev"] = "1" }
    let new = Fixture.pod("p") { pod in
      pod.metadata.labels["rev"] = "2"
      pod.spec.topologySpreadConstraints = [constraint]
    }
    #expect(Fixture.failures(new, Fixture.view(Self.zones, [old])).isEmpty)
  }

  @Test func aPassKeepsTheSkew() {
    var scheduler = SchedulingDecision()
    let pods = (0..<9).map { Self.spreading("p\($0)", Fixture.spread(WellKnown.zone)) }
    let bindings = Fixture.bindings(scheduler.reconcile(Fixture.view(Self.zones, pods), at: Fixture.start))
    #expect(Dictionary(grouping: bindings.values) { $0 }.mapValues(\.count) == ["a": 3, "b": 3, "c": 3])
  }

  @Test func podsThatSayNothingAreSpreadSoftly() {
    // The large node would win by room alone.
    let nodes = [Fixture.node("a", zone: "1"), Fixture.node("b", zone: "2"), Fixture.node("c", cpu: 5000, zone: "3")]
    var scheduler = SchedulingDecision()
    let pods = (0..<6).map { Fixture.pod("p\($0)", cpu: 100, memoryMiB: 64) }
    let bindings = Fixture.bindings(scheduler.reconcile(Fixture.view(nodes, pods), at: Fixture.start))
    #expect(Dictionary(grouping: bindings.values) { $0 }.mapValues(\.count) == ["a": 2, "b": 2, "c": 2])
  }

  @Test func skewHoldsUnderRandomMoves() {
    // Counters must agree with a count from scratch after any sequence of placements and removals.
    var snapshot = ClusterSnapshot(nodes: (0..<12).map { Fixture.node("n\($0)", zone: "\($0 % 3)") })
    var requirements = PodRequirements(Self.spreading("probe", Fixture.spread(WellKnown.zone)), in: &snapshot)
    var state: UInt64 = 42
    var placed: [(NamespacedName, Int)] = []
    for step in 0..<400 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let pick = Int(state >> 33)
      if pick % 3 == 0, !placed.isEmpty {
        let (key, node) = placed.remove(at: pick % placed.count)
        snapshot.forget(key, onNode: node)
      } else {
        let pod = PodInfo(Fixture.pod("s\(step)", cpu: 1, memoryMiB: 1))
        snapshot.assume(pod, onNode: pick % 12)
        placed.append((pod.key, pick % 12))
      }
      requirements.refresh(snapshot)
      var counts = [0, 0, 0]
      for (_, node) in placed { counts[node % 3] += 1 }
      for node in 0..<12 {
        let isRefused = counts[node % 3] + 1 - (counts.min() ?? 0) > 1
        #expect((requirements.failure(onNode: node, in: snapshot) != nil) == isRefused)
      }
    }
  }
}
