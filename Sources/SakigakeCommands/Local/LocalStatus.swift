import ArgumentParser
import Kubernetes
import KubernetesClient

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension LocalCommand {
  struct Status: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Tell whether a cluster runs, and what is in it.", discussion: "Exit code 1 where it does not run.")

    enum Format: String, ExpressibleByArgument, CaseIterable { case table, json }

    @OptionGroup var directory: DirectoryOption
    @Option(name: [.short, .customLong("output")], help: "table or json.") var output = Format.table

    func run() async throws {
      guard let state = ClusterState.running(in: directory.path) else {
        if output == .json { Console.output((["running": false] as JSONValue).text) }
        throw CommandFailure(.foundProblems, "No cluster runs in \(directory.path).")
      }
      let transport = try Kubeconfig.load(path: directory.path + "/kubeconfig", context: nil).transport()
      let client = KubernetesClient(transport: transport)
      do {
        let nodes = try await client.list(Node.self).items
        let pods = try await client.list(Pod.self).items
        await transport.shutdown()
        show(state, nodes, pods)
      } catch {
        await transport.shutdown()
        throw error
      }
    }

    private func show(_ state: ClusterState, _ nodes: [Node], _ pods: [Pod]) {
      let (nodesReady, podsReady) = (nodes.count(where: \.isReady), pods.count(where: \.isReady))
      switch output {
      case .table:
        Console.output("running     process \(state.pid)")
        Console.output("API         https://127.0.0.1:\(state.port)")
        Console.output("kubeconfig  \(directory.path)/kubeconfig")
        Console.output("nodes       \(nodesReady) ready of \(nodes.count)")
        Console.output("pods        \(podsReady) ready of \(pods.count)")
      case .json:
        let json: JSONValue = [
          "running": true, "pid": .integer(Int64(state.pid)), "server": .string("https://127.0.0.1:\(state.port)"),
          "kubeconfig": .string(directory.path + "/kubeconfig"),
          "nodes": ["total": .integer(Int64(nodes.count)), "ready": .integer(Int64(nodesReady))],
          "pods": ["total": .integer(Int64(pods.count)), "ready": .integer(Int64(podsReady))],
        ]
        Console.output(json.prettyText)
      }
    }
  }

  struct Down: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Stop a cluster and everything that it runs; its state stays.")

    @OptionGroup var directory: DirectoryOption
    @Option(help: "Seconds until it is ended by force.") var timeout = 40.0

    func validate() throws {
      guard (0...3600).contains(timeout) else { throw ValidationError("--timeout must be 0 to 3600 seconds") }
    }

    func run() async throws {
      guard let state = ClusterState.running(in: directory.path) else {
        Console.output("No cluster runs in \(directory.path).")
        return
      }
      kill(state.pid, SIGTERM)
      let deadline = ContinuousClock.now + .seconds(timeout)
      while state.isAlive {
        if ContinuousClock.now > deadline {
          // Its watchdog takes down whatever it started.
          kill(state.pid, SIGKILL)
          ClusterState.remove(from: directory.path)
          throw CommandFailure(.worldFailed, "The cluster did not end in \(timeout) s and was killed.")
        }
        try await Task.sleep(for: .milliseconds(50))
      }
      Console.output("The cluster is down.")
    }
  }
}
