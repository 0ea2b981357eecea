import Kubernetes
import KubernetesClient
import KubernetesServer
import Testing

@Suite struct AuthenticationTests {
  /// Serves while `body` runs.
  private func serving(_ body: (TestServer, Kubeconfig) async throws -> Void) async throws {
    let server = try await TestServer()
    let running = Task { try await server.server.run() }
    #expect(await server.server.boundPort > 0)
    var kubeconfig = try Kubeconfig.load(path: "\(server.directory)/kubeconfig", context: "sakigake")
    kubeconfig.user = Kubeconfig.User()
    try await body(server, kubeconfig)
    running.cancel()
    _ = await running.result
  }

  private func whoAmI(_ kubeconfig: Kubeconfig) async throws -> JSONValue? {
    let client = KubernetesClient(transport: try kubeconfig.transport())
    let review = try await client.json(
      APIRequest(.post, "/apis/authentication.k8s.io/v1/selfsubjectreviews", body: Array("{}".utf8)))
    return review["status"]?["userInfo"]
  }

  @Test func aCertificateNamesItsUserAndGroups() async throws {
    try await serving { server, kubeconfig in
      let now = EmbeddedAPIServer.systemTime()
      let authority = try CertificateAuthority(directory: "\(server.directory)/pki", now: now)
      let issued = try authority.issueClient(user: "jane", groups: ["dev", "ops"], now: now)
      var kubeconfig = kubeconfig
      kubeconfig.user.clientCertificate = Array(issued.certificatePEM.utf8)
      kubeconfig.user.clientKey = Array(issued.keyPEM.utf8)
      let user = try await whoAmI(kubeconfig)
      #expect(user?["username"] == "jane" && user?["groups"] == ["dev", "ops", "system:authenticated"])
      let identifier = user?["extra"]?["authentication.kubernetes.io/credential-id"]?.arrayValue?.first?.stringValue
      #expect(identifier?.hasPrefix("X509SHA256=") == true && identifier?.count == 75)
    }
  }

  @Test func aCertificateOfSomebodyElseIsRefused() async throws {
    try await serving { _, kubeconfig in
      let now = EmbeddedAPIServer.systemTime()
      let other = try CertificateAuthority(directory: TestServer.temporaryDirectory(), now: now)
      let issued = try other.issueClient(user: "jane", groups: [UserInfo.mastersGroup], now: now)
      var kubeconfig = kubeconfig
      kubeconfig.user.clientCertificate = Array(issued.certificatePEM.utf8)
      kubeconfig.user.clientKey = Array(issued.keyPEM.utf8)
      await #expect(throws: (any Error).self) { try await whoAmI(kubeconfig) }
    }
  }

  @Test func whoShowsNothingIsAnonymous() async throws {
    try await serving { _, kubeconfig in
      let client = KubernetesClient(transport: try kubeconfig.transport())
      await #expect { try await client.list(Namespace.self) } throws: { error in
        (error as? APIError)?.code == 403
          && (error as? APIError)?.message
            == #"namespaces is forbidden: User "system:anonymous" cannot list resource "namespaces" in API group "" at the cluster scope"#
      }
    }
  }

  @Test func aServiceAccountMayWhatItsRoleSays() async throws {
    try await serving { server, kubeconfig in
      let accounts = "/api/v1/namespaces/default/serviceaccounts"
      try await server.send(.post, accounts, ["metadata": ["name": "robot"]])
      let issued = try await server.send(.post, "\(accounts)/robot/token", ["spec": [:]])
      let rbac = "/apis/rbac.authorization.k8s.io/v1/namespaces/default"
      try await server.send(
        .post, "\(rbac)/roles",
        [
          "metadata": ["name": "keeper"],
          "rules": [["apiGroups": [""], "resources": ["configmaps"], "verbs": ["get", "list", "create"]]],
        ])
      try await server.send(
        .post, "\(rbac)/rolebindings",
        [
          "metadata": ["name": "keeper"],
          "roleRef": ["apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "keeper"],
          "subjects": [["kind": "ServiceAccount", "name": "robot"]],
        ])
      var kubeconfig = kubeconfig
      kubeconfig.user.token = issued.value["status"]?["token"]?.stringValue
      let client = KubernetesClient(transport: try kubeconfig.transport())
      var map = ConfigMap()
      map.metadata = ObjectMeta(name: "settings", namespace: "default")
      _ = try await client.create(map)
      await #expect { try await client.list(Secret.self, namespace: "default") } throws: { error in
        (error as? APIError)?.code == 403
          && (error as? APIError)?.message.contains(#"User "system:serviceaccount:default:robot""#) == true
      }
      try await server.send(.delete, "\(accounts)/robot")
      await #expect { try await client.list(ConfigMap.self, namespace: "default") } throws: { error in
        (error as? APIError)?.code == 401
      }
    }
  }
}
