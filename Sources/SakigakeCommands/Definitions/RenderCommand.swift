import ArgumentParser
import Definitions
import Kubernetes

struct RenderCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "render", abstract: "Print the Kubernetes objects of service definitions.")

  enum Format: String, ExpressibleByArgument, CaseIterable { case yaml, json }

  @OptionGroup var definitions: DefinitionOptions
  @Option(name: [.short, .customLong("output")], help: "yaml or json.") var output = Format.yaml

  @Flag(help: "Print the platform's own objects too: the operator's settings, and the quota of the namespace.")
  var withPlatform = false

  func run() throws {
    let fleet = try Fleet(definitions, builds: true)
    let objects = try fleet.everything(withPlatform: withPlatform).all
    fleet.tellWarnings()
    switch output {
    case .yaml: Console.output(bytes: YAMLText.bytes(of: objects))
    case .json:
      let list: JSONValue = ["apiVersion": "v1", "kind": "List", "items": .array(objects)]
      Console.output(list.prettyText)
    }
  }
}
