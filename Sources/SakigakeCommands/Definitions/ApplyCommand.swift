import ArgumentParser
import Definitions
import Kubernetes
import KubernetesClient
import Rendering

struct ApplyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "apply", abstract: "Render service definitions and apply them to a cluster (server-side apply).")

  enum DryRun: String, ExpressibleByArgument, CaseIterable { case none, client, server }

  @OptionGroup var definitions: DefinitionOptions
  @OptionGroup var cluster: ClusterOptions
  @Option(help: "none, client (nothing is sent) or server (checked there, not kept).") var dryRun = DryRun.none
  @Flag(help: "Take over fields that another manager owns.") var forceConflicts = false

  func run() async throws {
    let fleet = try Fleet(definitions)
    let rendered = try fleet.render()
    fleet.warnings.forEach { Console.error($0.description) }
    let objects = [fleet.platform.settings] + rendered.flatMap(\.objects)
    if dryRun == .client {
      for object in objects { Console.output("\(FleetApplier.name(of: object)) configured (dry run)") }
      return
    }
    try await cluster.withClient { client in
      let applier = FleetApplier(client: client, force: forceConflicts, dryRun: dryRun == .server)
      try await applier.apply(objects) {
        Console.output("\($0) serverside-applied\(dryRun == .server ? " (server dry run)" : "")")
      }
    }
  }
}

/// Applies rendered objects, and leaves alone what the prescaler holds up at the moment.
struct FleetApplier {
  static let manager = "sakigake"
  var client: KubernetesClient
  var force = false
  var dryRun = false

  private static let resources: [String: ResourceType] = Dictionary(
    (ResourceType.builtIn + [.microservices, .pushCampaigns]).map { ("\($0.apiVersion)/\($0.kind)", $0) },
    uniquingKeysWith: { first, _ in first })

  static func name(of object: JSONValue) -> String {
    let name = object[path: ["metadata", "name"]]?.stringValue ?? ""
    return resource(of: object).map { "\($0.singular)\($0.group.isEmpty ? "" : "." + $0.group)/\(name)" } ?? name
  }

  private static func resource(of object: JSONValue) -> ResourceType? {
    resources["\(object["apiVersion"]?.stringValue ?? "")/\(object["kind"]?.stringValue ?? "")"]
  }

  func apply(_ objects: [JSONValue], done: (String) -> Void) async throws {
    for object in objects {
      guard let resource = Self.resource(of: object) else {
        throw CommandFailure(.wrongInput, "error: \(Self.name(of: object)): a kind that is not known here")
      }
      do {
        try await apply(object, resource)
      } catch let error as APIError where error.isNotFound && resource == .microservices {
        throw CommandFailure(
          .worldFailed, "error: the cluster has no Microservice kind: Sakigake is not installed there")
      }
      done(Self.name(of: object))
    }
  }

  private func apply(_ object: JSONValue, _ resource: ResourceType) async throws {
    do {
      _ = try await client.apply(object, resource: resource, fieldManager: Self.manager, force: force, dryRun: dryRun)
    } catch let error as APIError where error.isConflict && resource == .horizontalPodAutoscalers && !force {
      guard error.message.contains("sakigake-prescaler") else { throw error }
      let name = object[path: ["metadata", "name"]]?.stringValue ?? ""
      let namespace = object[path: ["metadata", "namespace"]]?.stringValue ?? ""
      let live = try await client.get(HorizontalPodAutoscaler.self, name, namespace: namespace)
      let declared = live.metadata.annotations["sakigake.dev/min-replicas"].flatMap { Int($0) }
      let isHeld = declared.map { (live.spec.minReplicas ?? 1) > $0 } ?? true
      // While a push holds the minimum up it stays, and the prescaler gives back what the annotation, applied here,
      // declares; afterwards it is the definition's again.
      var rest = object
      if isHeld { rest[path: ["spec", "minReplicas"]] = nil }
      _ = try await client.apply(rest, resource: resource, fieldManager: Self.manager, force: !isHeld, dryRun: dryRun)
    }
  }
}
