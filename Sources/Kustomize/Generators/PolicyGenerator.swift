/// Makes a service account that is bound to one of a cloud's, as the builtin `IAMPolicyGenerator` does.
struct PolicyGenerator: Generator {
  private let node: YAMLNode
  private let file: String
  private let schemas: SchemaChoice

  init(_ configuration: Resource, _ schemas: SchemaChoice) throws(KustomizeError) {
    var reader = try FieldReader(configuration.node, file: configuration.file, "an IAMPolicyGenerator", .lenient)
    let cloud = try reader.text("cloud") ?? ""
    guard cloud == "gke" else {
      throw KustomizeError(at: configuration.place, "cloud must be gke, the only one that is known, not \"\(cloud)\"")
    }
    func inner(_ name: String) throws(KustomizeError) -> FieldReader {
      try FieldReader(reader.value(name) ?? .null, in: reader, name)
    }
    var service = try inner("kubernetesService")
    var account = try inner("serviceAccount")
    let accountName = try account.text("name") ?? ""
    let project = try account.text("projectId") ?? ""
    var metadata: [(String, YAMLNode)] = [
      (
        "annotations",
        .mapping([("iam.gke.io/gcp-service-account", .text("\(accountName)@\(project).iam.gserviceaccount.com"))])
      ),
      ("name", .text(try service.text("name") ?? "")),
    ]
    if let namespace = try service.text("namespace"), !namespace.isEmpty {
      metadata.append(("namespace", .text(namespace)))
    }
    node = .mapping([
      ("apiVersion", .text("v1")), ("kind", .text("ServiceAccount")), ("metadata", .mapping(metadata)),
    ])
    file = configuration.file
    self.schemas = schemas
  }

  func generate() throws(KustomizeError) -> [Resource] { [Resource(node, file: file, schemas: schemas)] }
}
