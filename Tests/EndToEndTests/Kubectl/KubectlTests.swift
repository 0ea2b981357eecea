import Kubernetes
import Testing

extension EndToEnd {
  /// What people do with kubectl, against the embedded cluster.
  @Suite(.serialized, .cluster(["--nodes", "2", "--speed", "10"])) struct KubectlTests {
    let cluster: Cluster

    init() throws { cluster = try Cluster.current() }
  }
}

extension EndToEnd.KubectlTests {
  @Test func nodesAreListedInEveryForm() async throws {
    try await cluster.kubectl("wait", "--for=condition=Ready", "node", "--all", "--timeout=20s")
    let table = try await cluster.kubectl("get", "nodes")
    #expect(table.split(separator: "\n").count == 3, "\(table)")
    #expect(table.hasPrefix("NAME") && table.contains(" Ready "), "\(table)")
    let wide = try await cluster.kubectl("get", "nodes", "-o", "wide")
    #expect(wide.contains("INTERNAL-IP") && wide.contains(" 127."), "\(wide)")
    let names = try await cluster.kubectl("get", "nodes", "-o", "name")
    #expect(names.split(separator: "\n").allSatisfy { $0.hasPrefix("node/") }, "\(names)")
    let items = try await cluster.items("get", "nodes")
    #expect(items.count == 2)
    #expect(items.allSatisfy { $0["kind"]?.stringValue == "Node" && $0["apiVersion"]?.stringValue == "v1" })
    let yaml = try await cluster.kubectl("get", "nodes", "-o", "yaml")
    #expect(yaml.contains("kind: Node\n") && yaml.contains("allocatable:"), "\(yaml.prefix(400))")
    let described = try await cluster.kubectl("describe", "node", String(names.split(separator: "\n")[0].dropFirst(5)))
    #expect(described.contains("Allocatable:") && described.contains("Conditions:"), "\(described)")
  }

  @Test func aDeploymentIsAppliedChangedScaledRestartedAndDeleted() async throws {
    try await cluster.withNamespace("deployments") { namespace in
      let first = Manifest.deployment("web", in: namespace)
      #expect(try await cluster.kubectl("apply", "-f", "-", input: first) == "deployment.apps/web created\n")
      let rolled = try await cluster.kubectl("rollout", "status", "deployment/web", "-n", namespace, "--timeout=30s")
      #expect(rolled.contains("successfully rolled out"))
      #expect(try await cluster.kubectl("apply", "-f", "-", input: first) == "deployment.apps/web unchanged\n")

      let table = try await cluster.kubectl("get", "deployments", "-n", namespace)
      #expect(table.contains("READY") && table.contains("2/2"), "\(table)")
      let wide = try await cluster.kubectl("get", "deployment", "web", "-n", namespace, "-o", "wide")
      #expect(wide.contains("IMAGES") && wide.contains("busybox") && wide.contains("app=web"), "\(wide)")
      let everywhere = try await cluster.kubectl("get", "deployments", "-A")
      #expect(everywhere.hasPrefix("NAMESPACE") && everywhere.contains("\(namespace) "), "\(everywhere)")
      #expect(try await cluster.kubectl("get", "deploy", "-n", namespace, "-o", "name") == "deployment.apps/web\n")

      let pods = try await cluster.items("get", "pods", "-n", namespace, "-l", "app=web")
      #expect(pods.count == 2)
      #expect(try await cluster.items("get", "pods", "-n", namespace, "-l", "app!=web").isEmpty)
      #expect(try await cluster.items("get", "pods", "-n", namespace, "-l", "app in (web, other)").count == 2)
      let podsWide = try await cluster.kubectl("get", "pods", "-n", namespace, "-o", "wide")
      #expect(podsWide.contains("NODE") && podsWide.contains("127.") && podsWide.contains("Running"), "\(podsWide)")
      let yaml = try await cluster.kubectl("get", "pods", "-n", namespace, "-o", "yaml")
      #expect(yaml.contains("kind: Pod\n") && yaml.contains("ownerReferences:"), "\(yaml.prefix(400))")

      try await cluster.kubectl("scale", "deployment/web", "-n", namespace, "--replicas=3")
      try await cluster.kubectl("rollout", "status", "deployment/web", "-n", namespace, "--timeout=30s")
      let scaled = try await cluster.items("get", "pods", "-n", namespace, "-l", "app=web").compactMap(Self.name)
      #expect(scaled.count == 3)

      try await cluster.kubectl("rollout", "restart", "deployment/web", "-n", namespace)
      try await cluster.kubectl("rollout", "status", "deployment/web", "-n", namespace, "--timeout=40s")
      try await eventually("only new pods are left") {
        let names = try await cluster.items("get", "pods", "-n", namespace, "-l", "app=web").compactMap(Self.name)
        return names.count == 3 && Set(names).isDisjoint(with: scaled)
      }

      try await cluster.kubectl("delete", "deployment", "web", "-n", namespace)
      try await eventually("the pods of the deleted deployment are gone") {
        try await cluster.items("get", "pods,replicasets", "-n", namespace).isEmpty
      }
    }
  }

