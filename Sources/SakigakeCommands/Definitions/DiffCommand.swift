import ArgumentParser
import Definitions
import Kubernetes
import KubernetesClient
import Rendering

struct DiffCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff", abstract: "Show what applying service definitions would change in a cluster.",
    discussion: """
      The cluster itself says what it would have: nothing is kept there. Exit code 0 where nothing would change, 1 where \
      something would.
      """)

  @OptionGroup var definitions: DefinitionOptions
  @OptionGroup var cluster: ClusterOptions
  @Flag(help: "Count what apply --prune would delete too.") var prune = false

  func run() async throws {
    let fleet = try Fleet(definitions, builds: true)
    let (built, rendered, objects) = try fleet.everything()
    fleet.tellWarnings()
    let count = try await cluster.withClient { client in
      var count = 0
      // Conflicts are apply's to tell; here the question is what would be different.
      let applier = FleetApplier(
        client: client, discovery: Discovery(client: client), namespace: fleet.platform.namespace, dryRun: true)
      for object in objects {
        guard let difference = try await difference(of: object, applier) else { continue }
        count += 1
        Console.output(difference)
      }
      if prune { count += try await showPruned(fleet, built, rendered, applier) }
      return count
    }
    guard count > 0 else { return }
    throw CommandFailure(.foundProblems, "\(count) of \(objects.count) objects would change")
  }

  /// - Returns: nil where the object would stay as it is.
  private func difference(of object: JSONValue, _ applier: FleetApplier) async throws -> String? {
    let resource = try await applier.resource(of: object)
    let name = object[path: ["metadata", "name"]]?.stringValue ?? ""
    let written = object[path: ["metadata", "namespace"]]?.stringValue ?? ""
    let namespace = !resource.isNamespaced ? "" : written.isEmpty ? applier.namespace : written
    var live: JSONValue?
    do { live = try await applier.client.get(resource, name, namespace: namespace) } catch let error as APIError
      where error.isNotFound
    {}
    let result: JSONValue
    do { result = try await applier.applied(object) } catch let error as APIError where error.isConflict {
      var forcing = applier
      forcing.force = true
      result = try await forcing.applied(object)
    }
    let before = live.map { YAMLText.of([Self.compared($0)]) } ?? ""
    let difference = LineDiff.unified(before, YAMLText.of([Self.compared(result)]))
    guard !difference.isEmpty else { return nil }
    let title = FleetApplier.name(of: object)
    return "--- \(live == nil ? "/dev/null" : "live/" + title)\n+++ applied/\(title)\n\(difference)"
  }

  /// Without what the server counts itself, and what others report.
  private static func compared(_ object: JSONValue) -> JSONValue {
    var object = object
    for field in ["managedFields", "resourceVersion", "generation", "uid", "creationTimestamp", "selfLink"] {
      object[path: ["metadata", field]] = nil
    }
    object["status"] = nil
    return object
  }

  private func showPruned(
    _ fleet: Fleet, _ built: [(kustomization: BuiltKustomization, objects: [JSONValue])],
    _ rendered: [(service: String, objects: [JSONValue])], _ applier: FleetApplier
  ) async throws -> Int {
    var count = 0
    func tell(_ line: String) {
      if line.contains(" pruned") { count += 1 }
      Console.output(line)
    }
    for (kustomization, objects) in built {
      try await KustomizedObjects(
        client: applier.client, discovery: applier.discovery, namespace: applier.namespace, isDryRun: true
      ).prune(objects, of: kustomization.name, told: tell)
    }
    let pruning = Pruning(
      owned: OwnedObjects(client: applier.client, namespace: applier.namespace), isDryRun: true)
    for service in fleet.services {
      let name = service.microservice.metadata.name
      let kept = Set(rendered.filter { $0.service == name }.flatMap(\.objects).map(FleetApplier.name))
      try await pruning.prune(name, owner: service.microservice.spec.owner, kept: kept, told: tell)
    }
    return count
  }
}
