import ArgumentParser
import Definitions
import Kubernetes
import KubernetesClient
import Rendering

struct ApplyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "apply", abstract: "Render service definitions and apply them to a cluster (server-side apply).",
    discussion: """
      Jobs before the deployment are waited for before its pods are changed. Then it waits until every pod is ready, and \
      says what is in the way: an image that cannot be pulled, a probe that fails, a quota, a lack of room.
      """)

  enum DryRun: String, ExpressibleByArgument, CaseIterable { case none, client, server }

  @OptionGroup var definitions: DefinitionOptions
  @OptionGroup var cluster: ClusterOptions
  @Option(help: "none, client (nothing is sent) or server (checked there, not kept).") var dryRun = DryRun.none
  @Flag(help: "Take over fields that another manager owns.") var forceConflicts = false
  @Flag(
    help:
      "Delete objects of these services that are rendered no more: only what has Sakigake's label and their owner's.")
  var prune = false
  @Option(help: "Wait until all is there.") var wait = true
  @Option(help: "For how long to wait.") var timeout = "10m"

  func validate() throws {
    guard Units.seconds(timeout) != nil else {
      throw ValidationError("--timeout: \"\(timeout)\" is not a duration; write it as 90s or 10m")
    }
    if prune, dryRun == .client { throw ValidationError("--prune asks the cluster: use --dry-run=server") }
  }

  func run() async throws {
    let fleet = try Fleet(definitions, builds: true)
    let (built, rendered, objects) = try fleet.everything()
    fleet.tellWarnings()
    if dryRun == .client {
      for object in objects { Console.output("\(FleetApplier.name(of: object)) configured (dry run)") }
      return
    }
    try await cluster.withClient { client in
      let discovery = Discovery(client: client)
      let applier = FleetApplier(
        client: client, discovery: discovery, namespace: fleet.platform.namespace, force: forceConflicts,
        dryRun: dryRun == .server)
      if dryRun == .server || !wait {
        try await applier.apply(objects, done: say)
      } else {
        try await roll(
          out: ApplyPlan([fleet.platformObjects] + built.map(\.objects) + rendered.map(\.objects)), applier,
          fleet.platform.namespace)
      }
      guard prune else { return }
      for (kustomization, objects) in built {
        try await KustomizedObjects(
          client: client, discovery: discovery, namespace: fleet.platform.namespace, isDryRun: dryRun == .server
        ).prune(objects, of: kustomization.name) { Console.output($0) }
      }
      try await prune(fleet, rendered, client)
    }
  }

  private func say(_ name: String) {
    Console.output("\(name) serverside-applied\(dryRun == .server ? " (server dry run)" : "")")
  }

  private func roll(out plan: ApplyPlan, _ applier: FleetApplier, _ namespace: String) async throws {
    func names(_ kind: String, in objects: [JSONValue]) -> [String] {
      objects.filter { $0["kind"]?.stringValue == kind }.compactMap { $0[path: ["metadata", "name"]]?.stringValue }
    }
    func minimum(of deployment: String, in objects: [JSONValue]) -> Int {
      let autoscaler = objects.first {
        $0["kind"] == "HorizontalPodAutoscaler" && $0[path: ["metadata", "name"]] == .string(deployment)
      }
      return Int(clamping: autoscaler?[path: ["spec", "minReplicas"]]?.integerValue ?? 0)
    }
    for objects in [plan.before, plan.main, plan.after] {
      try await applier.apply(objects, done: say)
      // Kustomizations may have objects in other namespaces than the platform's.
      let inNamespaces = Dictionary(grouping: objects) {
        $0[path: ["metadata", "namespace"]]?.stringValue ?? namespace
      }
      for (namespace, objects) in inNamespaces.sorted(by: { $0.key < $1.key }) {
        let board = ProgressBoard()
        defer { board.finish() }
        let watch = RolloutWatch(
          client: applier.client, namespace: namespace, limit: .seconds(Units.seconds(timeout) ?? 600))
        let deployments = names("Deployment", in: objects).map { ($0, minimum(of: $0, in: objects)) }
        try await watch.wait(
          deployments: Dictionary(deployments, uniquingKeysWith: max), jobs: names("Job", in: objects), say: board.show)
      }
    }
  }

  private func prune(
    _ fleet: Fleet, _ rendered: [(service: String, objects: [JSONValue])], _ client: KubernetesClient
  ) async throws {
    let pruning = Pruning(
      owned: OwnedObjects(client: client, namespace: fleet.platform.namespace), isDryRun: dryRun == .server)
    for service in fleet.services {
      let name = service.microservice.metadata.name
      let kept = Set(rendered.filter { $0.service == name }.flatMap(\.objects).map(FleetApplier.name))
      try await pruning.prune(name, owner: service.microservice.spec.owner, kept: kept) { Console.output($0) }
    }
  }
}
