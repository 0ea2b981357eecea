import Definitions
import Kubernetes

/// One application of `deploy`, on its way to a definition.
struct OpsWorksApplication {
  let name: String
  /// Where it stands; nil where there are only free attributes.
  let path: [String]?
  let node: PlacedJSON
  let options: OpsWorksImport.Options

  var port: Int64 = 8080
  var environment = JSONObject()
  var expose: JSONValue?
  var migration: String?
  /// Peers past the mesh: names and addresses, with ports.
  var egress: [String] = []
  var ranges: [String] = []
  var secrets: [RequiredSecret] = []
  var dropped: [Diagnostic] = []
  var decisions: [String] = []
  /// The files of `config/`, by name, in order.
  var configuration: [(name: String, value: JSONValue)] = []

  init(name: String, path: [String]?, node: PlacedJSON, options: OpsWorksImport.Options) {
    self.name = name
    self.path = path
    self.node = node
    self.options = options
  }

  mutating func read() {
    if let path, let attributes = node.value[path: path]?.objectValue {
      if path.last != name { decisions.append("\(name): the application \"\(path.last ?? "")\" is this service") }
      readDeploy(attributes, at: path)
    }
    readFreeAttributes()
    decisions += [
      "\(name): image \(name): build one and push it to the platform's registry; it brings what runs the application",
      environmentPort == nil ? "\(name): port 8080, and the application is told by PORT; OpsWorks does not say" : nil,
      options.owner == nil ? "\(name): owner unknown: write the team's name, or give --owner" : nil,
      "\(name): health is /: write another path where / is slow or needs signing in",
    ].compactMap { $0 }
  }

  private var environmentPort: Int64? { port == 8080 ? nil : port }

  mutating func drop(_ path: [String], _ message: String, _ reason: String) {
    dropped.append(Diagnostic(.warning, at: node.place(of: path), message, remedy: reason))
  }

  /// Makes a variable refer to a Secret, and notes that it must be made.
  mutating func addSecret(variable: String, secret: String, key: String, at path: [String]) {
    let place = node.place(of: path)
    let key = unused(key.asDataKey, among: Set(secrets.filter { $0.secret == secret }.map(\.key)))
    secrets.append(RequiredSecret(secret: secret, key: key, variable: variable, place: place))
    environment[variable] = ["secret": .string(secret), "key": .string(key)]
  }

  mutating func addVariable(_ variable: String, _ text: String) {
    // Kubernetes puts other variables in the place of $(NAME).
    environment[variable] = .string(text.replacing("$(", with: "$$("))
  }

  func unused(_ name: String, among taken: Set<String>) -> String {
    guard taken.contains(name) else { return name }
    var number = 2
    while taken.contains("\(name)_\(number)") { number += 1 }
    return "\(name)_\(number)"
  }

  func write(to result: inout ImportResult, directory: String) throws(InvalidDefinition) {
    var files: [ImportedFile] = []
    for (file, value) in configuration {
      files.append(ImportedFile(path: "\(directory)config/\(file)", text: value.prettyText + "\n"))
    }
    guard files.reduce(0, { $0 + $1.text.utf8.count }) <= 1 << 20 else {
      throw InvalidDefinition([
        Diagnostic(at: node.place(of: []), "\(name): free attributes of more than 1 MiB, a ConfigMap's limit")
      ])
    }
    let text =
      "# Made of OpsWorks' custom JSON. What it says of secrets, each Secret's maker knows.\n"
      + DefinitionText.of(definition)
    let path = "\(directory)microservice.yaml"
    // Whatever an attribute was called: what is written is what the definitions' own reader takes.
    _ = try ServiceDefinition.read(text, file: path, environment: nil)
    result.files += [ImportedFile(path: path, text: text)] + files
    result.secrets += secrets
    result.notCarried += dropped
    result.decisions += decisions
  }

  private var definition: JSONValue {
    var spec: JSONObject = [
      "owner": .string(options.owner ?? "unknown"), "image": .string(name), "port": .integer(port),
    ]
    if !environment.isEmpty { spec["env"] = .object(environment) }
    if !configuration.isEmpty { spec["config"] = "config/" }
    if let migration { spec["jobs"] = ["migrate": ["command": ["/bin/sh", "-c", .string(migration)]]] }
    if let expose { spec["expose"] = expose }
    var network = JSONObject()
    if !ranges.isEmpty { network["to"] = .array(ranges.map(JSONValue.string)) }
    if !egress.isEmpty { network["egress"] = .array(egress.map(JSONValue.string)) }
    if !network.isEmpty { spec["network"] = .object(network) }
    return [
      "apiVersion": "sakigake.dev/v1", "kind": "Microservice", "metadata": ["name": .string(name)],
      "spec": .object(spec),
    ]
  }
}

extension String {
  /// A key of a ConfigMap or Secret: letters, digits, `-`, `_` and `.`, not hidden.
  var asDataKey: String {
    var key = ""
    for scalar in unicodeScalars.prefix(200) {
      let isKept =
        ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || ("0"..."9").contains(scalar)
        || ["-", "_", "."].contains(scalar)
      key.unicodeScalars.append(isKept ? scalar : "_")
    }
    return key.isEmpty || key.hasPrefix(".") ? "_" + key : key
  }

  /// A variable's name: large letters, digits and `_`.
  var asVariable: String {
    var name = ""
    for scalar in uppercased().unicodeScalars.prefix(200) {
      let isKept = ("A"..."Z").contains(scalar) || ("0"..."9").contains(scalar)
      name.unicodeScalars.append(isKept ? scalar : "_")
    }
    return name.isEmpty || name.first?.isNumber == true ? "_" + name : name
  }

  var isServiceName: Bool { isDNSLabel && first?.isNumber == false }
}
