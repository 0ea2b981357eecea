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
  /// Where each of them stands.
  public var nodeGroupPlaces: [SourcePlace] = []
  public var mesh = Mesh()
  public var tags: [String: String] = [:]
  /// The settings that the operator reads, as JSON: see `PrescalingDecision.Configuration`.
  public var pushes: JSONValue = .object([:])

  /// The names of the environments that the platform has.
  public var environments: [String] = []

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
    return platform
  }

  private init(_ document: CheckedDocument) throws(InvalidDefinition) {
    let errors = document.platformContradictions
    guard errors.isEmpty else { throw InvalidDefinition(errors) }
    let spec = document.spec
    name = document.name
    func text(_ key: String) -> String? { spec[key]?.json.stringValue }
    cluster = text("cluster") ?? document.name
    region = text("region") ?? ""
    registry = text("registry") ?? ""
    // As written: 1.20 is no number here.
    if case .scalar(_, let written)? = spec["tag"]?.content { tag = written }
    namespace = text("namespace") ?? "default"
    mesh.controlPlane = Self.controlPlane
    if let settings = spec["mesh"] {
      if let place = settings["controlPlane"]?.json.stringValue { mesh.controlPlane = place == "node" ? nil : place }
      mesh.loopback = settings["loopback"]?.json.stringValue.flatMap(Loopback.init) ?? .localhost
      mesh.image = settings["image"]?.json.stringValue ?? mesh.image
    }
    pushes = spec["pushes"]?.json ?? .object([:])
    for member in spec["tags"]?.members ?? [] { tags[member.key] = member.value.json.stringValue }
    nodeGroups = (spec["nodeGroups"]?.elements ?? []).map(Self.nodeGroup)
    nodeGroupPlaces = (spec["nodeGroups"]?.elements ?? []).map { $0.place(in: document.file) }
  }

  /// Where the operator's Service is, unless the platform says otherwise.
  static let controlPlane = "sakigake-xds.sakigake-system:15010"

  private static func nodeGroup(_ node: SourceNode) -> NodeGroup {
    func quantity(_ key: String) -> Quantity {
      if case .scalar(_, let text)? = node[key]?.content { return Quantity(parsing: text) ?? .zero }
      return .zero
    }
    func integer(_ key: String) -> Int? { node[key]?.json.integerValue.map { Int(clamping: $0) } }
    var labels: Labels = [:]
    for member in node["labels"]?.members ?? [] { labels[member.key] = member.value.json.stringValue }
    let isSpot = node["spot"]?.json.boolValue ?? false
    return NodeGroup(
      name: node["name"]?.json.stringValue ?? "", instanceType: node["instanceType"]?.json.stringValue ?? "",
      allocatable: [
        "cpu": quantity("cpu"), "memory": quantity("memory"), "pods": Quantity(Int64(integer("pods") ?? 110)),
      ],
      labels: labels, minimum: integer("min") ?? 0, maximum: integer("max") ?? 0, target: integer("min") ?? 0,
      bootSeconds: node["boot"]?.json.stringValue.flatMap(Units.seconds) ?? 90, isSpot: isSpot,
      pricePerHour: node["pricePerHour"]?.json.doubleValue ?? 0)
  }

  /// What the operator needs to know, as the ConfigMap that carries it.
  public var settings: JSONValue {
    let document: JSONValue = ["name": .string(name), "pushes": pushes]
    return [
      "apiVersion": "v1", "kind": "ConfigMap",
      "metadata": ["name": "sakigake-platform", "namespace": "sakigake-system"],
      "data": ["platform.json": .string(document.text)],
    ]
  }
}
