import Kubernetes
import KubernetesClient
import KubernetesServer
import LocalCluster
import Testing

@Suite(.timeLimit(.minutes(2))) struct CloudTests {
  private func group(_ name: String = "spot", minimum: Int = 0, maximum: Int = 10, target: Int = 0, boot: Double = 2)
    -> CloudGroup
  {
    CloudGroup(
      NodeGroup(
        name: name, instanceType: "m7g.large", allocatable: NodesCluster.machine, labels: ["team": "news"],
        taints: [Taint("spot", "yes", effect: "NoSchedule")], minimum: minimum, maximum: maximum, target: target,
        bootSeconds: boot, isSpot: true, pricePerHour: 0.1), kind: .simulated)
  }

  @Test func nodesBootAndRegister() async throws {
    try await NodesCluster.run(groups: [group()]) { cluster in
      try await cluster.cloud.resize("spot", to: 3)
      #expect(await cluster.cloud.groups()["spot"]?.target == 3)
      let node = try #require(try await cluster.wait(Node.self, "spot-1") { $0?.isReady ?? false })
      #expect(node.metadata.labels[WellKnown.zone] == "local-b")
      #expect(node.metadata.labels[WellKnown.nodeGroup] == "spot")
      #expect(node.metadata.labels[WellKnown.capacityType] == "spot")
      #expect(node.metadata.labels[WellKnown.instanceType] == "m7g.large")
      #expect(node.metadata.labels["team"] == "news")
      #expect(node.spec.taints.contains { $0.key == "spot" })
      #expect(node.spec.podCIDR.hasSuffix(".1.0/24"))
      #expect(node.status.allocatable["cpu"] == Quantity(4))
      #expect(node.status.allocatable["pods"] == Quantity(110))
      #expect(node.status.nodeInfo?["kubeletVersion"]?.stringValue == "v1.32.4")
      try await cluster.wait(Node.self, "spot-2") { $0?.isReady ?? false }
      try await cluster.wait(Lease.self, "spot-2") { $0?.spec.renewTime != nil }
      let bill = await cluster.cloud.bill(since: nil)
      #expect(bill.nodeSeconds >= 3 * 1.7, "booting is paid for too")
      #expect(abs(bill.cost - bill.nodeSeconds / 3600 * 0.1) < 1e-9)
      #expect(await cluster.cloud.bill(since: Timestamp.now).nodeSeconds < bill.nodeSeconds)
    }
  }

  @Test func shrinkingTakesTheEmptiest() async throws {
    try await NodesCluster.run(groups: [group(target: 2, boot: 0)]) { cluster in
      try await cluster.wait(Node.self, "spot-0") { $0?.isReady ?? false }
      try await cluster.create("stays", node: "spot-1") { $0.spec.containers = [shell("app", "")] }
      let pod = try await cluster.waitForPod("stays") { $0.isReady }
      #expect(pod.status.podIP.hasSuffix(".1.2"))
      try await cluster.cloud.resize("spot", to: 1)
      try await cluster.wait(Node.self, "spot-0") { $0 == nil }
      let (nodes, _) = try await cluster.client.list(Node.self)
      #expect(nodes.map(\.metadata.name) == ["spot-1"])
      // The machine goes, and its pods with it.
      try await cluster.cloud.terminate(node: "spot-1")
      try await cluster.wait(Pod.self, "stays") { $0 == nil }
      #expect(await cluster.cloud.groups()["spot"]?.target == 0)
    }
  }

  @Test func boundsAreKept() async throws {
    try await NodesCluster.run(groups: [group(minimum: 1, maximum: 2)]) { cluster in
      try await cluster.wait(Node.self, "spot-0") { $0?.isReady ?? false }
      await #expect(throws: CloudError.outOfBounds(group: "spot", size: 3, minimum: 1, maximum: 2)) {
        try await cluster.cloud.resize("spot", to: 3)
      }
      await #expect(throws: CloudError.outOfBounds(group: "spot", size: 0, minimum: 1, maximum: 2)) {
        try await cluster.cloud.terminate(node: "spot-0")
      }
      await #expect(throws: CloudError.unknownGroup("none")) { try await cluster.cloud.resize("none", to: 1) }
      await #expect(throws: CloudError.unknownNode("none")) { try await cluster.cloud.terminate(node: "none") }
    }
  }

  private func cloud(of cluster: NodesCluster, boot: Double) throws -> SimulatedCloud {
    try SimulatedCloud(
      CloudConfiguration(
        dataDirectory: cluster.directory.path + "/cloud", groups: [group(boot: boot)], speed: NodesCluster.speed,
        logger: NodesCluster.quiet), client: cluster.client, cache: cluster.cache)
  }

  @Test func aRestartedCloudBootsWhatIsMissing() async throws {
    try await NodesCluster.run(groups: [], withAgents: false) { cluster in
      let first = try cloud(of: cluster, boot: 1)
      let running = Task { try await first.run() }
      try await first.resize("spot", to: 1)
      try await cluster.wait(Node.self, "spot-0") { $0?.isReady ?? false }
      while await !first.booting().isEmpty { await Task.yield() }
      #expect(throws: CloudError.self, "two clusters do not share addresses") { try cloud(of: cluster, boot: 1) }
      running.cancel()
      try await running.value
      // The next one is asked for a node and does not live to see it.
      let second = try cloud(of: cluster, boot: 3)
      #expect(await second.groups()["spot"]?.target == 1)
      try await second.resize("spot", to: 2)
      #expect(await second.booting().keys.sorted() == ["spot-1"])
      await second.releaseAddresses()
      let third = try cloud(of: cluster, boot: 3)
      #expect(await third.booting() == (await second.booting()), "the same boot goes on")
      let again = Task { try await third.run() }
      try await cluster.wait(Node.self, "spot-1") { $0?.isReady ?? false }
      again.cancel()
      try await again.value
    }
  }

  @Test func anInterruptedNodeIsReplaced() async throws {
    try await NodesCluster.run(groups: [group(target: 1, boot: 0)]) { cluster in
      try await cluster.wait(Node.self, "spot-0") { $0?.isReady ?? false }
      try await cluster.cloud.interrupt(node: "spot-0")
      try await cluster.wait(Node.self, "spot-0") { $0?.spec.unschedulable ?? true }
      #expect(await cluster.cloud.groups()["spot"]?.target == 1)
    }
  }

  @Test func manySimulatedPods() async throws {
    try await NodesCluster.run(groups: [.fixed("sim", nodes: 20, allocatable: NodesCluster.machine, kind: .simulated)])
    { cluster in
      for index in 0..<200 {
        var pod = Pod()
        pod.metadata = ObjectMeta(name: "pod-\(index)", namespace: "default")
        pod.spec.nodeName = "sim-\(index % 20)"
        pod.spec.containers = [shell("app", "")]
        pod.spec.initContainers = [shell("first", "")]
        _ = try await cluster.client.create(pod)
      }
      for await _ in await cluster.cache.updates() {
        if await cluster.cache.view.pods.values.filter(\.isReady).count == 200 { break }
      }
      let (pods, _) = try await cluster.client.list(Pod.self)
      #expect(Set(pods.map(\.status.podIP)).count == 200)
      #expect(pods.allSatisfy { $0.status.phase == "Running" })
      try await cluster.client.delete(.init(try #require(pods.first)))
      try await cluster.wait(Pod.self, pods[0].metadata.name) { $0 == nil }
    }
  }
}
