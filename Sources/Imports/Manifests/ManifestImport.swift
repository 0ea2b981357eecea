public import Definitions
import Kubernetes

/// Manifests of Kubernetes to service definitions: one for each Deployment, and for each StatefulSet whose pods need no
/// volume of their own. What `sakigake render` made becomes the definition again that it was made of.
public enum ManifestImport {
  public struct Options: Sendable {
    public var owner: String?
    /// What stands before the repositories of images: the platform's registry.
    public var registry: String?

    public init(owner: String? = nil, registry: String? = nil) {
      self.owner = owner
      self.registry = registry
    }
  }

  /// - Throws: `InvalidDefinition` where a file is no YAML, or where there is nothing that becomes a service.
  public static func read(
    _ sources: [ImportSource], _ options: Options = Options()
  ) throws(InvalidDefinition) -> ImportResult {
    if let owner = options.owner, !owner.isDNSLabel {
      throw invalid("--owner", "\"\(owner)\" is not a name", "use at most 63 of a-z, 0-9 and -")
    }
    var set = try ManifestSet(sources)
    var result = ImportResult()
    let rendered = RenderedDefinition.all(&set)
    let workloads = set.workloads.filter { !set.used.contains($0) }
    guard !workloads.isEmpty || !rendered.isEmpty else {
      throw invalid(
        sources.first?.name ?? ".", "there is no Deployment, nor a StatefulSet that can be a service",
        "name a directory that has some")
    }
    let isOne = workloads.count + rendered.count == 1
    var names: [String: SourcePlace] = [:]
    for definition in rendered {
      try declare(definition.name, at: definition.place, &names)
      try definition.write(to: &result, directory: isOne ? "" : "\(definition.name)/")
    }
    for index in workloads {
      let object = set.objects[index]
      guard let name = OpsWorksImport.serviceName(object.name) else {
        throw InvalidDefinition([
          Diagnostic(at: object.place, "no service's name can be made of \(object.name)", remedy: "rename it")
        ])
      }
      try declare(name, at: object.place, &names)
      var service = DeploymentImport(name: name, workload: index, manifests: set, options: options)
      service.read()
      set = service.manifests
      try service.write(to: &result, directory: isOne ? "" : "\(name)/")
    }
    set.tellTheRest(&result)
    return result
  }

  private static func declare(
    _ name: String, at place: SourcePlace, _ names: inout [String: SourcePlace]
  ) throws(InvalidDefinition) {
    guard let first = names.updateValue(place, forKey: name) else { return }
    throw InvalidDefinition([
      Diagnostic(
        at: place, "\(name) is there twice, first at \(first.file):\(first.line)",
        remedy: "give the manifests of one environment, or the directory of its kustomization")
    ])
  }

  private static func invalid(_ file: String, _ message: String, _ remedy: String) -> InvalidDefinition {
    InvalidDefinition([Diagnostic(file: file, line: 0, column: 0, message, remedy: remedy)])
  }

  /// Whatever was in the manifests: what is written is what the definitions' own reader takes.
  static func check(_ text: String, of name: String, at place: SourcePlace) throws(InvalidDefinition) {
    do throws(InvalidDefinition) {
      _ = try ServiceDefinition.read(text, file: "microservice.yaml", environment: nil)
    } catch {
      throw InvalidDefinition(
        error.diagnostics.map {
          Diagnostic(at: place, "\(name): a definition cannot say it: \($0.message)", remedy: $0.remedy)
        })
    }
  }
}
