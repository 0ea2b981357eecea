import Yams

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The named parts of one or several kubeconfig files, before a context is chosen.
struct KubeconfigFile {
  /// A named part and where it stands; its relative paths start at its file's folder.
  struct Part {
    var name: String
    var content: Node
    var file: String

    var folder: String { file.lastIndex(of: "/").map { String(file[..<$0]) } ?? "." }

    /// A scalar that is there and not empty.
    func text(_ member: String) -> String? { content[member]?.string.flatMap { $0.isEmpty ? nil : $0 } }

    /// What is wrong with the part, or with one member of it.
    func error(_ message: String, at member: String? = nil) -> KubeconfigError {
      KubeconfigFile.error(message, file, (member.flatMap { content[$0] } ?? content).mark)
    }
  }

  var currentContext = ""
  var clusters: [Part] = []
  var users: [Part] = []
  var contexts: [Part] = []

  private init() {}

  init(path: String) throws {
    let text = String(decoding: try SmallFile.read(path, what: "the kubeconfig"), as: UTF8.self)
    let root: Node
    do {
      guard let composed = try Yams.compose(yaml: text) else {
        throw KubeconfigError("the kubeconfig \(path) is empty")
      }
      root = composed
    } catch let error as YamlError {
      throw KubeconfigError("the kubeconfig \(path) is not YAML: \(error)")
    }
    guard root.mapping != nil else { throw Self.error("a kubeconfig is a mapping", path, root.mark) }
    func parts(_ list: String, _ member: String) throws -> [Part] {
      try (root[list]?.sequence.map(Array.init) ?? []).map { entry in
        guard let name = entry["name"]?.string, let content = entry[member] else {
          throw Self.error("an entry of \(list) lacks its name or its \(member)", path, entry.mark)
        }
        return Part(name: name, content: content, file: path)
      }
    }
    currentContext = root["current-context"]?.string ?? ""
    clusters = try parts("clusters", "cluster")
    users = try parts("users", "user")
    contexts = try parts("contexts", "context")
  }

  private static func error(_ message: String, _ file: String, _ mark: Mark?) -> KubeconfigError {
    KubeconfigError("\(file)\(mark.map { ":\($0.line)" } ?? ""): \(message)")
  }

  /// As kubectl merges the files of `KUBECONFIG`: the first to name a thing wins.
  static func merged(_ files: [KubeconfigFile]) -> KubeconfigFile {
    var whole = KubeconfigFile()
    for file in files {
      if whole.currentContext.isEmpty { whole.currentContext = file.currentContext }
      whole.clusters += file.clusters
      whole.users += file.users
      whole.contexts += file.contexts
    }
    return whole
  }

  func resolve(context wanted: String?) throws -> Kubeconfig {
    let name = wanted ?? currentContext
    let known = contexts.map(\.name)
    guard !name.isEmpty else {
      throw KubeconfigError("the kubeconfig has no current-context; choose one of \(known.joined(separator: ", "))")
    }
    let context = try pick(name, from: contexts, "context")
    guard let clusterName = context.text("cluster") else { throw context.error("context \"\(name)\" names no cluster") }
    var config = try cluster(pick(clusterName, from: clusters, "cluster"))
    config.contextName = name
    config.namespace = context.text("namespace") ?? "default"
    if let userName = context.text("user") { config.user = try user(pick(userName, from: users, "user")) }
    return config
  }

  private func pick(_ name: String, from parts: [Part], _ what: String) throws -> Part {
    if let part = parts.first(where: { $0.name == name }) { return part }
    let known = parts.map(\.name).joined(separator: ", ")
    throw KubeconfigError("the kubeconfig has no \(what) \"\(name)\"; it has \(known.isEmpty ? "none" : known)")
  }

  private func cluster(_ part: Part) throws -> Kubeconfig {
    guard var server = part.text("server") else { throw part.error("cluster \"\(part.name)\" has no server") }
    while server.hasSuffix("/") { server.removeLast() }
    var config = Kubeconfig(
      server: server, certificateAuthority: try bytes("certificate-authority", of: part),
      skipsVerification: part.content["insecure-skip-tls-verify"]?.bool ?? false,
      serverName: part.text("tls-server-name"))
    if config.skipsVerification, config.certificateAuthority != nil {
      throw part.error(
        "cluster \"\(part.name)\" has a certificate authority and insecure-skip-tls-verify; one contradicts the other",
        at: "insecure-skip-tls-verify")
    }
    config.proxy = try part.text("proxy-url").map { text in
      do { return try Proxy(url: text) } catch { throw part.error("\(error)", at: "proxy-url") }
    }
    config.skipsCompression = part.content["disable-compression"]?.bool ?? false
    let extensions = part.content["extensions"]?.sequence.map(Array.init) ?? []
    config.execConfiguration =
      extensions.first { $0["name"]?.string == "client.authentication.k8s.io/exec" }?["extension"]?.json
    return config
  }

