import Kubernetes
import Testing

extension EndToEnd.KubectlTests {
  @Test func aNodeIsCordonedAndDrainedWithinTheBudget() async throws {
    try await cluster.withNamespace("drains") { namespace in
      let budget = """
        ---
        apiVersion: policy/v1
        kind: PodDisruptionBudget
        metadata: { name: drained, namespace: \(namespace) }
        spec: { minAvailable: 1, selector: { matchLabels: { app: drained } } }

        """
      try await cluster.kubectl("apply", "-f", "-", input: Manifest.deployment("drained", in: namespace) + budget)
      try await cluster.kubectl("rollout", "status", "deployment/drained", "-n", namespace, "--timeout=30s")
      try await eventually("the budget allows one") {
        try await cluster.json("get", "pdb", "drained", "-n", namespace)[path: ["status", "disruptionsAllowed"]] == 1
      }
      let nodes = try await cluster.items("get", "nodes").compactMap(Self.name)
      let node = try #require(try await nodesOfPods(namespace).first)

      try await cluster.kubectl("cordon", node)
      let cordoned = try await cluster.kubectl("get", "node", node)
      #expect(cordoned.contains("Ready,SchedulingDisabled"), "\(cordoned)")
      let drained = try await cluster.kubectlOutcome(
        "drain", node, "--ignore-daemonsets", "--delete-emptydir-data", "--force", "--timeout=60s", within: .seconds(70)
      )
      #expect(drained.status == 0 && drained.output.contains("drained"), "\(drained)")
      try await cluster.kubectl("rollout", "status", "deployment/drained", "-n", namespace, "--timeout=30s")
      #expect(try await nodesOfPods(namespace) == nodes.filter { $0 != node })

      // With the other node closed too, nobody is left to take over, and the budget holds the last pod where it is.
      let other = try #require(nodes.first { $0 != node })
      let refused = try await cluster.kubectlOutcome(
        "drain", other, "--ignore-daemonsets", "--delete-emptydir-data", "--force", "--pod-selector=app=drained",
        "--timeout=8s", within: .seconds(30))
      #expect(refused.status == 1 && refused.error.contains("disruption budget"), "\(refused)")
      let left = try await cluster.items("get", "pods", "-n", namespace).count {
        $0[path: ["spec", "nodeName"]]?.stringValue == other
      }
      #expect(left == 1)
      try await cluster.kubectl("uncordon", node)
      try await cluster.kubectl("uncordon", other)
      try await cluster.kubectl("rollout", "status", "deployment/drained", "-n", namespace, "--timeout=30s")
    }
  }

  private func nodesOfPods(_ namespace: String) async throws -> [String] {
    let pods = try await cluster.items("get", "pods", "-n", namespace)
    let bound = pods.filter { $0[path: ["metadata", "deletionTimestamp"]] == nil }
    return Set(bound.compactMap { $0[path: ["spec", "nodeName"]]?.stringValue }).sorted()
  }

  @Test func aDeletedNamespaceTakesEverythingWithIt() async throws {
    try await cluster.kubectl("create", "namespace", "doomed")
    try await cluster.kubectl("apply", "-f", "-", input: Manifest.deployment("web", in: "doomed"))
    try await cluster.kubectl("create", "configmap", "left", "--from-literal=a=b", "-n", "doomed")
    try await cluster.kubectl("rollout", "status", "deployment/web", "-n", "doomed", "--timeout=30s")
    try await cluster.kubectl("delete", "namespace", "doomed", "--timeout=40s", within: .seconds(45))
    #expect(try await cluster.items("get", "deployments,pods,replicasets,configmaps", "-n", "doomed").isEmpty)
    let gone = try await cluster.kubectlOutcome("get", "namespace", "doomed")
    #expect(gone.status == 1 && gone.error.contains("NotFound"), "\(gone)")
  }

  @Test func errorsAreKubernetesOwn() async throws {
    try await cluster.withNamespace("errors") { namespace in
      let missing = try await cluster.kubectlOutcome("get", "pod", "nobody", "-n", namespace)
      #expect(missing.status == 1, "\(missing)")
      #expect(missing.error.contains("Error from server (NotFound): pods \"nobody\" not found"), "\(missing)")
      let unknown = try await cluster.kubectlOutcome("get", "wonders", "-n", namespace)
      #expect(unknown.status == 1 && unknown.error.contains("doesn't have a resource type \"wonders\""), "\(unknown)")
      let pod = Manifest.pod("once", in: namespace)
      try await cluster.kubectl("create", "-f", "-", input: pod)
      let twice = try await cluster.kubectlOutcome("create", "-f", "-", input: pod)
      #expect(twice.status == 1 && twice.error.contains("AlreadyExists"), "\(twice)")
      let invalid = Manifest.deployment("web", in: namespace).replacing(
        "matchLabels: { app: web }", with: "matchLabels: { app: other }")
      let refused = try await cluster.kubectlOutcome("apply", "-f", "-", input: invalid)
      #expect(refused.status == 1 && refused.error.contains("spec.template.metadata.labels"), "\(refused)")
      let elsewhere = try await cluster.kubectlOutcome("create", "configmap", "x", "-n", "nowhere")
      #expect(elsewhere.status == 1 && elsewhere.error.contains("namespaces \"nowhere\" not found"), "\(elsewhere)")
      if try await KubectlVersion.isAtLeast(27, for: "unknown fields found by the server") {
        let typo = Manifest.deployment("web", in: namespace).replacing("  replicas:", with: "  replicaz:")
        let strict = try await cluster.kubectlOutcome("apply", "-f", "-", input: typo)
        #expect(strict.status == 1 && strict.error.contains("unknown field \"spec.replicaz\""), "\(strict)")
      }
    }
  }

  @Test func aWrongTokenIsRefused() async throws {
    let wrong = try await cluster.kubectlOutcome("get", "nodes", "--token=wrong", "--username=", "--password=")
    #expect(wrong.status == 1, "\(wrong)")
    #expect(wrong.error.contains("Unauthorized") || wrong.error.contains("must be logged in"), "\(wrong)")
    let server = try await PushClient(cluster)
    #expect(try await server.send("GET", "/api/v1/nodes", credentials: .wrong).status == 401)
    // Whoever shows nothing is the anonymous user, who may not.
    #expect(try await server.send("GET", "/api/v1/nodes", credentials: .none).status == 403)
  }

  @Test func customResourcesAreObjectsLikeOthers() async throws {
    try await cluster.withNamespace("custom") { namespace in
      let campaign = """
        apiVersion: sakigake.dev/v1
        kind: PushCampaign
        metadata: { name: later, namespace: \(namespace) }
        spec: { sendAt: "2099-01-01T00:00:00Z", audience: 1000, kind: breaking }

        """
      try await cluster.kubectl("apply", "-f", "-", input: campaign)
      let table = try await cluster.kubectl("get", "pushcampaigns", "-n", namespace)
      #expect(table.contains("later") && table.contains("1000"), "\(table)")
      let described = try await cluster.kubectl("describe", "pushcampaign", "later", "-n", namespace)
      #expect(described.contains("Audience:") && described.contains("2099-01-01T00:00:00Z"), "\(described)")
      let nobody = try await cluster.kubectlOutcome(
        "apply", "-f", "-",
        input: campaign.replacing("audience: 1000", with: "audience: 0").replacing("later", with: "nobody"))
      #expect(nobody.status == 1 && nobody.error.contains("audience"), "\(nobody)")
      try await cluster.kubectl("delete", "pushcampaign", "later", "-n", namespace)
    }
  }
}
