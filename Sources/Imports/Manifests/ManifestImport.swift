public import Definitions
import Kubernetes

/// Manifests of Kubernetes to service definitions: one for each Deployment.
public enum ManifestImport {
  private static let objectsMax = 5_000

  /// - Throws: `InvalidDefinition` where a file is no YAML, or where there is no Deployment.
  public static func read(_ sources: [ImportSource], owner: String?) throws(InvalidDefinition) -> ImportResult {
    if let owner, !owner.isDNSLabel {
      throw invalid("--owner", "\"\(owner)\" is not a name", "use at most 63 of a-z, 0-9 and -")
    }
    var set = ManifestSet()
    for source in sources {
      for node in try SourceNode.documents(in: source.text, file: source.name) {
        let nodes = node["kind"]?.json == "List" ? node["items"]?.elements ?? [] : [node]
        for node in nodes { if let object = ManifestObject(node, file: source.name) { set.objects.append(object) } }
      }
    }
    guard set.objects.count <= objectsMax else {
      throw invalid(sources[0].name, "more than \(objectsMax) objects", "import them in parts")
    }
    let deployments = set.objects.indices.filter { set.objects[$0].kind == "Deployment" }
    guard !deployments.isEmpty else {
      throw invalid(sources.first?.name ?? ".", "there is no Deployment", "name a directory that has some")
    }
    var result = ImportResult()
    var names: Set<String> = []
    for index in deployments {
      let object = set.objects[index]
      guard let name = OpsWorksImport.serviceName(object.name), names.insert(name).inserted else {
        throw InvalidDefinition([
          Diagnostic(
            at: object.place, "no service's name of its own can be made of \(object.name)", remedy: "rename it")
        ])
      }
      var service = DeploymentImport(name: name, deployment: index, manifests: set)
      service.read()
      set = service.manifests
      try service.write(to: &result, directory: deployments.count > 1 ? "\(name)/" : "", owner: owner)
    }
    set.tellTheRest(&result)
    return result
  }

  private static func invalid(_ file: String, _ message: String, _ remedy: String) -> InvalidDefinition {
    InvalidDefinition([Diagnostic(file: file, line: 0, column: 0, message, remedy: remedy)])
  }
}

/// All objects of an import, and those that belong to a service.
struct ManifestSet {
  var objects: [ManifestObject] = []
  var used: Set<Int> = []

  /// The first object of a kind that nobody has yet.
  func first(_ kind: String, where isMeant: (ManifestObject) -> Bool) -> Int? {
    objects.indices.first { objects[$0].kind == kind && !used.contains($0) && isMeant(objects[$0]) }
  }

  func configMap(_ name: String) -> Int? {
    objects.indices.first { objects[$0].kind == "ConfigMap" && objects[$0].name == name }
  }

  /// Tells of each field that nobody took: as a decision where the platform does something instead.
  func tellTheRest(_ result: inout ImportResult) {
    for (index, object) in objects.enumerated() {
      guard used.contains(index) else {
        let reason =
          object.kind == "Secret"
          ? "Secrets are not read: it must be there, or come by spec.secrets" : "it belongs to no Deployment here"
        result.drop(object.place, object.title, reason)
        continue
      }
      for (path, place) in object.rest {
        let field = path.joined(separator: ".")
        if let instead = PlatformConventions.instead(of: path) {
          result.decisions.append("\(place.file):\(place.line):\(place.column): \(object.title), \(field): \(instead)")
        } else {
          result.drop(place, "\(object.title), \(field)", "a definition has no place for it, or not for this value")
        }
      }
    }
  }
}
