import Definitions
import Kubernetes

/// What OpsWorks itself puts into an application's attributes.
extension OpsWorksApplication {
  /// Attributes that have no place in a definition, and why.
  private static let reasons: [String: String] = [
    "application_type": "the image brings what runs the application",
    "auto_bundle_on_deploy": "the image is built with its gems", "bundler": "the image is built with its gems",
    "deploy_to": "the image has the application's files", "current_path": "the image has the application's files",
    "absolute_document_root": "the image has the application's files",
    "document_root": "the image's own server knows its root",
    "delete_cached_copy": "nothing is checked out on a node", "chown_permissions": "nothing is checked out on a node",
    "shallow_clone": "nothing is checked out on a node", "enable_submodules": "nothing is checked out on a node",
    "scm": "the image is built from the repository by continuous integration",
    "keep_releases": "the registry keeps images", "rollback_on_error": "a rollout that fails leaves the pods before it",
    "user": "containers run as a user of their own", "group": "containers run as a user of their own",
    "shell": "containers run as a user of their own", "home": "containers run as a user of their own",
    "uid": "containers run as a user of their own", "gid": "containers run as a user of their own",
    "purge_before_symlink": "there are no releases to link",
    "create_dirs_before_symlink": "volumes are space to write to",
    "symlinks": "volumes are space to write to", "symlink_before_migrate": "config/ holds files",
    "restart_command": "a rollout starts pods anew", "sleep_before_restart": "a rollout waits for readiness",
    "ssl_certificate": "the ingress ends TLS: put the certificate into ACM",
    "ssl_certificate_ca": "the ingress ends TLS: put the certificate into ACM",
    "ssl_certificate_key": "the ingress ends TLS: put the certificate into ACM, from where its key came",
    "ssl_certificate_domain": "the ingress ends TLS: put the certificate into ACM",
    "ssl_support": "the ingress ends TLS: name the certificate in the platform's ingress",
    "stack": "there are no instances to look for", "nodejs": "the image has its own Node.js",
    "mounted_at": "expose.path takes it where there is a domain", "migrate": "jobs run before a deployment",
    "migrate_command": "jobs run before a deployment",
  ]

  /// Those of them that say nothing which a person would miss.
  private static let silent: Set<String> = [
    "application", "name", "application_type", "auto_bundle_on_deploy", "deploy_to", "current_path",
    "absolute_document_root", "delete_cached_copy", "chown_permissions", "shallow_clone", "enable_submodules",
    "keep_releases", "rollback_on_error", "user", "group", "shell", "home", "uid", "gid", "purge_before_symlink",
    "sleep_before_restart", "restart_command", "bundler",
  ]

  mutating func readDeploy(_ attributes: JSONObject, at path: [String]) {
    var free = JSONObject()
    for (key, value) in attributes {
      let place = path + [key]
      switch key {
      case "environment_variables", "environment":
        guard let variables = value.objectValue else { free[key] = value; continue }
        for (name, value) in variables { readVariable(name, value, at: place + [name]) }
      case "database", "memcached": readStore(key, value, at: place)
      case "domains": readDomains(value, attributes, at: place)
      case "rails_env":
        if let text = value.stringValue { readVariable("RAILS_ENV", .string(text), at: place) }
      case "migrate", "migrate_command": readMigration(attributes, at: place)
      case "mounted_at", "ssl_support": readFlag(key, value, attributes, at: place)
      case _ where Self.silent.contains(key): continue
      case _ where Self.reasons[key] != nil:
        if value.isNull || value == "" || value == [:] || value == [] { continue }
        drop(place, "\(name): \(key)", Self.reasons[key] ?? "")
      default: free[key] = value
      }
    }
    addConfiguration(file: "deploy.json", free, at: path, variables: [])
  }

  mutating func readVariable(_ variable: String, _ value: JSONValue, at path: [String]) {
    let text: String
    switch value {
    case .string(let string): text = string
    case .integer, .double, .bool: text = value.text
    case .null: return
    case .array, .object: return drop(path, "\(name): a variable with a list or a map", "write it as a text")
    }
    if variable == "PORT", let number = Int(text), (1...65535).contains(number),
      !Microservice.meshPorts.contains(number)
    {
      port = Int64(number)
      return
    }
    guard !SecretSigns.isSecretText(variable, named: ""), variable.isVariableName, variable.utf8.count <= 253 else {
      return drop(path, "\(name): what is not a variable's name", "use letters, digits and _, no digit first")
    }
    guard !Microservice.platformVariables.contains(variable) else {
      return drop(path, "\(name): variable \(variable)", "the platform sets it")
    }
    if SecretSigns.isSecret(value, named: variable) {
      addSecret(variable: variable, secret: "\(name)-env", key: variable, at: path)
    } else {
      addVariable(variable, text)
    }
  }

