import Kubernetes
import KubernetesServer
import Testing

@Suite struct ServiceAccountTests {
  private static let accounts = "/api/v1/namespaces/default/serviceaccounts"
  private static let secrets = "/api/v1/namespaces/default/secrets"

  private func token(_ server: TestServer, _ account: String = "robot", _ spec: JSONValue = [:]) async throws
    -> TestServer.Answer
  {
    try await server.send(.post, "\(Self.accounts)/\(account)/token", ["spec": spec])
  }

  private func review(_ server: TestServer, _ token: String, audiences: [String] = []) async throws -> JSONValue {
    let answer = try await server.send(
      .post, "/apis/authentication.k8s.io/v1/tokenreviews",
      ["spec": ["token": .string(token), "audiences": .array(audiences.map(JSONValue.string))]])
    return answer.value["status"] ?? .null
  }

  private func withAccount() async throws -> TestServer {
    let server = try await TestServer()
    try await server.send(.post, Self.accounts, ["metadata": ["name": "robot"]])
    return server
  }

  @Test func aTokenIsWhoItWasIssuedFor() async throws {
    let server = try await withAccount()
    let issued = try await token(server)
    #expect(issued.status == 201)
    #expect(issued.value["spec"]?["expirationSeconds"] == 3600)
    #expect(issued.value["status"]?["expirationTimestamp"]?.stringValue?.hasSuffix("Z") == true)
    let status = try await review(server, issued.value["status"]?["token"]?.stringValue ?? "")
    #expect(status["authenticated"] == true)
    #expect(status["user"]?["username"] == "system:serviceaccount:default:robot")
    #expect(
      status["user"]?["groups"] == ["system:serviceaccounts", "system:serviceaccounts:default", "system:authenticated"])
    #expect(status["audiences"] == ["https://kubernetes.default.svc.cluster.local"])
  }

  @Test func aTokenEndsWithItsAccount() async throws {
    let server = try await withAccount()
    let issued = try await token(server).value["status"]?["token"]?.stringValue ?? ""
    try await server.send(.delete, "\(Self.accounts)/robot")
    #expect(try await review(server, issued)["authenticated"] == nil)
    try await server.send(.post, Self.accounts, ["metadata": ["name": "robot"]])
    #expect(try await review(server, issued)["authenticated"] == nil, "another account of the same name")
  }

  @Test func aTokenIsForItsAudience() async throws {
    let server = try await withAccount()
    let issued = try await token(server, "robot", ["audiences": ["vault"]]).value["status"]?["token"]?.stringValue ?? ""
    let own = try await review(server, issued)
    #expect(own["authenticated"] == nil && own["error"]?.stringValue?.contains("audiences") == true)
    #expect(try await review(server, issued, audiences: ["other", "vault"])["audiences"] == ["vault"])
  }

  @Test func aTokenEndsWithItsPod() async throws {
    let server = try await withAccount()
    var pod = Sample.pod("web")
    pod[path: ["spec", "serviceAccountName"]] = "robot"
    let uid = try await server.send(.post, Path.pods, pod).value["metadata"]?["uid"]
    let reference: JSONValue = ["kind": "Pod", "apiVersion": "v1", "name": "web"]
    let issued = try await token(server, "robot", ["boundObjectRef": reference]).value["status"]?["token"]?.stringValue
    let status = try await review(server, issued ?? "")
    #expect(status["user"]?["extra"]?["authentication.kubernetes.io/pod-name"] == ["web"])
    #expect(status["user"]?["extra"]?["authentication.kubernetes.io/pod-uid"]?.arrayValue?.first == uid)
    try await server.send(.delete, "\(Path.pods)/web")
    #expect(try await review(server, issued ?? "")["authenticated"] == nil)
  }

  @Test func badRequestsForTokensAreRefused() async throws {
    let server = try await withAccount()
    let short = try await token(server, "robot", ["expirationSeconds": 30])
    #expect(short.status == 422)
    #expect(
      short.message.hasSuffix(
        "spec.expirationSeconds: Invalid value: 30: may not specify a duration less than 10 minutes"))
    #expect(try await token(server, "nobody").message == #"serviceaccounts "nobody" not found"#)
    let missing: JSONValue = ["boundObjectRef": ["kind": "Pod", "apiVersion": "v1", "name": "nothing"]]
    #expect(try await token(server, "robot", missing).message == #"pods "nothing" not found"#)
    try await server.send(.post, Path.pods, Sample.pod("web"))
    let other: JSONValue = ["boundObjectRef": ["kind": "Pod", "apiVersion": "v1", "name": "web"]]
    #expect(try await token(server, "robot", other).status == 400)
    let node: JSONValue = ["boundObjectRef": ["kind": "Service", "apiVersion": "v1", "name": "web"]]
    #expect(try await token(server, "robot", node).status == 400)
  }

  @Test func forgedTokensAreNobodys() async throws {
    let server = try await withAccount()
    let issued = try await token(server).value["status"]?["token"]?.stringValue ?? ""
    let parts = issued.split(separator: ".").map(String.init)
    #expect(parts.count == 3)
    let payload = String(parts[1].reversed())
    for forged in [
      "x", "a.b.c", "\(parts[0]).\(parts[1]).", "\(parts[0]).\(payload).\(parts[2])",
      "eyJhbGciOiJub25lIn0.\(parts[1]).", "\(issued)A",
    ] {
      #expect(try await review(server, forged)["authenticated"] == nil, "\(forged)")
    }
  }

  @Test func everyNamespaceHasItsAccountAndCertificate() async throws {
    let server = try await TestServer()
    try await server.send(.post, "/api/v1/namespaces", ["metadata": ["name": "shop"]])
    for path in ["serviceaccounts/default", "configmaps/kube-root-ca.crt"] {
      let full = "/api/v1/namespaces/shop/\(path)"
      let first = try await server.send(.get, full)
      #expect(first.status == 200)
      #expect(try await server.send(.delete, full).status == 200)
      let again = try await server.send(.get, full)
      #expect(again.status == 200 && again.value["metadata"]?["uid"] != first.value["metadata"]?["uid"])
    }
    try await server.patch("/api/v1/namespaces/shop/configmaps/kube-root-ca.crt", .merge, ["data": ["ca.crt": "x"]])
    let map = try await server.send(.get, "/api/v1/namespaces/shop/configmaps/kube-root-ca.crt").value
    #expect(map["data"]?["ca.crt"]?.stringValue?.hasPrefix("-----BEGIN CERTIFICATE-----") == true)
  }

  @Test func aSecretMayKeepAToken() async throws {
    let server = try await withAccount()
    let secret: JSONValue = [
      "metadata": ["name": "kept", "annotations": ["kubernetes.io/service-account.name": "robot"]],
      "type": "kubernetes.io/service-account-token",
    ]
    let stored = try await server.send(.post, Self.secrets, secret).value
    #expect(stored["data"]?.objectValue?.keys.sorted() == ["ca.crt", "namespace", "token"])
    #expect(stored["data"]?["namespace"] == "ZGVmYXVsdA==")
    try await server.send(.delete, "\(Self.accounts)/robot")
    #expect(try await server.send(.get, "\(Self.secrets)/kept").status == 404, "it goes with its account")
    try await server.send(.post, Self.secrets, secret)
    #expect(try await server.send(.get, "\(Self.secrets)/kept").status == 404, "there is no such account")
  }

  // MARK: Pods

  @Test func aPodGetsTheTokenOfItsAccount() async throws {
    let server = try await TestServer()
    let spec = try await server.send(.post, Path.pods, Sample.pod("web")).value["spec"] ?? .null
    #expect(spec["serviceAccountName"] == "default" && spec["serviceAccount"] == "default")
    let name = spec["volumes"]?.arrayValue?.first?["name"]?.stringValue ?? ""
    #expect(name.hasPrefix("kube-api-access-") && name.count == 21)
    #expect(
      spec["volumes"]?.arrayValue?.first?["projected"]?["sources"]?.arrayValue?.first?["serviceAccountToken"]
        == ["expirationSeconds": 3607, "path": "token"])
    #expect(
      spec["containers"]?.arrayValue?.first?["volumeMounts"]?.arrayValue?.first == [
        "name": .string(name), "readOnly": true, "mountPath": "/var/run/secrets/kubernetes.io/serviceaccount",
      ])
  }

  @Test func aPodMayDoWithoutAToken() async throws {
    let server = try await TestServer()
    var pod = Sample.pod("web")
    pod[path: ["spec", "automountServiceAccountToken"]] = false
    #expect(try await server.send(.post, Path.pods, pod).value["spec"]?["volumes"] == nil)
    try await server.send(
      .post, Self.accounts,
      ["metadata": ["name": "plain"], "automountServiceAccountToken": false, "imagePullSecrets": [["name": "pull"]]])
    pod = Sample.pod("plain")
    pod[path: ["spec", "serviceAccountName"]] = "plain"
    let spec = try await server.send(.post, Path.pods, pod).value["spec"]
    #expect(spec?["volumes"] == nil && spec?["imagePullSecrets"] == [["name": "pull"]])
    pod = Sample.pod("lost")
    pod[path: ["spec", "serviceAccountName"]] = "nobody"
    let refused = try await server.send(.post, Path.pods, pod)
    #expect(
      refused.message
        == #"pods "lost" is forbidden: error looking up service account default/nobody: serviceaccount "nobody" not found"#
    )
  }

  @Test func aPodInNoNamespaceIsToldSo() async throws {
    let server = try await TestServer()
    let lost = try await server.send(.post, "/api/v1/namespaces/nowhere/pods", Sample.pod("web"))
    #expect(lost.status == 404 && lost.message == #"namespaces "nowhere" not found"#)
  }

  @Test func theIssuerIsDiscovered() async throws {
    let server = try await TestServer()
    let configuration = try await server.send(.get, "/.well-known/openid-configuration").value
    #expect(configuration["issuer"] == "https://kubernetes.default.svc.cluster.local")
    let keys = try await server.send(.get, "/openid/v1/jwks").value["keys"]?.arrayValue ?? []
    #expect(keys.count == 1 && keys.first?["alg"] == "ES256" && keys.first?["crv"] == "P-256")
  }
}
