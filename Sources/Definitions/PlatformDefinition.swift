public import Kubernetes

/// A `platform.yaml`, read for one environment: what all services share.
public struct PlatformDefinition: Sendable {
  public enum Loopback: String, Sendable { case localhost, podIP }

  public struct Mesh: Sendable {
    /// Where sidecars find their control plane, `HOST:PORT`; nil takes what the node says (the local cluster).
    public var controlPlane: String?
    /// Where a sidecar's outbound listeners and admin page bind. `podIP` where pods share one host's loopback.
    public var loopback = Loopback.localhost
    public var image = "envoyproxy/envoy:v1.40.0"
  }

  public var name: String
  public var cluster = ""
  public var region = ""
  public var registry = ""
  public var tag = ""
  public var namespace = "default"
  public var nodeGroups: [NodeGroup] = []
  /// Where each of them stands; a group of which a share is spot stands for two.
  public var nodeGroupPlaces: [SourcePlace] = []
  /// By a group's name: types of one size, any of which will do.
  public var instanceTypes: [String: [String]] = [:]
  public var account = ""
  public var mesh = Mesh()
  public var ingress: Ingress?
  public var cloud = Cloud()
  public var secretStore = SecretStore.undeclared
  public var hasVerticalPodAutoscaler = false
  public var papertrail: Papertrail?
  public var alerts = Alerts()
  public var names = Names()
  public var mandatoryTags: [String] = []
  public var quotas = Quotas()
  public var owns = Owns()
  public var guardrails = Guardrails()
  public var tags: [String: String] = [:]
  /// The settings that the operator reads, as JSON: see `PrescalingDecision.Configuration`.
  public var pushes: JSONValue = .object([:])

  /// The names of the environments that the platform has.
  public var environments: [String] = []
  /// The environment that it was read for.
  public private(set) var environment: String?
  public private(set) var file = ""
  /// What is accepted and has no effect.
  public private(set) var warnings: [Diagnostic] = []
  /// As it was written, with its environment laid over it: where things stand.
  private(set) var spec: SourceNode

  /// - Parameter environment: must be one that the platform has, unless nil.
  /// - Throws: `InvalidDefinition` with everything that is wrong in the file.
  public static func read(_ text: String, file: String, environment: String?) throws(InvalidDefinition)
    -> PlatformDefinition
  {
    let node = try SourceNode.only(in: text, file: file, noun: "platform")
    let document = try CheckedDocument(node, shape: PlatformShape.document, file: file, environment: environment)
    let environments = (node["environments"]?.members ?? []).map(\.key)
    if let environment, !environments.contains(environment) {
      let place = node.nearest("environments")
      throw InvalidDefinition([
        Diagnostic(
          file: file, line: place.line, column: place.column, "the platform has no environment \"\(environment)\"",
          remedy: Diagnostic.nearest(to: environment, in: environments))
      ])
    }
    var platform = try PlatformDefinition(document)
    platform.environments = environments
    platform.environment = environment
    return platform
  }

  private init(_ document: CheckedDocument) throws(InvalidDefinition) {
    let errors = document.platformContradictions
    guard errors.isEmpty else { throw InvalidDefinition(errors) }
    spec = document.spec
    file = document.file
    name = document.name
    warnings = document.platformWarnings
    let spec = document.spec
    func text(_ key: String) -> String? { spec[key]?.json.stringValue }
    cluster = text("cluster") ?? document.name
    region = text("region") ?? ""
    registry = text("registry") ?? ""
    // As written: 1.20 is no number here.
    tag = spec["tag"]?.text ?? ""
    namespace = text("namespace") ?? "default"
    mesh.controlPlane = Self.controlPlane
    if let settings = spec["mesh"] {
      if let place = settings["controlPlane"]?.json.stringValue { mesh.controlPlane = place == "node" ? nil : place }
      mesh.loopback = settings["loopback"]?.json.stringValue.flatMap(Loopback.init) ?? .localhost
      mesh.image = settings["image"]?.json.stringValue ?? mesh.image
    }
    pushes = spec["pushes"]?.json ?? .object([:])
    for member in spec["tags"]?.members ?? [] { tags[member.key] = member.value.json.stringValue }
    for node in spec["nodeGroups"]?.elements ?? [] {
      let groups = Self.nodeGroups(node)
      nodeGroups += groups
      nodeGroupPlaces += groups.map { _ in node.place(in: document.file) }
      for group in groups { instanceTypes[group.name] = Self.instanceTypes(node) }
    }
    do throws(FieldError) { try readParts(document) } catch {
      throw InvalidDefinition([
        Diagnostic(at: spec.place(in: document.file), "spec.\(error.path): \(error.message)")
      ])
    }
  }

  private mutating func readParts(_ document: CheckedDocument) throws(FieldError) {
    let json = spec.json(as: document.specShape)
    account = json["account"]?.stringValue ?? ""
    cloud = try Cloud(json: json["cloud"] ?? [:])
    if let value = json["ingress"] {
      var ingress = try Ingress(json: value)
      if ingress.group.isEmpty { ingress.group = name }
      self.ingress = ingress
    }
    if let store = json["secrets"]?["store"]?.stringValue { secretStore = store == "none" ? .none : .cluster(store) }
    hasVerticalPodAutoscaler = json["rightsize"]?["verticalPodAutoscaler"]?.boolValue ?? false
    if let value = json["logs"]?["papertrail"] { papertrail = try Papertrail(json: value) }
    alerts = try Alerts(json: json["alerts"] ?? [:])
    quotas = try Quotas(json: json["quotas"] ?? [:])
    owns = try Owns(json: json["owns"] ?? [:])
    mandatoryTags = (json["mandatoryTags"]?.arrayValue ?? []).compactMap(\.stringValue)
    names.service = json["names"]?["service"]?.stringValue ?? ""
    if let role = json["names"]?["role"]?.stringValue { names.role = NameTemplate(verbatim: role) }
    guardrails = try Guardrails(json: json["guardrails"] ?? [:])
  }

  /// Where a part of the specification stands, or the nearest one above it that is there.
  public func place(of path: String...) -> SourcePlace { spec.nearest(path).place(in: file) }

  /// Where the operator's Service is, unless the platform says otherwise.
  static let controlPlane = "sakigake-xds.sakigake-system:15010"

  /// What the operator needs to know, as the ConfigMap that carries it.
  public var settings: JSONValue {
    var document: JSONValue = ["name": .string(name), "pushes": pushes]
    if guardrails != Guardrails() { document["guardrails"] = guardrails.json }
    return [
      "apiVersion": "v1", "kind": "ConfigMap",
      "metadata": ["name": "sakigake-platform", "namespace": "sakigake-system"],
      "data": ["platform.json": .string(document.text)],
    ]
  }
}