  /// `database` and `memcached`: a variable for each part, and a way through the network.
  private mutating func readStore(_ kind: String, _ value: JSONValue, at path: [String]) {
    guard let members = value.objectValue else {
      if !value.isNull { drop(path, "\(name): \(kind) that is no map", "write host, port and the like") }
      return
    }
    let secret = kind == "database" ? "\(name)-db" : "\(name)-memcached"
    for (key, value) in members {
      let variable = "\(kind)_\(key)".asVariable
      guard !value.isNull, value != "" else { continue }
      if SecretSigns.isSecretText(key, named: "") || value.objectValue != nil || value.arrayValue != nil {
        drop(path + [key], "\(name): a part of \(kind)", "only texts, numbers and truth values become variables")
      } else if SecretSigns.isSecret(value, named: key) {
        addSecret(variable: variable, secret: secret, key: key, at: path + [key])
      } else {
        addVariable(variable, value.stringValue ?? value.text)
      }
    }
    if !members.isEmpty {
      decisions.append(
        "\(name): the application finds its \(kind) in \(kind.uppercased())_HOST and the like, not in a file")
    }
    guard let host = members["host"]?.stringValue, !host.isEmpty else { return }
    open(host, port: members["port"], adapter: kind == "memcached" ? kind : members["adapter"]?.stringValue ?? "", path)
  }

  private static let ports = ["mysql": 3306, "postgres": 5432, "memcached": 11211, "redis": 6379, "mongo": 27017]

  private mutating func open(_ host: String, port: JSONValue?, adapter: String, _ path: [String]) {
    let given = port?.integerValue ?? port?.stringValue.flatMap { Int64($0) }
    let known = Self.ports.first { adapter.hasPrefix($0.key) }.map { Int64($0.value) }
    guard let number = given ?? known, (1...65535).contains(number) else {
      return drop(path, "\(name): the way to its host", "its port is not known: add it to spec.network.to")
    }
    if NetworkPeer("\(host)/32:\(number)") != nil {
      if !ranges.contains("\(host)/32:\(number)") { ranges.append("\(host)/32:\(number)") }
    } else if host.isHostName, !SecretSigns.isSecretText(host, named: "host") {
      if !egress.contains("\(host):\(number)") { egress.append("\(host):\(number)") }
      decisions.append(
        "\(name): egress to \(host):\(number) opens the port to public addresses only; where it has a private "
          + "one, name its range in spec.network.to")
    } else {
      drop(path, "\(name): the way to its host", "it is no host's name: add it to spec.network.to")
    }
  }

  private mutating func readDomains(_ value: JSONValue, _ attributes: JSONObject, at path: [String]) {
    let given = value.arrayValue?.compactMap(\.stringValue) ?? value.stringValue.map { [$0] } ?? []
    // OpsWorks adds the application's own name, which is none to the world.
    let domains = given.filter { $0.contains(".") && $0.isHostName }
    guard let first = domains.first else {
      if given.contains(where: { $0.contains(".") }) {
        drop(path, "\(name): domains", "none of them is a host's name")
      }
      return
    }
    expose = ["host": .string(first)]
    if let mount = attributes["mounted_at"]?.stringValue, mount.hasPrefix("/"), mount != "/",
      mount.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
    {
      expose?["path"] = .string(mount)
    }
    if domains.count > 1 {
      drop(
        path, "\(name): \(domains.count - 1) more of its domains", "a service has one host: extend.Ingress adds others")
    }
  }

  private mutating func readFlag(_ key: String, _ value: JSONValue, _ attributes: JSONObject, at path: [String]) {
    let isSet = value == true || value.stringValue.map { !$0.isEmpty } ?? false
    if isSet, key == "ssl_support" || attributes["domains"] == nil {
      drop(path, "\(name): \(key)", Self.reasons[key] ?? "")
    }
  }

  private mutating func readMigration(_ attributes: JSONObject, at path: [String]) {
    guard attributes["migrate"] == true, migration == nil, path.last == "migrate" || attributes["migrate"] == nil else {
      return
    }
    let command = attributes["migrate_command"]?.stringValue ?? "bundle exec rake db:migrate"
    guard !SecretSigns.isSecretText(command, named: ""), !command.isEmpty else {
      return drop(
        path, "\(name): migrate_command", "a secret is in it: let it read a variable, and add it to spec.jobs")
    }
    migration = command
  }
}
