import Definitions
import Kubernetes

/// A Deployment and what belongs to it, on its way to a definition.
struct DeploymentImport {
  let name: String
  let deployment: Int
  var manifests: ManifestSet
  var spec = JSONObject()
  var environment = JSONObject()
  var secrets: [RequiredSecret] = []
  var decisions: [String] = []
  var dropped: [Diagnostic] = []
  /// Of `config/`, by name.
  var files: [(name: String, text: String)] = []

  private static let pod = ["spec", "template", "spec"]

  init(name: String, deployment: Int, manifests: ManifestSet) {
    self.name = name
    self.deployment = deployment
    self.manifests = manifests
  }

  mutating func take(_ path: [String]) -> JSONValue? { manifests.objects[deployment].take(path) }
  func place(_ path: [String]) -> SourcePlace { manifests.objects[deployment].place(path) }
  private func peek(_ path: [String]) -> JSONValue? { manifests.objects[deployment].node(path)?.json }

  mutating func read() {
    manifests.used.insert(deployment)
    if name != manifests.objects[deployment].name {
      decisions.append("\(name): the Deployment \(manifests.objects[deployment].name) is this service")
    }
    for path in [["metadata", "namespace"], ["spec", "template", "metadata", "labels"]] where peek(path) != nil {
      decisions.append("\(name): \(path.joined(separator: ".")): the platform sets it")
      _ = take(path)
    }
    readVolumes()
    let container = mainContainer
    let image = peek(container + ["image"])?.stringValue ?? ""
    readContainer(container)
    readCronJobs(image: image)
    readScale()
    readService()
    readBudget()
  }

