import Definitions
import Kubernetes

/// A Deployment or StatefulSet and what belongs to it, on its way to a definition.
struct DeploymentImport {
  let name: String
  let workload: Int
  let options: ManifestImport.Options
  var manifests: ManifestSet
  var spec = JSONObject()
  var environment = JSONObject()
  var secrets: [RequiredSecret] = []
  var decisions: [String] = []
  var dropped: [Diagnostic] = []
  /// Of `config/`, by name.
  var files: [(name: String, text: String)] = []
  /// Whether a volume keeps it from having a second pod.
  var isSingle = false
  var calls: Set<String> = []
  var network = JSONObject()
  /// As rendered objects name it.
  var renderedOwner: String?

  static let pod = ["spec", "template", "spec"]

  init(name: String, workload: Int, manifests: ManifestSet, options: ManifestImport.Options) {
    self.name = name
    self.workload = workload
    self.manifests = manifests
    self.options = options
  }

  var object: ManifestObject { manifests.objects[workload] }
  mutating func take(_ path: [String]) -> JSONValue? { manifests.objects[workload].take(path) }
  func place(_ path: [String]) -> SourcePlace { object.place(path) }
  func peek(_ path: [String]) -> JSONValue? { object.json(at: path) }

  mutating func read() {
    manifests.used.insert(workload)
    if name != object.name { decisions.append("\(name): the \(object.kind) \(object.name) is this service") }
    for path in [["metadata", "namespace"], ["spec", "template", "metadata", "labels"]] where peek(path) != nil {
      decisions.append("\(name): \(path.joined(separator: ".")): the platform sets it")
      _ = take(path)
    }
    readRendering()
    readClaims()
    readVolumes()
    let container = mainContainer
    let image = peek(container + ["image"])?.stringValue ?? ""
    readContainer(container)
    readJobs(image: image)
    readCronJobs(image: image)
    readScale()
    readService()
    readNetwork()
    readAccount()
    readBudget()
  }

  mutating func use(_ index: Int) {
    manifests.used.insert(index)
    // What rendered objects say of themselves, the platform says again.
    guard manifests.objects[index].isRendered else { return }
    for key in ["labels", "annotations"] { _ = manifests.objects[index].take(["metadata", key]) }
  }

  /// Which of the containers is the application: the one named as the object, or the first.
  var mainContainer: [String] {
    let containers = peek(Self.pod + ["containers"])?.arrayValue ?? []
    let own = containers.firstIndex { $0["name"]?.stringValue == object.name } ?? 0
    return Self.pod + ["containers", "\(own)"]
  }

  // MARK: Container

  private mutating func readContainer(_ path: [String]) {
    _ = take(path + ["name"])
    readImage(path)
    for list in ["command", "args"] {
      guard let values = peek(path + [list])?.arrayValue else { continue }
      let texts = values.compactMap(\.stringValue)
      guard texts.count == values.count, !texts.contains(where: { SecretSigns.isSecretText($0, named: "") }) else {
        dropped.append(
          Diagnostic(
            .warning, at: place(path + [list]), "\(name): \(list)", remedy: "no list of texts without a secret"))
        _ = take(path + [list])
        continue
      }
      spec[list] = take(path + [list])
    }
    readPort(path)
    readResources(path)
    readProbes(path)
    for (index, entry) in (peek(path + ["env"])?.arrayValue ?? []).enumerated() {
      readVariable(entry, at: path + ["env", "\(index)"])
    }
    for (index, entry) in (peek(path + ["envFrom"])?.arrayValue ?? []).enumerated() {
      guard entry["prefix"] == nil, let map = entry["configMapRef"]?["name"]?.stringValue,
        let index2 = manifests.configMap(map),
        let data = manifests.objects[index2].take(["data"])?.objectValue
      else { continue }
      use(index2)
      _ = take(path + ["envFrom", "\(index)"])
      for (key, value) in data where environment[key] == nil {
        addVariable(key, value.stringValue ?? value.text, at: manifests.objects[index2].place(["data", key]))
      }
    }
  }

  private mutating func readImage(_ path: [String]) {
    let repository = repository(of: take(path + ["image"])?.stringValue ?? "")
    spec["image"] = .string(repository)
    decisions.append("\(name): image \(repository) of the platform's registry; its tag comes with the deployment")
  }

  /// Without tag, digest and registry; the service's name where nothing is left.
  private func repository(of image: String) -> String {
    var repository = String(image.split(separator: "@").first ?? "")
    if let colon = repository.lastIndex(of: ":"), !repository[colon...].contains("/") {
      repository = String(repository[..<colon])
    }
    let parts = repository.split(separator: "/").map(String.init)
    if let registry = options.registry, repository.hasPrefix(registry + "/") {
      repository = String(repository.dropFirst(registry.count + 1))
    } else if parts.count > 1, let host = parts.first, host.contains(".") || host.contains(":") || host == "localhost" {
      repository = parts.dropFirst().joined(separator: "/")
    }
    return repository.isRepository ? repository : name
  }

