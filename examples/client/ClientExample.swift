import Foundation
import Kubernetes
import KubernetesClient

/// What the Kubernetes client does, in few lines each:
///
///     client-example pods                     pods as they come, change and go, by an informer
///     client-example sync [stream] [http2]    how long an informer of all pods takes to be complete, and its memory
///     client-example lead NAMESPACE LEASE ME  counts while it leads
///     client-example exec NAMESPACE POD COMMAND…
///     client-example forward NAMESPACE POD PORT
///
/// The cluster is that of the kubeconfig, as kubectl would choose it.
@main struct ClientExample {
  static func main() async throws {
    let words = Array(CommandLine.arguments.dropFirst())
    let kubeconfig = try Kubeconfig.load(path: nil, context: nil)
    let transport = try kubeconfig.transport(
      httpVersion: words.contains("http2") ? .automatic : .http1, userAgent: "client-example")
    var client = KubernetesClient(transport: transport, fieldManager: "client-example")
    client.onWarning = { say("warning: \($0)") }
    switch (words.first, words.count) {
    case ("pods", 1): try await pods(client)
    case ("sync", 1...3): try await sync(client, streams: words.contains("stream"))
    case ("lead", 4): try await lead(client, NamespacedName(words[1], words[2]), as: words[3])
    case ("exec", 4...): try await exec(client, NamespacedName(words[1], words[2]), Array(words[3...]))
    case ("forward", 4):
      try await forward(client, NamespacedName(words[1], words[2]), port: Int(words[3]) ?? 80)
    default: say("usage: client-example pods | sync | lead | exec | forward")
    }
  }

  static func pods(_ client: KubernetesClient) async throws {
    let informer = Informer(Pod.self, client: client, indexes: [.init("node") { [$0.spec.nodeName] }])
    async let following: Void = informer.run()
    for await event in informer.events() {
      switch event {
      case .added(let pod): say("+ \(pod.key), \(try informer.objects("node", pod.spec.nodeName).count) on its node")
      case .updated(let old, let new): say("~ \(new.key): \(old.status.phase) to \(new.status.phase)")
      case .deleted(let pod): say("- \(pod.key)")
      }
    }
    await following
  }

  static func sync(_ client: KubernetesClient, streams: Bool) async throws {
    let informer = Informer(Pod.self, client: client, streamsList: streams, report: { say("\($0)") })
    let clock = ContinuousClock()
    let start = clock.now
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { await informer.run() }
      try await informer.waitUntilSynced()
      say("\(informer.count) pods in \(clock.now - start); \(memory())")
      group.cancelAll()
    }
  }

  static func lead(_ client: KubernetesClient, _ lease: NamespacedName, as identity: String) async throws {
    let election = try LeaderElection(client: client, lease: lease, identity: identity, report: { say("\($0)") })
    try await election.run {
      for second in 0... {
        say("\(identity) leads for \(second) s")
        try await Task.sleep(for: .seconds(1))
      }
    }
  }

  static func exec(_ client: KubernetesClient, _ pod: NamespacedName, _ command: [String]) async throws {
    for try await event in try await client.exec(command, in: pod).events {
      switch event {
      case .standardOutput(let bytes): FileHandle.standardOutput.write(Data(bytes))
      case .standardError(let bytes): FileHandle.standardError.write(Data(bytes))
      case .exited(let code): say("exit code \(code)")
      }
    }
  }

  static func forward(_ client: KubernetesClient, _ pod: NamespacedName, port: Int) async throws {
    let forwarder = try await PortForwarder(client: client, pod: pod, port: port) { say("\($0)") }
    say("127.0.0.1:\(forwarder.port) leads to port \(port) of \(pod)")
    try await forwarder.run()
  }

  static func say(_ text: String) { FileHandle.standardError.write(Data((text + "\n").utf8)) }

  /// The kernel's own words, where it is Linux.
  static func memory() -> String {
    let status = FileManager.default.contents(atPath: "/proc/self/status").map { String(decoding: $0, as: UTF8.self) }
    return (status ?? "").split(separator: "\n").filter { $0.hasPrefix("VmRSS") || $0.hasPrefix("VmHWM") }
      .joined(separator: ", ")
  }
}
