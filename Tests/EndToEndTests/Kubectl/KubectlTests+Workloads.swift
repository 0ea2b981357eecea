import Kubernetes
import Testing

extension EndToEnd.KubectlTests {
  @Test func aJobRunsToItsEnd() async throws {
    try await cluster.withNamespace("jobs") { namespace in
      try await cluster.kubectl(
        "create", "job", "once", "--image=busybox", "-n", namespace, "--", "sh", "-c", "echo done")
      try await cluster.kubectl(
        "wait", "--for=condition=complete", "job/once", "-n", namespace, "--timeout=30s", within: .seconds(40))
      let job = try await cluster.json("get", "job", "once", "-n", namespace)
      #expect(job[path: ["status", "succeeded"]] == 1)
      let log = try await cluster.kubectl("logs", "job/once", "-n", namespace)
      #expect(log == "done\n")

      try await cluster.kubectl(
        "create", "job", "never", "--image=busybox", "-n", namespace, "--", "sh", "-c", "exit 3")
      try await cluster.kubectl(
        "patch", "job", "never", "-n", namespace, "--type=merge", "-p", #"{"spec":{"backoffLimit":0}}"#)
      try await cluster.kubectl(
        "wait", "--for=condition=failed", "job/never", "-n", namespace, "--timeout=30s", within: .seconds(40))
    }
  }

  @Test func aCronJobMakesJobsByHandAndByTheClock() async throws {
    try await cluster.withNamespace("crons") { namespace in
      try await cluster.kubectl(
        "create", "cronjob", "tick", "--image=busybox", "--schedule=@every 2s", "-n", namespace, "--", "sh", "-c",
        "true")
      try await cluster.kubectl("create", "job", "now", "--from=cronjob/tick", "-n", namespace)
      try await cluster.kubectl(
        "wait", "--for=condition=complete", "job/now", "-n", namespace, "--timeout=30s", within: .seconds(40))
      try await eventually("the clock makes jobs, too") {
        try await cluster.items("get", "jobs", "-n", namespace).contains {
          Self.name($0)?.hasPrefix("tick-") == true && $0[path: ["status", "succeeded"]] == 1
        }
      }
      let cron = try await cluster.json("get", "cronjob", "tick", "-n", namespace)
      #expect(cron[path: ["status", "lastScheduleTime"]] != nil)
      try await cluster.kubectl("delete", "cronjob", "tick", "-n", namespace)
    }
  }

  @Test func aDaemonSetIsOnEveryNode() async throws {
    try await cluster.withNamespace("daemons") { namespace in
      let manifest = """
        apiVersion: apps/v1
        kind: DaemonSet
        metadata: { name: agent, namespace: \(namespace) }
        spec:
          selector: { matchLabels: { app: agent } }
          template:
            metadata: { labels: { app: agent } }
            spec:
              terminationGracePeriodSeconds: 5
              containers:
                - { name: main, image: busybox, command: [sh, -c, "exec sleep 100000"] }
        """
      try await cluster.kubectl("apply", "-f", "-", input: manifest)
      try await cluster.kubectl(
        "rollout", "status", "ds/agent", "-n", namespace, "--timeout=30s", within: .seconds(40))
      let nodes = try await cluster.items("get", "nodes").count
      #expect(try await cluster.items("get", "pods", "-n", namespace, "-l", "app=agent").count == nodes)
      try await cluster.kubectl("set", "env", "ds/agent", "ROUND=2", "-n", namespace)
      try await cluster.kubectl(
        "rollout", "status", "ds/agent", "-n", namespace, "--timeout=60s", within: .seconds(70))
    }
  }

  @Test func aStatefulSetHasPodsWithNames() async throws {
    try await cluster.withNamespace("states") { namespace in
      let manifest = """
        apiVersion: apps/v1
        kind: StatefulSet
        metadata: { name: db, namespace: \(namespace) }
        spec:
          serviceName: db
          replicas: 2
          selector: { matchLabels: { app: db } }
          template:
            metadata: { labels: { app: db } }
            spec:
              terminationGracePeriodSeconds: 5
              containers:
                - { name: main, image: busybox, command: [sh, -c, "exec sleep 100000"] }
        """
      try await cluster.kubectl("apply", "-f", "-", input: manifest)
      try await cluster.kubectl(
        "rollout", "status", "sts/db", "-n", namespace, "--timeout=30s", within: .seconds(40))
      #expect(try await cluster.items("get", "pods", "-n", namespace).compactMap(Self.name) == ["db-0", "db-1"])
    }
  }
}
