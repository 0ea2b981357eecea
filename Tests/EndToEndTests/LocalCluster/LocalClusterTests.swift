import Foundation
import Kubernetes
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension EndToEnd {
  /// The cluster's own life: what it leaves behind when it ends, however it ends, and what is there when it comes back.
  @Suite(.serialized) struct LocalClusterTests {
    static let options = ["--nodes", "1", "--speed", "10"]
    /// Pods with children of their own, some of which leave the session.
    static let script = "sleep 100000 & setsid sleep 100000 & (trap '' TERM INT HUP; sleep 100000 & wait) & wait"
  }
}

extension EndToEnd.LocalClusterTests {
  /// What stems from a cluster, so that it can be looked for when the cluster is gone.
  private struct Offspring {
    var cluster: Cluster
    var mark: String
    var family: Set<ProcessTable.Entry> = []

    /// Starts two pods with children, and waits until all of them run.
    static func start(in cluster: Cluster) async throws -> Offspring {
      var offspring = Offspring(cluster: cluster, mark: "mark-\(UUID().uuidString)")
      let script = EndToEnd.LocalClusterTests.script
      try await cluster.kubectl(
        "apply", "-f", "-", input: Manifest.deployment("parents", in: "default", script: script, mark: offspring.mark))
      try await cluster.kubectl("rollout", "status", "deployment/parents", "--timeout=40s", within: .seconds(45))
      try await offspring.waitUntilAllRun()
      let pid = try #require(cluster.pid)
      offspring.family = ProcessTable.read().family(of: pid)
      #expect(offspring.family.count >= 10)
      return offspring
    }

    func waitUntilAllRun() async throws {
      // Two shells, each with three that sleep and one shell in between.
      try await eventually("the pods' processes run") { marked.count >= 10 }
    }

    var marked: [ProcessTable.Entry] { ProcessTable.read().withEnvironment("E2E_MARK=\(mark)") }

    /// All that is left, by descent, by the pods' environment, and by the directory in the command line.
    var left: [ProcessTable.Entry] {
      let table = ProcessTable.read()
      let named = table.withCommandLine(cluster.directory).filter { !$0.commandLine.contains("undertaker") }
      return table.survivors(of: family) + table.withEnvironment("E2E_MARK=\(mark)") + named
    }

    func expectNothingLeft() async throws {
      try await eventually("nothing of the cluster is left", within: .seconds(10)) {
        let left = left
        if left.isEmpty { return true }
        throw NotInTime(description: "\(left)")
      }
    }
  }

  @Test func downLeavesNothing() async throws {
    try await Cluster.with(Self.options) { cluster in
      let offspring = try await Offspring.start(in: cluster)
      let down = try await cluster.down()
      #expect(down.status == 0, "\(down)")
      // `down` returns when it is done, not when it has asked.
      #expect(offspring.left.isEmpty)
      try await offspring.expectNothingLeft()
      let again = try await cluster.down()
      #expect(again.status == 0 && again.output.contains("No cluster runs"), "\(again)")
    }
  }

  @Test func anInterruptedForegroundClusterLeavesNothing() async throws {
    try await Cluster.withDirectory(Self.options) { cluster in
      let program = try Program([try Sakigake.path()] + cluster.upArguments)
      defer { program.killGroup() }
      try await eventually("the cluster serves", within: .seconds(60)) {
        program.output.contains("The cluster serves https://")
      }
      #expect(cluster.pid == program.pid)
      let offspring = try await Offspring.start(in: cluster)
      program.signal(SIGINT)
      try await eventually("the program ends") { !ProcessTable.isRunning(program.pid) }
      #expect(await program.status == 0, "\(program.error)")
      try await offspring.expectNothingLeft()
      #expect(try await cluster.status().status == 1)
    }
  }

  @Test func aKilledClusterLeavesNothingAndComesBack() async throws {
    try await Cluster.with(Self.options) { cluster in
      let offspring = try await Offspring.start(in: cluster)
      try await cluster.killNow()
      try await offspring.expectNothingLeft()
      #expect(try await cluster.status().status == 1)
      try await cluster.up()
      try await offspring.waitUntilAllRun()
      try await cluster.kubectl("rollout", "status", "deployment/parents", "--timeout=40s", within: .seconds(45))
      #expect(try await cluster.items("get", "pods").count == 2)
    }
  }

