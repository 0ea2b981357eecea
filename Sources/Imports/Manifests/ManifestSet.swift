import Definitions
import Kubernetes

/// All objects of an import, and those that belong to a service.
struct ManifestSet {
  var objects: [ManifestObject] = []
  var used: Set<Int> = []
  /// Objects that become services.
  let workloads: [Int]
  /// Documents that are no objects.
  private var strays: [SourcePlace] = []

  private static let objectsMax = 5_000

  /// - Throws: `InvalidDefinition` where a file is no YAML, or where there are too many objects.
  init(_ sources: [ImportSource]) throws(InvalidDefinition) {
    var originals: [String: [SourceNode]] = [:]
    for source in sources {
      for document in try SourceNode.documents(in: source.text, file: source.name) {
        let isList = document["kind"]?.json.stringValue?.hasSuffix("List") == true && document["items"] != nil
        for node in isList ? document["items"]?.elements ?? [] : [document] {
          let original = source.origin.map { Self.original(of: node, read: $0, &originals) }
          if let object = ManifestObject(node, file: source.name, original: original) {
            objects.append(object)
          } else {
            strays.append(original?.place ?? node.place(in: source.name))
          }
        }
      }
    }
    guard objects.count <= Self.objectsMax else {
      throw InvalidDefinition([
        Diagnostic(
          file: sources[0].name, line: 0, column: 0, "more than \(Self.objectsMax) objects",
          remedy: "import them in parts")
      ])
    }
    workloads = objects.indices.filter { [objects] in Self.becomesService(objects[$0]) }
  }

  /// The document that begins at or before the origin's line, where that is of the same kind.
  private static func original(
    of built: SourceNode, read origin: ImportSource.Origin, _ known: inout [String: [SourceNode]]
  ) -> (node: SourceNode?, place: SourcePlace) {
    if known[origin.file] == nil {
      // What kustomize reads, such as anchors, may be more than is read here: then the line alone is told.
      known[origin.file] = origin.text.flatMap { try? SourceNode.documents(in: $0, file: origin.file) } ?? []
    }
    let before = known[origin.file]?.last { $0.line <= max(origin.line, 1) }
    guard let node = before, node["kind"]?.json == built["kind"]?.json else {
      return (nil, SourcePlace(file: origin.file, line: origin.line, column: origin.line > 0 ? 1 : 0))
    }
    return (node, node.place(in: origin.file))
  }

  /// The first object of a kind that nobody has yet.
  func first(_ kind: String, where isMeant: (ManifestObject) -> Bool) -> Int? {
    objects.indices.first { objects[$0].kind == kind && !used.contains($0) && isMeant(objects[$0]) }
  }

  func configMap(_ name: String) -> Int? {
    objects.indices.first { objects[$0].kind == "ConfigMap" && objects[$0].name == name }
  }

  /// The labels of pods, by the object that makes them.
  func podLabels(of index: Int) -> JSONObject {
    objects[index].json("spec", "template", "metadata", "labels")?.objectValue ?? [:]
  }

  /// Deployments, and StatefulSets that a definition can express.
  private static func becomesService(_ object: ManifestObject) -> Bool {
    switch object.kind {
    case "Deployment": true
    case "StatefulSet": isShared(object)
    default: false
    }
  }

  /// Whether pods of a StatefulSet can do without a volume of their own each.
  private static func isShared(_ object: ManifestObject) -> Bool {
    let claims = object.json("spec", "volumeClaimTemplates")?.arrayValue ?? []
    return claims.isEmpty || object.json("spec", "replicas")?.integerValue ?? 1 <= 1
  }

  private static let reasons: [String: String] = [
    "Secret": "Secrets are not read: it must be there, or come by spec.secrets",
    "StatefulSet": "each of its pods has a volume of its own, which pods of a service have not: keep it as it is",
    "DaemonSet": "it runs on every node, which a service does not: keep it as it is",
    "Job": "it runs another image than any service here", "CronJob": "it runs another image than any service here",
    "Namespace": "the platform has its own", "NetworkPolicy": "it is for pods of no single service here",
    "ServiceAccount": "no service here uses it",
  ]

  /// Tells of each field that nobody took: as a decision where the platform does something instead.
  func tellTheRest(_ result: inout ImportResult) {
    for place in strays {
      result.drop(place, "a document that is no object", "it has no kind, or no metadata.name")
    }
    for (index, object) in objects.enumerated() {
      if object.json("apiVersion") == "sakigake.dev/v1", !used.contains(index) {
        let place = object.place
        result.decisions.append("\(place.file):\(place.line): \(object.title) is a definition already")
        continue
      }
      guard used.contains(index) else {
        result.drop(object.place, object.title, Self.reasons[object.kind] ?? "it belongs to no service here")
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
