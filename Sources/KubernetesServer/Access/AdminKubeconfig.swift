/// The kubeconfig that the server writes for its user.
enum AdminKubeconfig {
  static func text(host: String, port: Int, authority: String, token: String) -> String {
    """
    apiVersion: v1
    kind: Config
    clusters:
    - name: sakigake
      cluster:
        server: https://\(host):\(port)
        certificate-authority-data: \(Base64.encode(Array(authority.utf8)))
    users:
    - name: sakigake
      user:
        token: \(token)
    contexts:
    - name: sakigake
      context:
        cluster: sakigake
        user: sakigake
    current-context: sakigake

    """
  }
}
