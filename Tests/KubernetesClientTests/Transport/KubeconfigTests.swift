import KubernetesClient
import Testing

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

@Suite final class KubeconfigTests {
  let folder = FileManager.default.temporaryDirectory.path + "/kubeconfig-\(UUID().uuidString)"

  init() throws { try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true) }
  deinit { try? FileManager.default.removeItem(atPath: folder) }

  func write(_ name: String, _ text: String) throws -> String {
    try Data(text.utf8).write(to: URL(fileURLWithPath: "\(folder)/\(name)"))
    return "\(folder)/\(name)"
  }

  let one = """
    apiVersion: v1
    kind: Config
    current-context: local
    clusters:
    - name: local
      cluster: { server: "https://127.0.0.1:6443/", certificate-authority-data: Q0E= }
    - name: files
      cluster: { server: "https://k.example.com", certificate-authority: ca.pem, tls-server-name: kubernetes }
    users:
    - name: admin
      user: { token: t0ken }
    - name: aws
      user: { exec: { command: aws } }
    contexts:
    - name: local
      context: { cluster: local, user: admin }
    - name: files
      context: { cluster: files, user: admin, namespace: news }
    - name: eks
      context: { cluster: files, user: aws }
    - name: lost
      context: { cluster: nowhere }
    """

  @Test func readsTheCurrentContext() throws {
    let config = try Kubeconfig.load(path: write("config", one), context: nil)
    #expect(config.contextName == "local" && config.server == "https://127.0.0.1:6443" && config.namespace == "default")
    #expect(config.certificateAuthority == Array("CA".utf8) && config.user.token == "t0ken")
  }

  @Test func pathsStartAtTheFile() throws {
    _ = try write("ca.pem", "PEM")
    let config = try Kubeconfig.load(path: write("config", one), context: "files")
    #expect(config.certificateAuthority == Array("PEM".utf8))
    #expect(config.namespace == "news" && config.serverName == "kubernetes")
  }

  @Test(arguments: [
    ("eks", "exec"), ("lost", "no cluster \"nowhere\"; it has local, files"), ("prod", "no context \"prod\""),
    ("files", "cannot read"),
  ])
  func saysWhatIsWrong(context: String, part: String) throws {
    if context == "eks" { _ = try write("ca.pem", "PEM") }
    let path = try write("config", one)
    let error = #expect(throws: KubeconfigError.self) { try Kubeconfig.load(path: path, context: context) }
    #expect(error?.message.contains(part) == true, "\(String(describing: error))")
  }

  @Test func theFirstFileOfSeveralWins() throws {
    let first = try write("first", "users: [{ name: admin, user: { token: mine } }]")
    let second = try write("second", one)
    let config = try Kubeconfig.load(
      path: nil, context: nil, environment: ["KUBECONFIG": "\(first):\(second):/nowhere"])
    #expect(config.user.token == "mine" && config.contextName == "local")
  }

  @Test func withoutAnySaysSo() throws {
    let error = #expect(throws: KubeconfigError.self) {
      try Kubeconfig.load(path: nil, context: nil, environment: ["HOME": folder])
    }
    #expect(error?.message.contains("no kubeconfig") == true)
    #expect(throws: KubeconfigError.self) {
      try Kubeconfig.load(path: nil, context: nil, environment: ["KUBECONFIG": "/nowhere"])
    }
  }

  @Test(arguments: ["a: [", "", "- a", "contexts: [{ name: a }]"]) func refusesWhatIsNone(text: String) throws {
    let path = try write("config", text)
    #expect(throws: KubeconfigError.self) { try Kubeconfig.load(path: path, context: "a") }
  }

  @Test func aPodFindsItsServiceAccount() throws {
    for (name, text) in [("token", "t\n"), ("ca.crt", "PEM"), ("namespace", "news\n")] { _ = try write(name, text) }
    let environment = [
      "HOME": folder, "KUBERNETES_SERVICE_HOST": "fd00::1", "KUBERNETES_SERVICE_PORT": "443",
      "SAKIGAKE_SERVICEACCOUNT_DIR": folder,
    ]
    let config = try Kubeconfig.load(path: nil, context: nil, environment: environment)
    #expect(config.server == "https://[fd00::1]:443" && config.namespace == "news")
    #expect(config.user.tokenFile == folder + "/token" && config.certificateAuthority == Array("PEM".utf8))
  }

  @Test func certificatesMustBePEM() throws {
    let config = try Kubeconfig.load(path: write("config", one), context: nil)
    let error = #expect(throws: KubeconfigError.self) { try config.transport() }
    #expect(error?.message.contains("certificate authority") == true)
  }
}
