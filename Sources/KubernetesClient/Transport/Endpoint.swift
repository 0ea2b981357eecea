import NIOSSL

/// Where an API server is and how to know it: what requests and two-way streams have in common.
struct Endpoint: Sendable {
  var isSecure: Bool
  /// A name or an address, without brackets.
  var host: String
  var port: Int
  /// Before every path; empty or `/k8s/clusters/c-1`.
  var basePath: String
  /// The name that the certificate must carry, and that is asked for (SNI), where it is not `host`.
  var serverName: String?
  var tls: TLSConfiguration
  var proxy: Proxy?
  /// For messages.
  var contextName: String

  /// `https://host:port/base`, with the name that TLS is to check.
  var url: String { "\(isSecure ? "https" : "http")://\(authority)\(basePath)" }

  var authority: String {
    let name = serverName ?? host
    return "\(name.contains(":") ? "[\(name)]" : name):\(port)"
  }

  func through(_ proxy: Proxy?) -> Endpoint {
    var endpoint = self
    endpoint.proxy = proxy
    return endpoint
  }

  /// TLS with the certificate that a credential has.
  /// - Throws: `KubeconfigError`.
  func tls(with certificate: ClientCertificate?) throws -> TLSConfiguration {
    guard let certificate else { return tls }
    var tls = tls
    try tls.present(certificate, of: contextName)
    return tls
  }
}

extension TLSConfiguration {
  mutating func present(_ certificate: ClientCertificate, of context: String) throws {
    certificateChain = try Kubeconfig.parsed("client certificate", of: context) {
      try NIOSSLCertificate.fromPEMBytes(certificate.chain).map { .certificate($0) }
    }
    privateKey = .privateKey(
      try Kubeconfig.parsed("client key", of: context) {
        try NIOSSLPrivateKey(bytes: certificate.key, format: .pem)
      })
  }
}
