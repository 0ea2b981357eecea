import Kubernetes
import NIOSSL

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// What is wrong with a kubeconfig or with what it points to; it starts with `file:line` where there is one.
public struct KubeconfigError: Error, Sendable, Equatable, CustomStringConvertible {
  public var message: String
  public init(_ message: String) { self.message = message }
  public var description: String { message }
}

/// How to reach a cluster: one context of a kubeconfig, with files read and paths resolved.
///
/// What the members mean, and which wins, is as in client-go (tools/clientcmd).
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
  /// Through which to go; nil leaves it to `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY`.
  public var proxy: Proxy?
  /// Whether answers are asked for as they are, not compressed.
  public var skipsCompression = false
  public var user = User()
  /// For the exec plugin's `spec.cluster.config`.
  var execConfiguration: JSONValue?

  /// Who signs in, and how. A token file goes before a token; those, a password or a certificate before an exec plugin.
  public struct User: Sendable {
    public var token: String?
    /// Read again every minute.
    public var tokenFile: String?
    /// PEM.
    public var clientCertificate: [UInt8]?
    /// PEM.
    public var clientKey: [UInt8]?
    public var username: String?
    public var password: String?
    public var exec: ExecPlugin?
    public var impersonation: Impersonation?
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

  package static func load(
    path: String?, context: String?, environment: [String: String]
  ) throws -> Kubeconfig {
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

  /// The service account that Kubernetes mounts into every pod; where the local cluster runs a pod's processes, which
  /// have no mounts, `SAKIGAKE_SERVICEACCOUNT_DIR` says where it is.
  private static func inCluster(_ environment: [String: String]) throws -> Kubeconfig? {
    guard let host = environment["KUBERNETES_SERVICE_HOST"], let port = environment["KUBERNETES_SERVICE_PORT"],
      !host.isEmpty, !port.isEmpty
    else { return nil }
    let mount = environment["SAKIGAKE_SERVICEACCOUNT_DIR"] ?? "/var/run/secrets/kubernetes.io/serviceaccount"
    var user = User()
    user.tokenFile = mount + "/token"
    return Kubeconfig(
      contextName: "in-cluster", server: "https://\(host.contains(":") ? "[\(host)]" : host):\(port)",
      namespace: (try? SmallFile.text(mount + "/namespace", what: "the namespace file")) ?? "default",
      certificateAuthority: Array(try SmallFile.read(mount + "/ca.crt", what: "the certificate authority")), user: user)
  }
}

extension Kubeconfig {
  /// The way to the cluster that this describes.
  ///
  /// - Parameters:
  ///   - httpVersion: see `HTTPTransport.Version`.
  ///   - userAgent: what the server's logs call this client.
  /// - Throws: `KubeconfigError` where a certificate or key cannot be read.
  public func transport(
    limits: HTTPTransport.Limits = HTTPTransport.Limits(), httpVersion: HTTPTransport.Version = .http1,
    userAgent: String = "sakigake"
  ) throws -> HTTPTransport {
    try transport(
      limits: limits, httpVersion: httpVersion, userAgent: userAgent, environment: ProcessInfo.processInfo.environment)
  }

  package func transport(
    limits: HTTPTransport.Limits, httpVersion: HTTPTransport.Version, userAgent: String, environment: [String: String]
  ) throws -> HTTPTransport {
    let endpoint = try endpoint(environment: environment)
    return try HTTPTransport(
      endpoint: endpoint, credentials: user.credentials(cluster: execCluster), impersonation: user.impersonation,
      limits: limits, httpVersion: httpVersion, userAgent: userAgent, asksForCompression: !skipsCompression)
  }

  private func endpoint(environment: [String: String]) throws -> Endpoint {
    var server = server
    if !server.contains("://") {
      // As in client-go: TLS where anything about TLS is said.
      let isSecure = certificateAuthority != nil || skipsVerification || user.clientCertificate != nil
      server = (isSecure ? "https://" : "http://") + server
    }
    guard let parsed = URL(string: server), let host = parsed.host, !host.isEmpty,
      let scheme = parsed.scheme, scheme == "https" || scheme == "http"
    else {
      throw KubeconfigError("the server \"\(server)\" of context \"\(contextName)\" is not an https address")
    }
    var path = parsed.path
    while path.hasSuffix("/") { path.removeLast() }
    let endpoint = Endpoint(
      isSecure: scheme == "https", host: host.filter { $0 != "[" && $0 != "]" },
      port: parsed.port ?? (scheme == "https" ? 443 : 80), basePath: path, serverName: serverName,
      tls: try tlsConfiguration(),
      proxy: nil, contextName: contextName)
    let rules = ProxyRules(environment: environment)
    return try endpoint.through(
      proxy ?? rules.proxy(isSecure: endpoint.isSecure, host: endpoint.host, port: endpoint.port))
  }

  /// What the connections of a client verify and present.
  /// - Throws: `KubeconfigError` where a certificate or key cannot be read.
  package func tlsConfiguration() throws -> TLSConfiguration {
    var tls = TLSConfiguration.makeClientConfiguration()
    if let certificateAuthority {
      tls.trustRoots = .certificates(
        try Self.parsed("certificate authority", of: contextName) {
          try NIOSSLCertificate.fromPEMBytes(certificateAuthority)
        })
    }
    if skipsVerification { tls.certificateVerification = .none }
    if let chain = user.clientCertificate, let key = user.clientKey {
      try tls.present(ClientCertificate(chain: chain, key: key), of: contextName)
    }
    return tls
  }

  static func parsed<T>(_ what: String, of context: String, _ parse: () throws -> T) throws -> T {
    do { return try parse() } catch {
      throw KubeconfigError("the \(what) of context \"\(context)\" is not PEM that can be read: \(error)")
    }
  }

  /// `spec.cluster` of what an exec plugin is asked.
  private var execCluster: ExecPlugin.ClusterInfo {
    var cluster: JSONObject = ["server": .string(server)]
    if let serverName { cluster["tls-server-name"] = .string(serverName) }
    if skipsVerification { cluster["insecure-skip-tls-verify"] = true }
    if let certificateAuthority {
      cluster["certificate-authority-data"] = .string(Data(certificateAuthority).base64EncodedString())
    }
    if let proxy { cluster["proxy-url"] = .string(proxy.url) }
    if let execConfiguration { cluster["config"] = execConfiguration }
    return ExecPlugin.ClusterInfo(json: .object(cluster))
  }
}
