import ArgumentParser
import Definitions
import Kubernetes

struct RenderCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "render", abstract: "Print the Kubernetes objects of service definitions.")

  enum Format: String, ExpressibleByArgument, CaseIterable { case yaml, json }

  @OptionGroup var definitions: DefinitionOptions
  @Option(name: [.short, .customLong("output")], help: "yaml or json.") var output = Format.yaml

  func run() throws {
    let fleet = try Fleet(definitions)
    let objects = try fleet.render().flatMap(\.objects)
    fleet.warnings.forEach { Console.error($0.description) }
    switch output {
    case .yaml: Console.output(try YAMLText.of(objects))
    case .json:
      let list: JSONValue = ["apiVersion": "v1", "kind": "List", "items": .array(objects)]
      Console.output(list.prettyText)
    }
  }
}
