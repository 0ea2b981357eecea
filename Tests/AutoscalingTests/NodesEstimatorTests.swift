import Autoscaling
import Kubernetes
import Testing

private typealias Fixture = SchedulingFixture

/// Cases of cluster-autoscaler's estimator, from what its code does.
@Suite struct NodesEstimatorTests {
  struct Estimate: Sendable, CustomTestStringConvertible {
    var name: String
    var groups: [[Pod]]
    var cpu: Int64 = 1000
    var memoryMiB: Int64 = 5000
    var podsMax: Int64 = 10
    var maxNodes: Int?
    var nodes: Int
    var pods: Int
    var testDescription: String { name }
  }

  static func pods(
    _ count: Int, cpu: Int64 = 100, memoryMiB: Int64 = 1, owner: String = "web",
    _ change: (inout Pod) -> Void = { _ in }
  ) -> [Pod] {
    (0..<count).map { Fixture.pod("\(owner)-\($0)", cpu: cpu, memoryMiB: memoryMiB, owner: owner, change) }
  }

  static func anti(_ key: String, to app: String = "web") -> (inout Pod) -> Void {
    { pod in
      pod.spec.affinity = Affinity()
      pod.spec.affinity?.podAntiAffinity = PodAffinity()
      pod.spec.affinity?.podAntiAffinity?.required = [Fixture.term(app, key)]
    }
  }

  static func near(_ key: String, to app: String = "web") -> (inout Pod) -> Void {
    { pod in
      pod.spec.affinity = Affinity()
      pod.spec.affinity?.podAffinity = PodAffinity()
      pod.spec.affinity?.podAffinity?.required = [Fixture.term(app, key)]
    }
  }

  static func spread(_ key: String, _ skew: Int, minDomains: Int? = nil, soft: Bool = false) -> (inout Pod) -> Void {
    { $0.spec.topologySpreadConstraints = [Fixture.spread(key, maxSkew: skew, minDomains: minDomains, soft: soft)] }
  }

  static func port(_ number: Int, _ ip: String = "") -> (inout Pod) -> Void {
    { pod in
      var port = ContainerPort()
      port.containerPort = number
      port.hostPort = number
      if !ip.isEmpty { port.unknown["hostIP"] = .string(ip) }
      pod.spec.containers[0].ports = [port]
    }
  }

