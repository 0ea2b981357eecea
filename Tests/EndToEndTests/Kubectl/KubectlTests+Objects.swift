import Kubernetes
import Testing

extension EndToEnd.KubectlTests {
  @Test func descriptionsTellOfEvents() async throws {
    try await cluster.withNamespace("descriptions") { namespace in
      try await cluster.kubectl("apply", "-f", "-", input: Manifest.deployment("web", in: namespace, replicas: 1))
      try await cluster.kubectl("rollout", "status", "deployment/web", "-n", namespace, "--timeout=30s")
      let deployment = try await eventually("the deployment's events are there") {
        let text = try await cluster.kubectl("describe", "deployment", "web", "-n", namespace)
        return text.contains("ScalingReplicaSet") ? text : nil
      }
      #expect(deployment.contains("1 desired | 1 updated | 1 total | 1 available"), "\(deployment)")
      let pod = try await cluster.kubectl("describe", "pod", "-l", "app=web", "-n", namespace)
      for expected in ["Status:", "Running", "Controlled By:", "busybox", "Scheduled", "Started"] {
        #expect(pod.contains(expected), "no \(expected) in \(pod)")
      }
    }
  }

  @Test func eventsAreListed() async throws {
    try await cluster.withNamespace("events") { namespace in
      let bad = Manifest.pod("lost", in: namespace).replacing("command: [sh", with: "command: [no-such-program")
      try await cluster.kubectl("apply", "-f", "-", input: bad)
      try await cluster.kubectl("apply", "-f", "-", input: Manifest.pod("found", in: namespace))
      try await eventually("the pod without a program has its warning") {
        let table = try await cluster.kubectl("get", "events", "-n", namespace)
        return table.contains("Warning") && table.contains("pod/lost") && table.contains("Scheduled")
      }
      let all = try await cluster.kubectl("get", "events", "-A", "--sort-by=.metadata.creationTimestamp")
      #expect(all.hasPrefix("NAMESPACE"), "\(all.prefix(300))")
      let lost = try await cluster.items(
        "get", "events", "-n", namespace, "--field-selector", "involvedObject.name=lost")
      #expect(!lost.isEmpty && lost.allSatisfy { $0[path: ["involvedObject", "name"]] == "lost" })
      let waiting = try await eventually("the pod tells what it waits for") {
        let pod = try await cluster.json("get", "pod", "lost", "-n", namespace)
        return pod[path: ["status", "containerStatuses"]]?.arrayValue?.first?[path: ["state", "waiting", "reason"]]?
          .stringValue
      }
      #expect(["ErrImagePull", "ImagePullBackOff"].contains(waiting))
      if try await KubectlVersion.isAtLeast(26, for: "kubectl events") {
        let events = try await cluster.kubectl("events", "-n", namespace, "--for", "pod/lost")
        #expect(events.contains("Warning"), "\(events)")
      }
    }
  }