  @Test func everyAcknowledgedWriteSurvivesAKill() async throws {
    try await Cluster.with(Self.options) { cluster in
      let writers = try (0..<4).map { writer in
        let maps = (0..<250).map { index in
          "---\napiVersion: v1\nkind: ConfigMap\nmetadata: { name: kept-\(writer)-\(index) }\ndata: { index: \"\(index)\" }\n"
        }
        let file = cluster.directory + "/maps-\(writer).yaml"
        try Data(maps.joined().utf8).write(to: URL(filePath: file))
        return try cluster.kubectlProgram("create", "-f", file)
      }
      defer { writers.forEach { $0.killGroup() } }
      func acknowledged() -> [String] {
        writers.flatMap { $0.output.split(separator: "\n") }.compactMap { line in
          line.hasSuffix(" created") ? String(line.dropFirst("configmap/".count).dropLast(" created".count)) : nil
        }
      }
      // In the middle of the writing, after a good many were acknowledged.
      try await eventually("many are written", within: .seconds(30)) { acknowledged().count > 300 }
      try await cluster.killNow()
      let names = acknowledged()
      writers.forEach { $0.killGroup() }
      #expect((300..<1000).contains(names.count), "all were written before the kill: nothing is shown")
      try await cluster.up()
      let kept = Dictionary(
        uniqueKeysWithValues: try await cluster.items("get", "configmaps").map { map in
          (map[path: ["metadata", "name"]]?.stringValue ?? "", map[path: ["data", "index"]]?.stringValue ?? "")
        })
      let lost = names.filter { name in !name.hasSuffix("-" + (kept[name] ?? "lost")) }
      #expect(lost.isEmpty)
      print("kill -9 during writes: \(names.count) acknowledged, \(names.count - lost.count) there afterwards")
    }
  }

  @Test func aRestartBringsPodsBackAndKeepsCredentials() async throws {
    try await Cluster.with(Self.options) { cluster in
      let offspring = try await Offspring.start(in: cluster)
      let before = try await cluster.items("get", "pods").compactMap { $0[path: ["metadata", "uid"]] }
      let token = try await cluster.kubectl("config", "view", "--raw", "-o", "jsonpath={.users[0].user.token}")
      #expect(try await cluster.down().status == 0)
      try await cluster.up()
      #expect(try await cluster.kubectl("config", "view", "--raw", "-o", "jsonpath={.users[0].user.token}") == token)
      try await offspring.waitUntilAllRun()
      try await eventually("the same pods are ready again") {
        let pods = try await cluster.items("get", "pods")
        let ready = pods.filter { pod in
          pod[path: ["status", "conditions"]]?.arrayValue?.contains { $0["type"] == "Ready" && $0["status"] == "True" }
            ?? false
        }
        return ready.count == 2 && Set(ready.compactMap { $0[path: ["metadata", "uid"]] }) == Set(before)
      }
    }
  }

  @Test func statusTellsByItsExitCode() async throws {
    try await Cluster.withDirectory(Self.options) { cluster in
      let nothing = try await cluster.status()
      #expect(nothing.status == 1 && nothing.error.contains("No cluster runs in"), "\(nothing)")
      let json = try await cluster.status("-o", "json")
      #expect(json.status == 1)
      #expect(try JSONValue(parsing: json.output)["running"] == false)
      try await cluster.up()
      let running = try await cluster.status()
      #expect(running.status == 0 && running.output.contains("API         https://127.0.0.1:"), "\(running)")
      let told = try JSONValue(parsing: try await cluster.status("-o", "json").output)
      #expect(told["running"] == true && told[path: ["nodes", "total"]] == 1, "\(told.text)")
      #expect(told["pid"]?.integerValue.map { Int32($0) } == cluster.pid)
      let twice = try await Sakigake.run(cluster.upArguments + ["--detach"])
      #expect(twice.status == 2 && twice.error.contains("already serves"), "\(twice)")
      let besides = try await Sakigake.run(cluster.upArguments)
      #expect(besides.status == 2 && besides.error.contains("already"), "\(besides)")
      #expect(try await cluster.status().status == 0, "the first cluster does not mind the second")
    }
  }

  @Test(arguments: [
    ["--listen", "0.0.0.0:8080"], ["--speed", "0"], ["--nodes", "-1"], ["--image", "nothing"],
    ["--platform", "/nonexistent.yaml"],
    ["--envoy", "/nonexistent/envoy"],
  ])
  func wrongOptionsAreRefused(_ options: [String]) async throws {
    let directory = FileManager.default.temporaryDirectory.path + "/sakigake-e2e-refused-\(UUID().uuidString)"
    let outcome = try await Sakigake.run(["local", "up", "--data-dir", directory] + options, within: .seconds(10))
    #expect(outcome.status == 2, "\(outcome)")
    #expect(outcome.error.contains(options[0].dropFirst(2)) || outcome.error.contains(options[1]), "\(outcome)")
    #expect(!FileManager.default.fileExists(atPath: directory))
  }
}
