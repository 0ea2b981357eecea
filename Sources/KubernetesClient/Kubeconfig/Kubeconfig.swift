import NIOSSL

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// What is wrong with a kubeconfig or with what it points to.
public struct KubeconfigError: Error, Sendable, Equatable, CustomStringConvertible {
  public var message: String
  public init(_ message: String) { self.message = message }
  public var description: String { message }
}

/// How to reach a cluster: one context of a kubeconfig, with files read and paths resolved.
public struct Kubeconfig: Sendable {
  public var contextName: String
  /// `https://host:port`, without a slash at the end.
  public var server: String
  /// The context's namespace; `default` where it names none.
  public var namespace: String
  /// PEM; nil trusts the system's authorities.
  public var certificateAuthority: [UInt8]?
  public var skipsVerification: Bool
  /// The name that the server's certificate must carry, where it is not the server's host.
  public var serverName: String?
  public var user = User()

  public struct User: Sendable {
    public var token: String?
    /// Read again every minute.
    public var tokenFile: String?
    /// PEM.
    public var clientCertificate: [UInt8]?
    /// PEM.
    public var clientKey: [UInt8]?
    public init() {}
  }

  public init(
    contextName: String = "", server: String, namespace: String = "default", certificateAuthority: [UInt8]? = nil,
    skipsVerification: Bool = false, serverName: String? = nil, user: User = User()
  ) {
    self.contextName = contextName
    self.server = server
    self.namespace = namespace
    self.certificateAuthority = certificateAuthority
    self.skipsVerification = skipsVerification
    self.serverName = serverName
    self.user = user
  }

  /// Reads a kubeconfig.
  ///
  /// - Parameters:
  ///   - path: a file; nil means those of `KUBECONFIG` (the first to name a thing wins), else `~/.kube/config`, else
  ///     the service account of the pod that this runs in.
  ///   - context: nil means the current context.
  /// - Throws: `KubeconfigError`.
  public static func load(path: String?, context: String?) throws -> Kubeconfig {
    try load(path: path, context: context, environment: ProcessInfo.processInfo.environment)
  }

  package static func load(path: String?, context: String?, environment: [String: String]) throws -> Kubeconfig {
    let home = environment["HOME"] ?? ""
    let paths: [String]
    if let path {
      paths = [path]
    } else if let list = environment["KUBECONFIG"], !list.isEmpty {
      paths = list.split(separator: ":").map(String.init).filter { FileManager.default.fileExists(atPath: $0) }
      guard !paths.isEmpty else { throw KubeconfigError("KUBECONFIG is \(list), but no such file exists") }
    } else if FileManager.default.fileExists(atPath: home + "/.kube/config") {
      paths = [home + "/.kube/config"]
    } else if let config = try inCluster(environment) {
      return config
    } else {
      throw KubeconfigError(
        "no kubeconfig: pass one, set KUBECONFIG, or write \(home)/.kube/config (`sakigake local up` writes one for its cluster)"
      )
    }
    return try KubeconfigFile.merged(paths.map { try KubeconfigFile(path: $0) }).resolve(context: context)
  }

  /// The service account that Kubernetes mounts into every pod.
  private static func inCluster(_ environment: [String: String]) throws -> Kubeconfig? {
    guard let host = environment["KUBERNETES_SERVICE_HOST"], let port = environment["KUBERNETES_SERVICE_PORT"] else {
      return nil
    }
    let mount = "/var/run/secrets/kubernetes.io/serviceaccount"
    var user = User()
    user.tokenFile = mount + "/token"
    return Kubeconfig(
      contextName: "in-cluster", server: "https://\(host.contains(":") ? "[\(host)]" : host):\(port)",
      namespace: String(decoding: try SmallFile.read(mount + "/namespace", what: "the namespace file"), as: UTF8.self)
        .trimmedOfSpace,
      certificateAuthority: Array(try SmallFile.read(mount + "/ca.crt", what: "the certificate authority")), user: user)
  }

  /// - Throws: `KubeconfigError` where a certificate or key cannot be read.
  public func transport() throws -> HTTPTransport { try transport(limits: HTTPTransport.Limits()) }

  public func transport(limits: HTTPTransport.Limits) throws -> HTTPTransport {
    let tls = try tlsConfiguration()
    let (url, resolve) = try address()
    return HTTPTransport(
      server: url, tls: tls, resolve: resolve, credentials: Credentials(token: user.token, tokenFile: user.tokenFile),
      limits: limits)
  }

  /// What the connections of a client verify and present.
  /// - Throws: `KubeconfigError` where a certificate or key cannot be read.
  package func tlsConfiguration() throws -> TLSConfiguration {
    var tls = TLSConfiguration.makeClientConfiguration()
    func parsed<T>(_ what: String, _ parse: () throws -> T) throws -> T {
      do { return try parse() } catch {
        throw KubeconfigError("the \(what) of context \"\(contextName)\" is not PEM that can be read: \(error)")
      }
    }
    if let certificateAuthority {
      tls.trustRoots = .certificates(
        try parsed("certificate authority") { try NIOSSLCertificate.fromPEMBytes(certificateAuthority) })
    }
    if skipsVerification { tls.certificateVerification = .none }
    if let certificate = user.clientCertificate, let key = user.clientKey {
      tls.certificateChain = try parsed("client certificate") {
        try NIOSSLCertificate.fromPEMBytes(certificate).map { .certificate($0) }
      }
      tls.privateKey = .privateKey(try parsed("client key") { try NIOSSLPrivateKey(bytes: key, format: .pem) })
    }
    return tls
  }

  /// Where a server name is given, requests carry that name, and it resolves to the host.
  private func address() throws -> (url: String, resolve: [String: String]) {
    guard let parsed = URL(string: server), let host = parsed.host, parsed.scheme == "https" || parsed.scheme == "http"
    else {
      throw KubeconfigError("the server \"\(server)\" of context \"\(contextName)\" is not an https address")
    }
    guard let serverName, serverName != host else { return (server, [:]) }
    let port = parsed.port.map { ":\($0)" } ?? ""
    let path = parsed.path == "/" ? "" : parsed.path
    return ("\(parsed.scheme ?? "https")://\(serverName)\(port)\(path)", [serverName: host])
  }
}
