import Definitions
import Kubernetes

/// What the application finds in its directories.
extension DeploymentImport {
  /// ConfigMaps become `config/`, Secrets are mounted where they were, empty directories stay.
  mutating func readVolumes() {
    let container = mainContainer
    var volumes = spec["volumes"]?.objectValue ?? [:]
    var mounted = JSONObject()
    for (number, mount) in (peek(container + ["volumeMounts"])?.arrayValue ?? []).enumerated() {
      guard let volume = mount["name"]?.stringValue, let directory = mount["mountPath"]?.stringValue,
        mount["subPath"] == nil, directory.hasPrefix("/"), directory != "/config" || object.isRendered,
        let all = peek(Self.pod + ["volumes"])?.arrayValue,
        let index = all.firstIndex(where: { $0["name"]?.stringValue == volume })
      else { continue }
      let from = all[index]
      if from["configMap"]?["items"] == nil, let map = from["configMap"]?["name"]?.stringValue,
        let object = manifests.configMap(map), let data = manifests.objects[object].take(["data"])?.objectValue
      {
        use(object)
        add(data, of: object)
        decisions.append("\(name): the files of ConfigMap \(map) are found at /config, no longer at \(directory)")
      } else if from["secret"]?["items"] == nil, let secret = from["secret"]?["secretName"]?.stringValue,
        secret.isDNSLabel, secret.utf8.count <= 56
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
      if SecretSigns.isSecretFile(text) {
        dropped.append(
          Diagnostic(
            .warning, at: place, "\(name): file \(key)", remedy: "a secret seems to be in it: move it to a Secret"))
      } else {
        files.append((key, text))
      }
    }
  }

  /// Claims that are among the manifests, and those that a StatefulSet of one pod makes: a volume that is kept.
  mutating func readClaims() {
    let container = mainContainer
    var volumes = JSONObject()
    for (number, claim) in (peek(["spec", "volumeClaimTemplates"])?.arrayValue ?? []).enumerated() {
      let path = ["spec", "volumeClaimTemplates", "\(number)"]
      guard let claimed = claim["metadata"]?["name"]?.stringValue, let directory = mount(of: claimed, in: container),
        let space = Self.space(claim["spec"], at: directory)
      else { continue }
      volumes[claimed] = space
      for part in [["metadata", "name"], ["spec", "accessModes"], ["spec", "storageClassName"]] {
        _ = take(path + part)
      }
      _ = take(path + ["spec", "resources", "requests", "storage"])
      isSingle = true
      decisions.append(
        "\(name): volume \(claimed): one pod has it, from a claim \(name)-\(claimed) of its own: copy what is on the old"
      )
    }
    for (number, volume) in (peek(Self.pod + ["volumes"])?.arrayValue ?? []).enumerated() {
      guard let claim = volume["persistentVolumeClaim"]?["claimName"]?.stringValue,
        let called = volume["name"]?.stringValue, called.isDNSLabel, called != "config", !called.hasPrefix("secret-"),
        let index = manifests.first("PersistentVolumeClaim", where: { $0.name == claim }),
        let directory = mount(of: called, in: container),
        let space = Self.space(manifests.objects[index].json("spec"), at: directory)
      else { continue }
      use(index)
      for part in [["accessModes"], ["storageClassName"], ["resources", "requests", "storage"]] {
        _ = manifests.objects[index].take(["spec"] + part)
      }
      if space["claim"]?["access"] == "once" { isSingle = true }
      _ = take(Self.pod + ["volumes", "\(number)"])
      volumes[called] = space
      if "\(name)-\(called)" != claim {
        decisions.append("\(name): the claim \(claim) is \(name)-\(called) now: copy what is on the old")
      }
    }
    if !volumes.isEmpty { spec["volumes"] = .object(volumes) }
  }

  /// Where the application has a volume; from now on that counts as carried over.
  private mutating func mount(of volume: String, in container: [String]) -> String? {
    for (number, mount) in (peek(container + ["volumeMounts"])?.arrayValue ?? []).enumerated() {
      guard mount["name"]?.stringValue == volume, mount["subPath"] == nil,
        let directory = mount["mountPath"]?.stringValue, directory.hasPrefix("/")
      else { continue }
      _ = take(container + ["volumeMounts", "\(number)"])
      return directory
    }
    return nil
  }

  private static func space(_ claim: JSONValue?, at directory: String) -> JSONValue? {
    guard let size = claim?["resources"]?["requests"]?["storage"]?.stringValue, Quantity(parsing: size) != nil,
      let mode = claim?["accessModes"]?.arrayValue?.first?.stringValue
    else { return nil }
    var kept: JSONObject = ["size": .string(size)]
    if let storage = claim?["storageClassName"]?.stringValue, storage.isHostName { kept["class"] = .string(storage) }
    kept["access"] = mode == "ReadWriteMany" ? "many" : "once"
    return ["mount": .string(directory), "claim": .object(kept)]
  }
}