  /// Which of the containers is the application: the one named as the Deployment, or the first.
  private var mainContainer: [String] {
    let containers = peek(Self.pod + ["containers"])?.arrayValue ?? []
    let own = containers.firstIndex { $0["name"]?.stringValue == manifests.objects[deployment].name } ?? 0
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
      manifests.used.insert(index2)
      _ = take(path + ["envFrom", "\(index)"])
      for (key, value) in data where environment[key] == nil {
        addVariable(key, value.stringValue ?? value.text, at: manifests.objects[index2].place(["data", key]))
      }
    }
  }

  private mutating func readImage(_ path: [String]) {
    let image = take(path + ["image"])?.stringValue ?? ""
    var repository = String(image.split(separator: "@").first ?? "")
    if let colon = repository.lastIndex(of: ":"), !repository[colon...].contains("/") {
      repository = String(repository[..<colon])
    }
    let parts = repository.split(separator: "/").map(String.init)
    if parts.count > 1, let host = parts.first, host.contains(".") || host.contains(":") || host == "localhost" {
      repository = parts.dropFirst().joined(separator: "/")
    }
    if !repository.isRepository { repository = name }
    spec["image"] = .string(repository)
    decisions.append("\(name): image \(repository) of the platform's registry; its tag comes with the deployment")
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
    let limits = path + ["resources", "limits", "memory"]
    var resources = JSONObject()
    for (field, from) in [
      ("cpu", path + ["resources", "requests", "cpu"]), ("memory", path + ["resources", "requests", "memory"]),
    ] {
      guard let amount = peek(from), let text = amount.stringValue ?? Optional(amount.text),
        Quantity(parsing: text) != nil
      else { continue }
      _ = take(from)
      resources[field] = .string(text)
    }
    if let limit = peek(limits) {
      let text = limit.stringValue ?? limit.text
      if Quantity(parsing: text) != nil {
        _ = take(limits)
        if resources["memory"] != .string(text) {
          decisions.append("\(name): memory \(text), the limit: what is requested is the limit")
        }
        resources["memory"] = .string(text)
      }
    }
    if let memory = resources["memory"]?.stringValue.flatMap(Quantity.init(parsing:)), memory < Quantity(bytes: 1 << 20)
    {
      resources["memory"] = nil
    }
    if !resources.isEmpty { spec["resources"] = .object(resources) }
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
    if Microservice.platformVariables.contains(variable) {
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
        manifests.used.insert(index)
        return addVariable(variable, text, at: place(path))
      }
      environment[variable] = [field: .string(object), "key": .string(key)]
      if field == "secret" {
        secrets.append(RequiredSecret(secret: object, key: key, variable: variable, place: place(path)))
      }
    }
  }

  private mutating func addVariable(_ variable: String, _ text: String, at place: SourcePlace) {
    guard variable.isVariableName, !Microservice.platformVariables.contains(variable) else { return }
    guard SecretSigns.isSecret(.string(text), named: variable) else {
      environment[variable] = .string(text)
      return
    }
    environment[variable] = ["secret": .string("\(name)-env"), "key": .string(variable)]
    secrets.append(RequiredSecret(secret: "\(name)-env", key: variable, variable: variable, place: place))
  }

  // MARK: Volumes

  /// ConfigMaps become `config/`, Secrets are mounted where they were, empty directories stay.
  private mutating func readVolumes() {
    let container = mainContainer
    var volumes = JSONObject()
    var mounted = JSONObject()
    for (number, mount) in (peek(container + ["volumeMounts"])?.arrayValue ?? []).enumerated() {
      guard let volume = mount["name"]?.stringValue, let directory = mount["mountPath"]?.stringValue,
        mount["subPath"] == nil, directory.hasPrefix("/"), directory != "/config",
        let all = peek(Self.pod + ["volumes"])?.arrayValue,
        let index = all.firstIndex(where: { $0["name"]?.stringValue == volume })
      else { continue }
      let from = all[index]
      if from["configMap"]?["items"] == nil, let map = from["configMap"]?["name"]?.stringValue,
        let object = manifests.configMap(map), let data = manifests.objects[object].take(["data"])?.objectValue
      {
        manifests.used.insert(object)
        add(data, of: object)
        decisions.append("\(name): the files of ConfigMap \(map) are found at /config, no longer at \(directory)")
      } else if from["secret"]?["items"] == nil, let secret = from["secret"]?["secretName"]?.stringValue,
        secret.isDNSLabel,
        secret.utf8.count <= 56
      {
        mounted[secret] = ["mount": .string(directory)]
        decisions.append("\(name): Secret \(secret) must be there before a pod starts")
      } else if from["emptyDir"] != nil, volume.isDNSLabel, volume != "config", !volume.hasPrefix("secret-") {
        var space: JSONObject = ["mount": .string(directory)]
        if let size = from["emptyDir"]?["sizeLimit"]?.stringValue, let amount = Quantity(parsing: size),
          amount >= Quantity(bytes: 1 << 20)
        {
          space["size"] = .string(size)
          if from["emptyDir"]?["medium"]?.stringValue == "Memory" { space["memory"] = true }
        }
        volumes[volume] = .object(space)
      } else {
        continue
      }
      _ = take(Self.pod + ["volumes", "\(index)"])
      _ = take(container + ["volumeMounts", "\(number)"])
    }
    if !mounted.isEmpty { spec["secrets"] = .object(mounted) }
    if !volumes.isEmpty { spec["volumes"] = .object(volumes) }
  }

  private mutating func add(_ data: JSONObject, of object: Int) {
    for (key, value) in data {
      let text = value.stringValue ?? value.text
      let place = manifests.objects[object].place(["data", key])
      guard !files.contains(where: { $0.name.lowercased() == key.lowercased() }), key.asDataKey == key else {
        dropped.append(Diagnostic(.warning, at: place, "\(name): a file of a name that is taken", remedy: "rename it"))
        continue
      }
      let isSecret = text.split(whereSeparator: \.isNewline).contains { line in
        let parts = line.split(maxSplits: 1, whereSeparator: { $0 == "=" || $0 == ":" }).map(String.init)
        let value = parts.count == 2 ? parts[1].filter { !$0.isWhitespace && $0 != "\"" && $0 != "'" } : String(line)
        return SecretSigns.isSecret(.string(value), named: parts[0])
          || SecretSigns.isSecretText(String(line), named: "")
      }
      if isSecret {
        dropped.append(
          Diagnostic(
            .warning, at: place, "\(name): file \(key)", remedy: "a secret seems to be in it: move it to a Secret"))
      } else {
        files.append((key, text))
      }
    }
  }
}