  private mutating func readPort(_ path: [String]) {
    let ports = peek(path + ["ports"])?.arrayValue ?? []
    guard let port = ports.first?["containerPort"]?.integerValue, (1...65535).contains(port),
      !Microservice.meshPorts.contains(Int(port))
    else {
      spec["port"] = 8080
      return decisions.append("\(name): port 8080, for the container names none that can be taken")
    }
    _ = take(path + ["ports", "0"])
    spec["port"] = .integer(port)
  }

  private mutating func readResources(_ path: [String]) {
    let found = resources(of: workload, at: path)
    if !found.isEmpty { spec["resources"] = .object(found) }
  }

  /// Requests, and the limit of memory, which is what is requested here.
  mutating func resources(of index: Int, at path: [String]) -> JSONObject {
    func amount(_ path: [String]) -> String? {
      guard let value = manifests.objects[index].json(at: path) else { return nil }
      let text = value.stringValue ?? value.text
      return Quantity(parsing: text) == nil ? nil : text
    }
    let (requests, limits) = (path + ["resources", "requests"], path + ["resources", "limits"])
    var resources = JSONObject()
    for field in ["cpu", "memory"] {
      guard let text = amount(requests + [field]) else { continue }
      _ = manifests.objects[index].take(requests + [field])
      resources[field] = .string(text)
    }
    if let limit = amount(limits + ["memory"]) {
      _ = manifests.objects[index].take(limits + ["memory"])
      if resources["memory"] != .string(limit) {
        decisions.append("\(name): memory \(limit), the limit: what is requested is the limit")
      }
      resources["memory"] = .string(limit)
    }
    if let memory = resources["memory"]?.stringValue.flatMap(Quantity.init(parsing:)), memory < Quantity(bytes: 1 << 20)
    {
      resources["memory"] = nil
    }
    return resources
  }

  private mutating func readProbes(_ path: [String]) {
    func httpPath(_ probe: String) -> String? {
      guard let text = peek(path + [probe, "httpGet", "path"])?.stringValue, text.hasPrefix("/"),
        text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
      else { return nil }
      return text
    }
    let readiness = httpPath("readinessProbe")
    let liveness = httpPath("livenessProbe")
    if let health = readiness ?? liveness { spec["health"] = .string(health) }
    if readiness != nil { _ = take(path + ["readinessProbe", "httpGet", "path"]) }
    if let liveness {
      _ = take(path + ["livenessProbe", "httpGet", "path"])
      if let readiness, readiness != liveness { spec["probes"] = ["liveness": ["path": .string(liveness)]] }
    }
  }

  // MARK: Variables

  private mutating func readVariable(_ entry: JSONValue, at path: [String]) {
    guard let variable = entry["name"]?.stringValue, variable.isVariableName else { return }
    if Microservice.platformVariables.contains(variable) || isAddress(variable, entry["value"]) {
      _ = take(path)
      return decisions.append("\(name): variable \(variable): the platform sets it")
    }
    if let value = entry["value"]?.stringValue {
      _ = take(path)
      return addVariable(variable, value, at: place(path))
    }
    for (reference, field) in [("secretKeyRef", "secret"), ("configMapKeyRef", "config")] {
      guard let from = entry["valueFrom"]?[reference], let object = from["name"]?.stringValue, object.isHostName,
        let key = from["key"]?.stringValue, !key.isEmpty, from["optional"] == nil
      else { continue }
      _ = take(path)
      if field == "config", let index = manifests.configMap(object),
        let text = manifests.objects[index].take(["data", key])?.stringValue
      {
        use(index)
        return addVariable(variable, text, at: place(path))
      }
      environment[variable] = [field: .string(object), "key": .string(key)]
      if field == "secret" {
        secrets.append(RequiredSecret(secret: object, key: key, variable: variable, place: place(path)))
      }
    }
  }

  mutating func addVariable(_ variable: String, _ text: String, at place: SourcePlace) {
    guard variable.isVariableName, !Microservice.platformVariables.contains(variable) else { return }
    guard SecretSigns.isSecret(.string(text), named: variable) else {
      environment[variable] = .string(text)
      return
    }
    environment[variable] = ["secret": .string("\(name)-env"), "key": .string(variable)]
    secrets.append(RequiredSecret(secret: "\(name)-env", key: variable, variable: variable, place: place))
  }
}
