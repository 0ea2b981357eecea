import ArgumentParser
import Definitions
import FoundationEssentials

struct NewCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "new", abstract: "Write the repository of a new service.",
    discussion: """
      A small program that serves, its definition, its image, and pipelines for CircleCI and GitHub Actions. It renders \
      without a warning and runs in the local world at once: `make local`. Nothing that is there is written over. Where \
      no platform.yaml is above the directory, one is written that suffices for trying out.
      """)

  @Argument(help: "The service's name.") var name: String
  @Option(help: "Where to write. Where it is not given: a new directory of the service's name.") var directory: String?
  @Option(help: "The team that is asked about it.") var owner = "my-team"
  @Option(help: "Where the program listens.") var port = 8080

  func run() throws {
    let directory = directory ?? name
    let template = ServiceTemplate(
      name: name, owner: owner, port: port, hasPlatform: PlatformFile.above(Self.existing(directory)) != nil)
    let files = template.files
    // What is written is what the readers take: a wrong name or port is told with their words.
    for file in files where file.path == "microservice.yaml" {
      _ = try ServiceDefinition.read(file.text, file: "\(directory)/\(file.path)", environment: nil)
    }
    let taken = files.map { "\(directory)/\($0.path)" }.filter(Files.exists)
    guard taken.isEmpty else {
      throw CommandFailure(
        .wrongInput,
        "error: nothing is written over: \(taken.joined(separator: ", ")) \(taken.count == 1 ? "is" : "are") there")
    }
    for file in files {
      try Files.writeNew(file.text, to: "\(directory)/\(file.path)", isProgram: file.isProgram)
      Console.output("\(directory)/\(file.path)")
    }
    Console.error("Try it: cd \(directory) && make local")
  }

  /// The directory, or the nearest above it that is there.
  private static func existing(_ directory: String) -> String {
    var path = Files.absolute(directory)
    while !Files.isDirectory(path), let slash = path.lastIndex(of: "/"), slash != path.startIndex {
      path = String(path[..<slash])
    }
    return path
  }
}
