import Autoscaling
import Kubernetes
import Testing

private typealias Fixture = SchedulingFixture

@Suite struct NodesBinPackingTests {
  static func pack(_ pods: [Pod], on nodes: [Node] = [], maxNodes: Int? = nil, cpu: Int64 = 1000) -> BinPacking.Result {
    var snapshot = ClusterSnapshot(nodes: nodes)
    return BinPacking.pack(BinPacking.Group.of(pods), into: &snapshot, maxNodes: maxNodes) {
      NodeTraits(Fixture.node("new-\($0)", cpu: cpu, zone: "new"))
    }
  }

  @Test func theLargestGoFirst() {
    let small = (0..<6).map { Fixture.pod("s\($0)", cpu: 300, owner: "small") }
    let large = (0..<3).map { Fixture.pod("l\($0)", cpu: 700, owner: "large") }
    let result = Self.pack(small + large)
    // Three nodes of 700 + 300, and one for the rest.
    #expect(result.newNodes.count == 4)
    #expect(result.placements.count == 9)
    #expect(result.placements.prefix(3).allSatisfy { $0.pod.requests.cpuMillicores == 700 })
  }

  @Test func aLimitCutsItShort() {
    let result = Self.pack((0..<10).map { Fixture.pod("p\($0)") }, maxNodes: 3)
    #expect(result.newNodes.count == 3)
    #expect(result.placements.count == 6)
    #expect(result.unplaced.map(\.pods.count) == [4])
  }

  @Test func podsThatNeverFitMakeNoNodes() {
    let result = Self.pack([Fixture.pod("huge", cpu: 5000), Fixture.pod("p")])
    #expect(result.newNodes.count == 1)
    #expect(result.unplaced.map(\.pods.count) == [1])
  }

  @Test func antiAffinityTakesANodeEach() {
    let pods = (0..<5).map { SchedulingPredicateTests.avoiding("p\($0)", Fixture.term("web")) }
    #expect(Self.pack(pods).newNodes.count == 5)
  }

  @Test func spreadOverHostsAlsoUsesOldOnes() {
    let constraint = Fixture.spread(WellKnown.hostname, minDomains: 3)
    let pods = (0..<9).map { SchedulingSpreadTests.spreading("p\($0)", constraint) }
    let small = pods.map { pod in
      var pod = pod
      pod.spec.containers[0].resources.requests["cpu"] = Quantity(milli: 50)
      return pod
    }
    let result = Self.pack(small, on: [Fixture.node("old", zone: "old")])
    #expect(result.placements.count == 9)
    #expect(result.newNodes.count == 2)
    #expect(result.nodesUsed == 3)
  }

  @Test func fillUsesOnlyWhatIsThere() {
    var snapshot = ClusterSnapshot(nodes: [Fixture.node("a", cpu: 1000), Fixture.node("b", cpu: 1000)])
    let left = BinPacking.fill(BinPacking.Group.of((0..<6).map { Fixture.pod("p\($0)") }), into: &snapshot)
    #expect(left.map(\.pods.count) == [2])
    #expect(snapshot.nodes.allSatisfy { $0.requested.cpuMillicores == 1000 })
  }

  @Test func equalPodsShareAGroup() {
    let groups = BinPacking.Group.of([Fixture.pod("a"), Fixture.pod("b", cpu: 1), Fixture.pod("c")])
    #expect(groups.map(\.pods.count) == [2, 1])
  }
}
