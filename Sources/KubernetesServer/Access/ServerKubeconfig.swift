import Kubernetes

/// The kubeconfigs that the server writes for those who use it. There is a secret in each.
package enum ServerKubeconfig {
  /// By which its user is known.
  package enum Credential: Sendable {
    case token(String)
    /// Both PEM.
    case certificate(String, key: String)
  }

  /// - Parameters:
  ///   - authority: the certificate that clients trust, as PEM.
  ///   - user: what kubectl calls the user, which tells the server nothing.
  package static func text(host: String, port: Int, authority: String, user: String, _ credential: Credential) -> String
  {
    func encoded(_ pem: String) -> String { Base64.encode(Array(pem.utf8)) }
    let name = JSONValue.string(user).text
    let lines =
      switch credential {
      case .token(let token): ["token: \(token)"]
      case .certificate(let certificate, let key):
        ["client-certificate-data: \(encoded(certificate))", "client-key-data: \(encoded(key))"]
      }
    return """
      apiVersion: v1
      kind: Config
      clusters:
      - name: sakigake
        cluster:
          server: https://\(host):\(port)
          certificate-authority-data: \(encoded(authority))
      users:
      - name: \(name)
        user:
          \(lines.joined(separator: "\n    "))
      contexts:
      - name: sakigake
        context:
          cluster: sakigake
          user: \(name)
      current-context: sakigake

      """
  }
}
