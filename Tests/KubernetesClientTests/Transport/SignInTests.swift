import Kubernetes
import KubernetesClient
import NIOHTTP1
import Testing

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// What a kubeconfig's user shows of itself on the wire.
@Suite final class SignInTests {
  let folder = FileManager.default.temporaryDirectory.path + "/signin-\(UUID().uuidString)"

  init() throws { try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true) }
  deinit { try? FileManager.default.removeItem(atPath: folder) }

  func write(_ name: String, _ text: String) throws {
    try Data(text.utf8).write(to: URL(fileURLWithPath: "\(folder)/\(name)"))
  }

  /// A program that is called as an exec plugin and counts its calls in the file `calls`.
  func plugin(_ lines: String) throws {
    try write("plugin.sh", "#!/bin/sh\necho call >> '\(folder)/calls'\n\(lines)\n")
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: "\(folder)/plugin.sh")
  }

  var calls: Int {
    let text = FileManager.default.contents(atPath: "\(folder)/calls").map { String(decoding: $0, as: UTF8.self) } ?? ""
    return text.split(separator: "\n").count
  }

  func client(_ server: String, user: String) throws -> KubernetesClient {
    try write(
      "config",
      """
      apiVersion: v1
      kind: Config
      current-context: c
      clusters:
      - name: c
        cluster:
          server: \(server)/base/
          extensions: [{ name: client.authentication.k8s.io/exec, extension: { audience: x, n: 3 } }]
      contexts: [{ name: c, context: { cluster: c, user: u } }]
      users:
      - name: u
        user: \(user)
      """)
    let config = try Kubeconfig.load(path: "\(folder)/config", context: nil)
    var client = KubernetesClient(
      transport: try config.transport(limits: .init(), httpVersion: .http1, userAgent: "me/1", environment: [:]))
    client.clock = InstantClock()
    return client
  }

  static let exec = "{ apiVersion: client.authentication.k8s.io/v1, interactiveMode: Never, command: ./plugin.sh"
  static func credential(_ status: String, version: String = "v1") -> String {
    #"{"apiVersion":"client.authentication.k8s.io/\#(version)","kind":"ExecCredential","status":\#(status)}"#
  }

  @Test func everyRequestIsSigned() async throws {
    let server = try await WireServer()
    for (user, authorization) in [
      ("{ token: t0 }", "Bearer t0"), ("{ username: ann, password: 'p:w' }", "Basic YW5uOnA6dw=="), ("{}", nil),
    ] {
      _ = try await client(server.url, user: user).get(.pods, "a", namespace: "default")
      #expect(server.requests.last?.header("Authorization") == authorization)
    }
    let last = try #require(server.requests.last)
    #expect(last.target == "/base/api/v1/namespaces/default/pods/a")
    #expect(last.header("User-Agent") == "me/1" && last.header("Accept-Encoding") == "gzip")
    await server.stop()
  }

  @Test func whoIsImpersonatedIsSaid() async throws {
    let server = try await WireServer()
    let user = "{ token: t, as: jane, as-uid: u1, as-groups: [dev, ops], as-user-extra: { example.com/Team: [a, b] } }"
    _ = try await client(server.url, user: user).get(.pods, "a", namespace: "default")
    let headers = try #require(server.requests.last?.headers)
    #expect(headers["Impersonate-User"] == ["jane"] && headers["Impersonate-Uid"] == ["u1"])
    #expect(headers["Impersonate-Group"] == ["dev", "ops"])
    #expect(headers["Impersonate-Extra-example.com%2fteam"] == ["a", "b"])
    await server.stop()
  }

  @Test func aTokenFileIsReadAgainWhenItsTokenIsRefused() async throws {
    let folder = folder
    let server = try await WireServer { request in
      if request.header("Authorization") == "Bearer new" { return .init() }
      try? Data("new\n".utf8).write(to: URL(fileURLWithPath: "\(folder)/token"))
      return .init(status: 401)
    }
    try write("token", "old")
    let client = try client(server.url, user: "{ tokenFile: token, token: unused }")
    _ = try await client.get(.pods, "a", namespace: "default")
    #expect(server.requests.map { $0.header("Authorization") } == ["Bearer old", "Bearer new"])
    await server.stop()
  }

  @Test func aPluginIsAskedOnceAndAgainWhenRefused() async throws {
    let server = try await WireServer { request in
      request.header("Authorization") == "Bearer second" ? .init() : .init(status: 401)
    }
    try plugin(
      """
      printf '%s' "$KUBERNETES_EXEC_INFO" > '\(folder)/info'
      if [ "$(wc -l < '\(folder)/calls')" -gt 1 ]; then t=second; else t="$WORD$1"; fi
      cat <<END
      \(Self.credential(#"{"token":"$t","expirationTimestamp":"2190-01-01T00:00:00Z"}"#))
      END
      """)
    let client = try client(
      server.url,
      user: "{ exec: \(Self.exec), args: [rst], env: [{ name: WORD, value: fi }], provideClusterInfo: true } }")
    for _ in 0..<3 { _ = try await client.get(.pods, "a", namespace: "default") }
    #expect(server.requests.map { $0.header("Authorization") }.first == "Bearer first")
    #expect(server.requests.count == 4 && calls == 2)
    let info = try JSONValue(parsing: Array(FileManager.default.contents(atPath: "\(folder)/info") ?? Data()))
    #expect(info["kind"] == "ExecCredential" && info[path: ["spec", "interactive"]] == false)
    #expect(info[path: ["spec", "cluster", "server"]]?.stringValue == server.url + "/base")
    #expect(info[path: ["spec", "cluster", "config"]] == ["audience": "x", "n": 3])
    await server.stop()
  }

  @Test func anExpiredCredentialIsRenewed() async throws {
    let server = try await WireServer()
    try plugin(
      "echo '\(Self.credential(#"{"token":"t","expirationTimestamp":"2020-01-01T00:00:00Z"}"#, version: "v1beta1"))'")
    let user = "{ exec: { apiVersion: client.authentication.k8s.io/v1beta1, command: ./plugin.sh } }"
    let client = try client(server.url, user: user)
    for _ in 0..<3 { _ = try await client.get(.pods, "a", namespace: "default") }
    #expect(calls == 3)
    await server.stop()
  }

  @Test(arguments: [
    ("echo not signed in >&2; exit 7", "exit code 7: not signed in"),
    ("echo '{}'", "did not write an ExecCredential"),
    ("echo '\(SignInTests.credential("{}"))'", "neither a token nor a certificate"),
    ("echo '\(SignInTests.credential(#"{"clientKeyData":"k"}"#))'", "only one of certificate and key"),
    ("echo '\(SignInTests.credential(#"{"token":"secret"}"#, version: "v1alpha1"))'", "answered in"),
  ]) func aPluginThatFailsSaysWhy(script: String, part: String) async throws {
    try plugin(script)
    let client = try client("http://127.0.0.1:1", user: "{ exec: \(Self.exec) } }")
    let error = await #expect(throws: KubeconfigError.self) { try await client.get(.pods, "a", namespace: "d") }
    #expect(error?.message.contains(part) == true && error?.message.contains("secret") == false, "\(error as Any)")
  }

  @Test func aPluginThatIsNotThereComesWithItsHint() async throws {
    let user =
      "{ exec: \(Self.exec.replacing("./plugin.sh", with: "no-such-program")), installHint: brew install it } }"
    let client = try client("http://127.0.0.1:1", user: user)
    let error = await #expect(throws: KubeconfigError.self) { try await client.get(.pods, "a", namespace: "d") }
    #expect(error?.message.contains("no-such-program") == true && error?.message.hasSuffix("brew install it") == true)
  }

  @Test func nobodyThereIsUnreachable() async throws {
    let client = try client("http://127.0.0.1:1", user: "{}")
    await #expect { try await client.create(Namespace(name: "a")) } throws: { error in
      (error as? TransportError)?.code == .unreachable
    }
  }

  @Test(arguments: [
    ("exec: { apiVersion: client.authentication.k8s.io/v1, command: x }", ":12: exec of \"u\" has no interactiveMode"),
    ("exec: { apiVersion: v0, command: x }", ":12: exec of \"u\" has apiVersion \"v0\""),
    ("token: a, username: b", ":12: user \"u\" has both"),
    ("client-certificate-data: '#'", ":12: client-certificate-data of \"u\" is not base64"),
    ("client-key: nowhere.pem", ":12: cannot read the client-key"),
    ("auth-provider: { name: gcp }", ":12: user \"u\" signs in by auth-provider"),
  ]) func mistakesAreToldWithTheirLine(user: String, part: String) async throws {
    let error = #expect(throws: KubeconfigError.self) { try client("https://127.0.0.1:1", user: "{ \(user) }") }
    #expect(error?.message.contains("config\(part)") == true, "\(error as Any)")
  }
}

