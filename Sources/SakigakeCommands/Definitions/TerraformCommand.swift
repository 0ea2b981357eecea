import ArgumentParser
import Definitions
import Kubernetes
import Rendering
import Terraform

/// Apart from `render`, whose output is one stream of objects for one cluster: these are files for Terraform, a directory
/// for each owner with a state of its own.
struct TerraformCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "terraform", abstract: "Write what services, or the platform, own in the cloud as Terraform.",
    discussion: "Writes DIR/NAME/main.tf.json for each service or, with --central, for the platform.")

  @OptionGroup var definitions: DefinitionOptions
  @Option(name: [.short, .customLong("output")], help: "The directory that they are written below.")
  var output = "terraform"

  @Flag(help: "What all services share, from platform.yaml, instead of what they own.") var central = false

  func run() throws {
    let modules = central ? [try centralModule()] : try serviceModules()
    for (name, document) in modules {
      let file = "\(output)/\(name)/main.tf.json"
      try Files.write(document.text, at: Files.absolute(file))
      Console.output(file)
    }
  }

  private func centralModule() throws -> (String, TerraformDocument) {
    let platform = try Fleet.platform(definitions.sources)
    platform.warnings.forEach { Console.error($0.description) }
    return (platform.name, try PlatformTerraform(platform).document)
  }

  private func serviceModules() throws -> [(String, TerraformDocument)] {
    let fleet = try Fleet(definitions)
    var problems: [Diagnostic] = []
    var modules: [(String, TerraformDocument)] = []
    var warnings: [Diagnostic] = []
    for service in fleet.services {
      do throws(InvalidDefinition) {
        let rendered = try ServiceTerraform(service, on: fleet.platform)
        modules.append((service.microservice.metadata.name, rendered.document))
        warnings += rendered.warnings
      } catch { problems += error.diagnostics.filter { !problems.contains($0) } }
    }
    guard problems.isEmpty else { throw InvalidDefinition(problems) }
    (fleet.warnings + warnings).forEach { Console.error($0.description) }
    return modules
  }
}
