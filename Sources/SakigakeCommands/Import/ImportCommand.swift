import ArgumentParser
import Imports

struct ImportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import", abstract: "Carry over what other tools left behind.",
    discussion: """
      What is secret is neither written nor printed: the report says which Secrets must be made. Exit code 1: \
      something was not carried over, as the report says.
      """,
    subcommands: [ImportOpsWorksCommand.self, ImportCodenizeCommand.self, ImportManifestsCommand.self])
}

/// Where an import writes: shared by its commands.
struct ImportOptions: ParsableArguments {
  @Option(name: [.short, .customLong("output")], help: "The directory for the files.") var output = "."
  @Flag(help: "Replace files that are there already.") var force = false
  @Flag(help: "Print the files, write nothing.") var dryRun = false

  static func sources(_ paths: [String]) throws -> [ImportSource] {
    try paths.map { ImportSource(name: $0, text: try Files.text(of: $0)) }
  }

  /// Writes or prints the files, and the report. Nothing is written where one of the files is there already.
  func finish(_ result: ImportResult) throws {
    if dryRun {
      for file in result.files { Console.output("==> \(file.path)\n\(file.text)") }
      if !result.report.isEmpty { Console.error(result.report) }
    } else {
      try write(result.files)
      if !result.report.isEmpty { Console.output(result.report) }
    }
    guard result.notCarried.isEmpty else {
      throw CommandFailure(.foundProblems, "not carried over: \(result.notCarried.count), as told above")
    }
  }

  private func write(_ files: [ImportedFile]) throws {
    let places = files.map { (file: $0, path: Files.absolute(output) + "/" + $0.path) }
    // The same import again changes nothing, and is no mistake.
    let changed = Set(places.filter { (try? Files.text(of: $0.path)) != $0.file.text }.map(\.path))
    if !force, let existing = places.first(where: { changed.contains($0.path) && Files.exists($0.path) }) {
      throw CommandFailure(
        .wrongInput,
        "error: \(existing.path) is there already and is another, so nothing was written; --force replaces it")
    }
    for (file, path) in places {
      guard changed.contains(path) else {
        Console.output("unchanged \(file.path)")
        continue
      }
      try Files.write(file.text, at: path)
      Console.output("wrote \(file.path)")
    }
  }
}

struct ImportOpsWorksCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "opsworks", abstract: "OpsWorks' custom JSON to microservice.yaml and files of config/.")

  @Argument(help: "Custom JSON of the stack, the layer, the deployment: each is laid over those before it.")
  var files: [String]
  @Option(help: "Which application; what the only one is to be called.") var service: String?
  @Option(help: "The team that owns the services.") var owner: String?
  @OptionGroup var options: ImportOptions

  func run() throws {
    try options.finish(
      try OpsWorksImport.read(try ImportOptions.sources(files), .init(service: service, owner: owner)))
  }
}

struct ImportCodenizeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "codenize", abstract: "Files of piculet, miam or roadworker to Terraform with import blocks.")

  @Argument(help: "piculet, miam or roadworker.") var tool: CodenizeImport.Tool
  @Argument(help: "What it exported, or what was written with its templates; or JSON, where the tool has that.")
  var files: [String]
  @OptionGroup var options: ImportOptions

  func run() throws { try options.finish(try CodenizeImport.read(try ImportOptions.sources(files), of: tool)) }
}

extension CodenizeImport.Tool: ExpressibleByArgument {}
