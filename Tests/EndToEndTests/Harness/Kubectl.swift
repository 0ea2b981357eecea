import Foundation
import Kubernetes

/// kubectl, against a cluster.
extension Cluster {
  /// - Returns: what it writes to standard output.
  /// - Throws: `Shell.Failed` where it ends with another status than 0.
  @discardableResult
  func kubectl(_ words: String..., input: String = "", within limit: Duration = .seconds(30)) async throws -> String {
    try await Shell.succeed(["kubectl"] + words, environment: environment, input: input, within: limit)
  }

  func kubectlOutcome(_ words: String..., input: String = "", within limit: Duration = .seconds(30)) async throws
    -> Outcome
  {
    try await Shell.run(["kubectl"] + words, environment: environment, input: input, within: limit)
  }

  func kubectlProgram(_ words: String...) throws -> Program {
    try Program(["kubectl"] + words, environment: environment)
  }

  /// `kubectl … -o json`.
  func json(_ words: String...) async throws -> JSONValue {
    try JSONValue(parsing: try await Shell.succeed(["kubectl"] + words + ["-o", "json"], environment: environment))
  }

  /// The objects of a list.
  func items(_ words: String...) async throws -> [JSONValue] {
    let list = try await Shell.succeed(["kubectl"] + words + ["-o", "json"], environment: environment)
    return try JSONValue(parsing: list)["items"]?.arrayValue ?? []
  }

  /// Runs `body` with a namespace of its own.
  func withNamespace(_ name: String, _ body: (String) async throws -> Void) async throws {
    try await kubectl("create", "namespace", name)
    do {
      try await body(name)
      try await kubectl("delete", "namespace", name, "--wait=false")
    } catch {
      _ = try? await kubectlOutcome("delete", "namespace", name, "--wait=false")
      throw error
    }
  }
}

/// Which kubectl this machine has. Older ones lack what newer tests ask for, and say so.
enum KubectlVersion {
  /// 32 of 1.32.
  static func minor() async throws -> Int {
    let text = try await Shell.succeed(["kubectl", "version", "--client", "-o", "json"])
    let version = try JSONValue(parsing: text)["clientVersion"]
    let digits = version?["minor"]?.stringValue?.prefix { $0.isNumber } ?? ""
    guard let minor = Int(digits) else { throw Shell.Failed(description: "kubectl does not tell its version: \(text)") }
    return minor
  }

  /// Says what this kubectl cannot check.
  /// - Returns: whether it is new enough.
  static func isAtLeast(_ wanted: Int, for what: String) async throws -> Bool {
    let found = try await minor()
    if found >= wanted { return true }
    print("not checked with kubectl 1.\(found), which is older than 1.\(wanted): \(what)")
    return false
  }
}

/// Objects as text.
enum Manifest {
  /// Pods that wait, or do what `script` says, in the host's shell.
  static func deployment(
    _ name: String, in namespace: String, replicas: Int = 2, script: String = "echo started; exec sleep 100000",
    mark: String = "none", cpu: String = "50m"
  ) -> String {
    """
    apiVersion: apps/v1
    kind: Deployment
    metadata: { name: \(name), namespace: \(namespace), labels: { app: \(name) } }
    spec:
      replicas: \(replicas)
      selector: { matchLabels: { app: \(name) } }
      template:
        metadata: { labels: { app: \(name) } }
        spec:
          terminationGracePeriodSeconds: 5
          containers:
            - name: main
              image: busybox
              command: [sh, -c, \(JSONValue.string(script).text)]
              env: [{ name: E2E_MARK, value: \(mark) }]
              resources: { requests: { cpu: \(cpu), memory: 16Mi } }

    """
  }

  static func pod(_ name: String, in namespace: String, script: String = "echo started; exec sleep 100000") -> String {
    """
    apiVersion: v1
    kind: Pod
    metadata: { name: \(name), namespace: \(namespace), labels: { app: \(name) } }
    spec:
      terminationGracePeriodSeconds: 5
      containers:
        - name: main
          image: busybox
          command: [sh, -c, \(JSONValue.string(script).text)]

    """
  }
}
