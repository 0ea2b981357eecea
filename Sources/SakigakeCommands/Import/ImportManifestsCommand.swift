import ArgumentParser
import Imports
import Kustomize

struct ImportManifestsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "manifests", abstract: "Manifests of Kubernetes to microservice.yaml, one a workload.",
    discussion: """
      helm template RELEASE CHART | sakigake import manifests - --owner TEAM -o services/NAME
      """)

  @Argument(
    help: ArgumentHelp(
      "A directory, whose directories are read too; a directory that holds a kustomization, which is built; a file; or "
        + "- for standard input."))
  var path: String
  @Option(help: "The team that owns the services.") var owner: String?
  @Option(help: "The platform's registry: what stands before images' repositories.") var registry: String?
  @OptionGroup var options: ImportOptions

  func run() throws {
    try options.finish(try ManifestImport.read(try sources(), .init(owner: owner, registry: registry)))
  }

  private func sources() throws -> [ImportSource] {
    if path == "-" { return [ImportSource(name: "standard input", text: try Files.standardInput())] }
    guard Files.isDirectory(path) else { return try ImportOptions.sources([path]) }
    if BuiltKustomization.isThere(path) { return try built() }
    let paths = try Self.files(in: path, level: 0)
    guard paths.count <= Self.filesMax else {
      throw CommandFailure(.wrongInput, "error: \(path): more than \(Self.filesMax) files of YAML or JSON")
    }
    guard !paths.isEmpty else {
      throw CommandFailure(.wrongInput, "error: \(path): no file of YAML or JSON in it")
    }
    return try ImportOptions.sources(paths)
  }

  /// A kustomization's objects, each with the manifest that it was read from.
  private func built() throws -> [ImportSource] {
    let result = try Kustomize.build(Files.absolute(path), shownAs: path, files: DiscTree.files)
    result.warnings.forEach { Console.error($0) }
    var texts: [String: String] = [:]
    return result.objects.map { object in
      let file = object.file.isEmpty ? path : object.file
      if texts[file] == nil, !Files.isDirectory(file) { texts[file] = try? Files.text(of: file) }
      return ImportSource(
        name: path, text: String(decoding: result.yaml[object.range], as: UTF8.self),
        origin: .init(file: file, line: object.line, text: texts[file]))
    }
  }

  private static let filesMax = 1_000
  private static let levelsMax = 16

  private static func files(in directory: String, level: Int) throws -> [String] {
    guard level <= levelsMax else {
      throw CommandFailure(.wrongInput, "error: \(directory): deeper than \(levelsMax) directories")
    }
    return try Files.names(in: directory).flatMap { name -> [String] in
      let path = "\(directory)/\(name)"
      if Files.isDirectory(path) { return try files(in: path, level: level + 1) }
      return [".yaml", ".yml", ".json"].contains(where: name.hasSuffix) ? [path] : []
    }
  }
}