  @Test func whatTheClusterKnowsIsToldAndExplained() async throws {
    let resources = try await cluster.kubectl("api-resources")
    let names = Set(resources.split(separator: "\n").compactMap { $0.split(separator: " ").first.map(String.init) })
    for expected in [
      "namespaces", "nodes", "pods", "services", "configmaps", "secrets", "serviceaccounts", "events", "deployments",
      "replicasets", "horizontalpodautoscalers", "poddisruptionbudgets", "leases", "endpointslices",
      "customresourcedefinitions", "microservices", "pushcampaigns",
    ] { #expect(names.contains(expected), "api-resources lacks \(expected)") }
    let namespaced = try await cluster.kubectl("api-resources", "--namespaced=false", "-o", "name")
    #expect(namespaced.contains("nodes\n") && !namespaced.contains("pods\n"), "\(namespaced)")

    let explained = try await cluster.kubectl("explain", "deployment.spec")
    for expected in ["replicas", "strategy", "template", "selector"] {
      #expect(explained.contains(expected), "\(explained)")
    }
    let deep = try await cluster.kubectl("explain", "deployment.spec.template.spec.containers.readinessProbe")
    #expect(deep.contains("httpGet") && deep.contains("periodSeconds"), "\(deep)")
    let recursive = try await cluster.kubectl("explain", "hpa.spec", "--recursive")
    #expect(recursive.contains("minReplicas"), "\(recursive.prefix(2000))")
    let own = try await cluster.kubectl("explain", "pushcampaign.spec")
    #expect(own.contains("audience") && own.contains("sendAt"), "\(own)")
    let wrong = try await cluster.kubectlOutcome("explain", "deployment.spec.nothing")
    #expect(wrong.status == 1 && wrong.error.contains("nothing"), "\(wrong)")
  }

  @Test func waitingEndsWithTheConditionOrTheTime() async throws {
    try await cluster.withNamespace("waits") { namespace in
      try await cluster.kubectl("apply", "-f", "-", input: Manifest.deployment("web", in: namespace))
      try await cluster.kubectl("wait", "--for=condition=Available", "deployment/web", "-n", namespace, "--timeout=30s")
      let ready = try await cluster.kubectl(
        "wait", "--for=condition=Ready", "pod", "-l", "app=web", "-n", namespace, "--timeout=30s")
      #expect(ready.split(separator: "\n").count == 2, "\(ready)")
      let late = try await cluster.kubectlOutcome(
        "wait", "--for=condition=Nothing", "deployment/web", "-n", namespace, "--timeout=1s")
      #expect(late.status == 1 && late.error.contains("timed out"), "\(late)")
      // It takes its time to end, so that there is something to wait for.
      let slow = "trap 'sleep 1; exit 0' TERM; while :; do sleep 0.1; done"
      try await cluster.kubectl("apply", "-f", "-", input: Manifest.pod("slow", in: namespace, script: slow))
      try await cluster.kubectl("wait", "--for=condition=Ready", "pod/slow", "-n", namespace, "--timeout=30s")
      try await cluster.kubectl("delete", "pod", "slow", "-n", namespace, "--wait=false")
      try await cluster.kubectl("wait", "--for=delete", "pod/slow", "-n", namespace, "--timeout=30s")
      #expect(try await cluster.kubectlOutcome("get", "pod", "slow", "-n", namespace).status == 1)
    }
  }

  @Test func servicesHaveEndpoints() async throws {
    try await cluster.withNamespace("services") { namespace in
      let service = """
        ---
        apiVersion: v1
        kind: Service
        metadata: { name: web, namespace: \(namespace) }
        spec: { selector: { app: web }, ports: [{ name: http, port: 80, targetPort: 8080 }] }

        """
      try await cluster.kubectl("apply", "-f", "-", input: Manifest.deployment("web", in: namespace) + service)
      try await cluster.kubectl("rollout", "status", "deployment/web", "-n", namespace, "--timeout=30s")
      let table = try await cluster.kubectl("get", "services", "-n", namespace, "-o", "wide")
      #expect(table.contains("ClusterIP") && table.contains("80/TCP") && table.contains("app=web"), "\(table)")
      #expect(try await cluster.kubectl("get", "svc", "-A").contains("web"))
      try await eventually("both pods are endpoints that are ready") {
        let slices = try await cluster.items(
          "get", "endpointslices", "-n", namespace, "-l", "kubernetes.io/service-name=web")
        let endpoints = slices.flatMap { $0["endpoints"]?.arrayValue ?? [] }
        return endpoints.count(where: { $0[path: ["conditions", "ready"]] == true }) == 2
      }
      let described = try await cluster.kubectl("describe", "service", "web", "-n", namespace)
      #expect(described.contains("Selector:") && described.contains("app=web"), "\(described)")
    }
  }

  @Test func loadIsMeasuredAndTheAutoscalerFollowsIt() async throws {
    try await cluster.withNamespace("load") { namespace in
      // Some milliseconds of work, then a pause: well above the request of 20m, far below a core.
      let script = "while :; do i=0; while [ $i -lt 30000 ]; do i=$((i+1)); done; sleep 0.2; done"
      let autoscaler = """
        ---
        apiVersion: autoscaling/v2
        kind: HorizontalPodAutoscaler
        metadata: { name: busy, namespace: \(namespace) }
        spec:
          scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: busy }
          minReplicas: 1
          maxReplicas: 3
          metrics: [{ type: Resource, resource: { name: cpu, target: { type: Utilization, averageUtilization: 50 } } }]

        """
      let deployment = Manifest.deployment("busy", in: namespace, replicas: 1, script: script, cpu: "20m")
      try await cluster.kubectl("apply", "-f", "-", input: deployment + autoscaler)
      let measured = try await eventually("top pods has a figure", within: .seconds(40)) {
        let top = try await cluster.kubectl("top", "pods", "-n", namespace)
        return top.contains("busy-") ? top : nil
      }
      #expect(
        measured.contains("CPU(cores)") && measured.contains("MEMORY(bytes)") && measured.contains("Mi"), "\(measured)")
      #expect(try await cluster.kubectl("top", "nodes").contains("%"))
      try await eventually("the autoscaler has grown the deployment to its maximum", within: .seconds(60)) {
        let deployment = try await cluster.json("get", "deployment", "busy", "-n", namespace)
        return deployment[path: ["spec", "replicas"]] == 3
      }
      let table = try await cluster.kubectl("get", "hpa", "-n", namespace)
      #expect(table.contains("TARGETS") && table.contains("Deployment/busy") && table.contains("/50%"), "\(table)")
      if try await KubectlVersion.isAtLeast(23, for: "describe hpa, which asks for versions of autoscaling before v2") {
        let described = try await cluster.kubectl("describe", "hpa", "busy", "-n", namespace)
        #expect(described.contains("SuccessfulRescale"), "\(described)")
      }
    }
  }
}
