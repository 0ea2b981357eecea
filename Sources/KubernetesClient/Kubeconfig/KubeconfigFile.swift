import Yams

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The named parts of one or several kubeconfig files, before a context is chosen.
struct KubeconfigFile {
  /// A named part and the folder that its relative paths start from.
  struct Part { var name: String; var content: Node; var folder: String; var file: String }

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
    guard root.mapping != nil else { throw KubeconfigError("the kubeconfig \(path) is not a mapping") }
    let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
    func parts(_ list: String, _ member: String) throws -> [Part] {
      try (root[list]?.sequence.map(Array.init) ?? []).map { entry in
        guard let name = entry["name"]?.string, let content = entry[member] else {
          throw KubeconfigError("\(path): an entry of \(list) lacks its name or its \(member)")
        }
        return Part(name: name, content: content, folder: folder, file: path)
      }
    }
    currentContext = root["current-context"]?.string ?? ""
    clusters = try parts("clusters", "cluster")
    users = try parts("users", "user")
    contexts = try parts("contexts", "context")
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
    guard let clusterName = context.content["cluster"]?.string else {
      throw KubeconfigError("\(context.file): context \"\(name)\" names no cluster")
    }
    let cluster = try pick(clusterName, from: clusters, "cluster")
    guard var server = cluster.content["server"]?.string, !server.isEmpty else {
      throw KubeconfigError("\(cluster.file): cluster \"\(clusterName)\" has no server")
    }
    while server.hasSuffix("/") { server.removeLast() }
    var config = Kubeconfig(
      contextName: name, server: server, namespace: context.content["namespace"]?.string ?? "default",
      certificateAuthority: try bytes("certificate-authority", of: cluster),
      skipsVerification: cluster.content["insecure-skip-tls-verify"]?.bool ?? false,
      serverName: cluster.content["tls-server-name"]?.string)
    if let userName = context.content["user"]?.string, !userName.isEmpty {
      config.user = try user(pick(userName, from: users, "user"))
    }
    return config
  }

  private func pick(_ name: String, from parts: [Part], _ what: String) throws -> Part {
    if let part = parts.first(where: { $0.name == name }) { return part }
    let known = parts.map(\.name).joined(separator: ", ")
    throw KubeconfigError("the kubeconfig has no \(what) \"\(name)\"; it has \(known.isEmpty ? "none" : known)")
  }

  private func user(_ part: Part) throws -> Kubeconfig.User {
    for (member, instead) in [
      ("exec", "a token"), ("auth-provider", "a token"), ("username", "a token or a client certificate"),
    ]
    where part.content[member] != nil {
      throw KubeconfigError(
        "\(part.file): user \"\(part.name)\" signs in by \(member), which is not supported; use \(instead)")
    }
    var user = Kubeconfig.User()
    user.token = part.content["token"]?.string
    user.tokenFile = part.content["tokenFile"]?.string.map { absolute($0, in: part.folder) }
    user.clientCertificate = try bytes("client-certificate", of: part)
    user.clientKey = try bytes("client-key", of: part)
    guard (user.clientCertificate == nil) == (user.clientKey == nil) else {
      throw KubeconfigError("\(part.file): user \"\(part.name)\" has only one of client-certificate and client-key")
    }
    return user
  }

  /// `name-data` holds the bytes in base64, `name` the path of a file that has them.
  private func bytes(_ name: String, of part: Part) throws -> [UInt8]? {
    if let text = part.content[name + "-data"]?.string, !text.isEmpty {
      guard let data = Data(base64Encoded: text.filter { !$0.isWhitespace }) else {
        throw KubeconfigError("\(part.file): \(name)-data of \"\(part.name)\" is not base64")
      }
      return Array(data)
    }
    guard let path = part.content[name]?.string, !path.isEmpty else { return nil }
    return Array(try SmallFile.read(absolute(path, in: part.folder), what: "the \(name)"))
  }

  private func absolute(_ path: String, in folder: String) -> String {
    path.hasPrefix("/") ? path : folder + "/" + path
  }
}
