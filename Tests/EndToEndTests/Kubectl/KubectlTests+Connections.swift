import Foundation
import Kubernetes
import Testing

/// exec, attach, cp, port-forward and logs, over WebSockets and over SPDY, as kubectl asks for them.
extension EndToEnd.KubectlTests {
  /// As kubectl does by itself, and as it does where WebSockets are switched off: over SPDY.
  private static let protocols: [[String: String]] = [
    [:], ["KUBECTL_REMOTE_COMMAND_WEBSOCKETS": "false", "KUBECTL_PORT_FORWARD_WEBSOCKETS": "false"],
  ]

  private func running(_ name: String, in namespace: String, script: String) async throws {
    try await cluster.kubectl("apply", "-f", "-", input: Manifest.pod(name, in: namespace, script: script))
    try await cluster.kubectl("wait", "--for=condition=Ready", "pod/\(name)", "-n", namespace, "--timeout=30s")
  }

  @Test(arguments: protocols.indices) func programsRunInAContainer(_ index: Int) async throws {
    let settings = Self.protocols[index]
    try await cluster.withNamespace("exec-\(index)") { namespace in
      try await running("shell", in: namespace, script: "echo started; exec sleep 100000")
      let exec = ["exec", "shell", "-n", namespace]
      func run(_ words: String..., input: String = "") async throws -> Outcome {
        try await Shell.run(
          ["kubectl"] + exec + words, environment: cluster.environment.merging(settings) { $1 }, input: input)
      }
      let said = try await run("--", "sh", "-c", "echo out; echo err >&2; exit 7")
      #expect(said.status == 7 && said.output == "out\n", "\(said)")
      #expect(said.error.contains("err\n") && said.error.contains("exit code 7"), "\(said)")
      let counted = try await run("-i", "--", "wc", "-c", input: String(repeating: "x", count: 300_000))
      #expect(counted.status == 0 && counted.output.contains("300000"), "\(counted)")
      let large = try await run("--", "head", "-c", "3000000", "/dev/zero")
      #expect(large.status == 0 && large.output.utf8.count == 3_000_000)
      let home = try await run("--", "sh", "-c", "echo $HOSTNAME; test -t 1 && echo terminal; true")
      #expect(home.output == "shell\n", "\(home)")
      // kubectl asks for a terminal only where it has one itself, which script(1) gives it.
      let terminal = try await Shell.run(
        ["script", "-qec", "kubectl exec -it shell -n \(namespace) -- sh -c 'test -t 1 && tty; exit 3'", "/dev/null"],
        environment: cluster.environment.merging(settings) { $1 })
      #expect(terminal.output.contains("/dev/") && terminal.status == 3, "\(terminal)")
      let missing = try await run("--", "no-such-program")
      #expect(missing.status != 0 && missing.error.contains("not found"), "\(missing)")
    }
  }

  @Test func filesAreCopied() async throws {
    let directory = FileManager.default.temporaryDirectory.appending(path: "sakigake-cp-\(UUID())")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    let content = String(repeating: "0123456789", count: 50_000)
    try content.write(to: directory.appending(path: "there"), atomically: true, encoding: .utf8)
    try await cluster.withNamespace("copies") { namespace in
      try await running("shell", in: namespace, script: "exec sleep 100000")
      try await cluster.kubectl("cp", directory.appending(path: "there").path(), "\(namespace)/shell:copied")
      try await cluster.kubectl("cp", "\(namespace)/shell:copied", directory.appending(path: "back").path())
      #expect(try String(contentsOf: directory.appending(path: "back"), encoding: .utf8) == content)
    }
  }

  @Test(arguments: protocols.indices) func portsAreForwarded(_ index: Int) async throws {
    let settings = Self.protocols[index]
    try await cluster.withNamespace("ports-\(index)") { namespace in
      let script = "mkdir -p www; echo hello > www/index.html; cd www; exec python3 -m http.server 8000"
      try await running("web", in: namespace, script: script)
      let forward = try Program(
        ["kubectl", "port-forward", "pod/web", ":8000", ":8001", "-n", namespace],
        environment: cluster.environment.merging(settings) { $1 })
      defer { forward.killGroup() }
      let ports = try await eventually("the ports are forwarded") { () -> [String]? in
        let lines = forward.output.split(separator: "\n").filter { $0.hasPrefix("Forwarding from 127.0.0.1:") }
        guard lines.count >= 2 else { return nil }
        return lines.map { String($0.dropFirst("Forwarding from 127.0.0.1:".count).prefix { $0 != " " }) }
      }
      try await eventually("the server listens") {
        try await Shell.run(["curl", "-sS", "http://127.0.0.1:\(ports[0])/"]).output == "hello\n"
      }
      for _ in 0..<5 {
        #expect(try await Shell.succeed(["curl", "-sS", "http://127.0.0.1:\(ports[0])/"]) == "hello\n")
      }
      _ = try await Shell.run(["curl", "-sS", "http://127.0.0.1:\(ports[1])/"])
      try await eventually("what nobody listens on is told") { forward.error.contains("connection refused") }
    }
  }

  @Test func logsAreReadInEveryWay() async throws {
    try await cluster.withNamespace("logs") { namespace in
      try await running(
        "talker", in: namespace, script: "for i in 1 2 3 4 5; do echo line $i; done; exec sleep 100000")
      let logs = ["logs", "talker", "-n", namespace]
      func read(_ words: String...) async throws -> String {
        try await Shell.succeed(["kubectl"] + logs + words, environment: cluster.environment)
      }
      try await eventually("everything is said") { try await read().hasSuffix("line 5\n") }
      #expect(try await read("--tail=2") == "line 4\nline 5\n")
      #expect(try await read("--limit-bytes=8") == "line 1\nl")
      #expect(try await read("--since=1h").hasPrefix("line 1\n"))
      #expect(try await read("--since-time=2099-01-01T00:00:00Z") == "")
      let timed = try await read("--timestamps", "--tail=1")
      #expect(timed.contains("Z line 5\n") && timed.hasPrefix("20"), "\(timed)")
      let previous = try await cluster.kubectlOutcome("logs", "talker", "-n", namespace, "--previous")
      #expect(previous.status != 0 && previous.error.contains("previous terminated container"), "\(previous)")
    }
  }

  @Test func whatAContainerSaysIsAttachedTo() async throws {
    try await cluster.withNamespace("attached") { namespace in
      try await running(
        "ticker", in: namespace, script: "while :; do echo tick; sleep 0.2; done")
      let attached = try cluster.kubectlProgram("attach", "ticker", "-n", namespace)
      defer { attached.killGroup() }
      try await eventually("ticks come") { attached.output.contains("tick\ntick\n") }
    }
  }
}
