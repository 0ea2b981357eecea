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
      var options = KustomizeOptions()
      options.allowsFilesOutside = loadRestrictor == .none
      options.addsManagedByLabel = enableManagedByLabel
      let result = try Kustomize.build(
        Files.absolute(directory), shownAs: directory, files: DiscTree.files, options)
      result.warnings.forEach { Console.error($0) }
      guard let output else { return Console.output(bytes: result.yaml) }
      if Files.isDirectory(output) {
        try writeEach(of: result, into: output)
      } else {
        try Files.write(result.yaml, to: output)
      }
    }

    /// A file of each object, its namespace before the name where there are several.
    private func writeEach(of result: KustomizeResult, into directory: String) throws {
      let hasSeveral = Set(result.objects.compactMap(\.namespace)).count > 1
      for object in result.objects {
        let prefix = hasSeveral ? object.namespace.map { $0.lowercased() + "_" } ?? "" : ""
        try Files.write(Array(result.yaml[object.range]), to: "\(directory)/\(prefix)\(object.fileName)")
      }
    }
  }
}
