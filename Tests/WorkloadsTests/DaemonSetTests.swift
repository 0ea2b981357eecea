import Kubernetes
import Testing
import Workloads

@Suite struct DaemonSetTests {
  private func node(_ name: String, labels: Labels = [:], taints: [Taint] = []) -> Node {
    var node = Node()
    node.metadata = ObjectMeta(name: name, labels: labels)
    node.spec.taints = taints
    return node
  }

  private func set(_ change: (inout DaemonSet.Spec) -> Void = { _ in }) -> DaemonSet {
    var set = DaemonSet()
    set.metadata = ObjectMeta(name: "agent", namespace: "default")
    set.metadata.uid = "set"
    set.metadata.generation = 1
    set.spec.selector = LabelSelector(matchLabels: ["app": "agent"])
    set.spec.template = Make.template("agent", image: "agent:1")
    change(&set.spec)
    return set
  }

  private func cluster(_ set: DaemonSet, _ nodes: [Node]) -> WorkloadCluster {
    var cluster = WorkloadCluster()
    cluster.view.daemonSets[set.key] = set
    for node in nodes { cluster.view.set(node) }
    return cluster
  }

  private func targets(_ cluster: WorkloadCluster) -> [String] {
    cluster.active.compactMap {
      $0.spec.affinity?.nodeAffinity?.required?.nodeSelectorTerms.first?.matchFields.first?.values.first
    }.sorted()
  }

  private func status(_ cluster: WorkloadCluster) -> DaemonSet.Status {
    cluster.view.daemonSets.values.first?.status ?? DaemonSet.Status()
  }

  @Test func hasAPodOnEveryNodeThatItFits() throws {
    let nodes = [
      node("a", labels: ["disk": "ssd"]), node("b"), node("c", labels: ["disk": "ssd"]),
      node("d", labels: ["disk": "ssd"], taints: [Taint("gpu", effect: "NoSchedule")]),
      node("e", labels: ["disk": "ssd"], taints: [Taint("node.kubernetes.io/unschedulable", effect: "NoSchedule")]),
    ]
    var cluster = cluster(set { $0.template.spec.nodeSelector = ["disk": "ssd"] }, nodes)
    var decision = DaemonSetDecision()
    try cluster.settle(&decision)
    #expect(targets(cluster) == ["a", "c", "e"])
    cluster.run(cluster.active)
    try cluster.settle(&decision)
    #expect(status(cluster).desiredNumberScheduled == 3)
    #expect(status(cluster).numberReady == 3)
    #expect(status(cluster).updatedNumberScheduled == 3)
    #expect(cluster.view.controllerRevisions.count == 1)
    // A node that no longer fits loses its pod; a new one gets its own.
    cluster.view.set(node("a"))
    cluster.view.set(node("f", labels: ["disk": "ssd"]))
    try cluster.settle(&decision)
    #expect(targets(cluster) == ["c", "e", "f"])
  }

  @Test func rollsOneNodeAtATime() throws {
    let set = set()
    var cluster = cluster(set, ["a", "b", "c", "d"].map { node($0) })
    var decision = DaemonSetDecision()
    try cluster.settle(&decision)
    cluster.run(cluster.active)
    try cluster.settle(&decision)
    cluster.view.daemonSets[set.key]?.spec.template.spec.containers[0].image = "agent:2"
    for _ in 0..<20 {
      try cluster.apply(decision.reconcile(cluster.view, at: cluster.now))
      #expect(cluster.active.count(where: \.isReady) >= 3)
      cluster.now = cluster.now + 1
      cluster.run(cluster.active.filter { $0.spec.containers[0].image == "agent:2" })
    }
    #expect(cluster.active.allSatisfy { $0.spec.containers[0].image == "agent:2" })
    #expect(targets(cluster) == ["a", "b", "c", "d"])
    #expect(cluster.view.controllerRevisions.values.map(\.revision).sorted() == [1, 2])
  }

  @Test func surgesWhereItMay() throws {
    var rolling = DeploymentStrategy.RollingUpdate()
    rolling.maxSurge = .int(1)
    rolling.maxUnavailable = .int(0)
    let set = set { $0.updateStrategy.rollingUpdate = rolling }
    var cluster = cluster(set, ["a", "b", "c"].map { node($0) })
    var decision = DaemonSetDecision()
    try cluster.settle(&decision)
    cluster.run(cluster.active)
    cluster.view.daemonSets[set.key]?.spec.template.spec.containers[0].image = "agent:2"
    for _ in 0..<30 {
      try cluster.apply(decision.reconcile(cluster.view, at: cluster.now))
      #expect(cluster.active.count(where: \.isReady) >= 3)
      #expect(cluster.active.count <= 4)
      cluster.now = cluster.now + 1
      cluster.run(cluster.active)
    }
    #expect(cluster.active.count == 3)
    #expect(cluster.active.allSatisfy { $0.spec.containers[0].image == "agent:2" })
  }

  @Test func aFailedPodIsReplacedAfterAWhile() throws {
    var cluster = cluster(set(), [node("a")])
    var decision = DaemonSetDecision()
    try cluster.settle(&decision)
    cluster.end(cluster.active, exitCode: 1)
    try cluster.settle(&decision)
    cluster.now = cluster.now + 5
    try cluster.settle(&decision)
    #expect(cluster.active.count == 1)
    #expect(cluster.events.contains("FailedDaemonPod"))
  }
}