@Suite struct ProxyRuleTests {
  static func proxy(_ host: String, _ environment: [String: String], port: Int = 443) throws -> String? {
    try ProxyRules(environment: environment).proxy(isSecure: true, host: host, port: port)?.host
  }

  @Test func theEnvironmentSaysWhereToGoThrough() throws {
    let environment = [
      "HTTPS_PROXY": "http://u:p%40@proxy.example.com:3128",
      "NO_PROXY": "internal.example.com,.only.sub, 10.1.0.0/16,fd00::/8,192.0.2.7,port.example.com:6443",
    ]
    let through = ["k.example.com", "only.sub", "10.2.0.1", "192.0.2.8", "notinternal.example.com", "2001:db8::1"]
    for host in through { #expect(try Self.proxy(host, environment) == "proxy.example.com", "\(host)") }
    let direct = [
      "internal.example.com", "a.internal.example.com", "x.only.sub", "10.1.255.3", "fd12::1", "192.0.2.7", "localhost",
      "127.0.0.1", "::1",
    ]
    for host in direct { #expect(try Self.proxy(host, environment) == nil, "\(host)") }
    #expect(try Self.proxy("port.example.com", environment, port: 6443) == nil)
    #expect(try Self.proxy("port.example.com", environment) != nil)
    #expect(try Self.proxy("k", ["https_proxy": "proxy:80", "NO_PROXY": "*"]) == nil)
    #expect(try Self.proxy("k", ["https_proxy": "proxy:80"]) == "proxy")
    #expect(try Self.proxy("k", [:]) == nil)
  }

  @Test func aProxyIsReadFromItsURL() throws {
    let proxy = try Proxy(url: "http://u:p%40@proxy.example.com:3128")
    #expect(proxy.port == 3128 && proxy.username == "u" && proxy.password == "p@" && proxy.kind == .http)
    #expect(try Proxy(url: "socks5://[::1]").port == 1080)
    for wrong in ["https://p:1", "ftp://p", "proxy", "socks5://u:p@h"] {
      let error = #expect(throws: KubeconfigError.self) { try Proxy(url: wrong) }
      #expect(error?.message.contains("u:p") == false)
    }
  }
}
