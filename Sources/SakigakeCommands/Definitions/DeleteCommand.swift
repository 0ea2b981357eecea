import ArgumentParser
import Definitions
import Kubernetes
import KubernetesClient

struct DeleteCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "delete", abstract: "Delete the objects of services and kustomizations from a cluster.",
    discussion: """
      Only what carries Sakigake's label, the service's and its owner's, or the kustomization's. Claimed volumes stay, \
      unless --volumes is given.
      """)

  @OptionGroup var definitions: DefinitionOptions
  @OptionGroup var cluster: ClusterOptions
  @Option(help: "none, client or server: what would be deleted is only told.") var dryRun = ApplyCommand.DryRun.none
  @Flag(help: "Delete claimed volumes too, and what they hold.") var volumes = false

  func run() async throws {
    let fleet = try Fleet(definitions, builds: true)
    try await cluster.withClient { client in
      let kustomized = KustomizedObjects(
        client: client, discovery: Discovery(client: client), namespace: fleet.platform.namespace,
        isDryRun: dryRun != .none)
      for (kustomization, objects) in fleet.built().reversed() {
        try await kustomized.delete(objects, of: kustomization.name, volumes: volumes) { Console.output($0) }
      }
      let owned = OwnedObjects(client: client, namespace: fleet.platform.namespace)
      for service in fleet.services {
        let name = service.microservice.metadata.name
        let objects = try await owned.of(name)
        if objects.isEmpty { Console.error("Nothing of \(name) is in namespace \(fleet.platform.namespace).") }
        for object in objects {
          if object.owner != service.microservice.spec.owner {
            Console.output("\(object.description) left alone: its owner is \"\(object.owner)\"")
          } else if object.resource == .persistentVolumeClaims, !volumes {
            Console.output("\(object.description) left alone: it holds data; --volumes deletes it")
          } else {
            if dryRun == .none { try await owned.delete(object) }
            Console.output("\(object.description) deleted\(dryRun == .none ? "" : " (dry run)")")
          }
        }
      }
    }
  }
}
