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
  public var mesh = Mesh()
  public var tags: [String: String] = [:]
  /// The settings that the operator reads, as JSON: see `PrescalingDecision.Configuration`.
  public var pushes: JSONValue = .object([:])

  /// - Parameter environment: must be one that the platform knows, unless nil.
  /// - Throws: `InvalidDefinition` with everything that is wrong in the file.
  public static func read(_ text: String, file: String, environment: String?) throws(InvalidDefinition) -> PlatformDefinition {
    let documents = try SourceNode.documents(in: text, file: file)
    guard let node = documents.first, documents.count == 1 else {
      throw InvalidDefinition([
        Diagnostic(file: file, line: documents.dropFirst().first?.line ?? 0, column: 1, "must hold one platform, holds \(documents.count)")
      ])
    }
    if let environment, node["environments"]?[environment] == nil {
      var known: [String] = []
      if case .mapping(let members) = node["environments"]?.content { known = members.map(\.key) }
      throw InvalidDefinition([
        Diagnostic(
          file: file, line: node.nearest("environments").line, column: node.nearest("environments").column,
          "knows no environment \"\(environment)\"",
          remedy: environment.nearest(in: known).map { "did you mean \"\($0)\"?" } ?? "known: \(known.joined(separator: ", "))")
      ])
    }
    let document = try CheckedDocument(node, shape: PlatformShape.document, file: file, environment: environment)
    return try PlatformDefinition(document)
  }

  private init(_ document: CheckedDocument) throws(InvalidDefinition) {
    let spec = document.spec
    name = document.name
    func text(_ key: String) -> String? { spec[key]?.json.stringValue }
    cluster = text("cluster") ?? document.name
    region = text("region") ?? ""
    registry = text("registry") ?? ""
    if case .scalar(_, let written)? = spec["tag"]?.content { tag = written }
    namespace = text("namespace") ?? "default"
    if let mesh = spec["mesh"] {
      let place = mesh["controlPlane"]?.json.stringValue
      self.mesh.controlPlane = place == "node" ? nil : place
      self.mesh.loopback = mesh["loopback"]?.json.stringValue.flatMap(Loopback.init) ?? .localhost
      self.mesh.image = mesh["image"]?.json.stringValue ?? self.mesh.image
    }
    if spec["mesh"]?["controlPlane"] == nil { mesh.controlPlane = "sakigake-xds.sakigake-system:15010" }
    pushes = spec["pushes"]?.json ?? .object([:])
    if case .mapping(let members)? = spec["tags"]?.content {
      for member in members { tags[member.key] = member.value.json.stringValue }
    }
    var errors: [Diagnostic] = []
    if case .sequence(let groups)? = spec["nodeGroups"]?.content {
      for group in groups {
        let read = Self.nodeGroup(group)
        if nodeGroups.contains(where: { $0.name == read.name }) {
          errors.append(
            Diagnostic(
              file: document.file, line: group.line, column: group.column, "node group \"\(read.name)\" is given twice",
              remedy: "rename one of the two"))
        }
        if read.minimum > read.maximum {
          errors.append(
            Diagnostic(
              file: document.file, line: group.line, column: group.column,
              "node group \"\(read.name)\": min \(read.minimum) is above max \(read.maximum)", remedy: "lower min or raise max"))
        }
        nodeGroups.append(read)
      }
    }
    guard errors.isEmpty else { throw InvalidDefinition(errors) }
  }

  private static func nodeGroup(_ node: SourceNode) -> NodeGroup {
    func quantity(_ key: String) -> Quantity {
      if case .scalar(_, let text)? = node[key]?.content { return Quantity(parsing: text) ?? .zero }
      return .zero
    }
    func integer(_ key: String) -> Int? { node[key]?.json.integerValue.map { Int(clamping: $0) } }
    var labels: Labels = [:]
    if case .mapping(let members)? = node["labels"]?.content {
      for member in members { labels[member.key] = member.value.json.stringValue }
    }
    let isSpot = node["spot"]?.json.boolValue ?? false
    return NodeGroup(
      name: node["name"]?.json.stringValue ?? "", instanceType: node["instanceType"]?.json.stringValue ?? "",
      allocatable: ["cpu": quantity("cpu"), "memory": quantity("memory"), "pods": Quantity(Int64(integer("pods") ?? 110))],
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
