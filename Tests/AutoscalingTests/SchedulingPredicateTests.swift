import Autoscaling
import Kubernetes
import Testing

private typealias Fixture = SchedulingFixture

@Suite struct SchedulingPredicateTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var name: String
    var nodes: [Node]
    var pods: [Pod] = []
    var pod: Pod
    /// The nodes that refuse, and why.
    var refused: [String: [String]]
    var testDescription: String { name }
  }

  static func affinity(_ key: String, _ op: LabelRequirement.Operator, _ values: [String] = []) -> Pod {
    Fixture.pod("p") { pod in
      var term = NodeSelectorTerm()
      term.matchExpressions = [LabelRequirement(key: key, op: op, values: values)]
      pod.spec.affinity = Affinity()
      pod.spec.affinity?.nodeAffinity = NodeAffinity()
      pod.spec.affinity?.nodeAffinity?.required = NodeSelector()
      pod.spec.affinity?.nodeAffinity?.required?.nodeSelectorTerms = [term]
    }
  }

  static let pair = [Fixture.node("a", labels: ["gen": "5"]), Fixture.node("b", labels: ["gen": "7", "gpu": "yes"])]
  static let unmatched = ["node(s) didn't match Pod's node affinity/selector"]

  static let table: [Case] = resources + placement + nodeAffinity + podAffinity

  static let resources: [Case] = [
    Case(
      name: "requests against what is left", nodes: [Fixture.node("a", cpu: 1000), Fixture.node("b", cpu: 2000)],
      pods: [Fixture.pod("x", cpu: 800, on: "a")], pod: Fixture.pod("p"), refused: ["a": ["Insufficient cpu"]]),
    Case(
      name: "every lacking resource is named", nodes: [Fixture.node("a", cpu: 100, memoryMiB: 10)],
      pod: Fixture.pod("p"), refused: ["a": ["Insufficient cpu", "Insufficient memory"]]),
    Case(
      name: "the number of pods", nodes: [Fixture.node("a", pods: 1)], pods: [Fixture.pod("x", on: "a")],
      pod: Fixture.pod("p"), refused: ["a": ["Too many pods"]]),
    Case(
      name: "finished pods leave room", nodes: [Fixture.node("a", pods: 1)],
      pods: [Fixture.pod("x", on: "a") { $0.status.phase = "Succeeded" }], pod: Fixture.pod("p"), refused: [:]),
    Case(
      name: "sidecars count", nodes: [Fixture.node("a", cpu: 600)],
      pod: Fixture.pod("p") { pod in
        var sidecar = pod.spec.containers[0]
        sidecar.name = "envoy"
        sidecar.restartPolicy = "Always"
        pod.spec.initContainers = [sidecar]
      }, refused: ["a": ["Insufficient cpu"]]),
    Case(
      name: "extended resources", nodes: [Fixture.node("a")],
      pod: Fixture.pod("p") { $0.spec.containers[0].resources.requests["example.com/gpu"] = Quantity(1) },
      refused: ["a": ["Insufficient example.com/gpu"]]),
    Case(
      name: "host ports", nodes: [Fixture.node("a"), Fixture.node("b")],
      pods: [Fixture.pod("x", on: "a", hostPort(80))], pod: Fixture.pod("p", hostPort(80)),
      refused: ["a": ["node(s) didn't have free ports for the requested pod ports"]]),
  ]

  static func hostPort(_ port: Int) -> (inout Pod) -> Void {
    { pod in
      var declared = ContainerPort()
      declared.hostPort = port
      declared.containerPort = port
      pod.spec.containers[0].ports = [declared]
    }
  }

  static let placement: [Case] = [
    Case(
      name: "cordoned", nodes: [cordoned("a"), Fixture.node("b")], pod: Fixture.pod("p"),
      refused: ["a": ["node(s) were unschedulable"]]),
    Case(
      name: "taints", nodes: [Fixture.node("a", taints: [Taint("dedicated", "db", effect: "NoSchedule")])],
      pod: Fixture.pod("p"), refused: ["a": ["node(s) had untolerated taint {dedicated: db}"]]),
    Case(
      name: "tolerated taints", nodes: [Fixture.node("a", taints: [Taint("dedicated", "db", effect: "NoSchedule")])],
      pod: Fixture.pod("p") { pod in
        var toleration = Toleration()
        toleration.key = "dedicated"
        toleration.op = "Exists"
        pod.spec.tolerations = [toleration]
      }, refused: [:]),
    Case(
      name: "not ready", nodes: [Fixture.node("a", isReady: false)], pod: Fixture.pod("p"),
      refused: ["a": ["node(s) had untolerated taint {node.kubernetes.io/not-ready: }"]]),
    Case(
      name: "node name", nodes: pair, pod: Fixture.pod("p") { $0.spec.nodeName = "b" },
      refused: ["a": ["node(s) didn't match the requested node name"]]),
    Case(
      name: "node selector", nodes: pair, pod: Fixture.pod("p") { $0.spec.nodeSelector = ["gpu": "yes"] },
      refused: ["a": unmatched]),
  ]

  static func cordoned(_ name: String) -> Node {
    var node = Fixture.node(name)
    node.spec.unschedulable = true
    return node
  }

  static let nodeAffinity: [Case] = [
    Case(name: "In", nodes: pair, pod: affinity("gen", .in, ["5", "6"]), refused: ["b": unmatched]),
    Case(name: "NotIn", nodes: pair, pod: affinity("gen", .notIn, ["5"]), refused: ["a": unmatched]),
    Case(name: "Exists", nodes: pair, pod: affinity("gpu", .exists), refused: ["a": unmatched]),
    Case(name: "DoesNotExist", nodes: pair, pod: affinity("gpu", .doesNotExist), refused: ["b": unmatched]),
    Case(name: "Gt", nodes: pair, pod: affinity("gen", .greaterThan, ["5"]), refused: ["a": unmatched]),
    Case(name: "Lt", nodes: pair, pod: affinity("gen", .lessThan, ["7"]), refused: ["b": unmatched]),
    Case(
      name: "matchFields", nodes: pair,
      pod: Fixture.pod("p") { pod in
        var term = NodeSelectorTerm()
        term.matchFields = [LabelRequirement(key: "metadata.name", op: .in, values: ["a"])]
        pod.spec.affinity = Affinity()
        pod.spec.affinity?.nodeAffinity = NodeAffinity()
        pod.spec.affinity?.nodeAffinity?.required = NodeSelector()
        pod.spec.affinity?.nodeAffinity?.required?.nodeSelectorTerms = [term]
      }, refused: ["b": unmatched]),
  ]

  static func wanting(_ term: PodAffinityTerm, owner: String = "web") -> Pod {
    Fixture.pod("p", owner: owner) { pod in
      pod.spec.affinity = Affinity()
      pod.spec.affinity?.podAffinity = PodAffinity()
      pod.spec.affinity?.podAffinity?.required = [term]
    }
  }

  static func avoiding(_ name: String, _ term: PodAffinityTerm, owner: String = "web", on node: String = "") -> Pod {
    Fixture.pod(name, on: node, owner: owner) { pod in
      pod.spec.affinity = Affinity()
      pod.spec.affinity?.podAntiAffinity = PodAffinity()
      pod.spec.affinity?.podAntiAffinity?.required = [term]
    }
  }

  static let podAffinity: [Case] = [
    Case(
      name: "affinity by zone", nodes: [Fixture.node("a"), Fixture.node("b"), Fixture.node("c", zone: "z")],
      pods: [Fixture.pod("db-1", on: "a", owner: "db")], pod: wanting(Fixture.term("db", WellKnown.zone)),
      refused: ["c": ["node(s) didn't match pod affinity rules"]]),
    Case(
      name: "the first of its own kind may start anywhere", nodes: pair, pod: wanting(Fixture.term("web")),
      refused: [:]),
    Case(
      name: "nobody of another kind is there", nodes: [Fixture.node("a")], pod: wanting(Fixture.term("db")),
      refused: ["a": ["node(s) didn't match pod affinity rules"]]),
    Case(
      name: "anti-affinity", nodes: pair, pods: [Fixture.pod("x", on: "a")], pod: avoiding("p", Fixture.term("web")),
      refused: ["a": ["node(s) didn't match pod anti-affinity rules"]]),
    Case(
      name: "anti-affinity of pods that are there", nodes: pair,
      pods: [avoiding("db-1", Fixture.term("web"), owner: "db", on: "b")], pod: Fixture.pod("p"),
      refused: ["b": ["node(s) didn't satisfy existing pods anti-affinity rules"]]),
    Case(
      name: "other namespaces do not count", nodes: pair,
      pods: [Fixture.pod("x", on: "a") { $0.metadata.namespace = "other" }], pod: avoiding("p", Fixture.term("web")),
      refused: [:]),
  ]

  @Test(arguments: table) func predicate(_ test: Case) {
    #expect(Fixture.failures(test.pod, Fixture.view(test.nodes, test.pods)) == test.refused)
  }

  @Test func messageCountsReasons() {
    var nodes = [Fixture.node("a", cpu: 100), Fixture.node("b", cpu: 100)]
    nodes.append(Fixture.node("c", taints: [Taint("k", "v", effect: "NoSchedule")]))
    var scheduler = SchedulingDecision()
    let changes = scheduler.reconcile(Fixture.view(nodes, [Fixture.pod("p")]), at: Fixture.start)
    let message = "0/3 nodes are available: 2 Insufficient cpu, 1 node(s) had untolerated taint {k: v}."
    guard case .patch(let target, .strategic, let body, "status", _)? = changes.first else {
      Issue.record("no status patch in \(changes)")
      return
    }
    #expect(target.name == "p")
    let condition = body[path: ["status", "conditions"]]?.arrayValue?.first
    #expect(condition?["type"] == "PodScheduled")
    #expect(condition?["status"] == "False")
    #expect(condition?["reason"] == "Unschedulable")
    #expect(condition?["message"] == .string(message))
    guard case .record(let note)? = changes.last else {
      Issue.record("no event in \(changes)")
      return
    }
    #expect(note.reason == "FailedScheduling" && note.isWarning && note.message == message)
  }
}