  @Test func aDifferenceIsShownAndThenThereIsNone() async throws {
    try await cluster.withNamespace("differences") { namespace in
      try await cluster.kubectl("apply", "-f", "-", input: Manifest.deployment("web", in: namespace))
      let changed = Manifest.deployment("web", in: namespace, replicas: 1, cpu: "60m")
      let difference = try await cluster.kubectlOutcome("diff", "-f", "-", input: changed)
      #expect(difference.status == 1, "\(difference)")
      #expect(difference.output.contains("-  replicas: 2\n+  replicas: 1\n"), "\(difference)")
      #expect(difference.output.contains("cpu: 50m") && difference.output.contains("cpu: 60m"), "\(difference)")
      #expect(try await cluster.kubectl("apply", "-f", "-", input: changed) == "deployment.apps/web configured\n")
      let none = try await cluster.kubectlOutcome("diff", "-f", "-", input: changed)
      #expect(none.status == 0, "\(none)")
      // A diff is a dry run: it leaves nothing.
      let other = Manifest.deployment("other", in: namespace)
      #expect(try await cluster.kubectlOutcome("diff", "-f", "-", input: other).status == 1)
      #expect(try await cluster.kubectlOutcome("get", "deployment", "other", "-n", namespace).status == 1)
    }
  }

  @Test func serverSideApplyKeepsOwnersApart() async throws {
    try await cluster.withNamespace("owners") { namespace in
      let map =
        "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: shared, namespace: \(namespace) }\ndata: { mode: first }\n"
      let applied = try await cluster.kubectl("apply", "--server-side", "--field-manager=one", "-f", "-", input: map)
      #expect(applied == "configmap/shared serverside-applied\n")
      let second = map.replacing("mode: first", with: "mode: second")
      let conflict = try await cluster.kubectlOutcome(
        "apply", "--server-side", "--field-manager=two", "-f", "-", input: second)
      #expect(conflict.status == 1, "\(conflict)")
      #expect(
        conflict.error.contains("conflict") && conflict.error.contains("\"one\"")
          && conflict.error.contains(".data.mode"), "\(conflict)")
      #expect(try await cluster.json("get", "configmap", "shared", "-n", namespace)[path: ["data", "mode"]] == "first")
      try await cluster.kubectl(
        "apply", "--server-side", "--field-manager=two", "--force-conflicts", "-f", "-", input: second)
      #expect(
        try await cluster.json("get", "configmap", "shared", "-n", namespace)[path: ["data", "mode"]] == "second")
      let workload = Manifest.deployment("web", in: namespace, replicas: 1)
      try await cluster.kubectl("apply", "--server-side", "-f", "-", input: workload)
      try await cluster.kubectl("apply", "--server-side", "-f", "-", input: workload)
      try await cluster.kubectl("rollout", "status", "deployment/web", "-n", namespace, "--timeout=30s")
    }
  }

  @Test func aWatchTellsWhatHappens() async throws {
    try await cluster.withNamespace("watches") { namespace in
      let watch = try cluster.kubectlProgram("get", "pods", "-n", namespace, "-w", "--output-watch-events")
      defer { watch.killGroup() }
      let labelled = try cluster.kubectlProgram("get", "pods", "-A", "-w", "-l", "app=other", "-o", "name")
      defer { labelled.killGroup() }
      try await cluster.kubectl("apply", "-f", "-", input: Manifest.pod("seen", in: namespace))
      try await cluster.kubectl("apply", "-f", "-", input: Manifest.pod("other", in: namespace))
      try await eventually("the watch shows a pod that runs") {
        watch.output.split(separator: "\n").contains {
          $0.contains("MODIFIED") && $0.contains("seen") && $0.contains("Running")
        }
      }
      try await cluster.kubectl("delete", "pod", "seen", "-n", namespace)
      try await eventually("the watch shows a deleted pod") {
        watch.output.split(separator: "\n").contains { $0.contains("DELETED") && $0.contains("seen") }
      }
      try await eventually("a watch by label shows its pod") { labelled.output.contains("pod/other\n") }
      #expect(!labelled.output.contains("pod/seen"), "\(labelled.output)")
    }
  }

  @Test func logsAreReadAndFollowed() async throws {
    try await cluster.withNamespace("logs") { namespace in
      let script = "n=0; while :; do n=$((n+1)); echo line $n; echo problem $n >&2; sleep 0.1; done"
      try await cluster.kubectl("apply", "-f", "-", input: Manifest.pod("talker", in: namespace, script: script))
      try await cluster.kubectl("wait", "--for=condition=Ready", "pod/talker", "-n", namespace, "--timeout=20s")
      let followed = try cluster.kubectlProgram("logs", "-f", "talker", "-n", namespace)
      defer { followed.killGroup() }
      try await eventually("lines come while they are written") { followed.output.contains("line 12\n") }
      #expect(
        followed.output.contains("line 1\nproblem 1\n") || followed.output.contains("problem 1\nline 1\n"),
        "\(followed.output)")
      let tail = try await cluster.kubectl("logs", "talker", "-c", "main", "-n", namespace, "--tail=2")
      #expect(tail.split(separator: "\n").count == 2, "\(tail)")
      let stamped = try await cluster.kubectl("logs", "talker", "-n", namespace, "--tail=1", "--timestamps")
      #expect(stamped.hasPrefix("20") && stamped.contains("Z "), "\(stamped)")
      try await cluster.kubectl("delete", "pod", "talker", "-n", namespace)
      // A follower ends with the container, not by a limit.
      _ = try await eventually("the follower ends") { ProcessTable.isRunning(followed.pid) ? nil : true }
      #expect(await followed.status == 0, "\(followed.error)")
      let missing = try await cluster.kubectlOutcome("logs", "talker", "-n", namespace)
      #expect(missing.status == 1 && missing.error.contains("not found"), "\(missing)")
    }
  }

  static func name(_ object: JSONValue) -> String? { object[path: ["metadata", "name"]]?.stringValue }
}
