import Definitions
import Kubernetes

/// A definition that was applied beside the objects that were rendered of it: it says all that they do, and more.
struct RenderedDefinition {
  let name: String
  let place: SourcePlace
  private let document: JSONValue
  /// Of `config/`, by name.
  private var files: [(name: String, text: String)] = []
  private var secrets: [RequiredSecret] = []
  private var dropped: [Diagnostic] = []

  /// All of them; what was rendered of each counts as carried over.
  static func all(_ set: inout ManifestSet) -> [RenderedDefinition] {
    var found: [RenderedDefinition] = []
    for index in set.objects.indices where set.objects[index].kind == "Microservice" {
      // What people wrote themselves is a definition already.
      guard set.objects[index].json("apiVersion") == "sakigake.dev/v1", set.objects[index].isRendered else { continue }
      let definition = RenderedDefinition(set.objects[index], set)
      for other in set.objects.indices where definition.owns(set.objects[other]) {
        set.used.insert(other)
        set.objects[other].takeWhole()
      }
      set.used.insert(index)
      set.objects[index].takeWhole()
      found.append(definition)
    }
    return found
  }

  private init(_ object: ManifestObject, _ set: ManifestSet) {
    name = object.name
    place = object.place
    var metadata: JSONObject = ["name": .string(object.name)]
    // The specification says them, too.
    let waivers = (object.json("spec", "waivers")?.arrayValue ?? []).compactMap { $0["rule"]?.stringValue }
    let taken = Set(waivers.map { MicroserviceSpec.Waiver.prefix + $0 })
    for (key, members) in [("labels", object.labels), ("annotations", object.annotations)] {
      let own = JSONObject(
        members.filter { !Self.isPlatforms($0.key) && !taken.contains($0.key) }.map { ($0.key, $0.value) })
      if !own.isEmpty { metadata[key] = .object(own) }
    }
    var spec = object.json("spec") ?? [:]
    // The API has numbers where people write shares.
    for path in ServiceDefinition.keptAsNumbers {
      if let share = spec[path: path]?.doubleValue { spec[path: path] = .string("\(Self.percent(share))%") }
    }
    secrets = Self.withoutSecrets(&spec, of: object)
    document = [
      "apiVersion": "sakigake.dev/v1", "kind": "Microservice", "metadata": .object(metadata), "spec": spec,
    ]
    let map = set.objects.first {
      $0.kind == "ConfigMap" && $0.isRendered && $0.labels[WellKnown.appName] == .string(object.name)
        && $0.name.hasPrefix("\(object.name)-config-")
    }
    for (key, value) in map?.json("data")?.objectValue ?? [:] {
      let text = value.stringValue ?? value.text
      if SecretSigns.isSecretFile(text) {
        dropped.append(
          Diagnostic(
            .warning, at: map?.place(["data", key]) ?? place, "\(name): file \(key)",
            remedy: "a secret seems to be in it: move it to a Secret"))
      } else {
        files.append((key, text))
      }
    }
  }

  /// Variables in the clear that look like secrets become references, as in every import.
  private static func withoutSecrets(_ spec: inout JSONValue, of object: ManifestObject) -> [RequiredSecret] {
    var found: [RequiredSecret] = []
    var sections = [["env"]]
    for section in ["containers", "jobs", "cron"] {
      sections += (spec[section]?.objectValue?.keys ?? []).map { [section, $0, "env"] }
    }
    for section in sections {
      for (variable, value) in spec[path: section]?.objectValue ?? [:] where value.objectValue == nil {
        guard SecretSigns.isSecret(value, named: variable) else { continue }
        let secret = "\(object.name)-env"
        spec[path: section + [variable]] = ["secret": .string(secret), "key": .string(variable)]
        let place = object.place(["spec"] + section + [variable])
        found.append(RequiredSecret(secret: secret, key: variable, variable: variable, place: place))
      }
    }
    return found
  }

  private static func percent(_ share: Double) -> String {
    let percent = (share * 10_000).rounded() / 100
    return Int64(exactly: percent).map(String.init) ?? "\(percent)"
  }

  private static func isPlatforms(_ key: String) -> Bool {
    [WellKnown.appName, WellKnown.managedBy].contains(key) || key.hasPrefix("sakigake.dev/")
      || key.hasPrefix(Microservice.callLabelPrefix) || key.hasPrefix("kubectl.kubernetes.io/")
  }

  private func owns(_ object: ManifestObject) -> Bool {
    object.isRendered && object.labels[WellKnown.appName] == .string(name) && object.kind != "Secret"
  }

  func write(to result: inout ImportResult, directory: String) throws(InvalidDefinition) {
    let text = "# As it was applied, beside what was rendered of it.\n" + DefinitionText.of(document)
    try ManifestImport.check(text, of: name, at: place)
    result.files.append(ImportedFile(path: "\(directory)microservice.yaml", text: text))
    result.files += files.map { ImportedFile(path: "\(directory)config/\($0.name)", text: $0.text) }
    result.secrets += secrets
    result.notCarried += dropped
    result.decisions.append("\(name): the definition that was applied is taken as it is")
  }
}
