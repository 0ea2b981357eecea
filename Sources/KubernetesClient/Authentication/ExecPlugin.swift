import Kubernetes

/// A program that signs a user in, as the `exec` member of a kubeconfig names it (`aws eks get-token` and its like).
///
/// The exchange is `client.authentication.k8s.io` `v1` or `v1beta1`: the program finds its question in
/// `KUBERNETES_EXEC_INFO` and answers an ExecCredential on standard output.
public struct ExecPlugin: Sendable {
  public enum InteractiveMode: String, Sendable { case never = "Never", ifAvailable = "IfAvailable", always = "Always" }

  public var apiVersion: String
  /// Looked up in `PATH`, or an absolute path.
  public var command: String
  public var arguments: [String]
  /// Beside the environment of this process.
  public var environment: [(name: String, value: String)]
  /// Whether the program is told about the cluster.
  public var providesClusterInfo: Bool
  public var interactiveMode: InteractiveMode
  /// How to get the program, for people who do not have it.
  public var installHint: String

  public init(
    apiVersion: String, command: String, arguments: [String] = [], environment: [(name: String, value: String)] = [],
    providesClusterInfo: Bool = false, interactiveMode: InteractiveMode = .ifAvailable, installHint: String = ""
  ) {
    self.apiVersion = apiVersion
    self.command = command
    self.arguments = arguments
    self.environment = environment
    self.providesClusterInfo = providesClusterInfo
    self.interactiveMode = interactiveMode
    self.installHint = installHint
  }

  static let apiVersions = ["client.authentication.k8s.io/v1", "client.authentication.k8s.io/v1beta1"]

  /// `spec.cluster` of an ExecCredential.
  struct ClusterInfo: Sendable {
    var json: JSONValue
  }

  /// What the program is asked. It never gets our terminal: a program that must ask a person cannot be used.
  func question(_ cluster: ClusterInfo) -> String {
    var spec: JSONObject = ["interactive": false]
    if providesClusterInfo { spec["cluster"] = cluster.json }
    let question: JSONValue = [
      "kind": "ExecCredential", "apiVersion": .string(apiVersion), "spec": .object(spec),
    ]
    return String(decoding: question.bytes, as: UTF8.self)
  }

  /// Reads the program's answer.
  /// - Throws: `KubeconfigError`; the answer itself is a secret and in no message.
  func answer(_ output: [UInt8]) throws -> (credential: Credential, expires: Timestamp?) {
    guard let json = try? JSONValue(parsing: output), json["kind"]?.stringValue == "ExecCredential" else {
      throw KubeconfigError("\(command) did not write an ExecCredential")
    }
    let version = json["apiVersion"]?.stringValue ?? ""
    guard version == apiVersion else {
      throw KubeconfigError("\(command) is to answer in \(apiVersion), but answered in \(version)")
    }
    guard let status = json["status"], !status.isNull else {
      throw KubeconfigError("\(command) answered without a status")
    }
    func text(_ member: String) -> String? { status[member]?.stringValue.flatMap { $0.isEmpty ? nil : $0 } }
    let token = text("token")
    var certificate: ClientCertificate?
    switch (text("clientCertificateData"), text("clientKeyData")) {
    case (let chain?, let key?): certificate = ClientCertificate(chain: Array(chain.utf8), key: Array(key.utf8))
    case (nil, nil): break
    default: throw KubeconfigError("\(command) answered with only one of certificate and key")
    }
    guard token != nil || certificate != nil else {
      throw KubeconfigError("\(command) answered with neither a token nor a certificate")
    }
    var expires: Timestamp?
    if let moment = text("expirationTimestamp") {
      guard let parsed = Timestamp(parsing: moment) else {
        throw KubeconfigError("\(command) answered an expirationTimestamp that is no time")
      }
      expires = parsed
    }
    return (Credential(authorization: token.map { "Bearer \($0)" }, certificate: certificate), expires)
  }
}
