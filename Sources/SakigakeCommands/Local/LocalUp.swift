import ArgumentParser
import Definitions
import FoundationEssentials
import Kubernetes
import KubernetesClient
import KubernetesServer
import Logging

extension LocalCommand {
  struct Up: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Start a cluster, or start one again where it left off.",
      discussion: """
        Writes DIR/kubeconfig as soon as the API serves: `kubectl --kubeconfig DIR/kubeconfig get nodes`. Everything \
        that was acknowledged is there again after a crash. Pods run as processes of this machine: an image is looked \
        up among --image, or the container's command is run from the host.
        """)

    @OptionGroup var directory: DirectoryOption
    @Option(help: "The API's address, 127.0.0.1:PORT; port 0 takes any free one.") var listen = ListenAddress(port: 0)
    @Option(help: "Nodes that are always there. Where it is not given: 2, or none with --platform.") var nodes: Int?
    @Option(help: "Further nodes that only say that their pods run.") var simulatedNodes = 0
    @Option(help: "A platform.yaml, whose node groups a simulated cloud offers.") var platform: String?
    @Option(name: [.short, .customLong("environment")], help: "The platform's environment.") var environment: String?
    @Option(help: "How many times faster than life every period runs.") var speed = 1.0
    @Option(help: "REPOSITORY=PROGRAM: the program that stands for an image. May be given again.") var image: [String] =
      []
    @Option(help: "Seconds that an image's first pull on a node takes, at speed 1.") var pullSeconds = 0.0
    @Option(help: "Envoy's path. Where it is not given: SAKIGAKE_ENVOY, the PATH, or the project's .venv.") var envoy:
      String?
    @Flag(help: "Return as soon as the cluster serves, and leave it running.") var detach = false
    @Flag(help: "Pods are not run on any node, only said to run.") var simulate = false
    @Option(help: "What an acknowledged write survives: power-cut, or process, which is faster on slow disks.")
    var durability = DurabilityChoice.powerCut
    @Flag(help: "The API server alone: no nodes, no controllers, no mesh.") var apiOnly = false
    @Flag(help: "Without the prescaler: HPA and node autoscaler alone.") var reactive = false
    @Flag(name: .shortAndLong, help: "Show what the cluster's parts report.") var verbose = false

    func validate() throws {
      guard (0.1...100).contains(speed) else { throw ValidationError("--speed must be 0.1 to 100") }
      guard (0...200).contains(nodes ?? 0) else { throw ValidationError("--nodes must be 0 to 200") }
      guard (0...10_000).contains(simulatedNodes) else { throw ValidationError("--simulated-nodes must be 0 to 10000") }
      guard (0...600).contains(pullSeconds) else { throw ValidationError("--pull-seconds must be 0 to 600") }
      for pair in image where pair.split(separator: "=", maxSplits: 1).count != 2 {
        throw ValidationError("--image: \"\(pair)\" is not REPOSITORY=PROGRAM")
      }
    }

    func run() async throws {
      if let running = ClusterState.running(in: directory.path) {
        throw CommandFailure(
          .wrongInput, "error: a cluster already serves \(directory.path), as process \(running.pid)")
      }
      if detach { return try await DetachedCluster(directory: directory.path).start() }
      OpenFiles.raiseLimit()
      let path = directory.path
      let serve: @Sendable (Int) async throws -> Void = { port in
        let state = ClusterState(pid: ProcessInfo.processInfo.processIdentifier, port: port)
        try state.write(to: path)
        Console.output("The cluster serves https://127.0.0.1:\(port)")
        Console.output("  export KUBECONFIG=\(path)/kubeconfig")
        // It runs until it is told to end.
        while true { try await Task.sleep(for: .seconds(3600)) }
      }
      let port = listen.port
      let durability = durability.kept
      let settings = apiOnly ? nil : try settings()
      try await Interruption.cancelling {
        do {
          if let settings {
            try await LocalWorld(settings: settings).run { running in try await serve(running.apiPort) }
          } else {
            try await LocalAPI(dataDirectory: path, port: port, durability: durability).run { port in try await serve(port) }
          }
        } catch is CancellationError {
          ClusterState.remove(from: path)
          Console.error("The cluster is down; `local up` with the same directory starts it again.")
        }
      }
    }

    private func settings() throws -> LocalWorld.Settings {
      var settings = LocalWorld.Settings(dataDirectory: directory.path, envoy: nil)
      settings.port = listen.port
      settings.durability = durability.kept
      settings.speed = speed
      settings.prescales = !reactive
      settings.simulatesPods = simulate
      settings.imagePullSeconds = pullSeconds
      settings.logLevel = verbose ? .info : .warning
      if envoy != nil {
        settings.envoy = try ThisProgram.envoy(envoy)
      } else {
        do { settings.envoy = try ThisProgram.envoy(nil) } catch {
          Console.error("warning: no Envoy found: services are not reachable through the mesh, nor at node ports")
        }
      }
      if let program = try? ThisProgram.sibling("news-service") { settings.programs["news-service"] = program }
      if let envoy = settings.envoy { settings.programs["envoyproxy/envoy"] = envoy }
      for pair in image {
        let parts = pair.split(separator: "=", maxSplits: 1).map(String.init)
        guard Files.exists(parts[1]) else {
          throw CommandFailure(.wrongInput, "error: --image \(pair): no such program")
        }
        settings.programs[parts[0]] = Files.absolute(parts[1])
      }
      if let platform {
        settings.nodeGroups = try PlatformDefinition.read(
          try Files.text(of: platform), file: platform, environment: environment
        ).nodeGroups
      }
      settings.fixedNodes = nodes ?? (platform == nil ? 2 : 0)
      settings.simulatedNodes = simulatedNodes
      return settings
    }
  }
}

/// As a person writes it.
enum DurabilityChoice: String, ExpressibleByArgument, CaseIterable {
  case powerCut = "power-cut"
  case process

  var kept: EmbeddedAPIServer.Durability {
    switch self {
    case .powerCut: .powerCut
    case .process: .process
    }
  }
}