  private func user(_ part: Part) throws -> Kubeconfig.User {
    if part.content["auth-provider"] != nil {
      throw part.error(
        "user \"\(part.name)\" signs in by auth-provider, which Kubernetes gave up in 1.26; use exec or a token",
        at: "auth-provider")
    }
    var user = Kubeconfig.User()
    user.token = part.text("token")
    user.tokenFile = part.text("tokenFile").map { absolute($0, in: part.folder) }
    user.username = part.text("username")
    user.password = part.text("password")
    user.clientCertificate = try bytes("client-certificate", of: part)
    user.clientKey = try bytes("client-key", of: part)
    guard (user.clientCertificate == nil) == (user.clientKey == nil) else {
      throw part.error("user \"\(part.name)\" has only one of client-certificate and client-key")
    }
    guard user.username == nil || (user.token == nil && user.tokenFile == nil) else {
      throw part.error("user \"\(part.name)\" has both a token and a username; choose one", at: "username")
    }
    user.exec = try exec(of: part)
    if let name = part.text("as") {
      user.impersonation = Impersonation(
        user: name, uid: part.text("as-uid") ?? "", groups: Self.texts(part.content["as-groups"]),
        extra: Dictionary(
          (part.content["as-user-extra"]?.mapping.map(Array.init) ?? []).map {
            ($0.key.string ?? "", Self.texts($0.value))
          },
          uniquingKeysWith: { $1 }))
    }
    return user
  }

  private func exec(of part: Part) throws -> ExecPlugin? {
    guard let exec = part.content["exec"], exec.mapping != nil else { return nil }
    let member = Part(name: part.name, content: exec, file: part.file)
    guard let command = member.text("command") else { throw member.error("exec of \"\(part.name)\" has no command") }
    let version = member.text("apiVersion") ?? ""
    guard ExecPlugin.apiVersions.contains(version) else {
      throw member.error(
        "exec of \"\(part.name)\" has apiVersion \"\(version)\"; known: \(ExecPlugin.apiVersions.joined(separator: ", "))",
        at: "apiVersion")
    }
    var mode = ExecPlugin.InteractiveMode.ifAvailable
    if let text = member.text("interactiveMode") {
      guard let known = ExecPlugin.InteractiveMode(rawValue: text) else {
        throw member.error("interactiveMode is Never, IfAvailable or Always, not \"\(text)\"", at: "interactiveMode")
      }
      mode = known
    } else if version.hasSuffix("/v1") {
      throw member.error("exec of \"\(part.name)\" has no interactiveMode, which \(version) requires")
    }
    // A path with a slash starts at the kubeconfig; a bare name is looked up in PATH.
    let place = command.contains("/") ? absolute(command, in: part.folder) : command
    return ExecPlugin(
      apiVersion: version, command: place, arguments: Self.texts(exec["args"]),
      environment: (exec["env"]?.sequence.map(Array.init) ?? []).compactMap { entry in
        entry["name"]?.string.map { (name: $0, value: entry["value"]?.string ?? "") }
      },
      providesClusterInfo: exec["provideClusterInfo"]?.bool ?? false, interactiveMode: mode,
      installHint: member.text("installHint") ?? "")
  }

  private static func texts(_ node: Node?) -> [String] { node?.sequence?.compactMap(\.string) ?? [] }

  /// `name-data` holds the bytes in base64, `name` the path of a file that has them.
  private func bytes(_ name: String, of part: Part) throws -> [UInt8]? {
    if let text = part.text(name + "-data") {
      guard let data = Data(base64Encoded: text.filter { !$0.isWhitespace }) else {
        throw part.error("\(name)-data of \"\(part.name)\" is not base64", at: name + "-data")
      }
      return Array(data)
    }
    guard let path = part.text(name) else { return nil }
    do { return Array(try SmallFile.read(absolute(path, in: part.folder), what: "the \(name)")) } catch {
      throw part.error("\(error)", at: name)
    }
  }

  private func absolute(_ path: String, in folder: String) -> String {
    path.hasPrefix("/") ? path : folder + "/" + path
  }
}