  static let cases = [
    Estimate(name: "nothing", groups: [], nodes: 0, pods: 0),
    Estimate(name: "processor decides", groups: [pods(10, cpu: 350)], nodes: 5, pods: 10),
    Estimate(name: "memory decides", groups: [pods(10, cpu: 1, memoryMiB: 2000)], nodes: 5, pods: 10),
    Estimate(name: "the number of pods decides", groups: [pods(25, cpu: 10)], nodes: 3, pods: 25),
    Estimate(name: "pods that ask for nothing", groups: [pods(25, cpu: 0, memoryMiB: 0)], nodes: 3, pods: 25),
    Estimate(name: "nodes of no size", groups: [pods(3)], cpu: 0, memoryMiB: 0, nodes: 0, pods: 0),
    Estimate(
      name: "nodes of no size, pods of none", groups: [pods(3, cpu: 0, memoryMiB: 0)], cpu: 0, memoryMiB: 0,
      nodes: 1, pods: 3),
    Estimate(name: "nodes that take no pods", groups: [pods(3, cpu: 0, memoryMiB: 0)], podsMax: 0, nodes: 0, pods: 0),
    Estimate(name: "too large for a node", groups: [pods(3, cpu: 1001)], nodes: 0, pods: 0),
    Estimate(name: "at most so many nodes", groups: [pods(20, cpu: 500)], maxNodes: 5, nodes: 5, pods: 10),
    Estimate(name: "no nodes at all", groups: [pods(20, cpu: 500)], maxNodes: 0, nodes: 0, pods: 0),
    Estimate(
      name: "what cannot be helped takes nothing of the limit", groups: [pods(3, cpu: 1500), pods(4, owner: "b")],
      maxNodes: 1, nodes: 1, pods: 4),
    Estimate(
      name: "the large go first, the small fill up", groups: [pods(10, cpu: 50), pods(10, cpu: 500, owner: "b")],
      maxNodes: 5, nodes: 5, pods: 10),
    Estimate(name: "a host port is taken once a node", groups: [pods(8, port(5555))], nodes: 8, pods: 8),
    Estimate(
      name: "two host ports go together", groups: [pods(4, port(1)), pods(6, owner: "b", port(2))], nodes: 6, pods: 10),
    Estimate(
      name: "a port of one address conflicts with that of all",
      groups: [pods(3, port(1, "10.0.0.1")), pods(2, owner: "b", port(1))], nodes: 5, pods: 5),
    Estimate(
      name: "a port of two addresses goes together",
      groups: [pods(3, port(1, "10.0.0.1")), pods(2, owner: "b", port(1, "10.0.0.2"))], nodes: 3, pods: 5),
    Estimate(name: "apart by host", groups: [pods(4, anti(WellKnown.hostname))], nodes: 4, pods: 4),
    Estimate(name: "apart by zone: one of all", groups: [pods(4, anti(WellKnown.zone))], nodes: 1, pods: 1),
    Estimate(
      name: "others stay away from those who keep apart",
      groups: [pods(2, cpu: 300, anti(WellKnown.hostname, to: "b")), pods(2, owner: "b")], nodes: 2, pods: 4),
    Estimate(name: "together on one host", groups: [pods(30, near(WellKnown.hostname))], nodes: 1, pods: 10),
    Estimate(name: "together in one zone", groups: [pods(30, near(WellKnown.zone))], nodes: 3, pods: 30),
    Estimate(name: "near those that are nowhere", groups: [pods(3, near(WellKnown.zone, to: "b"))], nodes: 0, pods: 0),
    Estimate(
      name: "spread over hosts, an old one cannot take any: two each",
      groups: [pods(8, cpu: 200, spread(WellKnown.hostname, 2))],
      nodes: 4, pods: 8),
    Estimate(
      name: "spread over hosts by one", groups: [pods(5, cpu: 200, spread(WellKnown.hostname, 1))], nodes: 5, pods: 5),
    Estimate(
      name: "spread over zones: the other zone is empty", groups: [pods(8, cpu: 200, spread(WellKnown.zone, 2))],
      nodes: 1, pods: 2),
    Estimate(
      name: "spread over more zones than there are", groups: [pods(8, spread(WellKnown.zone, 3, minDomains: 5))],
      nodes: 1, pods: 3),
    Estimate(
      name: "a wish to be spread is none", groups: [pods(8, spread(WellKnown.hostname, 1, soft: true))], nodes: 1,
      pods: 8),
    Estimate(
      name: "a spread over a label that no node has", groups: [pods(8, spread("rack", 1))], nodes: 0, pods: 0),
    Estimate(
      name: "a taint or selector that the nodes do not have",
      groups: [pods(2) { $0.spec.nodeSelector = ["disk": "ssd"] }],
      nodes: 0, pods: 0),
  ]

  @Test(arguments: cases) func asUpstreamEstimates(_ estimate: Estimate) {
    // A node in another zone, which has no room.
    var snapshot = ClusterSnapshot(nodes: [Fixture.node("old", cpu: 100, memoryMiB: 0, pods: 10, zone: "jupiter")])
    let before = snapshot.nodeCount
    let groups = estimate.groups.map { BinPacking.Group(shape: PodShape($0[0]), pods: $0.map { PodInfo($0) }) }
    let result = BinPacking.pack(groups, into: &snapshot, maxNodes: estimate.maxNodes) {
      NodeTraits(
        Fixture.node(
          "new-\($0)", cpu: estimate.cpu, memoryMiB: estimate.memoryMiB, pods: estimate.podsMax, zone: "mars"))
    }
    #expect(result.nodesUsed == estimate.nodes)
    #expect(result.placements.count == estimate.pods)
    #expect(result.newNodes.count == snapshot.nodeCount - before)
    #expect(result.unplaced.reduce(0) { $0 + $1.pods.count } == estimate.groups.joined().count - estimate.pods)
    #expect(result.newNodes.allSatisfy { !snapshot.nodes[$0].residents.isEmpty })
  }

  /// The case of upstream's benchmark.
  @Test func fiftyOneThousandPods() {
    let groups = [("small", 50, 100, 50_000), ("large", 95, 190, 1000)].map { owner, cpu, memory, count in
      let shape = PodShape(Fixture.pod(owner, cpu: Int64(cpu), memoryMiB: Int64(memory), owner: owner))
      return BinPacking.Group(
        shape: shape,
        pods: (0..<count).map { PodInfo(key: NamespacedName("default", "\(owner)-\($0)"), shape: shape) })
    }
    let template = NodeTraits(Fixture.node("template", cpu: 1000, memoryMiB: 5000, pods: 100))
    var snapshot = ClusterSnapshot()
    let result = BinPacking.pack(groups, into: &snapshot, maxNodes: 3000) {
      NodeTraits(like: template, named: "n\($0)")
    }
    #expect(result.newNodes.count == 2595)
    #expect(result.placements.count == 51_000)
  }
}
