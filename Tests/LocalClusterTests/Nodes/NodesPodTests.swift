import Kubernetes
import KubernetesClient
import KubernetesServer
import struct KubernetesServer.LogOptions
import LocalCluster
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Whole pods against the real embedded API: real processes, no sleeps, every wait is for an event of the API.
@Suite(.timeLimit(.minutes(2))) struct NodesPodTests {
  @Test func aPodRunsIsReadyAndSpeaks() async throws {
    try await NodesCluster.run(withAgents: false) { cluster in
      try await cluster.withAgents { agents in
        try await cluster.create("talker") { pod in
          var container = shell("app", "echo $GREETING from $POD_IP; echo $SAKIGAKE_XDS_HOST $1; exec sleep 1000")
          container.args += ["sh", "$(GREETING)-$$(X)"]
          container.env = [EnvironmentVariable("GREETING", "hello")]
          var address = EnvironmentVariable("POD_IP", "")
          address.valueFrom = ["fieldRef": ["fieldPath": "status.podIP"]]
          container.env.append(address)
          pod.spec.containers = [container]
        }
        let pod = try await cluster.waitForPod("talker") { $0.isReady }
        #expect(pod.status.phase == "Running")
        #expect(pod.status.podIP.hasPrefix("127.") && pod.status.podIP.hasSuffix(".0.2"))
        #expect(pod.status.hostIP == pod.status.podIP.dropLast() + "1")
        #expect(pod.status.conditions["Initialized"]?.isTrue == true)
        #expect(pod.status.conditions["PodScheduled"]?.isTrue == true)
        let status = try #require(pod.status.containerStatuses.first)
        #expect(status.containerID.hasPrefix("process://"))
        #expect(status.restartCount == 0 && status.started == true)
        var options = LogOptions()
        options.follow = true
        guard case .stream(let stream) = try await agents.logs(NamespacedName("default", "talker"), "app", options)
        else {
          Issue.record("a log is a stream")
          return
        }
        var text = ""
        for try await chunk in stream {
          text += String(decoding: chunk, as: UTF8.self)
          if text.contains("$(X)") { break }
        }
        #expect(text == "hello from \(pod.status.podIP)\n127.0.0.1 hello-$(X)\n")
      }
    }
  }

  @Test func deletionIsReportedAtOnceAndGivesTime() async throws {
    try await NodesCluster.run { cluster in
      let marker = cluster.directory.path + "/ended"
      try await cluster.create("leaver") { pod in
        pod.spec.containers = [shell("app", "trap 'echo bye > \(marker); exit 0' TERM; while :; do sleep 0.02; done")]
      }
      let pod = try await cluster.waitForPod("leaver") { $0.isReady }
      try await cluster.client.delete(.init(pod))
      let leaving = try await cluster.wait(Pod.self, "leaver") { $0 == nil || $0?.isReady == false }
      #expect(leaving == nil || leaving?.isTerminating == true)
      try await cluster.wait(Pod.self, "leaver") { $0 == nil }
      #expect(try PrivateDirectory.read(marker) == Array("bye\n".utf8))
    }
  }

  @Test func aPodDeletedOutrightIsKilled() async throws {
    try await NodesCluster.run { cluster in
      let fifo = cluster.directory.path + "/alive"
      #expect(mkfifo(fifo, 0o600) == 0)
      try await cluster.create("gone") { pod in
        pod.spec.containers = [shell("app", "trap '' TERM; exec 3>\(fifo); while :; do sleep 1; done")]
      }
      // Opens when the container has it open too, and ends when the last process that has is gone.
      async let ended = endOfFile(fifo)
      let pod = try await cluster.waitForPod("gone") { $0.isReady }
      try await cluster.client.delete(.init(pod), gracePeriodSeconds: 0)
      #expect(await ended)
    }
  }

  @Test func initContainersThenSidecarsThenTheRest() async throws {
    try await NodesCluster.run { cluster in
      let file = cluster.directory.path + "/order"
      try await cluster.create("ordered") { pod in
        var sidecar = shell(
          "envoy",
          "echo sidecar >> \(file); trap 'echo sidecar ends >> \(file); exit 0' TERM; while :; do sleep 0.02; done")
        sidecar.restartPolicy = "Always"
        sidecar.startupProbe = execProbe("grep -q sidecar \(file)", failures: 1000)
        pod.spec.initContainers = [
          shell("first", "echo first >> \(file)"), sidecar, shell("second", "echo second >> \(file)"),
        ]
        pod.spec.containers = [
          shell(
            "app", "echo app >> \(file); trap 'echo app ends >> \(file); exit 0' TERM; while :; do sleep 0.02; done")
        ]
      }
      let pod = try await cluster.waitForPod("ordered") { $0.isReady }
      #expect(pod.status.initContainerStatuses.map(\.name) == ["first", "envoy", "second"])
      #expect(pod.status.initContainerStatuses[0].state.terminated?.reason == "Completed")
      #expect(pod.status.initContainerStatuses[1].ready)
      // Ready means that the shell was started, not that it has its trap yet.
      while !(String(decoding: try PrivateDirectory.read(file) ?? [], as: UTF8.self).contains("app")) {
        await Task.yield()
      }
      try await cluster.client.delete(.init(pod))
      try await cluster.wait(Pod.self, "ordered") { $0 == nil }
      let lines = String(decoding: try PrivateDirectory.read(file) ?? [], as: UTF8.self).split(separator: "\n")
      #expect(lines.prefix(4) == ["first", "sidecar", "second", "app"])
      #expect(lines.last == "sidecar ends")
    }
  }

  @Test func aCrashingContainerBacksOff() async throws {
    try await NodesCluster.run { cluster in
      try await cluster.create("crasher") { pod in pod.spec.containers = [shell("app", "echo run; exit 3")] }
      let pod = try await cluster.waitForPod("crasher") { pod in
        pod.status.containerStatuses.first?.state.waiting?.reason == "CrashLoopBackOff"
      }
      let status = try #require(pod.status.containerStatuses.first)
      #expect(status.restartCount == 1, "the first end is followed by a start at once, the second by 10 s")
      #expect(status.lastState.terminated?.exitCode == 3)
      #expect(status.state.waiting?.message.hasPrefix("back-off 10s restarting failed container=app") == true)
      #expect(pod.status.phase == "Running" && !pod.isReady)
      let again = try await cluster.waitForPod("crasher") { $0.status.containerStatuses.first?.restartCount ?? 0 >= 2 }
      #expect(again.status.containerStatuses.first?.lastState.terminated?.exitCode == 3)
      let event = try await cluster.wait(Event.self, "crasher") { _ in true }
      _ = event
      let (events, _) = try await cluster.client.list(Event.self, namespace: "default")
      #expect(Set(events.map(\.reason)).isSuperset(of: ["Pulled", "Created", "Started"]))
    }
  }

  private func createProbed(_ cluster: NodesCluster, alive: String, ready: String) async throws {
    try await cluster.create("probed") { pod in
      var container = shell("app", "exec sleep 1000")
      container.livenessProbe = execProbe("test -f \(alive)")
      container.readinessProbe = execProbe("test -f \(ready)")
      pod.spec.containers = [container]
    }
  }

  @Test func readinessOnlyReports() async throws {
    try await NodesCluster.run { cluster in
      let ready = cluster.directory.path + "/ready"
      try await createProbed(cluster, alive: "/bin/sh", ready: ready)
      let running = try await cluster.waitForPod("probed") { $0.status.phase == "Running" }
      #expect(running.isReady == false)
      #expect(running.status.conditions["Ready"]?.reason == "ContainersNotReady")
      touch(ready)
      _ = try await cluster.waitForPod("probed") { $0.isReady }
      unlink(ready)
      let unready = try await cluster.waitForPod("probed") { $0.isReady == false }
      #expect(unready.status.containerStatuses.first?.restartCount == 0)
    }
  }

  @Test func livenessRestarts() async throws {
    try await NodesCluster.run { cluster in
      let alive = cluster.directory.path + "/alive"
      touch(alive)
      try await createProbed(cluster, alive: alive, ready: alive)
      _ = try await cluster.waitForPod("probed") { $0.isReady }
      unlink(alive)
      let restarted = try await cluster.waitForPod("probed") {
        $0.status.containerStatuses.first?.restartCount ?? 0 >= 1
      }
      #expect(restarted.status.containerStatuses.first?.lastState.terminated?.exitCode == 143)
      touch(alive)
      _ = try await cluster.waitForPod("probed") { $0.isReady }
    }
  }

  @Test func anUnknownImageIsNotPulled() async throws {
    try await NodesCluster.run { cluster in
      try await cluster.create("imageless") { pod in
        var container = Container()
        container.name = "app"
        container.image = "registry.example.com/no/such:1"
        pod.spec.containers = [container]
      }
      let pod = try await cluster.waitForPod("imageless") {
        $0.status.containerStatuses.first?.state.waiting?.reason == "ErrImagePull"
      }
      #expect(pod.status.phase == "Pending")
      _ = try await cluster.waitForPod("imageless") {
        $0.status.containerStatuses.first?.state.waiting?.reason == "ImagePullBackOff"
      }
      try await cluster.client.delete(.init(pod))
      try await cluster.wait(Pod.self, "imageless") { $0 == nil }
    }
  }

  @Test func aPodThatMayNotRestartFinishesAndTakesItsSidecarAlong() async throws {
    try await NodesCluster.run { cluster in
      try await cluster.create("job") { pod in
        pod.spec.restartPolicy = "Never"
        var sidecar = shell("proxy", "exec sleep 1000")
        sidecar.restartPolicy = "Always"
        pod.spec.initContainers = [sidecar]
        pod.spec.containers = [shell("app", "exit 0")]
      }
      let pod = try await cluster.waitForPod("job") { $0.status.phase == "Succeeded" }
      #expect(pod.status.conditions["Ready"]?.reason == "PodCompleted")
      _ = try await cluster.waitForPod("job") { $0.status.initContainerStatuses.first?.state.terminated != nil }
      try await cluster.create("failed") { pod in
        pod.spec.restartPolicy = "Never"
        pod.spec.containers = [shell("app", "exit 2")]
      }
      let failed = try await cluster.waitForPod("failed") { $0.status.phase == "Failed" }
      #expect(failed.status.containerStatuses.first?.state.terminated?.exitCode == 2)
    }
  }

  @Test func afterARestartOfTheHostPodsRunAnewAndAreNotReadyFirst() async throws {
    try await NodesCluster.run(withAgents: false) { cluster in
      let ready = cluster.directory.path + "/ready"
      touch(ready)
      try await cluster.withAgents { _ in
        try await cluster.create("survivor") { pod in
          var container = shell("app", "echo once; exec sleep 1000")
          container.readinessProbe = execProbe("test -f \(ready)")
          pod.spec.containers = [container]
        }
        _ = try await cluster.waitForPod("survivor") { $0.isReady }
      }
      let stale = try await cluster.client.get(Pod.self, "survivor", namespace: "default")
      #expect(stale.isReady, "a host that goes down reports nothing")
      unlink(ready)
      try await cluster.withAgents { agents in
        let first = try await cluster.waitForPod("survivor") { !$0.isReady }
        #expect(first.status.podIP == stale.status.podIP)
        touch(ready)
        let again = try await cluster.waitForPod("survivor") { $0.isReady }
        #expect(again.status.containerStatuses.first?.restartCount == 1)
        #expect(again.status.containerStatuses.first?.lastState.terminated?.reason == "ContainerStatusUnknown")
        var options = LogOptions()
        options.previous = true
        #expect(try await cluster.log(agents, "survivor", "app", options) == "once\n")
      }
    }
  }

  @Test func configurationComesFromTheAPIAndWaitsUntilItIsThere() async throws {
    try await NodesCluster.run(withAgents: false) { cluster in
      try await cluster.withAgents { agents in
        try await cluster.create("configured") { pod in
          var container = shell(
            "app",
            """
            echo $COLOR; cat $SAKIGAKE_MOUNT_CONFIG/app.conf
            cd $SAKIGAKE_MOUNT_KEYS; cat key; stat -L -c %a key; exec sleep 1000
            """
          )
          container.envFrom = [["configMapRef": ["name": "settings"]]]
          container.volumeMounts = [
            ["name": "config", "mountPath": "/config"], ["name": "keys", "mountPath": "/keys"],
          ]
          pod.spec.volumes = [
            ["name": "config", "configMap": ["name": "files"]], ["name": "keys", "secret": ["secretName": "keys"]],
          ]
          pod.spec.containers = [container]
        }
        var files = ConfigMap()
        files.metadata = ObjectMeta(name: "files", namespace: "default")
        files.data = ["app.conf": "listen 80\n"]
        _ = try await cluster.client.create(files)
        var keys = Secret()
        keys.metadata = ObjectMeta(name: "keys", namespace: "default")
        keys.data = ["key": "czNjcjN0Cg=="]
        _ = try await cluster.client.create(keys)
        let waiting = try await cluster.waitForPod("configured") {
          $0.status.containerStatuses.first?.state.waiting?.reason == "CreateContainerConfigError"
        }
        #expect(waiting.status.containerStatuses.first?.state.waiting?.message == "configmap \"settings\" not found")
        var settings = ConfigMap()
        settings.metadata = ObjectMeta(name: "settings", namespace: "default")
        settings.data = ["COLOR": "green"]
        _ = try await cluster.client.create(settings)
        _ = try await cluster.waitForPod("configured") { $0.isReady }
        var options = LogOptions()
        options.follow = true
        options.limitBytes = "green\nlisten 80\ns3cr3t\n600\n".utf8.count
        #expect(try await cluster.log(agents, "configured", "app", options) == "green\nlisten 80\ns3cr3t\n600\n")
      }
    }
  }

  @Test func usageIsMeasured() async throws {
    try await NodesCluster.run(withAgents: false, configure: { $0.metricsSeconds = 2 }) { cluster in
      try await cluster.withAgents { agents in
        try await cluster.create("busy") { pod in pod.spec.containers = [shell("app", "while :; do :; done")] }
        _ = try await cluster.waitForPod("busy") { $0.isReady }
        var metrics = await agents.metrics()
        while metrics.pods[NamespacedName("default", "busy")]?.containers["app"]?.cpuMillicores ?? 0 < 50 {
          await Task.yield()
          metrics = await agents.metrics()
        }
        #expect(metrics.pods[NamespacedName("default", "busy")]?.containers["app"]?.memoryBytes ?? 0 > 0)
        #expect(metrics.nodes["box-0"]?.cpuMillicores ?? 0 >= 50)
      }
    }
  }

  private func endOfFile(_ fifo: String) async -> Bool {
    await withCheckedContinuation { continuation in
      // A blocking open and read, off the pool.
      var thread = pthread_t()
      let box = Unmanaged.passRetained(EndOfFile(path: fifo) { continuation.resume(returning: $0) })
      pthread_create(
        &thread, nil,
        { argument in
          guard let argument else { return nil }
          Unmanaged<EndOfFile>.fromOpaque(argument).takeRetainedValue().wait()
          return nil
        }, box.toOpaque())
      pthread_detach(thread)
    }
  }
}

private func touch(_ path: String) { close(open(path, O_CREAT | O_WRONLY, 0o600)) }

private final class EndOfFile: Sendable {
  let path: String
  let done: @Sendable (Bool) -> Void
  init(path: String, done: @escaping @Sendable (Bool) -> Void) {
    self.path = path
    self.done = done
  }
  func wait() {
    let descriptor = open(path, O_RDONLY)
    var byte: UInt8 = 0
    let count = read(descriptor, &byte, 1)
    close(descriptor)
    done(count == 0)
  }
}
