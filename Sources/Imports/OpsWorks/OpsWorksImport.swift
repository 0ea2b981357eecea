public import Definitions
import Kubernetes

/// OpsWorks' custom JSON and deploy attributes to service definitions.
///
/// What the attributes are called is told in the OpsWorks user guide, "deploy Attributes"
/// (https://docs.aws.amazon.com/opsworks/latest/userguide/attributes-json-deploy.html).
public enum OpsWorksImport {
  public struct Options: Sendable {
    /// Which application, or what the only one is to be called; nil takes all, each by its own name.
    public var service: String?
    public var owner: String?

    public init(service: String? = nil, owner: String? = nil) {
      self.service = service
      self.owner = owner
    }
  }

  private static let applicationsMax = 200

  /// - Parameter sources: the custom JSON of the stack, the layer, the deployment: each laid over those before it.
  /// - Throws: `InvalidDefinition` where there is nothing that can be read.
  public static func read(_ sources: [ImportSource], _ options: Options) throws(InvalidDefinition) -> ImportResult {
    guard let first = sources.first else { throw InvalidDefinition([]) }
    var node = try PlacedJSON(first)
    for source in sources.dropFirst() { node.merge(try PlacedJSON(source)) }
    guard let attributes = node.value.objectValue else {
      throw invalid(first, "holds no object", "custom JSON begins with {")
    }
    if let owner = options.owner, !owner.isDNSLabel {
      throw invalid(first, "--owner: \"\(owner)\" is not a name", "use at most 63 of a-z, 0-9 and -")
    }
    let applications = try chosen(attributes, node, options, first)
    var result = ImportResult()
    for (name, path) in applications {
      var application = OpsWorksApplication(name: name, path: path, node: node, options: options)
      application.read()
      try application.write(to: &result, directory: applications.count > 1 ? "\(name)/" : "")
    }
    if applications.count > 1 {
      result.decisions.append("the node's free attributes were given to each of the \(applications.count) services")
    }
    result.decisions = result.decisions.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    result.notCarried = result.notCarried.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    return result
  }

  /// The services to make, and where in the attributes each is; the path is nil where only free attributes are there.
  private static func chosen(
    _ attributes: JSONObject, _ node: PlacedJSON, _ options: Options, _ source: ImportSource
  ) throws(InvalidDefinition) -> [(name: String, path: [String]?)] {
    if let service = options.service, !service.isServiceName {
      throw invalid(source, "--service: \"\(service)\" is not a service's name", "use a-z, 0-9 and -, a letter first")
    }
    let deploy = (attributes["deploy"]?.objectValue ?? [:]).filter { $0.value.objectValue != nil }
    guard deploy.count <= applicationsMax else {
      throw invalid(source, "has more than \(applicationsMax) applications", "import them in parts")
    }
    if deploy.isEmpty {
      guard let service = options.service else {
        throw invalid(source, "has no deploy section that names an application", "name the service with --service")
      }
      return [(service, nil)]
    }
    var named: [(name: String, path: [String]?)] = []
    for (key, _) in deploy {
      let path = ["deploy", key]
      guard !SecretSigns.isSecretText(key, named: ""), let name = serviceName(key) else {
        throw InvalidDefinition([
          Diagnostic(
            at: node.place(of: path), "no service's name can be made of this application's", remedy: "rename it")
        ])
      }
      guard !named.contains(where: { $0.name == name }) else {
        throw InvalidDefinition([
          Diagnostic(
            at: node.place(of: path), "\(name) would be two applications' name", remedy: "rename one of the two")
        ])
      }
      named.append((name, path))
    }
    guard let service = options.service else { return named }
    if let match = named.first(where: { $0.name == service }) { return [match] }
    if named.count == 1 { return [(service, named[0].path)] }
    throw invalid(source, "has no application \"\(service)\"", Diagnostic.nearest(to: service, in: named.map(\.name)))
  }

  private static func invalid(_ source: ImportSource, _ message: String, _ remedy: String) -> InvalidDefinition {
    InvalidDefinition([Diagnostic(file: source.name, line: 0, column: 0, message, remedy: remedy)])
  }

  /// `simple_php` as `simple-php`; nil where nothing is left.
  static func serviceName(_ text: String) -> String? {
    var name = ""
    for scalar in text.lowercased().unicodeScalars {
      let isKept = ("a"..."z").contains(scalar) || ("0"..."9").contains(scalar)
      if isKept { name.unicodeScalars.append(scalar) } else if !name.hasSuffix("-") { name += "-" }
    }
    name = String(name.drop { $0 == "-" })
    if name.first?.isNumber == true { name = "app-" + name }
    name = String(name.prefix(50))
    while name.hasSuffix("-") { name.removeLast() }
    return name.isServiceName ? name : nil
  }
}
