import ArgumentParser
import Kustomize

struct KustomizeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "kustomize", abstract: "Build kustomizations, byte for byte as kustomize 5.5 does.",
    subcommands: [Build.self])

  struct Build: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Print the objects of a kustomization.",
      discussion: """
        Nothing is fetched from a network and no program is run: remote resources, Helm charts and plugins that are \
        not built in are refused. Deprecated fields are told of on standard error.
        """)

    enum Restrictor: String, ExpressibleByArgument, CaseIterable {
      case none = "LoadRestrictionsNone"
      case rootOnly = "LoadRestrictionsRootOnly"
    }

    @Argument(help: "The directory that holds kustomization.yaml.") var directory = "."
    @Option(help: "Whether files outside a kustomization's own directory may be read.")
    var loadRestrictor = Restrictor.rootOnly
    @Flag(name: .customLong("enable-managedby-label"), help: "Label every object with app.kubernetes.io/managed-by.")
    var enableManagedByLabel = false
    @Option(name: [.short, .long], help: "A file for the objects, or a directory for a file of each.") var output:
      String?

    func run() throws {
      var request = KustomizeRequest()
      request.directory = directory
      request.options.allowsFilesOutside = loadRestrictor == .none
      request.options.addsManagedByLabel = enableManagedByLabel
      request.output = output
      try request.run()
    }
  }
}
