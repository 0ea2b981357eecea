import Definitions
import Kubernetes

/// Attributes that recipes of the users' own read: files of `config/`, a Secret for what is secret in them.
extension OpsWorksApplication {
  /// Sections of the node that speak of OpsWorks and Chef themselves.
  private static let foreign: [String: String] = [
    "opsworks": "it describes the stack's instances", "opsworks_initial_setup": "it sets up instances",
    "opsworks_custom_cookbooks": "recipes are no more; what they did, the image does",
    "dependencies": "it sets up instances",
    "ssh_users": "nobody signs in to a pod", "sudoers": "nobody signs in to a pod",
    "run_list": "recipes are no more; what they did, the image does",
    "recipes": "recipes are no more; what they did, the image does",
    "chef_environment": "environments are the platform's",
    "agent": "it sets up instances", "opsworks_agent": "it sets up instances",
  ]

  mutating func readFreeAttributes() {
    var scalars = JSONObject()
    for (key, value) in node.value.objectValue ?? [:] where key != "deploy" {
      if let reason = Self.foreign[key] {
        drop([key], "section \(key)", reason)
      } else if SecretSigns.isSecretText(key, named: "") {
        drop([key], "\(name): an attribute whose name looks like a secret", "rename it")
      } else if let members = value.objectValue {
        addConfiguration(file: "\(key).json", members, at: [key], variables: [key])
      } else {
        scalars[key] = value
      }
    }
    addConfiguration(file: "node.json", scalars, at: [], variables: [])
  }

  /// Adds a file without what is secret in it, which becomes variables.
  /// - Parameter variables: how the names of these begin.
  mutating func addConfiguration(file: String, _ members: JSONObject, at path: [String], variables: [String]) {
    guard !members.isEmpty else { return }
    let isVault = SecretSigns.isVault(path.last ?? "")
    guard let rest = withoutSecrets(.object(members), at: path, named: variables, isVault: isVault) else { return }
    guard rest.objectValue?.isEmpty == false else { return }
    var file = file.asDataKey
    while configuration.contains(where: { $0.name.lowercased() == file.lowercased() }) { file = "_" + file }
    configuration.append((file, rest))
  }

  /// - Returns: nil where nothing is left.
  private mutating func withoutSecrets(
    _ value: JSONValue, at path: [String], named names: [String], isVault: Bool
  ) -> JSONValue? {
    guard case .object(let members) = value else {
      let isSecret = isVault && !value.isNull && value != "" || SecretSigns.hasSecret(value, named: names.last ?? "")
      guard isSecret else { return value }
      let taken = Set(environment.keys).union(Microservice.platformVariables)
      let variable = unused(names.joined(separator: "_").asVariable, among: taken)
      addSecret(variable: variable, secret: "\(name)-config", key: names.joined(separator: "."), at: path)
      return nil
    }
    if members.isEmpty { return value }
    var kept = JSONObject()
    for (key, value) in members {
      guard !SecretSigns.isSecretText(key, named: "") else {
        drop(path + [key], "\(name): an attribute whose name looks like a secret", "rename it")
        continue
      }
      kept[key] = withoutSecrets(
        value, at: path + [key], named: names + [key], isVault: isVault || SecretSigns.isVault(key))
    }
    return kept.isEmpty ? nil : .object(kept)
  }
}
